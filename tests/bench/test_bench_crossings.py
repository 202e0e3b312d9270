"""Swaps planted in gold documents, and what counts as found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.alignment import Crossing
from align.records import Bead
from bench.bead_data import GoldDocument
from bench.crossings import Outcome, covers, is_right, measure, planted_swap

SHAPES = [(1, 1), (1, 1), (1, 2), (2, 1), (1, 0), (0, 1)]


@st.composite
def gold_documents(draw: st.DrawFn) -> GoldDocument:
    """A document whose segments bear their number and no language."""
    beads, i, j = [], 0, 0
    for a, b in draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=25)):
        beads.append(Bead(tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return GoldDocument([f"s{k}" for k in range(i)], [f"t{k}" for k in range(j)], "en", "en", beads)


@given(gold_documents(), st.integers(0, 99))
def test_a_swap_moves_targets_and_takes_their_links_along(document: GoldDocument, seed: int) -> None:
    case = planted_swap(document, random.Random(seed))
    if case is None:
        return
    assert sorted(case.document.target) == sorted(document.target)
    assert case.document.target != document.target
    assert case.document.source == document.source
    links = {(document.source[i], case.document.target[j]) for i, j in case.links}
    gold = {(document.source[i], document.target[j]) for b in document.gold for i in b.source for j in b.target}
    assert links == gold
    first, *_, last = case.moved
    assert max(first[0]) < min(last[0])
    assert min(first[1]) > max(last[1]), "the two have changed places"


def test_a_document_without_room_for_a_swap_gets_none() -> None:
    document = GoldDocument(["a", "b", "c"], ["d", "e", "f"], "en", "en", [Bead((k,), (k,)) for k in range(3)])
    assert planted_swap(document, random.Random(1)) is None


LINKS = frozenset((k, k + 5) for k in range(10))


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (range(2, 5), range(7, 10), True),
        (range(2, 5), range(2, 5), False),
        (range(8), range(5, 12), True),  # 7 of 8 links
        (range(4), range(5, 7), False),  # 2 of 4
        (range(20, 22), range(20, 22), False),
    ],
)
def test_right_is_what_holds_its_own_links(source: range, target: range, expected: bool) -> None:
    assert is_right(Crossing(source, target, 0.9), LINKS) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (range(2, 6), range(7, 11), True),
        (range(2, 5), range(7, 10), True),
        (range(2, 4), range(7, 11), False),
        (range(2, 6), range(4), False),
    ],
)
def test_covered_is_more_than_half_on_either_side(source: range, target: range, expected: bool) -> None:
    assert covers(Crossing(source, target, 0.9), (set(range(2, 6)), set(range(7, 11)))) == expected


def test_swaps_and_crossings_are_counted() -> None:
    document = GoldDocument(
        [f"s{k}" for k in range(30)],
        [f"t{k}" for k in range(30)],
        "en",
        "en",
        [Bead((k,), (k,)) for k in range(30)],
    )

    def find(swapped: GoldDocument) -> list[Crossing]:
        """The first passage that stands later in the target, and one that is wrong."""
        at = [swapped.target.index(f"t{k}") for k in range(30)]
        start = next(k for k in range(30) if at[k] != k)
        stop = next((k for k in range(start + 1, 30) if at[k] != at[k - 1] + 1), 30)
        return [
            Crossing(range(start, stop), range(at[start], at[stop - 1] + 1), 0.9),
            Crossing(range(2), range(28, 30), 0.6),
        ]

    assert measure([document, document], find, 3, random.Random(1)) == Outcome(6, 6, 12, 6)
    assert measure([document], lambda _: [], 3, random.Random(1)) == Outcome(3, 0, 0, 0)
