"""The command line: what it prints, and that a user's mistake is one line and an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import Caller

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "examples" / "broken"
GOLD = ROOT / "examples" / "articles" / "gold"


MISTAKES = {
    "a missing input": (["run", "nowhere.txt"], "nowhere.txt: there is no such file or folder"),
    "missing originals": (["run", "{page}", "--originals", "nowhere"], "nowhere: there is no such file or folder"),
    "a missing table": (["run", "{page}", "--pairs", "nowhere.tsv"], "nowhere.tsv: there is no such file"),
    "a missing config": (["run", "{page}", "--config", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
    "an unknown key": (["run", "{page}", "--config", "{typo}"], "unknown key 'algin'; did you mean 'align'?"),
    "an unknown nested key": (["run", "{page}", "--config", "{nested}"], "did you mean 'beam'?"),
    "no YAML": (["run", "{page}", "--config", "{noyaml}"], "is not valid YAML"),
    "an unknown language": (["run", "{page}", "--to", "kr"], "unknown language 'kr'; did you mean 'ko' (Korean)?"),
    "a missing model": (["run", "{page}", "--model", "./no-such-model", "-o", "{out}"], "no-such-model"),
    "an unknown embedder": (
        ["beads", "{page}", "{page}", "--source-lang", "en", "--target-lang", "ko", "--embedder", "bert"],
        "unknown embedder 'bert'",
    ),
    "no run": (["report", "{page}"], "is no finished run"),
    "no run for a corpus": (["corpus", "{page}", "-o", "{out}"], "is no finished run"),
    "an odd number of files": (["eval", "beads", "{page}"], "give them in pairs"),
    "no beads": (["eval", "beads", "{page}", "{page}"], "is no bead"),
    "a segment in two beads": (["eval", "beads", "{twice}", "{twice}"], "stands twice"),
    "a blank line": (
        ["beads", "{blank}", "{page}", "--source-lang", "en", "--target-lang", "ko"],
        "line 2: is blank",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_one_line_and_exit_2(case: str, align: Caller, tmp_path: Path) -> None:
    files = {
        "page": "Headline\nA sentence.\n",
        "typo": "algin: {}\n",
        "nested": "translate: {beem: 4}\n",
        "noyaml": "a: [\n",
        "blank": "One.\n\nTwo.\n",
        "twice": "[0]:[0]\n[0]:[1]\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    places = {name: str(tmp_path / name) for name in (*files, "out")}
    arguments, message = MISTAKES[case]
    shown = align(*(argument.format(**places) for argument in arguments))
    assert shown.code == 2, shown.err
    assert message in shown.err
    assert shown.err.count("\n") == 1, shown.err
    assert shown.err.startswith("align: ")
    assert "Traceback" not in shown.err


def test_load_lists_what_it_drops_and_exits_1(align: Caller) -> None:
    shown = align("load", BROKEN)
    assert shown.code == 1
    for name in ("empty.txt", "picture.txt", "no-article.html"):
        assert f"{name}: " in shown.err


def test_places_that_cannot_be_written_are_one_line(align: Caller, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Headline\nA sentence.\n")
    for arguments in (
        ("load", page, "-o", tmp_path),
        ("load", page, "-o", tmp_path / "nowhere" / "x"),
        ("run", page, "-o", page / "below"),
        ("translate", page, "-o", "."),
    ):
        shown = align(*arguments)
        assert (shown.code, shown.err.count("\n")) == (2, 1), shown.err


def test_segment_reads_what_load_reads_in_the_language_that_is_given(align: Caller, tmp_path: Path) -> None:
    page = tmp_path / "seite.htm"
    page.write_text(
        "<html><body><article><h1>Ankunft</h1><p>Er kam am 3. Mai in Bonn an, wie alle es erwartet hatten.</p>"
        "<p>Er blieb dort eine ganze Woche, und niemand wunderte sich.</p></article></body></html>",
        encoding="utf-8",
    )
    shown = align("segment", page, "--lang", "de")
    assert shown.code == 0, shown.err
    assert "Er kam am 3. Mai in Bonn an, wie alle es erwartet hatten." in shown.out.splitlines()
    assert "<p>" not in shown.out


def test_load_then_segment(align: Caller, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A Headline\n2024-05-01\nThe first sentence. The second one.\n", encoding="utf-8")
    articles = tmp_path / "articles.jsonl"
    assert align("load", page, "-o", articles).code == 0
    row = json.loads(articles.read_text(encoding="utf-8"))
    assert (row["title"], row["date"], row["lang"]) == ("A Headline", "2024-05-01", "en")
    shown = align("segment", articles)
    assert shown.out.splitlines() == ["A Headline", "The first sentence.", "The second one."]
    spans = [json.loads(line) for line in align("segment", articles, "--json").out.splitlines()]
    assert [row["text"][s["start"] : s["end"]] for s in spans[1:]] == [s["text"] for s in spans[1:]]
    assert spans[0]["id"].endswith(":title")


def test_beads_and_their_evaluation(align: Caller, tmp_path: Path) -> None:
    stems = sorted(path.stem for path in GOLD.glob("*.gold"))[:2]
    files = [GOLD / f"{stem}.{lang}" for stem in stems for lang in ("en", "ko")]
    shown = align("beads", *files, "--source-lang", "en", "--target-lang", "ko", "-o", tmp_path / "beads")
    assert shown.code == 0, shown.err
    made = [tmp_path / "beads" / f"{stem}.en.beads" for stem in stems]
    pairs = [path for stem, hyp in zip(stems, made, strict=True) for path in (GOLD / f"{stem}.gold", hyp)]
    found = json.loads(align("eval", "beads", *pairs, "--json").out)
    assert found["documents"] == 2
    assert found["strict"]["f1"] > 0.7
    table = align("eval", "beads", *pairs).out
    assert "strict" in table
    assert f"{found['strict']['f1']:.3f}" in table


def test_one_pair_of_files_goes_to_standard_output(align: Caller) -> None:
    stem = min(GOLD.glob("*.gold")).stem
    shown = align("beads", GOLD / f"{stem}.en", GOLD / f"{stem}.ko", "--source-lang", "en", "--target-lang", "ko")
    assert shown.out.startswith("[0]:[0")
    assert all(line.count(":") == 2 for line in shown.out.splitlines())


def test_match_names_every_article_and_original(align: Caller, tmp_path: Path) -> None:
    for folder, name, text in (
        ("en", "a", "Bridge Opened\n2024-05-01\nA bridge was opened.\n"),
        ("en", "b", "Rain Expected\n2024-05-02\nIt will rain.\n"),
        ("ko", "a", "다리 개통\n2024-05-01\n다리가 개통되였다.\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.txt").write_text(text, encoding="utf-8")
    shown = align("match", tmp_path / "en", "--originals", tmp_path / "ko")
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert [row["status"] for row in rows].count("paired") == 1
    assert {Path(row["article_path"]).name for row in rows if row["article_path"]} == {"a.txt", "b.txt"}
    (tmp_path / "ko" / "b.txt").write_text("")
    shown = align("match", tmp_path / "en", "--originals", tmp_path / "ko")
    assert shown.code == 1, "an input was dropped"
    assert "b.txt: " in shown.err


def test_score_prints_signatures_and_refuses_unequal_files(align: Caller, tmp_path: Path) -> None:
    for name, text in (("sys", "하나\n둘\n"), ("ref", "하나\n둘\n"), ("short", "하나\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown = align("score", "--system", tmp_path / "sys", "--reference", tmp_path / "ref")
    assert shown.code == 0
    assert "chrF" in shown.out
    assert "version:" in shown.out
    assert align("score", "--system", tmp_path / "short", "--reference", tmp_path / "ref").code == 2


def test_demo_exits_0_then_has_nothing_to_do_then_makes_a_corpus(align: Caller, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    first = align("demo", "-o", out)
    assert first.code == 0, first.err
    report = out / "report" / "index.html"
    assert first.out.rstrip().endswith(str(report))
    assert report.is_file()
    assert "10 articles, 9 with an original" in first.out
    again = align("demo", "-o", out)
    assert "Nothing to do" in again.out
    shown = align("corpus", out, "-o", tmp_path / "corpus", "--format", "tsv,jsonl,tmx")
    assert shown.code == 0, shown.err
    names = {path.name for path in (tmp_path / "corpus").iterdir()}
    assert {"corpus.en-ko.tsv", "corpus.en-ko.jsonl", "corpus.en-ko.tmx", "datasheet.md"} <= names
    wrong = align("corpus", out, "-o", tmp_path / "corpus", "--kind", "translated,cuts")
    assert (wrong.code, wrong.err) == (
        2,
        "align: unknown kind 'cuts'; known kinds: translated, cut, added, unmatched, unaligned\n",
    )
    assert align("corpus", out, "-o", tmp_path / "corpus", "--format", "tsv,xls").code == 2
    assert align("report", out, "-o", tmp_path / "again").code == 0


def test_a_run_with_a_broken_input_exits_1(align: Caller, tmp_path: Path) -> None:
    shown = align("run", BROKEN / "empty.txt", "-o", tmp_path / "run")
    assert shown.code == 1
    assert "1 inputs dropped" in shown.out
    assert (tmp_path / "run" / "dropped.jsonl").read_text(encoding="utf-8").count("\n") == 1
