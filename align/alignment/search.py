"""Search over alignments: a semi-Markov conditional random field on beads, inside a band.

The score of an alignment is the sum of its beads' scores; exp(score) normalised over all alignments in the band is
its probability (Sarawagi and Cohen 2004). Forward and backward sums give each bead's posterior; the alignment
returned maximises the expected gain of its beads (minimum Bayes risk), so that a posterior is also a confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Scores = NDArray[np.float32]
NEVER = -1e30


@dataclass(frozen=True)
class Band:
    """For source position i (0..n) the target positions lo[i] <= j <= hi[i] that a path may pass.

    Both bounds never fall, lo[0] is 0 and hi[n] is the number of target segments.
    """

    lo: Ints
    hi: Ints

    @property
    def width(self) -> int:
        """Most positions in a row."""
        return int((self.hi - self.lo).max()) + 1


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


def sums(scores: Scores, types: list[tuple[int, int]], band: Band) -> Lattice:
    """Forward and backward sums over all alignments in the band.

    `scores` has shape (types, n + 1, band.width): the candidate of type t that starts at source i and target
    band.lo[i] + k, NEVER where it would leave the documents. (0, 1) must be among the types.
    """
    skip = types.index((0, 1))
    n, width = len(band.lo) - 1, band.width
    a, b = np.array(types).T
    rest = np.flatnonzero(np.arange(len(types)) != skip)
    alpha = np.full((n + 1, width), NEVER)
    reach = int(a.max()) + 1
    pending = np.full((len(types), reach, width + 1), NEVER)
    for i in range(n + 1):
        size = int(band.hi[i] - band.lo[i]) + 1
        row, nulls = alpha[i], np.concatenate([[0.0], np.cumsum(scores[skip, i, : size - 1], dtype=np.float64)])
        if i == 0:
            row[0] = 0.0
        else:
            t = rest[a[rest] <= i]
            before = i - a[t]
            at = _columns(band, i, before, -b[t])
            row[:size] = _log_sum(pending[t[:, None], (before % reach)[:, None], at])
        row[:size] = np.maximum(np.logaddexp.accumulate(row[:size] - nulls) + nulls, NEVER)
        pending[:, i % reach, :width] = np.maximum(row[None, :] + scores[:, i], NEVER)

    log_total = float(alpha[n, int(band.hi[n] - band.lo[n])])
    beta = np.full((n + 1, width + 1), NEVER)
    posteriors = np.zeros_like(scores)
    for i in range(n, -1, -1):
        size = int(band.hi[i] - band.lo[i]) + 1
        row, nulls = beta[i], np.concatenate([[0.0], np.cumsum(scores[skip, i, : size - 1], dtype=np.float64)])
        t = rest[a[rest] <= n - i]
        after = i + a[t]
        at = _columns(band, i, after, b[t])
        onward = beta[after[:, None], at] + scores[t, i, :size]
        if i == n:
            row[size - 1] = 0.0
        else:
            row[:size] = _log_sum(onward)
        row[:size] = np.logaddexp.accumulate((row[:size] + nulls)[::-1])[::-1] - nulls
        row[:size] = np.maximum(row[:size], NEVER)
        posteriors[t, i, :size] = np.exp(np.minimum(alpha[i, None, :size] + onward - log_total, 0.0))
        step = alpha[i, : size - 1] + scores[skip, i, : size - 1] + row[1:size] - log_total
        posteriors[skip, i, : size - 1] = np.exp(np.minimum(step, 0.0))
    return Lattice(posteriors, log_total)


def decode(
    lattice: Lattice,
    types: list[tuple[int, int]],
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
    skip = types.index((0, 1))
    n, width = len(band.lo) - 1, band.width
    a, b = np.array(types).T
    is_null = (a == 0) | (b == 0)
    costs = np.where(is_null, null_cost, bead_cost)
    rest = np.flatnonzero(np.arange(len(types)) != skip)
    gain = np.full((n + 1, width + 1), NEVER)
    choice = np.full((n + 1, width), -1, dtype=np.int64)
    for i in range(n, -1, -1):
        size = int(band.hi[i] - band.lo[i]) + 1
        row = gain[i]
        if i == n:
            row[size - 1] = 0.0
        else:
            t = rest[a[rest] <= n - i]
            after = i + a[t]
            at = _columns(band, i, after, b[t])
            posteriors = lattice.posteriors[t, i, :size]
            earned = posteriors - costs[t, None] + gain[after[:, None], at]
            earned[~is_null[t, None] & (posteriors < least)] = NEVER
            best = earned.argmax(axis=0)
            row[:size] = earned[best, np.arange(size)]
            choice[i, :size] = t[best]
        nulls = np.concatenate([[0.0], np.cumsum(lattice.posteriors[skip, i, : size - 1] - costs[skip])])
        through = np.maximum.accumulate((row[:size] + nulls)[::-1])[::-1] - nulls
        choice[i, :size][through > row[:size] + 1e-9] = skip
        row[:size] = np.maximum(through, row[:size])
    found = []
    i, j = 0, 0
    while (i, j) != (n, int(band.hi[n])):
        k = j - int(band.lo[i])
        t_ = int(choice[i, k])
        found.append(Found(i, j, int(a[t_]), int(b[t_]), float(lattice.posteriors[t_, i, k])))
        i, j = i + int(a[t_]), j + int(b[t_])
    return found


def _columns(band: Band, i: int, rows: Ints, shift: Ints) -> Ints:
    """Where the positions of row i, moved by `shift`, lie in each of `rows`: shape (rows, positions of row i).

    Positions outside a row's part of the band are given as band.width, a column that holds NEVER.
    """
    at = np.arange(band.lo[i], band.hi[i] + 1)[None, :] + (shift - band.lo[rows])[:, None]
    return np.where((at >= 0) & (at < band.width), at, band.width)


def _log_sum(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the summed exponentials over the first axis."""
    top = values.max(axis=0)
    found: NDArray[np.float64] = np.log(np.exp(values - top).sum(axis=0)) + top
    return found
