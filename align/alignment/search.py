"""Search over alignments: a semi-Markov conditional random field on beads, inside a band.

The score of an alignment is the sum of its beads' scores; exp(score) normalised over all alignments in the band is
its probability (Sarawagi and Cohen 2004). Forward and backward sums give each bead's posterior; the alignment
returned maximises the expected gain of its beads (minimum Bayes risk), so that a posterior is also a confidence.

Nulls side by side mean the same in any order. Source nulls come first here, and a source null directly after a
target null costs so much that it is used only where the band has no room for the first order: else the many orders
of a long passage without counterpart would count as so many alignments. A run of nulls of one side costs something
open, since passages are left out as a whole: else the many ways of strewing beads into a long passage could
outweigh the one right way around it. A null is the same bead wherever the other side stands, so its posterior is
the sum over those places.

Scores come in blocks of rows, each as wide as its own part of the band, and posteriors take their place: memory is
what the cells of the band need.
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
"""Sizes of beads, the nulls (1, 0) and (0, 1) first."""
NEVER = -1e30
# What a source null directly after a target null costs, on top of opening a run.
TURN = 5.0
_SOURCE_NULL, _TARGET_NULL, _NULLS = 0, 1, 2
# Cells in the rectangle around a block of rows: small enough for the processor's cache.
_CELLS = 4096


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
    """Values of the candidates that start in consecutive rows of a band: their scores, or their posteriors.

    `values` has shape (types, rows, columns): the candidate of type t that starts at source `first` + r and target
    band.lo[first + r] + k. Where that leaves the band or the documents, the score is NEVER and the posterior 0.
    """

    first: int
    values: Scores


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
    """Result of the sums: posteriors of every candidate, like `scores`, the log of the total weight, and the
    expected number of runs of nulls."""

    posteriors: Scores
    log_total: float
    openings: float


def sums(scores: Scores, types: Types, band: Band, opening: float = 0.0) -> Lattice:
    """Forward and backward sums over all alignments in the band, the scores given as one block.

    `scores` and the posteriors have the shape (types, n + 1, band.width). A null has a posterior for each place.
    `opening` is what the first of a run of nulls of one side costs.
    """
    ways = _forward([Block(0, scores)], types, band, opening)
    block, openings = _backward(Block(0, scores), band, ways, _Onward.of(band, types), opening)
    return Lattice(block.values, ways.log_total, openings)


def posterior_blocks(
    blocks: Iterable[Block], types: Types, band: Band, opening: float = 0.0
) -> tuple[list[Block], float]:
    """Posteriors in place of the scores of blocks that follow one another from row 0 to n, and the log total."""
    found = list(blocks)
    ways = _forward(found, types, band, opening)
    onward = _Onward.of(band, types)
    for at in range(len(found) - 1, -1, -1):
        # The scores of a block go as soon as its posteriors are there.
        found[at], _ = _backward(found[at], band, ways, onward, opening)
    return found, ways.log_total


def cuts(band: Band) -> Iterator[tuple[int, int]]:
    """Rows [first, last) of each block: as many as keep the rectangle around them small, and one at least.

    Where the band follows a long passage of one side, a row may be thousands of positions wide.
    """
    lows, highs = band.lo.tolist(), band.hi.tolist()
    first = 0
    for row in range(1, band.n + 2):
        if row > band.n or (row + 1 - first) * (highs[row] - lows[first] + 1) > _CELLS:
            yield first, row
            first = row


def decode(
    posteriors: Sequence[Block],
    types: Types,
    band: Band,
    bead_cost: float,
    null_cost: float,
    least: float = 0.0,
) -> list[Found]:
    """The alignment with the most expected gain: each bead earns its posterior less its cost.

    With a cost of F/2 a bead this maximises the expected F1 of value F (Dinkelbach's method); a null, which counts
    in precision only, has a cost of its own. A bead less probable than `least` is never taken unless it is a null:
    else one large bead of no probability would come cheaper than the nulls of a passage that has no counterpart.
    """
    columns, cells = np.arange(band.width), band.starts[-1]
    source_nulls, target_nulls = _null_posteriors(posteriors, band)
    choices, gains = np.full(cells, _TARGET_NULL, np.int8), _Rows(band, types)
    chosen = np.empty(cells, np.float32)
    # What is earned by passing the target nulls before each position.
    passed = np.concatenate([[0.0], np.cumsum(target_nulls - null_cost)])
    for block in reversed(posteriors):
        count = block.values.shape[1]
        earnings = np.where(block.values < least, NEVER, block.values - bead_cost)
        earnings[_SOURCE_NULL] = source_nulls[block.first : block.first + count, None] - null_cost
        bases = gains.bases(block.first, count)
        for r in range(count - 1, -1, -1):
            i = block.first + r
            lo, size, start = int(band.lo[i]), band.sizes[i], band.starts[i]
            earned = gains.values.take(gains.at(bases[r], size))
            earned += earnings[:, r, :size]
            best = earned.argmax(axis=0)
            row = earned[best, columns[:size]]
            if i == band.n:
                row[-1] = 0.0
            nulls = passed[lo : lo + size]
            through = np.maximum.accumulate((row + nulls)[::-1])[::-1] - nulls
            best[through > row + 1e-9] = _TARGET_NULL
            gains.put(i, np.maximum(through, row))
            choices[start : start + size] = best
            chosen[start : start + size] = block.values[best, r, columns[:size]]
    found = []
    i, j, end = 0, 0, (band.n, int(band.hi[-1]))
    lows = band.lo.tolist()
    while (i, j) != end:
        cell = band.starts[i] + j - lows[i]
        choice = int(choices[cell])
        a, b = types[choice]
        of_null = source_nulls[i] if choice == _SOURCE_NULL else target_nulls[j]
        found.append(Found(i, j, a, b, float(chosen[cell] if choice >= _NULLS else of_null)))
        i, j = i + a, j + b
    return found


def _null_posteriors(posteriors: Sequence[Block], band: Band) -> tuple[Doubles, Doubles]:
    """Probability that each source segment and each target segment stands alone, summed over the places."""
    source, target = np.zeros(band.n + 1), np.zeros(int(band.hi[-1]))
    for block in posteriors:
        count = block.values.shape[1]
        source[block.first : block.first + count] = block.values[_SOURCE_NULL].sum(axis=1, dtype=np.float64)
        for r, row in enumerate(block.values[_TARGET_NULL]):
            i = block.first + r
            lo, passable = int(band.lo[i]), band.sizes[i] - 1
            target[lo : lo + passable] += row[:passable]
    return source, target


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
        # The slot after the last holds nothing, ever: there (0, 1) is read, which is summed within its row.
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


@dataclass(frozen=True)
class _Ways:
    """Log of the summed weights of the ways from the start to each position, all rows of the band in one array.

    `whole` has all of them. `to_source` and `to_target` have those that a source null, or a target null, follows,
    less what it costs there; `opened` is the part of `to_source` in which it opens a run.
    """

    whole: Doubles
    opened: Doubles
    to_source: Doubles
    to_target: Doubles

    @property
    def log_total(self) -> float:
        return float(self.whole[-1])


@dataclass(frozen=True)
class _Onward:
    """The same for the ways from a position to the end: after a bead, and after a source null."""

    bead: _Rows
    source: _Rows

    @classmethod
    def of(cls, band: Band, types: Types) -> _Onward:
        return cls(_Rows(band, types[_NULLS:]), _Rows(band, types[:_TARGET_NULL]))


def _forward(blocks: Iterable[Block], types: Types, band: Band, opening: float) -> _Ways:
    ways = _Ways(*(np.empty(band.starts[-1]) for _ in range(4)))
    pending = _Rows(band, types, planes=True)
    for block in blocks:
        nulls = _null_sums(block)
        bases = pending.bases(block.first, block.values.shape[1])
        for r, base in enumerate(bases):
            i = block.first + r
            size, here = band.sizes[i], slice(band.starts[i], band.starts[i + 1])
            passed = nulls[r, :size]
            arriving = pending.values.take(pending.at(base, size))
            bead, _ = _log_sum(arriving[_NULLS:])
            if i == 0:
                bead[0] = 0.0
            source_null = arriving[_SOURCE_NULL]
            whole = np.logaddexp(bead, source_null)
            to_target = np.logaddexp.accumulate(whole - passed)
            to_target += passed - opening
            opened = bead - opening
            through = to_target[:-1] + block.values[_TARGET_NULL, r, : size - 1]
            np.logaddexp(whole[1:], through, out=whole[1:])
            np.logaddexp(opened[1:], through - (opening + TURN), out=opened[1:])
            to_source = np.logaddexp(source_null, opened)
            onward = whole + block.values[:, r, :size]
            onward[_SOURCE_NULL] += to_source - whole
            pending.put(i, onward)
            ways.whole[here], ways.opened[here] = whole, opened
            ways.to_source[here], ways.to_target[here] = to_source, to_target
    return ways


def _backward(block: Block, band: Band, ways: _Ways, onward: _Onward, opening: float) -> tuple[Block, float]:
    """Posteriors of a block, and its expected runs of nulls; its rows follow those that `onward` holds."""
    nulls, posteriors, runs = _null_sums(block), np.zeros_like(block.values), 0.0
    count = block.values.shape[1]
    bases, source_bases = onward.bead.bases(block.first, count), onward.source.bases(block.first, count)
    for r in range(count - 1, -1, -1):
        i = block.first + r
        size, here = band.sizes[i], slice(band.starts[i], band.starts[i + 1])
        scores, passed = block.values[:, r, :size], nulls[r, :size]
        beads = onward.bead.values.take(onward.bead.at(bases[r], size))
        beads += scores[_NULLS:]
        linked, top = _log_sum(beads)
        if i == band.n:
            linked[-1] = 0.0
        by_source = onward.source.values.take(onward.source.at(source_bases[r], size)[0])
        by_source += scores[_SOURCE_NULL]
        after_target = np.logaddexp(linked, by_source - (opening + TURN))
        after_target += passed
        after_target = np.logaddexp.accumulate(after_target[::-1])[::-1] - passed
        by_target = scores[_TARGET_NULL, :-1] + after_target[1:]
        np.logaddexp(linked[:-1], by_target - opening, out=linked[:-1])
        onward.bead.put(i, np.maximum(np.logaddexp(linked, by_source - opening), NEVER))
        onward.source.put(i, np.maximum(np.logaddexp(linked, by_source), NEVER))
        found = posteriors[:, r, :size]
        weight = np.exp(np.minimum(ways.whole[here] + top - ways.log_total, 0.0))
        np.multiply(beads, weight, out=found[_NULLS:], casting="same_kind")
        by_source -= ways.log_total
        by_target -= ways.log_total
        found[_SOURCE_NULL] = np.exp(np.minimum(ways.to_source[here] + by_source, 0.0))
        found[_TARGET_NULL, :-1] = np.exp(np.minimum(ways.to_target[here][:-1] + by_target, 0.0))
        # Runs of target nulls are the target nulls less those that follow another.
        runs += np.exp(np.minimum(ways.opened[here] + by_source, 0.0)).sum()
        runs += found[_TARGET_NULL, :-1].sum(dtype=np.float64)
        following = ways.to_target[here][:-2] + scores[_TARGET_NULL, :-2] + by_target[1:]
        runs -= np.exp(np.minimum(following, 0.0)).sum()
    return Block(block.first, posteriors), float(runs)


def _null_sums(block: Block) -> Doubles:
    """Score of the target nulls before each position of each row, shape (rows, columns)."""
    nulls = np.zeros(block.values.shape[1:])
    np.cumsum(block.values[_TARGET_NULL, :, :-1], axis=1, out=nulls[:, 1:])
    return nulls


def _log_sum(values: Doubles) -> tuple[Doubles, Doubles]:
    """Log of the summed exponentials over the first axis, and the largest; `values` turn to exp(value - it)."""
    top = values.max(axis=0)
    values -= top
    np.exp(values, out=values)
    found: Doubles = np.log(values.sum(axis=0))
    found += top
    return found, top
