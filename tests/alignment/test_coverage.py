"""Coverage by windows: shares of a whole, at the right place, and the same whichever side comes first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment.coverage import Coverage, Near, coverages
from align.alignment.sides import SideVectors
from align.language.edges import EDGE_KINDS

DIM = 32


def side(windows: np.ndarray, counts: list[int]) -> SideVectors:
    """A side with so many windows in each segment, and nothing else that coverage looks at."""
    n = len(counts)
    return SideVectors(
        runs=(np.zeros((n, DIM), np.float32),),
        lengths=np.full(n, 50.0),
        anchors=((frozenset[str](),) * n,) * 3,
        windows=windows.astype(np.float32),
        owners=np.repeat(np.arange(n), counts),
        edges=np.zeros((n + 1, len(EDGE_KINDS)), np.float32),
    )


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def random_side(counts: list[int], seed: int) -> SideVectors:
    return side(unit(np.random.default_rng(seed).normal(size=(sum(counts), DIM))), counts)


def everything(n: int, m: int) -> Near:
    return Near(np.zeros(n, np.int64), np.full(n, m, np.int64))


def cells(near: Near) -> set[tuple[int, int]]:
    return {(i, j) for i in range(len(near.lo)) for j in range(near.lo[i], near.hi[i])}


def table(coverage: Coverage, n: int, m: int) -> np.ndarray:
    """Coverage of each of n segments by each of m, shape (n, m)."""
    i, j = np.indices((n, m))
    return np.asarray(coverage.by(i.ravel(), j.ravel(), j.ravel() + 1).reshape(n, m))


@st.composite
def nears(draw: st.DrawFn, n: int, m: int) -> Near:
    """Any bounds that never fall."""
    lo = sorted(draw(st.lists(st.integers(0, m), min_size=n, max_size=n)))
    widths = draw(st.lists(st.integers(0, m), min_size=n, max_size=n))
    hi = np.maximum.accumulate([min(m, a + b) for a, b in zip(lo, widths, strict=True)])
    return Near(np.array(lo, np.int64), hi.astype(np.int64))


@given(st.data(), st.integers(1, 9), st.integers(1, 9))
def test_near_turned_has_the_same_cells(data: st.DataObject, n: int, m: int) -> None:
    near = data.draw(nears(n, m))
    turned = near.turned(m)
    assert len(turned.lo) == len(turned.hi) == m
    assert cells(turned) == {(j, i) for i, j in cells(near)}
    assert (np.diff(turned.lo) >= 0).all()
    assert (np.diff(turned.hi) >= 0).all()
    assert cells(turned.turned(n)) == cells(near)


COUNTS = st.lists(st.integers(1, 4), min_size=1, max_size=9)


@settings(deadline=None)
@given(st.data(), COUNTS, COUNTS, st.integers(0, 10**6))
def test_shares_of_a_whole_and_none_where_nothing_is_near(
    data: st.DataObject, of_source: list[int], of_target: list[int], seed: int
) -> None:
    n, m = len(of_source), len(of_target)
    near = data.draw(nears(n, m))
    sides = random_side(of_source, seed), random_side(of_target, seed + 1)
    for coverage, rows, columns, allowed in zip(
        coverages(*sides, near), (n, m), (m, n), (cells(near), {(j, i) for i, j in cells(near)}), strict=True
    ):
        shares = table(coverage, rows, columns)
        assert (shares >= -1e-6).all()
        assert (shares.sum(axis=1) <= 1 + 1e-5).all()
        assert np.allclose(shares.sum(axis=1), coverage.whole(np.arange(rows)), atol=1e-5)
        assert {(i, j) for i, j in np.argwhere(shares > 1e-6).tolist()} <= allowed
        # Of a span it is the sum over its segments, and it may reach beyond the documents.
        start, stop = columns // 3, columns // 3 + 3
        spans = coverage.by(np.arange(rows), np.full(rows, start), np.full(rows, stop))
        assert np.allclose(spans, shares[:, start:stop].sum(axis=1), atol=1e-5)
        assert np.allclose(coverage.by(np.arange(rows), np.full(rows, -1), np.full(rows, 0)), 0)


@settings(deadline=None)
@given(st.data(), COUNTS, COUNTS, st.integers(0, 10**6))
def test_swapped_sides_swap_the_result(
    data: st.DataObject, of_source: list[int], of_target: list[int], seed: int
) -> None:
    n, m = len(of_source), len(of_target)
    near = data.draw(nears(n, m))
    source, target = random_side(of_source, seed), random_side(of_target, seed + 1)
    found, swapped = coverages(source, target, near), coverages(target, source, near.turned(m))
    assert np.allclose(table(found[0], n, m), table(swapped[1], n, m), atol=1e-4)
    assert np.allclose(table(found[1], m, n), table(swapped[0], m, n), atol=1e-4)


@pytest.mark.parametrize("n", [6, 12, 30])
def test_what_is_said_one_to_one_is_covered_there(n: int) -> None:
    counts = [1 + k % 3 for k in range(n)]
    windows = np.linalg.qr(np.random.default_rng(n).normal(size=(80, 80)))[0][: sum(counts)]
    source, target = side(windows, counts), side(windows, counts)
    for coverage in coverages(source, target, everything(n, n)):
        assert np.allclose(table(coverage, n, n), np.eye(n), atol=0.05)


def test_a_merge_is_covered_by_its_parts_and_an_addition_by_no_other() -> None:
    windows = np.linalg.qr(np.random.default_rng(1).normal(size=(32, 32)))[0]
    # Source segment 2 says what target segments 2 and 3 say; nothing says what target segment 7 does.
    source = side(windows[:8], [1, 1, 2, 1, 1, 1, 1])
    target = side(windows[[0, 1, 2, 3, 4, 5, 6, 20, 21, 7]], [1, 1, 1, 1, 1, 1, 1, 2, 1])
    found = coverages(source, target, everything(7, 9))
    of_source, of_target = table(found[0], 7, 9), table(found[1], 9, 7)
    assert of_source[2, 2:4] == pytest.approx([0.5, 0.5], abs=0.05)
    assert of_target[2:4, 2] == pytest.approx([1, 1], abs=0.05)
    assert of_source[6, 8] > 0.9
    assert of_source[:, 7].max() < 0.05
    assert of_target[7].max() < 0.2


def test_a_long_document_has_the_same_coverage_as_its_part() -> None:
    """Segments are taken some at a time: where a block of them ends must not show."""
    n = 150
    windows = unit(np.random.default_rng(5).normal(size=(n, DIM)))
    noisy = unit(windows + 0.1 * np.random.default_rng(6).normal(size=(n, DIM)))
    index = np.arange(n)
    near = Near(np.maximum(index - 8, 0), np.minimum(index + 9, n))
    whole, _ = coverages(side(windows, [1] * n), side(noisy, [1] * n), near)
    for start, stop in ((40, 90), (100, 150)):
        size = stop - start
        near = Near(np.maximum(index[:size] - 8, 0), np.minimum(index[:size] + 9, size))
        part, _ = coverages(side(windows[start:stop], [1] * size), side(noisy[start:stop], [1] * size), near)
        # The ends of the part know less of what is near.
        of_part, of_whole = table(part, size, size), table(whole, n, n)[start:stop, start:stop]
        assert np.allclose(of_part[16:-16], of_whole[16:-16], atol=1e-4)
        assert (np.diag(of_part) > 0.8).all()
