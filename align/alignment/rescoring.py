"""The second pass: candidates that the first left possible, scored again by a small network over more signals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.alignment.candidates import Candidates, second_signals
from align.alignment.coverage import Near, coverages
from align.alignment.search import NEVER, Band, Block, Found, Types, cuts, posterior_blocks
from align.alignment.sides import Floats
from align.alignment.signals import N_SIGNALS, Signals

Ints = NDArray[np.int64]
# A candidate of less is not looked at again; its score is so low that it stands only where nothing else can.
LEAST_POSTERIOR = 3e-4
RULED_OUT = np.float32(-30.0)
# Segments around the path of the first pass whose windows are compared.
_AROUND = 10


@dataclass(frozen=True)
class Network:
    """Scores of candidates: the mean of small networks, each a linear part plus a layer of tanh units.

    `mean` and `scale` (signals,) standardise the signals; `linear` has the shape (networks, signals), `hidden`
    (networks, units, signals), `bias` and `out` (networks, units). `opening` is what a run of nulls costs.
    """

    mean: Floats
    scale: Floats
    linear: Floats
    hidden: Floats
    bias: Floats
    out: Floats
    opening: float

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Network:
        arrays = {name: np.array(stored[name], np.float32) for name in cls.__annotations__ if name != "opening"}
        return cls(**arrays, opening=float(stored["opening"]))

    def scores(self, signals: Floats) -> Floats:
        """Scores of candidates, shape (candidates,), from their signals, shape (candidates, signals)."""
        x = (signals - self.mean) / self.scale
        units = np.tanh(np.einsum("cs,nus->cnu", x, self.hidden, optimize=True) + self.bias)
        found: Floats = ((x @ self.linear.T) + (units * self.out).sum(axis=2)).mean(axis=1)
        return found


@dataclass(frozen=True)
class Second:
    """What the second pass knows of two documents: its candidates, their signals, and the band around them."""

    candidates: Candidates
    signals: Floats
    band: Band


def rescore(second: Second, network: Network, types: Types) -> list[Block]:
    """Posteriors of the second pass, in blocks over its band."""
    blocks = blocks_of(second, network.scores(second.signals), types)
    posteriors, _ = posterior_blocks(blocks, types, second.band, network.opening)
    return posteriors


def look_again(
    candidates: Candidates, path: Sequence[Found], signals: Signals, nulls: tuple[Floats, Floats]
) -> Second:
    """The candidates with all signals; `path` is the first pass's alignment, `nulls` its signals of nulls."""
    source, target = signals.source, signals.target
    band = _band_of(candidates, path, source.n, target.n)
    first = np.zeros((len(candidates.i), N_SIGNALS), np.float32)
    for begin, end in cuts(band):
        chosen = np.flatnonzero(candidates.linked & (candidates.i >= begin) & (candidates.i < end))
        if len(chosen):
            i, j = candidates.i[chosen], candidates.j[chosen]
            first[chosen] = signals.of(i, j, candidates.a[chosen], candidates.b[chosen])
    for of_side, at, other in ((nulls[0], candidates.i, candidates.b), (nulls[1], candidates.j, candidates.a)):
        first[other == 0] = of_side[at[other == 0]]
    covered = coverages(source, target, _near(path, source.n, target.n))
    return Second(candidates, second_signals(candidates, first, source, target, covered), band)


def blocks_of(second: Second, scores: Floats, types: Types) -> Iterator[Block]:
    """Scores of the candidates as blocks over their band; other beads that would fit are ruled out.

    A null is the same bead wherever the other side stands, so its score holds at all its places in the band.
    """
    band, c = second.band, second.candidates
    n, m = band.n, int(band.hi[-1])
    a, b = np.array(types).T
    of_source, of_target = np.full(n + 1, RULED_OUT), np.full(m + 1, RULED_OUT)
    of_source[c.i[c.b == 0]] = scores[c.b == 0]
    of_target[c.j[c.a == 0]] = scores[c.a == 0]
    for begin, end in cuts(band):
        rows, width = np.arange(begin, end)[:, None], max(band.sizes[begin:end])
        columns = band.lo[begin:end, None] + np.arange(width)
        fits = (columns <= band.hi[begin:end, None]) & (rows + a[:, None, None] <= n)
        fits &= columns + b[:, None, None] <= m
        values = np.where(fits, RULED_OUT, np.float32(NEVER))
        values[0][fits[0]] = np.broadcast_to(of_source[rows], columns.shape)[fits[0]]
        values[1][fits[1]] = of_target[np.minimum(columns, m)][fits[1]]
        first, last = np.searchsorted(c.i, (begin, end))
        here = slice(int(first), int(last))
        values[c.types[here], c.i[here] - begin, c.j[here] - band.lo[c.i[here]]] = scores[here]
        yield Block(begin, values)


def _band_of(c: Candidates, path: Sequence[Found], n: int, m: int) -> Band:
    """The narrowest band in which every candidate starts and ends, and through which the path goes."""
    starts = _starts(path, n, m)
    lo, hi = _spans(n, m, (c.i, c.j), (c.i + c.a, c.j + c.b), (starts[:, 0], starts[:, 1]))
    # A row inside large beads only, where nothing starts or ends, has one position.
    return Band(lo, np.maximum(hi, lo))


def _near(path: Sequence[Found], n: int, m: int) -> Near:
    """For each source segment, the target segments within `_AROUND` of the path in either direction."""
    starts = _starts(path, n, m)
    lo, hi = _spans(n, m, (starts[:, 0], starts[:, 1]))
    index = np.arange(n)
    return Near(
        np.maximum(lo[np.maximum(index - _AROUND, 0)] - _AROUND, 0),
        np.minimum(hi[np.minimum(index + 1 + _AROUND, n)] + _AROUND, m),
    )


def _starts(path: Sequence[Found], n: int, m: int) -> Ints:
    """Positions that a path passes, its end among them, shape (beads + 1, 2)."""
    return np.array([(each.i, each.j) for each in path] + [(n, m)])


def _spans(n: int, m: int, *places: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Least and most target position of each row among the places (rows, columns), made to never fall."""
    lo, hi = np.full(n + 1, m), np.zeros(n + 1, np.int64)
    for rows, columns in places:
        np.minimum.at(lo, rows, columns)
        np.maximum.at(hi, rows, columns)
    return np.minimum.accumulate(lo[::-1])[::-1], np.maximum.accumulate(hi)
