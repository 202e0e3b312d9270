"""Search over alignments: a semi-Markov conditional random field on beads, inside a band.

The score of an alignment is the sum of its beads' scores; exp(score) normalised over all alignments in the band is
its probability (Sarawagi and Cohen 2004). Forward and backward sums give each bead's posterior; the alignment
returned maximises the expected gain of its beads (minimum Bayes risk), so that a posterior is also a confidence.

Scores come in blocks of rows, each as wide as its own part of the band, and the decision is taken on the way back,
row by row: memory is what the cells of the band need, and posteriors are never held for more than one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Scores = NDArray[np.float32]
Doubles = NDArray[np.float64]
Types = Sequence[tuple[int, int]]
NEVER = -1e30


@dataclass(frozen=True)
class Band:
    """For source position i (0..n) the target positions lo[i] <= j <= hi[i] that a path may pass.

    Both bounds never fall, lo[0] is 0 and hi[n] is the number of target segments.
    """

    lo: Ints
    hi: Ints

    @property
    def n(self) -> int:
        """Number of source segments."""
        return len(self.lo) - 1

    @cached_property
    def sizes(self) -> list[int]:
        """Positions in each row."""
        found: list[int] = (self.hi - self.lo + 1).tolist()
        return found

    @cached_property
    def starts(self) -> list[int]:
        """Positions before each row, and in all rows together."""
        return [0, *np.cumsum(self.sizes).tolist()]

    @cached_property
    def width(self) -> int:
        """Most positions in a row."""
        return max(self.sizes)


@dataclass(frozen=True)
class Block:
    """Scores of the candidates that start in consecutive rows of a band.

    `scores` has shape (types, rows, columns): the candidate of type t that starts at source `first` + r and target
    band.lo[first + r] + k, NEVER where it would leave the band or the documents.
    """

    first: int
    scores: Scores


@dataclass(frozen=True)
class Found:
    """A bead: its first segments i and j, its sizes a and b, and its posterior probability."""

    i: int
    j: int
    a: int
    b: int
    posterior: float


@dataclass(frozen=True)
class Lattice:
    """Result of the sums: posteriors of every candidate, like `scores`, and the log of the total weight."""

    posteriors: Scores
    log_total: float


def sums(scores: Scores, types: Types, band: Band) -> Lattice:
    """Posteriors of all candidates, for fitting: shape (types, n + 1, band.width), as the scores of one block."""
    blocks = [Block(0, scores)]
    alpha = _forward(blocks, types, band)
    posteriors = np.zeros_like(scores)
    for i, row, _ in _backward(blocks, types, band, alpha):
        posteriors[:, i, : row.shape[1]] = row
    return Lattice(posteriors, float(alpha[-1]))


def decode(
    blocks: Iterable[Block],
    types: Types,
    band: Band,
    bead_cost: float,
    null_cost: float,
    least: float = 0.0,
) -> list[Found]:
    """The alignment with the most expected gain: each bead earns its posterior less its cost.

    The blocks follow one another from row 0 to row n; (0, 1) must be among the types.

    With a cost of F/2 a bead this maximises the expected F1 of value F (Dinkelbach's method); a null, which counts
    in precision only, has a cost of its own. A bead less probable than `least` is never taken unless it is a null:
    else one large bead of no probability would come cheaper than the nulls of a passage that has no counterpart.
    """
    blocks = list(blocks)
    alpha = _forward(blocks, types, band)
    skip, (a, b) = types.index((0, 1)), np.array(types).T
    is_null = (a == 0) | (b == 0)
    costs = np.where(is_null, null_cost, bead_cost)[:, None]
    floor = np.where(is_null, -1.0, least)[:, None]
    columns = np.arange(band.width)
    gains = _Rows(band, types)
    choices, chosen = np.zeros(band.starts[-1], np.int8), np.zeros(band.starts[-1], np.float32)
    for i, posteriors, at in _backward(blocks, types, band, alpha):
        size, start = band.sizes[i], band.starts[i]
        row = np.full(size, NEVER)
        best = np.full(size, skip)
        if i == band.n:
            row[-1] = 0.0
        else:
            earned = gains.values.take(at)
            earned += posteriors - costs
            np.putmask(earned, posteriors < floor, NEVER)
            best = earned.argmax(axis=0)
            row = earned[best, columns[:size]]
        nulls = np.zeros(size)
        np.cumsum(posteriors[skip, :-1] - null_cost, out=nulls[1:])
        through = np.maximum.accumulate((row + nulls)[::-1])[::-1] - nulls
        best[through > row + 1e-9] = skip
        gains.put(i, np.maximum(through, row))
        choices[start : start + size] = best
        chosen[start : start + size] = posteriors[best, columns[:size]]
    found = []
    i, j, end = 0, 0, (band.n, int(band.hi[-1]))
    lows, steps = band.lo.tolist(), list(types)
    while (i, j) != end:
        cell = band.starts[i] + j - lows[i]
        size_a, size_b = steps[choices[cell]]
        found.append(Found(i, j, size_a, size_b, float(chosen[cell])))
        i, j = i + size_a, j + size_b
    return found


class _Rows:
    """The last rows of a table over the band, to be read where each type of bead ends.

    A row's positions lie between margins that hold NEVER, as do the rows outside the documents, so that reading
    needs no conditions. With `planes` the table has a layer for each type, and is read where each type begins.
    """

    def __init__(self, band: Band, types: Types, planes: bool = False) -> None:
        self._a, self._b = np.array(types).T
        self._sign = -1 if planes else 1
        self._band, self._reach = band, int(self._a.max()) + 1
        ahead = np.minimum(np.arange(band.n + 1) + self._reach - 1, band.n)
        # A bead moves by no more than this within the rows that it can reach.
        furthest = int((band.lo[ahead] - band.lo).max()) + int(self._b.max())
        self._margin = min(band.width, furthest)
        stride = band.width + 2 * self._margin
        layers = len(types) if planes else 1
        # The slot after the last holds nothing, ever: that is where (0, 1) is read, which stays in its row.
        self.values = np.full((self._reach + 1, layers, stride), NEVER)
        self._slot_size, self._layer_size = layers * stride, stride if planes else 0
        self._columns = np.arange(band.width)

    def bases(self, first: int, count: int) -> Ints:
        """Where in `values` (flat) the first positions of rows [first, first + count) are read, (rows, types)."""
        rows = np.arange(first, first + count)[:, None]
        others = rows + self._sign * self._a
        lo = self._band.lo
        shift = lo[rows] + self._sign * self._b - lo[np.clip(others, 0, self._band.n)]
        column = np.clip(self._margin + shift, 0, 2 * self._margin)
        slot = np.where(self._a > 0, others % self._reach, self._reach)
        found: Ints = slot * self._slot_size + np.arange(len(self._a)) * self._layer_size + column
        return found

    def at(self, base: Ints, size: int) -> Ints:
        """Flat indexes of `size` positions from each base, shape (types, size)."""
        found: Ints = base[:, None] + self._columns[:size]
        return found

    def put(self, i: int, row: NDArray[np.float64]) -> None:
        """Store row i, shape (size,) or (types, size)."""
        slot = self.values[i % self._reach]
        end = self._margin + row.shape[-1]
        slot[:, self._margin : end] = row
        slot[:, end : self._margin + self._band.width] = NEVER


def _forward(blocks: Iterable[Block], types: Types, band: Band) -> Doubles:
    """Log of the summed weights of all ways from the start to each position, all rows of the band in one."""
    skip = types.index((0, 1))
    alpha = np.empty(band.starts[-1])
    pending = _Rows(band, types, planes=True)
    for block in blocks:
        nulls = _null_sums(block, skip)
        bases = pending.bases(block.first, block.scores.shape[1])
        for r, base in enumerate(bases):
            i = block.first + r
            size, start = band.sizes[i], band.starts[i]
            row, passed = alpha[start : start + size], nulls[r, :size]
            if i == 0:
                row[:] = NEVER
                row[0] = 0.0
            else:
                row[:] = _log_sum(pending.values.take(pending.at(base, size)))[0]
            row -= passed
            np.logaddexp.accumulate(row, out=row)
            row += passed
            np.maximum(row, NEVER, out=row)
            pending.put(i, row + block.scores[:, r, :size])
    return alpha


def _backward(
    blocks: Sequence[Block], types: Types, band: Band, alpha: Doubles
) -> Iterator[tuple[int, Doubles, Ints]]:
    """From the last row to the first: i, the posteriors of its candidates (types, size), and where they end.

    Where they end is given as flat indexes into the values of a `_Rows` of this band and these types.
    """
    skip, log_total = types.index((0, 1)), alpha[-1]
    beta = _Rows(band, types)
    for block in reversed(blocks):
        nulls = _null_sums(block, skip)
        bases = beta.bases(block.first, block.scores.shape[1])
        for r in range(len(bases) - 1, -1, -1):
            i = block.first + r
            size, start = band.sizes[i], band.starts[i]
            scores, passed, before = block.scores[:, r, :size], nulls[r, :size], alpha[start : start + size]
            at = beta.at(bases[r], size)
            posteriors = beta.values.take(at)
            posteriors += scores
            row, top = _log_sum(posteriors)
            posteriors *= np.exp(np.minimum(before + top - log_total, 0.0))
            if i == band.n:
                row[-1] = 0.0
            row += passed
            row = np.logaddexp.accumulate(row[::-1])[::-1] - passed
            np.maximum(row, NEVER, out=row)
            step = before[:-1] + scores[skip, :-1] + row[1:] - log_total
            posteriors[skip, :-1] = np.exp(np.minimum(step, 0.0))
            posteriors[skip, -1] = 0.0
            beta.put(i, row)
            yield i, posteriors, at


def _null_sums(block: Block, skip: int) -> Doubles:
    """Score of the target nulls before each position of each row, shape (rows, columns)."""
    nulls = np.zeros(block.scores.shape[1:])
    np.cumsum(block.scores[skip, :, :-1], axis=1, out=nulls[:, 1:])
    return nulls


def _log_sum(values: Doubles) -> tuple[Doubles, Doubles]:
    """Log of the summed exponentials over the first axis, and the largest; `values` turn to exp(value - it)."""
    top = values.max(axis=0)
    values -= top
    np.exp(values, out=values)
    found: Doubles = np.log(values.sum(axis=0))
    found += top
    return found, top
