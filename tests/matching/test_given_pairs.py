"""The table of pairs that a user gives."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from align.config import MatchSettings
from align.errors import InputError
from align.matching import GivenPair, match, read_given
from align.records import Article

ARTICLES = [
    Article("kcna-1", "en", "One", "", "kcna", "https://www.e.org/en/1", "Text.", path="data/en/one.txt"),
    Article("kcna-2", "en", "Two", "", "kcna", "https://e.org/en/2", "Text.", path="data/en/two.jsonl"),
    Article("kcna-3", "en", "Three", "", "kcna", "", "Text.", path="data/en/two.jsonl"),
]
ORIGINALS = [
    Article("ko-1", "ko", "하나", "", "kcna", "https://e.org/ko/1", "글.", path="data/ko/one.txt"),
    Article("ko-2", "ko", "둘", "", "kcna", "", "글.", path="data/ko/two.txt"),
]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\n", [("a", "b", 1)]),
        ("article\toriginal\na\tb", [("a", "b", 2)]),
        ("\ufeffArticle\tOriginal\r\na\tb\r\n", [("a", "b", 2)]),
        ("# a comment\n\n  a \t b \n\n#x\ty\nc\td\n", [("a", "b", 3), ("c", "d", 6)]),
        ("", []),
    ],
)
def test_reading(text: str, expected: list[tuple[str, str, int]], tmp_path: Path) -> None:
    path = write(tmp_path / "pairs.tsv", text)
    assert read_given(path) == [GivenPair(a, o, f"{path}:{line}") for a, o, line in expected]


@pytest.mark.parametrize("row", ["a", "a\t", "\tb", "a\tb\tc", "a b", "a,b"])
def test_a_bad_row_names_file_line_and_remedy(row: str, tmp_path: Path) -> None:
    path = write(tmp_path / "pairs.tsv", f"x\ty\n{row}\n")
    with pytest.raises(InputError, match=r"pairs\.tsv:2: .*one tab"):
        read_given(path)


def test_a_missing_or_unreadable_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_given(tmp_path / "none.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"caf\xe9\tb\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_given(tmp_path / "latin.tsv")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("kcna-1", "ko-1"),
        ("data/en/one.txt", "data/ko/one.txt"),
        ("./data/en/one.txt", "data\\ko\\one.txt"),
        (str(Path("data/en/one.txt").absolute()), "x/../data/ko/one.txt"),
        ("one.txt", "ko/one.txt"),
        ("http://e.org/en/1/", "https://e.org/ko/1#top"),
    ],
)
def test_documents_are_named_by_id_path_or_address(left: str, right: str) -> None:
    rows = match(ARTICLES, ORIGINALS, to=["ko"], settings=MatchSettings(), given=[GivenPair(left, right, "p:1")])
    (row,) = [row for row in rows if row.evidence == "given"]
    assert (row.article, row.original, row.confidence) == ("kcna-1", "ko-1", 1.0)


@pytest.mark.parametrize("loaded", ["pages/en/one.txt", "./pages/en/one.txt", "pages\\en\\one.txt", "absolute"])
@pytest.mark.parametrize(
    "named",
    [
        "pages/en/one.txt",
        "./pages/en/one.txt",
        "././pages//en/./one.txt",
        ".\\pages\\en\\one.txt",
        "pages\\en\\one.txt",
        "pages/ko/../en/one.txt",
        "absolute",
        "en/one.txt",
        "./en/one.txt",
        "en\\one.txt",
    ],
)
def test_however_a_path_is_written_it_names_the_same_article(
    loaded: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spelt = {"absolute": str(tmp_path / "pages" / "en" / "one.txt")}
    articles = [
        Article("e-1", "en", "One", "", "kcna", "", "Text.", path=spelt.get(loaded, loaded)),
        Article("e-2", "en", "Two", "", "kcna", "", "Text.", path="pages/other/one.txt"),
    ]
    pair = GivenPair(spelt.get(named, named), "ko-1", "p:1")
    rows = match(articles, ORIGINALS, to=["ko"], settings=MatchSettings(), given=[pair])
    assert [row.article for row in rows if row.evidence == "given"] == ["e-1"]


def test_a_name_in_hangul_is_found_whether_its_syllables_are_composed_or_not() -> None:
    apart = unicodedata.normalize("NFD", "ko/봄철씨붙임.txt")
    spring = Article("ko-9", "ko", "봄", "", "kcna", "", "글.", path=apart)
    pair = GivenPair("kcna-1", unicodedata.normalize("NFC", apart), "p:1")
    rows = match(ARTICLES, [spring], to=["ko"], settings=MatchSettings(), given=[pair])
    assert [row.original for row in rows if row.evidence == "given"] == ["ko-9"]


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ("kcna-9", "ko-1", "p:7: 'kcna-9' is not among the articles; did you mean 'kcna-"),
        ("nothing like it", "ko-1", "write its path, id or address"),
        ("kcna-1", "https://e.org/ko/77777777", "is not among the originals"),
        ("two.jsonl", "ko-1", "names 2 of the articles; name the one that you mean by its id"),
    ],
)
def test_a_name_that_is_not_there_is_an_error_with_a_remedy(left: str, right: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        match(ARTICLES, ORIGINALS, to=["ko"], settings=MatchSettings(), given=[GivenPair(left, right, "p:7")])
    assert message in str(error.value)


def test_two_sides_in_one_language_are_refused() -> None:
    english = [Article("e", "en", "", "", "", "", "Text.")]
    with pytest.raises(InputError, match="both in 'en'"):
        match(ARTICLES, english, to=["ko"], settings=MatchSettings(), given=[GivenPair("kcna-1", "e", "p:1")])


def test_one_text_on_both_sides_is_refused() -> None:
    copy = replace(ARTICLES[0], id="copy", lang="ko", path="ko/copy.txt")
    with pytest.raises(InputError, match="p:1: 'kcna-1' and 'copy' are the same text"):
        match(ARTICLES, [copy], to=["ko"], settings=MatchSettings(), given=[GivenPair("kcna-1", "copy", "p:1")])
