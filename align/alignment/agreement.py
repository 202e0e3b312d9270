"""How far the anchors of the two sides of a bead agree: the weight that they share, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Ints = NDArray[np.int64]
Tokens = Sequence[frozenset[str]]


class Agreement:
    """Agreement of one kind of anchors, given as the anchors of each segment of either side.

    Only anchors that occur on both sides count: the others say nothing of where a segment belongs. An anchor's
    weight is its inverse document frequency over all segments, from 0 (in every one) towards 1.
    """

    def __init__(self, source: Tokens, target: Tokens) -> None:
        counts = [Counter(token for tokens in side for token in tokens) for side in (source, target)]
        shared = sorted(counts[0].keys() & counts[1].keys())
        frequencies = np.array([counts[0][token] + counts[1][token] for token in shared], np.float64)
        total = len(source) + len(target)
        self._weights: Array = (np.log(total / frequencies) / np.log(max(total, 3))).astype(np.float32)
        number = {token: at for at, token in enumerate(shared)}
        self._sides = (_Occurrences(source, number), _Occurrences(target, number))

    @property
    def n_anchors(self) -> int:
        """Anchors that occur on both sides."""
        return len(self._weights)

    def totals(self) -> tuple[Array, Array]:
        """Weight of all anchors of each source segment, shape (n,), and of each target segment, shape (m,)."""
        found = [
            np.bincount(side.segments, self._weights[side.anchors], side.n).astype(np.float32)
            for side in self._sides
        ]
        return found[0], found[1]

    def block(
        self, r0: int, r1: int, c0: int, c1: int, sizes: Sequence[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[Array, Array]]:
        """Shared and unshared weight of beads of each size (a, b) starting in rows [r0, r1), columns [c0, c1).

        Both have shape (r1 - r0, c1 - c0). A bead has an anchor when one of its segments has it.
        """
        a_most, b_most = max(a for a, _ in sizes), max(b for _, b in sizes)
        rows, row_anchors = self._sides[0].runs(r0, r1, a_most)
        cols, col_anchors = self._sides[1].runs(c0, c1, b_most)
        both, in_rows, in_cols = np.intersect1d(row_anchors, col_anchors, True, return_indices=True)
        row_totals = [run @ self._weights[row_anchors] for run in rows]
        col_totals = [run @ self._weights[col_anchors] for run in cols]
        weighted = [run[:, in_rows] * self._weights[both] for run in rows]
        common = [np.ascontiguousarray(run[:, in_cols].T) for run in cols]
        found: dict[tuple[int, int], tuple[Array, Array]] = {}
        for a, b in sizes:
            match = np.asarray(weighted[a - 1] @ common[b - 1], np.float32)
            miss = np.asarray(row_totals[a - 1][:, None] + col_totals[b - 1][None, :] - 2 * match, np.float32)
            found[a, b] = match, np.maximum(miss, np.float32(0))
        return found


class _Occurrences:
    """Which of the numbered anchors stand in which segments of one side, as two arrays in the segments' order."""

    def __init__(self, side: Tokens, number: dict[str, int]) -> None:
        self.n = len(side)
        found = [sorted(number[token] for token in tokens if token in number) for tokens in side]
        counts = np.array([len(each) for each in found], np.int64)
        self.segments: Ints = np.repeat(np.arange(self.n, dtype=np.int64), counts)
        self.anchors: Ints = np.array([anchor for each in found for anchor in each], np.int64)

    def runs(self, start: int, stop: int, most: int) -> tuple[list[Array], Ints]:
        """For each size up to `most`, which anchors stand in the runs that start in [start, stop), as 0 or 1.

        The anchors are those of these runs, given second; segments beyond the end have none.
        """
        first, last = np.searchsorted(self.segments, (start, stop + most - 1))
        anchors, at = np.unique(self.anchors[first:last], return_inverse=True)
        single = np.zeros((stop - start + most - 1, len(anchors)), np.float32)
        single[self.segments[first:last] - start, at] = 1.0
        found = [single[: stop - start]]
        for size in range(2, most + 1):
            found.append(np.maximum(found[-1], single[size - 1 : size - 1 + stop - start]))
        return found, anchors
