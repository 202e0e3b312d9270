"""Signals of a candidate bead, from the vectors, lengths and anchors of its two sides.

Every signal is symmetric: swapping the sides swaps (a, b) and leaves the value. A candidate starts at source
segment i and target segment j and spans a and b segments; c(a, b) is the cosine of its two merged vectors.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    """Signals of all candidates of two documents, computed in blocks of starting cells.

    A signal's values in a block have the shape (A, B, rows, columns), or one that broadcasts to it: at
    [a - 1, b - 1] stand those of the candidates with a source and b target segments. So each signal is a few
    operations on all sizes at once, and one more is added by yielding it from `_planes`.
    """

    def __init__(self, source: SideVectors, target: SideVectors, types: list[tuple[int, int]]) -> None:
        self.source, self.target, self.types = source, target, types
        self._most = max(max(size) for size in types)
        # Where in an array over all sizes the types stand, nulls left out.
        self._at = np.array([size for size in types if min(size) > 0]).T - 1
        self._known = np.zeros((self._most, self._most), bool)
        self._known[tuple(self._at)] = True
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
        out = np.zeros((len(self.types) - 2, r1 - r0, c1 - c0, N_SIGNALS), dtype=np.float32)
        whole = self._most, self._most, r1 - r0, c1 - c0
        outside = np.zeros(out.shape[:3], bool)
        for name, values in self._planes(r0, r1, c0, c1):
            chosen = np.broadcast_to(values, whole)[tuple(self._at)]
            if name == "cosine":
                outside = chosen <= _NO
            out[..., _AT[name]] = chosen
        out[outside] = 0.0
        return out

    def of(self, i: NDArray[np.int64], j: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64]) -> Array:
        """Signals of some candidates that are no nulls, shape (candidates, N_SIGNALS).

        They start at i and j and have a and b segments; the fewer cells their starts span, the faster.
        """
        out = np.zeros((len(i), N_SIGNALS), np.float32)
        r0, r1, c0, c1 = int(i.min()), int(i.max()) + 1, int(j.min()), int(j.max()) + 1
        whole = self._most, self._most, r1 - r0, c1 - c0
        for name, values in self._planes(r0, r1, c0, c1):
            out[:, _AT[name]] = np.broadcast_to(values, whole)[a - 1, b - 1, i - r0, j - c0]
        return out

    def scores(self, weights: Array, r0: int, r1: int, c0: int, c1: int) -> Array:
        """The same times the weights, without holding the signals: shape (types - 2, r1 - r0, c1 - c0).

        Candidates that pass the end hold numbers without meaning.
        """
        total = np.zeros((self._most, self._most, r1 - r0, c1 - c0), np.float32)
        for name, values in self._planes(r0, r1, c0, c1):
            if weights[_AT[name]]:
                total += weights[_AT[name]] * values
        found: Array = total[tuple(self._at)]
        return found

    def _planes(self, r0: int, r1: int, c0: int, c1: int) -> Iterator[tuple[str, Array]]:
        """Each signal's name and values in the block."""
        rows, cols, most = r1 - r0, c1 - c0, self._most
        of_source, of_target = (
            self.source.block(r0 - 1, r1 + most + 1, most),
            self.target.block(c0 - 1, c1 + most + 1, most),
        )
        dim = of_source.shape[2]
        # Cosines of all runs that start in the block, with a margin for the neighbours; 0 outside the documents.
        plain = (of_source.reshape(-1, dim) @ of_target.reshape(-1, dim).T).reshape(
            most, of_source.shape[1], most, of_target.shape[1]
        )
        plain = plain.swapaxes(1, 2)
        in_source = _inside(self.source.n, r0 - 1, r1 + most + 1, most)
        in_target = _inside(self.target.n, c0 - 1, c1 + most + 1, most)
        inside = in_source[:, None, :, None] & in_target[None, :, None, :] & self._known[:, :, None, None]
        table = np.where(inside, plain, _NO)

        def cos(di: int = 0, dj: int = 0, of: Array = table) -> Array:
            """Cosines of the runs that start di rows and dj columns further on."""
            return of[:, :, 1 + di : 1 + di + rows, 1 + dj : 1 + dj + cols]

        sizes = np.arange(1, most + 1)
        beyond_two: Array = (sizes[:, None] + sizes[None, :] - 2).astype(np.float32)[:, :, None, None]
        for name in TYPE_CLASSES:
            of_class = [[type_class(int(a), int(b)) == name for b in sizes] for a in sizes]
            yield f"is {name}", np.array(of_class, np.float32)[:, :, None, None]

        c = cos()
        usual_source = np.float32(0.5) * (of_source @ self._mean[0])[:, 1 : 1 + rows]
        usual_target = np.float32(0.5) * (of_target @ self._mean[1])[:, 1 : 1 + cols]
        margin = c - (usual_source[:, None, :, None] + usual_target[None, :, None, :])
        yield "cosine", c
        yield "margin", margin
        yield "cosine x size", c * beyond_two
        yield "margin x size", margin * beyond_two

        around = cos(0, -1, plain)[:, :1] + cos(-1, 0, plain)[:1]
        around = around + np.stack([cos(0, b, plain)[:, 0] for b in sizes.tolist()], axis=1)
        around += np.stack([cos(a, 0, plain)[0] for a in sizes.tolist()], axis=0)
        i, j = np.arange(r0, r1), np.arange(c0, c1)
        seen_source = (i > 0) + (i + sizes[:, None] < self.source.n).astype(np.float32)
        seen_target = (j > 0) + (j + sizes[:, None] < self.target.n).astype(np.float32)
        seen = seen_source[:, None, :, None] + seen_target[None, :, None, :]
        yield "neighbours", c - around * (np.float32(1) / np.maximum(seen, 1).astype(np.float32))

        by_source = c[1:] - np.maximum(c, cos(1, 0))[:-1]
        by_target = c[:, 1:] - np.maximum(c, cos(0, 1))[:, :-1]
        drop, mean = np.zeros((2, *c.shape), np.float32)
        drop[1:, 0] = mean[1:, 0] = by_source[:, 0]
        drop[0, 1:] = mean[0, 1:] = by_target[0]
        drop[1:, 1:] = np.minimum(by_source[:, 1:], by_target[1:])
        mean[1:, 1:] = (by_source[:, 1:] + by_target[1:]) / 2
        yield "drop", drop
        yield "drop mean", mean

        most_cosine = np.full(c.shape, _NO, np.float32)
        most_cosine[:-1] = np.maximum(c, cos(-1, 0))[1:]
        np.maximum(most_cosine[:, :-1], np.maximum(c, cos(0, -1))[:, 1:], out=most_cosine[:, :-1])
        yield "extend", np.where(most_cosine > _NO, most_cosine - c, np.float32(0))

        split = np.zeros(c.shape, np.float32)
        if most > 1:
            head = c[0, 0] + cos(1, 1)[:-1, :-1]
            last = [[cos(a, b)[0, 0] for b in range(1, most)] for a in range(1, most)]
            tail = c[:-1, :-1] + np.array(last)
            split[1:, 1:] = np.maximum(head, tail) / 2 - c[1:, 1:]
        yield "split", split

        of_source = (_window_sums(self._sums[0], most, r0, r1) * self._scale)[:, None, :, None]
        of_target = (_window_sums(self._sums[1], most, c0, c1) / self._scale)[None, :, None, :]
        deviation = of_source - of_target
        deviation *= deviation
        deviation /= 10.0 * (of_source + of_target + np.float32(1))
        yield "length", np.minimum(deviation, 20.0)
        yield "log ratio", np.abs(np.log(of_source + np.float32(1)) - np.log(of_target + np.float32(1)))

        for kind, agreement in zip(ANCHOR_KINDS, self._agreements, strict=True):
            if not agreement.n_anchors:
                continue
            parts = np.zeros((2, *c.shape), np.float32)
            for (a, b), pair in agreement.block(r0, r1, c0, c1, self.types[2:]).items():
                parts[:, a - 1, b - 1] = pair
            yield f"{kind} match", parts[0]
            yield f"{kind} miss", parts[1]

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


def _inside(n: int, start: int, stop: int, most: int) -> NDArray[np.bool_]:
    """Whether runs of each size that start in [start, stop) lie within n segments, (most, stop - start)."""
    begin = np.arange(start, stop)
    return np.asarray((begin >= 0) & (begin + np.arange(1, most + 1)[:, None] <= n))


def _window_sums(sums: NDArray[np.float64], most: int, start: int, stop: int) -> Array:
    """Total length of each size of run up to `most` from each start in [start, stop), (most, stop - start)."""
    begin = np.arange(start, stop)
    ends = np.minimum(begin + np.arange(1, most + 1)[:, None], len(sums) - 1)
    return np.asarray(sums[ends] - sums[begin], np.float32)


def _sample_mean(vectors: Array, most: int = 400) -> Array:
    """Mean vector of evenly spaced rows: its dot product with v is v's mean similarity to the document."""
    step = max(1, len(vectors) // most)
    return np.asarray(vectors[::step].mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1]), np.float32)
