"""Signals of a candidate bead, from the vectors, lengths and anchors of its two sides.

Every signal is symmetric: swapping the sides swaps (a, b) and leaves the value. A candidate starts at source
segment i and target segment j and spans a and b segments; c(a, b) is the cosine of its two merged vectors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.alignment.agreement import Agreement
from align.alignment.beadtypes import TYPE_CLASSES, type_class
from align.alignment.sides import ANCHOR_KINDS, SideVectors

Array = NDArray[np.float32]

BEAD_SIGNALS = (
    *(f"is {name}" for name in TYPE_CLASSES),
    "cosine",  # c(a, b)
    "margin",  # c less the mean similarity of either side to the other document (Artetxe and Schwenk 2019)
    "cosine x size",  # c times the segments beyond two: a merge replaces several beads
    "margin x size",
    "neighbours",  # c less the similarity of either side to the segments around the other (Liu and Zhu 2022)
    "drop",  # least gain of the merge over leaving out one segment at an edge
    "drop mean",
    "extend",  # most gain of taking in one more segment at an edge
    "length",  # squared deviation from proportional length (Gale and Church 1993)
    "log ratio",  # absolute log of the length ratio
    "split",  # gain of the best cut of an n-m bead into two beads, over the whole
    # Weight of the anchors on both sides of the bead, and on one side of it alone, of those in both documents.
    *(f"{kind} {part}" for kind in ANCHOR_KINDS for part in ("match", "miss")),
)
NULL_SIGNALS = (
    "is null",
    "null best",
    "null cosine",
    "null length",
    *(f"null {kind}" for kind in ANCHOR_KINDS),
)
N_SIGNALS = len(BEAD_SIGNALS) + len(NULL_SIGNALS)
_AT = {name: k for k, name in enumerate((*BEAD_SIGNALS, *NULL_SIGNALS))}
_NO = np.float32(-2.0)  # lower than any cosine: "there is no such candidate"


class Signals:
    """Signals of all candidates of two documents, computed in blocks of starting cells."""

    def __init__(self, source: SideVectors, target: SideVectors, types: list[tuple[int, int]]) -> None:
        self.source, self.target, self.types = source, target, types
        self._mean = (_sample_mean(target.runs[0]), _sample_mean(source.runs[0]))
        self._agreements = [
            Agreement(ours, theirs) for ours, theirs in zip(source.anchors, target.anchors, strict=True)
        ]
        self._sums = [np.concatenate([[0.0], np.cumsum(side.lengths)]) for side in (source, target)]
        totals = source.lengths.sum(), target.lengths.sum()
        # Both sides are scaled towards each other by the same factor, so that swapping them changes nothing.
        self._scale = float(np.sqrt(totals[1] / totals[0])) if totals[0] and totals[1] else 1.0

    def beads(self, r0: int, r1: int, c0: int, c1: int) -> Array:
        """Signals of non-null candidates starting in rows [r0, r1) and columns [c0, c1).

        Shape (types - 2, r1 - r0, c1 - c0, N_SIGNALS). Candidates that pass the end hold zeros.
        """
        table, mean = self._cosines(r0, r1, c0, c1)
        agreed = [agreement.block(r0, r1, c0, c1, self.types[2:]) for agreement in self._agreements]
        rows, cols = r1 - r0, c1 - c0

        def cos(a: int, b: int, di: int = 0, dj: int = 0) -> Array:
            """c(a, b) of the candidates that start di rows and dj columns further on."""
            return table[a, b][1 + di : 1 + di + rows, 1 + dj : 1 + dj + cols]

        out = np.zeros((len(self.types) - 2, rows, cols, N_SIGNALS), dtype=np.float32)
        for k, (a, b) in enumerate(self.types[2:]):
            x, c = out[k], cos(a, b)
            margin = c - mean[a, b][1 : 1 + rows, 1 : 1 + cols]
            x[..., _AT[f"is {type_class(a, b)}"]] = 1.0
            x[..., _AT["cosine"]] = c
            x[..., _AT["margin"]] = margin
            x[..., _AT["cosine x size"]] = c * (a + b - 2)
            x[..., _AT["margin x size"]] = margin * (a + b - 2)
            around = np.stack([cos(a, 1, 0, -1), cos(a, 1, 0, b), cos(1, b, -1, 0), cos(1, b, a, 0)])
            seen = around > _NO
            x[..., _AT["neighbours"]] = c - (around * seen).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
            drops = []
            if a > 1:
                drops.append(c - np.maximum(cos(a - 1, b), cos(a - 1, b, 1, 0)))
            if b > 1:
                drops.append(c - np.maximum(cos(a, b - 1), cos(a, b - 1, 0, 1)))
            if drops:
                x[..., _AT["drop"]] = np.minimum.reduce(drops)
                x[..., _AT["drop mean"]] = np.mean(drops, axis=0)
            more = []
            if (a + 1, b) in table:
                more += [cos(a + 1, b), cos(a + 1, b, -1, 0)]
            if (a, b + 1) in table:
                more += [cos(a, b + 1), cos(a, b + 1, 0, -1)]
            if more:
                best = np.maximum.reduce(more)
                x[..., _AT["extend"]] = np.where(best > _NO, best - c, 0.0)
            if a > 1 and b > 1:
                head = cos(1, 1) + cos(a - 1, b - 1, 1, 1)
                tail = cos(a - 1, b - 1) + cos(1, 1, a - 1, b - 1)
                x[..., _AT["split"]] = np.maximum(head, tail) / 2 - c
            of_source = _window_sums(self._sums[0], a, r0, r1)[:, None] * self._scale
            of_target = _window_sums(self._sums[1], b, c0, c1)[None, :] / self._scale
            deviation = (of_source - of_target) ** 2 / (10.0 * (of_source + of_target + 1.0))
            x[..., _AT["length"]] = np.minimum(deviation, 20.0)
            x[..., _AT["log ratio"]] = np.abs(np.log((of_source + 1.0) / (of_target + 1.0)))
            for kind, found in zip(ANCHOR_KINDS, agreed, strict=True):
                x[..., _AT[f"{kind} match"]], x[..., _AT[f"{kind} miss"]] = found[a, b]
            x[c <= _NO] = 0.0
        return out

    def nulls(self, lo: NDArray[np.int64], hi: NDArray[np.int64]) -> tuple[Array, Array]:
        """Signals of a null for each source segment (n, N_SIGNALS) and each target segment (m, N_SIGNALS).

        `lo` and `hi` bound the band: source segment i is compared with targets [lo[i], hi[i]).
        """
        n, m = self.source.n, self.target.n
        best = [np.full((2, n), _NO, np.float32), np.full((2, m), _NO, np.float32)]
        means = [self.source.runs[0] @ self._mean[0], self.target.runs[0] @ self._mean[1]]
        for r0 in range(0, n, 128):
            r1 = min(n, r0 + 128)
            c0, c1 = int(lo[r0:r1].min()), int(min(m, hi[r0:r1].max()))
            if c1 <= c0:
                continue
            c = self.source.runs[0][r0:r1] @ self.target.runs[0][c0:c1].T
            columns = np.arange(c0, c1)[None, :]
            outside = (columns < lo[r0:r1, None]) | (columns >= hi[r0:r1, None])
            margin = c - (means[0][r0:r1, None] + means[1][None, c0:c1]) / 2
            for at, every in enumerate((margin, c)):
                values = np.asarray(np.where(outside, _NO, every), np.float32)
                best[0][at, r0:r1] = np.maximum(best[0][at, r0:r1], values.max(axis=1))
                best[1][at, c0:c1] = np.maximum(best[1][at, c0:c1], values.max(axis=0))
        found = []
        totals = [agreement.totals() for agreement in self._agreements]
        for at, (side, (top_margin, top)) in enumerate(zip((self.source, self.target), best, strict=True)):
            x = np.zeros((side.n, N_SIGNALS), np.float32)
            mean = side.lengths.mean() if side.n else 1.0
            x[:, _AT["is null"]] = 1.0
            x[:, _AT["null best"]] = np.where(top_margin > _NO, top_margin, 0.0)
            x[:, _AT["null cosine"]] = np.where(top > _NO, top, 0.0)
            x[:, _AT["null length"]] = np.log((side.lengths + 1.0) / (mean + 1.0))
            for kind, total in zip(ANCHOR_KINDS, totals, strict=True):
                x[:, _AT[f"null {kind}"]] = total[at]
            found.append(x)
        return found[0], found[1]

    def _cosines(
        self, r0: int, r1: int, c0: int, c1: int
    ) -> tuple[dict[tuple[int, int], Array], dict[tuple[int, int], Array]]:
        """c(a, b), and the mean of its sides' mean similarities to the other document.

        Tables start at row r0 - 1 and column c0 - 1 and reach far enough for every neighbour of the block;
        cells outside the documents hold _NO.
        """
        sizes = [size for size in self.types if min(size) > 0]
        reach = max(max(size) for size in sizes) + 1
        us = {a: _rows(self.source.runs[a - 1], r0 - 1, r1 + reach) for a in {a for a, _ in sizes}}
        vs = {b: _rows(self.target.runs[b - 1], c0 - 1, c1 + reach) for b in {b for _, b in sizes}}
        cos: dict[tuple[int, int], Array] = {}
        base: dict[tuple[int, int], Array] = {}
        for a, b in sizes:
            (u, u_inside), (v, v_inside) = us[a], vs[b]
            cos[a, b] = np.where(u_inside[:, None] & v_inside[None, :], u @ v.T, _NO)
            means = ((u @ self._mean[0])[:, None] + (v @ self._mean[1])[None, :]) / 2
            base[a, b] = np.asarray(means, np.float32)
        return cos, base


def _rows(run: Array, start: int, stop: int) -> tuple[Array, NDArray[np.bool_]]:
    """Rows [start, stop) of a side's run vectors, zero outside the document, and which are inside."""
    index = np.arange(start, stop)
    inside = (index >= 0) & (index < len(run))
    out = np.zeros((len(index), run.shape[1]), np.float32)
    out[inside] = run[index[inside]]
    return out, inside


def _window_sums(sums: NDArray[np.float64], size: int, start: int, stop: int) -> NDArray[np.float64]:
    """Total length of `size` segments from each start in [start, stop), from the sums before each segment."""
    begin = np.arange(start, stop)
    found: NDArray[np.float64] = sums[np.minimum(begin + size, len(sums) - 1)] - sums[begin]
    return found


def _sample_mean(vectors: Array, most: int = 400) -> Array:
    """Mean vector of evenly spaced rows: its dot product with v is v's mean similarity to the document."""
    step = max(1, len(vectors) // most)
    return np.asarray(vectors[::step].mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1]), np.float32)
