"""Candidates of the second pass: the beads that the first left possible, and what can be seen of each only then.

After a first pass it is known what the document is like: how much of it has no counterpart, how far lengths stray,
how high cosines are, where either side is left alone. And the candidates are few, about eight a bead, so that more
can be asked of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.alignment.coverage import Coverage
from align.alignment.search import Band, Block, Types
from align.alignment.sides import Floats, SideVectors
from align.alignment.signals import BEAD_SIGNALS, NULL_SIGNALS
from align.language.edges import EDGE_KINDS

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

COVERAGE_SIGNALS = (
    "covered",  # coverage inside the bead, in mean lengths of a segment
    "uncovered",
    "least covered",  # of a bead's segments, the least coverage inside it
    "leak",  # coverage by the segments just outside, in mean lengths
    "least covered in a merge",
    "null best covered",  # of a null: most coverage by one segment near
    "null best covered x length",
    "null covered",  # of a null: coverage by all segments near
)
CONTEXT_SIGNALS = (
    "nulls",  # of a null: log odds of the share of nulls on its side
    "nulls near",  # of a null: the same of the segments around it
    "cosine here",  # cosine, less the document's mean of 1-1 beads
    "cosine here x size",
    "length here",  # the length signals once more, by the ratio of the lengths of what was linked
    "log ratio here",
    "log ratio / spread",  # and over their spread in this document
    "log ratio / spread squared",
    "merges",  # of a bead that is not 1-1: log odds of the share of such beads
)
EDGE_SIGNALS = (
    *(f"edge {kind}" for kind in EDGE_KINDS),  # seen at the bead's start or end on one side only
    "edges agree",
    *(f"null edge {kind}" for kind in EDGE_KINDS),
)
SECOND_SIGNALS = (
    *BEAD_SIGNALS,
    *NULL_SIGNALS,
    "first pass",  # log odds of the first pass's posterior
    *COVERAGE_SIGNALS,
    *CONTEXT_SIGNALS,
    *EDGE_SIGNALS,
)
_COSINE = BEAD_SIGNALS.index("cosine")
# What is expected before anything is seen: a mean cosine and a spread of log ratios, and for how many beads and
# letters that counts.
_COSINE_BEFORE, _SPREAD_BEFORE, _BEADS_BEFORE, _LENGTH_BEFORE = 0.55, 0.3, 3.0, 50.0
_NULL_SHARE, _LEAST_SHARE = 0.15, 0.02


@dataclass(frozen=True)
class Candidates:
    """Beads that are still possible: type, place and sizes of each, and its posterior in the first pass, all of
    shape (candidates,), in the order of source places."""

    types: Ints
    i: Ints
    j: Ints
    a: Ints
    b: Ints
    posteriors: Doubles

    @property
    def linked(self) -> NDArray[np.bool_]:
        return np.asarray((self.a > 0) & (self.b > 0))

    @classmethod
    def of(cls, posteriors: Sequence[Block], band: Band, types: Types, least: float) -> Candidates:
        """Those with a posterior above `least`, from blocks of posteriors over the band."""
        kinds, rows, places, values = [], [], [], []
        for block in posteriors:
            row, kind, column = np.nonzero(block.values.swapaxes(0, 1) > least)
            kinds.append(kind)
            rows.append(block.first + row)
            places.append(band.lo[block.first + row] + column)
            values.append(block.values[kind, row, column].astype(np.float64))
        kind = np.concatenate(kinds)
        a, b = np.array(types).T
        return cls(kind, np.concatenate(rows), np.concatenate(places), a[kind], b[kind], np.concatenate(values))


def second_signals(
    candidates: Candidates,
    first: Floats,
    source: SideVectors,
    target: SideVectors,
    covered: tuple[Coverage, Coverage],
) -> Floats:
    """All signals of the second pass, shape (candidates, len(SECOND_SIGNALS)).

    `first` has the first pass's, shape (candidates, N_SIGNALS). Symmetric, as those are.
    """
    posterior = candidates.posteriors.copy()
    for chosen, at, n in (
        (candidates.b == 0, candidates.i, source.n),
        (candidates.a == 0, candidates.j, target.n),
    ):
        posterior[chosen] = np.bincount(at[chosen], posterior[chosen], n)[at[chosen]]
    posterior = np.clip(posterior, 1e-4, 1 - 1e-4)
    parts = [
        first,
        np.log(posterior / (1 - posterior))[:, None],
        _coverage_signals(candidates, source, target, covered),
        _context_signals(candidates, first, source, target),
        _edge_signals(candidates, source, target),
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _coverage_signals(
    c: Candidates, source: SideVectors, target: SideVectors, covered: tuple[Coverage, Coverage]
) -> Doubles:
    inside, rest, leak = np.zeros((3, len(c.i)))
    least = np.ones(len(c.i))
    alone = np.zeros((3, len(c.i)))
    linked = c.linked
    for side, coverage, at, size, other, other_size in (
        (source, covered[0], c.i, c.a, c.j, c.b),
        (target, covered[1], c.j, c.b, c.i, c.a),
    ):
        lengths = side.lengths / max(side.lengths.mean(), 1.0)
        for k in range(int(size.max(initial=0))):
            chosen = linked & (size > k)
            segment, start, stop = at[chosen] + k, other[chosen], (other + other_size)[chosen]
            share = coverage.by(segment, start, stop)
            around = coverage.by(segment, start - 1, start) + coverage.by(segment, stop, stop + 1)
            inside[chosen] += lengths[segment] * share
            rest[chosen] += lengths[segment] * (1 - share)
            leak[chosen] += lengths[segment] * around
            least[chosen] = np.minimum(least[chosen], share)
        # A null is the same bead wherever the other side stands, so nothing may depend on its place.
        chosen = (size == 1) & (other_size == 0)
        segment = at[chosen]
        best = coverage.best(segment)
        alone[:, chosen] = best, lengths[segment] * best, coverage.whole(segment)
    least[~linked] = 0.0
    return np.stack([inside, rest, least, leak, least * (c.a + c.b > 2), *alone], axis=1)


def _context_signals(c: Candidates, first: Floats, source: SideVectors, target: SideVectors) -> Doubles:
    out = np.zeros((len(c.i), len(CONTEXT_SIGNALS)))
    linked, single, weight = c.linked, (c.a == 1) & (c.b == 1), c.posteriors
    for at, n, chosen in ((c.i, source.n, c.b == 0), (c.j, target.n, c.a == 0)):
        alone: Doubles = np.bincount(at[chosen], weight[chosen], n).astype(np.float64)
        out[chosen, 0] = np.log((alone.sum() + 1) / (n - alone.sum() + 3))
        out[chosen, 1] = _log_odds_near(alone)[at[chosen]]

    cosine = first[:, _COSINE]
    usual = (weight[single] @ cosine[single] + _COSINE_BEFORE * _BEADS_BEFORE) / (
        weight[single].sum() + _BEADS_BEFORE
    )
    out[linked, 2] = cosine[linked] - usual
    out[:, 3] = out[:, 2] * (c.a + c.b - 2)

    before = [np.concatenate([[0.0], np.cumsum(side.lengths)]) for side in (source, target)]
    of_source, of_target = before[0][c.i + c.a] - before[0][c.i], before[1][c.j + c.b] - before[1][c.j]
    # Before anything is linked it is that of the whole texts. Swapped sides have the inverse.
    ratio = np.sqrt(max(target.lengths.sum(), 1.0) / max(source.lengths.sum(), 1.0))
    share = weight * linked
    scale = np.sqrt((share @ of_target + _LENGTH_BEFORE * ratio) / (share @ of_source + _LENGTH_BEFORE / ratio))
    of_source, of_target = of_source * scale, of_target / scale
    strays = np.abs(np.log((of_source + 1) / (of_target + 1)))
    share = weight * single
    spread = np.sqrt((share @ strays**2 + _SPREAD_BEFORE**2 * _BEADS_BEFORE) / (share.sum() + _BEADS_BEFORE))
    relative = np.minimum(strays / spread, 6.0)
    deviation = np.minimum((of_source - of_target) ** 2 / (10 * (of_source + of_target + 1)), 20.0)
    out[:, 4:8] = np.where(linked[:, None], np.stack([deviation, strays, relative, relative**2], axis=1), 0.0)

    merged = linked & ~single
    share_merged = weight[merged].sum() / max(weight[linked].sum(), 1.0)
    out[merged, 8] = np.log((share_merged + _LEAST_SHARE) / (1 - share_merged + _LEAST_SHARE))
    return out


def _log_odds_near(alone: Doubles) -> Doubles:
    """Log odds that the two segments before and the two after each are nulls, the next ones counting double."""
    ends = np.full(2, _NULL_SHARE)
    padded, n = np.concatenate([ends, alone, ends]), len(alone)
    near = (padded[:n] / 2 + padded[1 : n + 1] + padded[3 : n + 3] + padded[4 : n + 4] / 2) / 3
    near = np.clip(near, _LEAST_SHARE, 1 - _LEAST_SHARE)
    found: Doubles = np.log(near / (1 - near))
    return found


def _edge_signals(c: Candidates, source: SideVectors, target: SideVectors) -> Doubles:
    """Edges at both ends of a bead. A kind counts the less, the more often it is seen in these texts."""
    seen = source.edges.sum(axis=0) + target.edges.sum(axis=0)
    total = source.n + target.n
    weight = np.log(total / (seen + 1)) / np.log(max(total, 3))
    ours, theirs = source.edges * weight, target.edges * weight
    ends = [(ours[c.i], theirs[c.j]), (ours[c.i + c.a], theirs[c.j + c.b])]
    linked = c.linked[:, None]
    apart = sum(np.abs(one - other) for one, other in ends)
    together = sum(np.minimum(one, other).sum(axis=1, keepdims=True) for one, other in ends)
    alone = np.where((c.a == 1)[:, None], ends[0][0] + ends[1][0], ends[0][1] + ends[1][1])
    return np.concatenate(
        [np.where(linked, apart, 0), np.where(linked, together, 0), np.where(linked, 0, alone)], axis=1
    )
