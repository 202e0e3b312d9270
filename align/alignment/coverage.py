"""Coverage: how much of each segment is said by each segment of the other side.

A segment's windows of a few words are each shared out over the segments of the other side near the path of a
first alignment, by softmax of their similarity (as attention does; awesome-align shares out words so, Dou and
Neubig 2021). What a segment's windows give to another is its coverage there, from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.alignment.sides import Floats, SideVectors

Ints = NDArray[np.int64]
# How sharply windows choose, and of how many segments similarity is what a window usually meets.
_SHARPNESS, _USUAL = np.float32(25.0), 6
_LOW, _NOT_NEAR = np.float32(-0.2), np.float32(-1.0)
_ROWS = 24


@dataclass(frozen=True)
class Near:
    """For each segment of a side those of the other side that it is compared with: [lo, hi), never falling."""

    lo: Ints
    hi: Ints

    def turned(self, others: int) -> Near:
        """The same as seen from the other side, which has so many segments."""
        index = np.arange(others)
        lo, hi = np.searchsorted(self.hi, index, side="right"), np.searchsorted(self.lo, index, side="right")
        return Near(lo.astype(np.int64), hi.astype(np.int64))


@dataclass(frozen=True)
class Coverage:
    """Coverage of a side's segments by the other's: `sums[i, k]` is that of segment i by the first k of the
    segments near it, shape (n, most near + 1)."""

    near: Near
    sums: Floats

    def by(self, segment: Ints, start: Ints, stop: Ints) -> Floats:
        """Coverage of segments by the others [start, stop), all of one shape; 0 for those that are not near."""
        lo = self.near.lo[segment]
        last = self.sums.shape[1] - 1
        found: Floats = (
            self.sums[segment, np.clip(stop - lo, 0, last)] - self.sums[segment, np.clip(start - lo, 0, last)]
        )
        return found

    def best(self, segment: Ints) -> Floats:
        """Most coverage of segments by one of those that are near."""
        found: Floats = np.diff(self.sums[segment], axis=1).max(axis=1, initial=0)
        return found

    def whole(self, segment: Ints) -> Floats:
        """Coverage of segments by all that are near."""
        found: Floats = self.sums[segment, -1]
        return found


def coverages(source: SideVectors, target: SideVectors, near: Near) -> tuple[Coverage, Coverage]:
    """Coverage of the source's segments by the target's, and the reverse. Both sides have windows."""
    turned = near.turned(target.n)
    of_source, of_target = _usual(source, target, near), _usual(target, source, turned)
    return (
        _coverage(source, target, near, of_source, of_target),
        _coverage(target, source, turned, of_target, of_source),
    )


def _usual(ours: SideVectors, theirs: SideVectors, near: Near) -> Floats:
    """Mean of the most similarities of each of our windows, shape (windows,), each the best within a segment."""
    found = np.zeros(len(ours.windows), np.float32)
    for _, windows, columns, others in _blocks(ours, theirs, near):
        similar = ours.windows[windows] @ theirs.windows[others].T
        best = _best(similar, theirs, columns, others)
        best[~_is_near(ours, near, windows, columns)] = _NOT_NEAR
        kept = min(_USUAL, best.shape[1])
        top = np.partition(best, best.shape[1] - kept, axis=1)[:, best.shape[1] - kept :]
        found[windows] = np.maximum(top, _LOW).mean(axis=1)
    return found


def _coverage(ours: SideVectors, theirs: SideVectors, near: Near, usual: Floats, their_usual: Floats) -> Coverage:
    width = int((near.hi - near.lo).max(initial=0))
    sums = np.zeros((ours.n, width + 1), np.float32)
    counts = np.bincount(ours.owners, minlength=ours.n).astype(np.float32)
    for rows, windows, columns, others in _blocks(ours, theirs, near):
        similar = ours.windows[windows] @ theirs.windows[others].T
        similar -= (usual[windows, None] + their_usual[others]) / 2
        shares = np.exp(np.clip(_SHARPNESS * _best(similar, theirs, columns, others), -50, 50))
        shares *= _is_near(ours, near, windows, columns)
        # The 1 stands for "none of them".
        shares /= shares.sum(axis=1, keepdims=True) + 1
        first = np.searchsorted(ours.owners[windows], np.arange(rows.start, rows.stop))
        total = np.add.reduceat(shares, first, axis=0) / counts[rows, None]
        at = near.lo[rows, None] - columns.start + np.arange(width)
        inside = at < (near.hi[rows, None] - columns.start)
        picked = total[np.arange(len(total))[:, None], np.minimum(at, total.shape[1] - 1)]
        sums[rows, 1:] = np.cumsum(np.where(inside, picked, 0), axis=1)
    return Coverage(near, sums)


def _blocks(ours: SideVectors, theirs: SideVectors, near: Near) -> list[tuple[slice, slice, slice, slice]]:
    """Some of our segments and their windows, with those of the other side that are near one of them."""
    found = []
    for start in range(0, ours.n, _ROWS):
        rows = slice(start, min(ours.n, start + _ROWS))
        columns = slice(int(near.lo[start]), int(near.hi[rows.stop - 1]))
        if columns.stop > columns.start:
            found.append((rows, _windows(ours, rows), columns, _windows(theirs, columns)))
    return found


def _windows(side: SideVectors, segments: slice) -> slice:
    start, stop = np.searchsorted(side.owners, (segments.start, segments.stop))
    return slice(int(start), int(stop))


def _best(similar: Floats, theirs: SideVectors, columns: slice, others: slice) -> Floats:
    """Most similarity of each of our windows within each segment of the other side."""
    first = np.searchsorted(theirs.owners[others], np.arange(columns.start, columns.stop))
    return np.asarray(np.maximum.reduceat(similar, first, axis=1))


def _is_near(ours: SideVectors, near: Near, windows: slice, columns: slice) -> NDArray[np.bool_]:
    owner = ours.owners[windows]
    index = np.arange(columns.start, columns.stop)
    return np.asarray((index >= near.lo[owner, None]) & (index < near.hi[owner, None]))
