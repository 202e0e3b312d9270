"""The packaged example articles: their gold is complete, and they show what the manual says they show."""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from align.records import Bead, check_beads
from align.resources import resource

HERE = Path(__file__).parent
ARTICLES = resource("examples", "articles")
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

# English page, Korean page, and what tells that they belong together.
PAIRS = [
    ("2024-06-21-chonggye-bridge.txt", "2024-06-21-chonggye-bridge.txt", "stem"),
    ("2024-07-12-rainy-season.html", "kcna-kp-20240712-0031.html", "link"),
    ("2024-08-03-climate-of-reading.txt", "rodong-kr-0803-editorial.txt", "similar"),
    ("2024-08-09-yut-statement.html", "kcna-kp-20240809-0026.html", "link"),
    ("2024-09-06-accordion-concert.html", "kcna-kp-20240906-0018.html", "link"),
    ("2024-09-06-archery-tournament.txt", "rodong-kr-0906-sports.html", "similar"),
    ("2024-10-16-paeksong-kindergarten.txt", "2024-10-16-paeksong-kindergarten.txt", "stem"),
    ("2024-10-18-kumnae-vegetable-farm.txt", "2024-10-18-kumnae-vegetable-farm.txt", "stem"),
    ("2024-11-14-beekeeping-exhibition.html", "rodong-kr-1114-0407.html", "link"),
]
UNPAIRED = "2024-08-28-photo-exhibition.txt"
STEMS = [Path(english).stem for english, _, _ in PAIRS]
BODIES = ".article-content, .content-wrapper, .ArticleContent"
AROUND = re.compile(r"-0-|\(끝\)|본사기자 \S+|\s")


def gold(stem: str) -> list[Bead]:
    lines = (ARTICLES / "gold" / f"{stem}.gold").read_text("utf-8").splitlines()
    sides = (line.split(":") for line in lines)
    return [Bead(tuple(ast.literal_eval(source)), tuple(ast.literal_eval(target))) for source, target in sides]


def sentences(stem: str, lang: str) -> list[str]:
    return (ARTICLES / "gold" / f"{stem}.{lang}").read_text("utf-8").splitlines()


def page(lang: str, name: str) -> tuple[str, list[str]]:
    """Title and paragraphs of a page, read without the package's own loader."""
    text = (ARTICLES / lang / name).read_text("utf-8")
    if name.endswith(".txt"):
        title, header, *lines = text.splitlines()
        assert header.startswith("Date: ")
        end = next(n for n, line in enumerate(lines) if line in {"Rodong Sinmun", "로동신문"})
        return title, lines[:end]
    tree = LexborHTMLParser(text)
    body = tree.css_first(BODIES)
    heading = tree.css_first("h1")
    assert body is not None
    assert heading is not None
    return heading.text(strip=True), [node.text() for node in body.css("p")]


def attribute(path: Path, selector: str, name: str) -> str:
    node = LexborHTMLParser(path.read_text("utf-8")).css_first(selector)
    value = node.attributes[name] if node is not None else None
    assert value, f"{path.name} lacks {selector}"
    return value


def test_the_set_is_ten_articles_and_nine_originals() -> None:
    english = sorted(path.name for path in (ARTICLES / "en").iterdir())
    korean = sorted(path.name for path in (ARTICLES / "ko").iterdir())
    assert english == sorted([*(pair[0] for pair in PAIRS), UNPAIRED])
    assert korean == sorted(pair[1] for pair in PAIRS)
    assert Counter(name.rsplit(".")[-1] for name in english) == {"txt": 6, "html": 4}
    listed = [line.split("\t") for line in (ARTICLES / "gold" / "pairs.tsv").read_text("utf-8").splitlines()]
    assert sorted(listed) == sorted([f"en/{pair[0]}", f"ko/{pair[1]}"] for pair in PAIRS)


@pytest.mark.parametrize("stem", STEMS)
def test_gold_holds_each_sentence_once_and_in_order(stem: str) -> None:
    check_beads(gold(stem), len(sentences(stem, "en")), len(sentences(stem, "ko")))


@pytest.mark.parametrize(("english", "korean", "_evidence"), PAIRS)
def test_gold_sentences_are_the_whole_page_in_order(english: str, korean: str, _evidence: str) -> None:
    for lang, name in (("en", english), ("ko", korean)):
        paragraphs = page(lang, name)[1]
        rest = iter(sentences(Path(english).stem, lang))
        for paragraph in paragraphs:
            left = paragraph
            while AROUND.sub("", left):
                sentence = next(rest)
                assert left.lstrip().startswith(sentence)
                left = left.lstrip()[len(sentence) :]
        assert not list(rest)


@pytest.mark.parametrize("stem", STEMS)
def test_every_pair_has_merged_split_cut_and_added_sentences(stem: str) -> None:
    types = Counter(bead.type for bead in gold(stem))
    assert types.keys() >= {"1-1", "1-2", "2-1", "1-0", "0-1"}
    assert types["0-1"] >= 2
    assert 8 <= len(sentences(stem, "en")) <= 28


