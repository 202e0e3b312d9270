"""The words, numbers and drawings of the report, as tables of cases and as properties."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.language.codes import joiner
from align.records import BACK_FLAG, Segment, Side
from align.reporting import words
from align.reporting.article import split_segments
from align.reporting.minimap import Step, draw
from align.translation import FLAGS


@pytest.mark.parametrize(
    ("share", "written"),
    [(None, "–"), (0.0, "0%"), (0.004, "under 1%"), (0.08, "8%"), (0.996, "99%"), (1.0, "100%")],
)
def test_percent(share: float | None, written: str) -> None:
    assert words.percent(share) == written


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2024-05-06", "2024-05-06", "6 May 2024"),
        ("2024-05-06", "2024-09-08", "6 May to 8 September 2024"),
        ("2023-12-31", "2024-01-01", "31 December 2023 to 1 January 2024"),
        ("2024-99-06", "2024-99-06", "2024-99-06"),
    ],
)
def test_date_span(first: str, last: str, written: str) -> None:
    assert words.date_span(first, last) == written


@pytest.mark.parametrize(
    ("n", "total", "written"), [(0, 40, "none of 40"), (2, 40, "2 of 40"), (40, 40, "all 40"), (1, 1, "1 of 1")]
)
def test_of_them(n: int, total: int, written: str) -> None:
    assert words.of_them(n, total) == written


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://news.example/a?b=1", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://news.example", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//news.example", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert words.web_address(url) == (url if kept else "")


@pytest.mark.parametrize(
    ("flag", "written"),
    [
        ("loop", "the translation repeats itself"),
        ("numbers: 1,200", "a number of the source is not in the translation (1,200)"),
        ("Some_new-flag", "some new flag"),
    ],
)
def test_flags_in_words(flag: str, written: str) -> None:
    assert words.flag_words(flag) == written


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_has_words_for_either_way(flag: str) -> None:
    ways = words.flag_words(flag), words.flag_words(f"{BACK_FLAG}{flag}")
    assert all(len(way.split()) > 3 for way in ways)
    assert ["back" in way for way in ways] == [False, True]


@pytest.mark.parametrize(
    ("bead", "written"),
    [("1-1", "one sentence to one"), ("2-1", "two sentences to one"), ("cut", "only in the original")],
)
def test_bead_types_in_words(bead: str, written: str) -> None:
    assert words.bead_words(bead) == written


def test_plain_text_cannot_steer() -> None:
    assert words.plain("a\u202eb\u2066c\u2069\x00\n d") == "abc\ufffd d"


@given(st.lists(st.integers(1, 60), unique=True).map(sorted))
def test_runs_hold_every_number_once(numbers: list[int]) -> None:
    spans = words.runs(numbers)
    assert [n for a, b in spans for n in range(a, b + 1)] == numbers
    assert all(b + 1 < c for (_, b), (c, _) in pairwise(spans))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


@given(st.lists(TEXT, max_size=4), st.sampled_from(["en", "ko", "zh", "xx"]))
def test_segments_come_back_from_their_joined_text(texts: list[str], lang: str) -> None:
    found, at = [], 0
    for text in texts:
        found.append(Segment("a", "0a1b2c3d", lang, at, at + len(text), text))
        at += len(text) + 3
    assert split_segments(Side.of("original", lang, "a", found, joiner(lang))) == tuple(texts)


def test_segments_whose_lengths_do_not_fit_stay_one_text() -> None:
    side = Side("original", "ko", "a", (("x", 0, 3), ("y", 3, 9)), "전혀 다른 글")
    assert split_segments(side) == ("전혀 다른 글",)


STEP = st.builds(
    Step,
    source=st.integers(0, 400),
    height=st.integers(1, 9),
    kind=st.sampled_from(["translated", "cut", "added", "unaligned"]),
    flagged=st.booleans(),
)


@given(st.lists(st.lists(STEP, max_size=30), max_size=3))
def test_minimap_has_a_place_a_bead_in_order_within_the_box(sections: list[list[Step]]) -> None:
    minimap = draw(sections)
    assert len(minimap.places) == sum(map(len, sections))
    assert list(minimap.places) == sorted(minimap.places)
    assert all(0 <= y <= 1000 for y in (*minimap.places, *minimap.cuts, *minimap.flags))
    assert len(minimap.cuts) == sum(step.kind == "cut" for steps in sections for step in steps)


def test_minimap_breaks_where_the_original_goes_on_alone() -> None:
    steps = [Step(10, 1, kind, False) for kind in ("translated", "translated")]
    assert draw([steps]).path.count("M") == 1
    assert draw([[steps[0], Step(0, 1, "cut", False), steps[1]]]).path.count("M") == 2
