"""Passages that moved: found where planted, silent where nothing moved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import Aligner, Crossing

DIM = 512


def vectors(rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, DIM)).astype(np.float32)


def crossings(aligner: Aligner, source: np.ndarray, target: np.ndarray) -> list[Crossing]:
    sides = aligner.compose(source, target)
    return aligner.crossings(*sides, aligner.align_sides(*sides))


def reordered(n: int, order: list[int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n segments, and their translations in another order."""
    source = vectors(n, seed)
    return source, source[order] + 0.5 * vectors(len(order), seed + 1)


def moved(n: int, first: int, middle: int, last: int) -> list[int]:
    """The order in which [first, middle) and [middle, last) have changed places."""
    return [*range(first), *range(middle, last), *range(first, middle), *range(last, n)]


@pytest.mark.parametrize(
    ("n", "first", "middle", "last"),
    [(20, 5, 8, 14), (20, 5, 11, 14), (20, 0, 3, 9), (20, 11, 14, 20), (30, 4, 7, 22), (200, 60, 66, 150)],
)
def test_a_moved_passage_is_found(aligner: Aligner, n: int, first: int, middle: int, last: int) -> None:
    found = crossings(aligner, *reordered(n, moved(n, first, middle, last), seed=n + first))
    # The shorter of the two that changed places is the one that the beads leave over.
    if middle - first < last - middle:
        of_source, of_target = range(first, middle), range(first + last - middle, last)
    else:
        of_source, of_target = range(middle, last), range(first, first + last - middle)
    assert [(each.source, each.target) for each in found] == [(of_source, of_target)]
    assert found[0].confidence > 0.9


@pytest.mark.parametrize("size", [2, 4])
def test_of_two_passages_of_one_length_one_is_named(aligner: Aligner, size: int) -> None:
    found = crossings(aligner, *reordered(16, moved(16, 4, 4 + size, 4 + 2 * size), seed=size))
    assert len(found) <= 1
    for each in found:
        assert each.target.start - each.source.start in (size, -size)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(0, 40), cut=st.integers(0, 12), seed=st.integers(0, 10**6))
def test_nothing_is_reported_where_nothing_moved(aligner: Aligner, n: int, cut: int, seed: int) -> None:
    source, target = reordered(n, list(range(n)), seed)
    assert crossings(aligner, source, target) == []
    # Left out on the source side, and elsewhere on the target side.
    assert crossings(aligner, source[cut:], target[: max(n - cut, 0)]) == []
    assert crossings(aligner, source, vectors(n, seed + 9)) == []


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 30), seed=st.integers(0, 10**6))
def test_whatever_the_order_each_segment_is_in_one_crossing_at_most(aligner: Aligner, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cuts = sorted(rng.integers(0, n + 1, size=3).tolist())
    pieces = [list(range(a, b)) for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
    order = [k for at in rng.permutation(4) for k in pieces[at]]
    source, target = reordered(n, order, seed)
    found = crossings(aligner, source, target)
    assert found == sorted(found, key=lambda each: each.source.start)
    for side in ("source", "target"):
        segments = [k for each in found for k in getattr(each, side)]
        assert len(segments) == len(set(segments))
        assert all(0 <= k < n for k in segments)
    assert all(each.confidence >= 0.5 for each in found)
    # A passage that is reported is one of those that moved, whole or in part.
    for each in found:
        assert any(order[j] in each.source for j in each.target)


def test_the_least_confidence_is_the_callers(aligner: Aligner) -> None:
    sides = aligner.compose(*reordered(20, moved(20, 5, 8, 14), seed=3))
    beads = aligner.align_sides(*sides)
    (found,) = aligner.crossings(*sides, beads)
    assert aligner.crossings(*sides, beads, least=found.confidence) == [found]
    assert aligner.crossings(*sides, beads, least=1.1) == []
