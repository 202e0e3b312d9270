"""The report as files: determinism, streaming, escaping, stale pages, missing scores, bad input."""

from __future__ import annotations

import dataclasses
import json
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from example_document import Document
from example_run import HOSTILE, bridge, hostile, letter, library, orchard, weather, write_run

from align.errors import InputError
from align.records import Pair
from align.reporting import report
from align.reporting.reading import read_articles
from align.reporting.report import page_names

ORCHARD = "riverside-2024-05-06-orchard.html"


def pages(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_page_per_article_beside_the_index(run_dir: Path, index: Path) -> None:
    assert index == run_dir / "report" / "index.html"
    lines = (run_dir / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    articles = {json.loads(line)["source"]["article"] for line in lines}
    assert len(pages(index.parent)) == len(articles) + 1
    assert all(b"<!doctype html>" in page[:20] for page in pages(index.parent).values())


def test_same_run_same_bytes(run_dir: Path, index: Path, tmp_path: Path) -> None:
    again = report(run_dir, tmp_path / "elsewhere")
    assert pages(again.parent) == pages(index.parent)


def test_pages_of_articles_that_are_gone_are_removed_and_nothing_else(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [[orchard()], [bridge()]])
    out = report(run).parent
    (out / "mine.html").write_text("<p>my own notes</p>", encoding="utf-8")
    (out / "picture.png").write_bytes(b"png")
    report(write_run(run, [[bridge()]]))
    assert set(pages(out)) == {"index.html", "riverside-2024-05-02-bridge.html", "mine.html", "picture.png"}


def gone(document: Document) -> Document:
    document.pairs = [dataclasses.replace(pair, gone=True) for pair in document.pairs]
    return document


def test_what_is_gone_is_marked_and_counted_nowhere(tmp_path: Path) -> None:
    with_gone = [[gone(orchard())], [bridge()], [weather()], [letter()[0], gone(letter()[1])]]
    index = report(write_run(tmp_path / "a", with_gone))
    without = report(write_run(tmp_path / "b", [[bridge()], [weather()], [letter()[0]]])).read_text("utf-8")
    html = index.read_text(encoding="utf-8")

    def split(page: str) -> tuple[str, str, str]:
        before, _, rest = page.partition('<table id="articles"')
        table, _, after = rest.partition("</table>")
        return before, table, after

    before, table, after = split(html)
    marked = " 2 rows of the table are no longer among the inputs: marked there, and not counted here."
    assert marked in before
    choices = (
        '<option value="present">still among the inputs (3)</option>'
        '<option value="gone">no longer among the inputs (2)</option>'
    )
    assert choices in before
    # Sentences, pictures, filters and figures are those of a run without what is gone.
    languages = re.compile(r'\n<label>Original in <select id="lang">.*?</select></label>')
    plain = languages.sub("", before.replace(marked, "").replace(choices, ""))
    assert plain == languages.sub("", split(without)[0])
    assert after == split(without)[2]
    assert [row.count("no longer among the inputs") for row in table.split("<tr ")[2:]] == [0, 0, 0, 1, 1]
    page = (index.parent / ORCHARD).read_text(encoding="utf-8")
    assert page.count("<b>No longer among the inputs.</b>") == 1
    assert (index.parent / "riverside-2024-03-11-letter.html").read_text("utf-8").count("No longer among") == 1
    assert "No longer among" not in (index.parent / "lakeside-2024-05-08-weather.html").read_text("utf-8")


def test_a_run_of_which_everything_is_gone_says_so(tmp_path: Path) -> None:
    html = report(write_run(tmp_path, [[gone(bridge())]])).read_text(encoding="utf-8")
    assert "Nothing of this run is among its inputs now. 1 row of the table is no longer" in html
    assert "<figure" not in html
    assert "New Footbridge Opened" in html


def test_a_doubtful_translation_back_is_no_doubt_about_the_article(tmp_path: Path) -> None:
    plain = orchard()
    plain.pairs = [
        dataclasses.replace(pair, back=None, flags=tuple(f for f in pair.flags if not f.startswith("back-")))
        for pair in plain.pairs
    ]
    with_back = report(write_run(tmp_path / "a", [[orchard()], [bridge()]]))
    without = report(write_run(tmp_path / "b", [[plain], [bridge()]]))
    assert with_back.read_bytes() == without.read_bytes()
    page = (without.parent / ORCHARD).read_text(encoding="utf-8")
    assert "translated back by" not in page
    assert page.count("Not translated back in this run.") == 1


def test_without_run_yaml_what_is_translated_back_is_still_marked(tmp_path: Path) -> None:
    index = report(write_run(tmp_path, [[orchard()]], extras=False))
    page = (index.parent / ORCHARD).read_text(encoding="utf-8")
    assert page.count("Translated back by machine, <bdi>model not named</bdi>") == 4


def test_paths_may_be_strings(run_dir: Path, index: Path, tmp_path: Path) -> None:
    again = report(str(run_dir), str(tmp_path / "elsewhere"))
    assert again == tmp_path / "elsewhere" / "index.html"
    assert again.read_bytes() == index.read_bytes()


def test_no_temporary_file_is_left(index: Path) -> None:
    assert all(name.endswith(".html") for name in pages(index.parent))


def test_pairs_of_one_article_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def many() -> Iterator[Document]:
        for number in range(40):
            document = bridge()
            source = [dataclasses.replace(p.source, article=f"article-{number}") for p in document.pairs]
            document.pairs = [
                dataclasses.replace(p, source=s) for p, s in zip(document.pairs, source, strict=True)
            ]
            yield document

    run = write_run(tmp_path, [[document] for document in many()])
    each = len(bridge().pairs)
    alive: set[int] = set()
    most = 0
    make = Pair.from_dict.__func__  # type: ignore[attr-defined]

    class Counted(Pair):
        """A pair that can be watched while it lives."""

        __slots__ = ("__weakref__",)

    def counted(row: Any) -> Pair:
        nonlocal most
        pair: Pair = make(Counted, row)
        alive.add(id(pair))
        weakref.finalize(pair, alive.discard, id(pair))
        most = max(most, len(alive))
        return pair

    monkeypatch.setattr(Pair, "from_dict", counted)
    report(run)
    # One article, and the first line of the next, which tells that the article is over.
    assert each <= most <= 2 * each + 1


def test_hostile_text_is_escaped_everywhere(index: Path) -> None:
    for page in pages(index.parent).values():
        html = page.decode("utf-8")
        assert html.count("<script>") == 1
        assert html.count("</script>") == 1
        assert "<img" not in html
        assert "javascript:window" not in html.replace("<bdi>javascript:window.ran=3</bdi>", "")
        assert "{{" not in html.replace("{{ 7 * 7 }}", "")
        assert "\x1b" not in html
        assert "\x00" not in html


def test_text_stays_as_it_is(tmp_path: Path) -> None:
    out = report(write_run(tmp_path, [[hostile()]])).parent
    html = next(page for name, page in pages(out).items() if name.startswith("evil")).decode("utf-8")
    from markupsafe import escape

    assert str(escape(HOSTILE)) in html


@pytest.mark.parametrize("extras", [True, False])
def test_two_originals_stand_in_two_sections(tmp_path: Path, extras: bool) -> None:
    out = report(write_run(tmp_path, [list(letter())], extras=extras)).parent
    html = (out / "riverside-2024-03-11-letter.html").read_text(encoding="utf-8")
    assert html.index("자매도시에서 온 편지") < html.index("Письмо из города-побратима")
    assert 'id="b1"' in html
    assert 'id="b2-1"' in html
    assert 'href="riverside-2024-03-11-letter.html#text2"' in (out / "index.html").read_text(encoding="utf-8")


def test_without_scores_the_report_says_why(tmp_path: Path) -> None:
    html = report(write_run(tmp_path, [[library()]], extras=False)).read_text(encoding="utf-8")
    assert "The run has no scores.json, so nothing was scored." in html
    assert "no score: nothing of this article was scored" in html
    # What was left out is known from the pairs themselves: 19 of 50 characters.
    assert "1 of 3 sentences of the originals is not in the English" in html
    assert "no run.yaml" in html


def test_reasons_for_missing_scores_come_through(index: Path) -> None:
    html = index.read_text(encoding="utf-8")
    assert "No model from English to Russian was at hand, so there is nothing to score." in html


def test_share_of_scores_json_counts_before_our_own(tmp_path: Path) -> None:
    run = write_run(tmp_path, [[library()]])
    scores = json.loads((run / "scores.json").read_text(encoding="utf-8"))
    scores["articles"][0]["share_cut"] = 0.4321
    (run / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    assert "43%" in report(run).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"summary": None, "languages": None, "articles": None},
        {"languages": {"ko": None}, "articles": []},
        {"languages": {"ko": {"coverage": None, "metrics": None, "absent": None}}},
        {"languages": {"ko": {"coverage": {"segments": 3, "with_original": 1}, "metrics": {"BLEU": None}}}},
        {
            "articles": [
                {"article": "lakeside-2024-04-18-library", "original": "lakeside-ko-library", "lang": "ko"}
            ]
        },
    ],
)
def test_any_part_of_the_scores_may_be_missing(tmp_path: Path, scores: dict[str, Any]) -> None:
    run = write_run(tmp_path, [[library()]])
    (run / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    assert "Library Lends" in report(run).read_text(encoding="utf-8")


def test_starter_model_is_called_what_it_is(index: Path) -> None:
    note = "A starter model for trying the tool out, not a translator to rely on."
    assert note in index.read_text(encoding="utf-8")
    assert note in (index.parent / ORCHARD).read_text(encoding="utf-8")


def test_outlets_are_called_by_their_names(tmp_path: Path) -> None:
    d = Document("a1", "k1", outlet="kcna").add("One.", "하나.", confidence=0.9)
    html = report(write_run(tmp_path, [[d]], extras=False)).read_text(encoding="utf-8")
    assert '<bdi class="outlet">KCNA</bdi>' in html
    assert "1 article of KCNA, 6 May 2024." in html


def test_most_suspicious_first(index: Path) -> None:
    html = index.read_text(encoding="utf-8")
    table = html[html.index('id="articles"') :]
    titles = ["Orchard on Hillside", "Library Lends", "New Footbridge", "Rain Expected"]
    assert sorted(titles, key=table.index) == titles


def test_unmatched_article_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path, [[weather()]])
    scores = {"articles": [{"article": weather().article, "original": None, "lang": "ko", "share_cut": 0.0}]}
    (run / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    index = report(run)
    assert "None has an original here" in index.read_text(encoding="utf-8")
    page = (index.parent / "lakeside-2024-05-08-weather.html").read_text(encoding="utf-8")
    assert "No Korean original was found for this article" in page
    assert 'class="minimap"' not in page
    assert "No article has an original, so nothing can be said of what was left out." in index.read_text("utf-8")


def test_headlines_that_were_not_aligned_are_headlines_still(tmp_path: Path) -> None:
    d = Document("a1", "k1")
    d.add("A headline", kind="unaligned", is_title=True, translation="표제")
    d.add((), "전혀 다른 제목", kind="unaligned", is_title=True)
    d.add("One sentence.", "한 문장.", "한 문장이다.", confidence=0.9)
    page = (report(write_run(tmp_path, [[d]])).parent / "a1.html").read_text(encoding="utf-8")
    assert '<h1 lang="en" dir="ltr">A headline</h1>' in page
    assert '<h2 lang="ko" dir="ltr">전혀 다른 제목</h2>' in page
    assert page.count('role="row" class="bead') == 1


def test_an_article_with_nothing_but_a_headline(tmp_path: Path) -> None:
    d = Document("a1").add("Alone", kind="unmatched", is_title=True)
    out = report(write_run(tmp_path, [[d]], extras=False)).parent
    assert "a headline and no text" in (out / "a1.html").read_text(encoding="utf-8")


def test_an_empty_run_still_has_an_index(tmp_path: Path) -> None:
    html = report(write_run(tmp_path, [])).read_text(encoding="utf-8")
    assert "No article came through" in html
    assert "pages/empty.html" in html


def test_many_articles_become_means_by_month(tmp_path: Path) -> None:
    documents = []
    for number in range(160):
        d = Document(f"a{number}", f"k{number}", date=f"2024-0{1 + number % 3}-10")
        documents.append([d.add("One.", "하나.", "하나다.", confidence=0.9)])
    html = report(write_run(tmp_path, documents, extras=False)).read_text(encoding="utf-8")
    assert "Means by month of 160 articles." in html
    assert html.count("mean of the month") == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        ("{", "pairs.jsonl:1: is not a pair"),
        ("[]", "pairs.jsonl:1: is not a pair"),
        ('{"kind": "cut"}', "pairs.jsonl:1: is not a pair (KeyError: 'confidence')"),
    ],
)
def test_unreadable_pairs_are_one_clear_message(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "pairs.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        report(tmp_path)
    assert message in str(error.value)
    assert "align run" in str(error.value)


def test_an_article_in_two_places_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path, [[orchard()], [bridge()], [orchard()]])
    with pytest.raises(InputError, match="do not stand together"):
        list(read_articles(run / "pairs.jsonl"))


def test_out_that_is_a_file_is_refused(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="name a directory"):
        report(run_dir, tmp_path / "file")


def test_page_names_are_safe_and_distinct() -> None:
    ids = ["plain-id.1", "index", "con", "../up", "A", "a", "한국", "a/b", "a-b", "x" * 300]
    names = page_names(ids)
    assert names["plain-id.1"] == "plain-id.1.html"
    assert names["a-b"] == "a-b.html"
    assert len({name.lower() for name in names.values()}) == len(ids)
    assert all("/" not in name and not name.startswith(".") and len(name) < 110 for name in names.values())
    assert "index.html" not in names.values()