def test_the_set_has_the_rarer_beads_and_one_long_text() -> None:
    types = Counter(bead.type for stem in STEMS for bead in gold(stem))
    assert types["2-2"] >= 3
    assert types["1-3"] >= 2
    assert max(len(sentences(stem, "en")) for stem in STEMS) > 25


@pytest.mark.parametrize(("english", "korean", "evidence"), PAIRS)
def test_pairs_can_be_found_by_what_the_manual_says(english: str, korean: str, evidence: str) -> None:
    same_stem = Path(english).stem == Path(korean).stem
    linked = english.endswith(".html")
    assert (same_stem, linked) == {"stem": (True, False), "link": (False, True), "similar": (False, False)}[
        evidence
    ]
    if linked:
        link = attribute(ARTICLES / "en" / english, "a.original-link", "href")
        assert link == attribute(ARTICLES / "ko" / korean, "link[rel=canonical]", "href")


def test_dates_lie_in_the_half_year_and_one_day_has_two() -> None:
    found: Counter[str] = Counter()
    for name in [*(pair[0] for pair in PAIRS), UNPAIRED]:
        match = re.search(r"Date: (\d\d)/(\d\d)/(2024) \| Source: ", (ARTICLES / "en" / name).read_text("utf-8"))
        assert match
        found["-".join(reversed(match.groups()))] += 1
    assert "2024-06-01" <= min(found) <= max(found) <= "2024-11-30"
    assert sorted(found.values()) == [1] * 8 + [2]


@pytest.mark.parametrize(
    ("lang", "pattern", "least"),
    [
        ("en", r"^Pyongyang, \w+ \d+ \(KCNA\) -- ", 3),
        ("en", r"-0-$", 3),
        ("en", r"^- ", 4),
        ("en", r", and went on:$", 2),
        ("en", r"Juche \d+ \(20\d\d\)", 1),
        ("en", r"\bNo\. \d|\bOct\. \d|\bNov\. \d", 4),
        ("en", r"Kim Jong Un\b", 1),
        ("ko", r"^\(평양 \d+월 \d+일발 조선중앙통신\) ", 3),
        ("ko", r"^－", 4),
        ("ko", r"주체1\d\d\(20\d\d\)년", 2),
        ("ko", r"《[^》]+》", 9),
    ],
)
def test_the_marks_of_the_outlets_occur(lang: str, pattern: str, least: int) -> None:
    pages = {pair[0 if lang == "en" else 1] for pair in PAIRS}
    text = "\n".join(paragraph for name in pages for paragraph in page(lang, name)[1])
    assert len(re.findall(pattern, text, re.MULTILINE)) >= least


@pytest.mark.parametrize(
    "southern", ["되었", "하였었", "노동", "역사", "여성", "이용", "“", "‘", "할 수", "하는 것"]
)
def test_korean_is_in_northern_spelling(southern: str) -> None:
    assert not [stem for stem in STEMS if southern in "\n".join(sentences(stem, "ko"))]


def test_jsonl_rows_are_as_a_dump_has_them() -> None:
    fields = {"headline", "date", "link", "story_text", "date_str", "topic"}
    dates = {}
    for lang in ("en", "ko"):
        lines = (HERE / "jsonl" / f"articles.{lang}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert [set(row) for row in rows] == [fields] * 3
        for row in rows:
            assert datetime.fromtimestamp(row["date"] / 1000, UTC).date().isoformat() == row["date_str"]
        dates[lang] = [row["date_str"] for row in rows]
    assert dates["en"] == dates["ko"]


def test_broken_inputs_are_broken() -> None:
    broken = HERE / "broken"
    assert (broken / "empty.txt").read_bytes() == b""
    assert (broken / "picture.txt").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert b"\0" in (broken / "picture.txt").read_bytes()
    for name, legacy in (("cp949.txt", True), ("mixed-encoding.txt", False)):
        with pytest.raises(UnicodeDecodeError):
            (broken / name).read_text("utf-8")
        assert ("나루배" in (broken / name).read_text("cp949", errors="replace")) is legacy
    assert not LexborHTMLParser((broken / "no-article.html").read_text("utf-8")).css("p, h1")


def third_party() -> Iterator[str]:
    """Texts of the shared data, file by file."""
    for path in sorted(SHARED.rglob("*")):
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield "\n".join(json.loads(line)["story_text"] for line in lines)
        elif path.suffix == ".json":
            yield path.read_text("utf-8").replace('\\"', '"').replace("\\n", "\n")
        elif path.is_file():
            yield path.read_text("utf-8", errors="replace")


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_no_sentence_is_taken_from_the_shared_data() -> None:
    own = {sentence for stem in STEMS for lang in ("en", "ko") for sentence in sentences(stem, lang)}
    own |= {page(lang, name)[0] for pair in PAIRS for lang, name in (("en", pair[0]), ("ko", pair[1]))}
    own |= {page("en", UNPAIRED)[0], *page("en", UNPAIRED)[1]}
    for text in third_party():
        assert not {sentence for sentence in own if sentence in text}
