"""Passages that moved: runs of unaligned segments of one side that translate a run elsewhere on the other side.

Beads never cross, so of two swapped paragraphs one is aligned and the other is left over on both sides, or both
are. Among the leftover segments the search takes the best local alignments (Smith and Waterman 1981), and
puts each before the bead model: how much likelier is it that these two passages translate each other than that all
their segments stand alone? Those that cross a sure bead, or one another, are reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from align.alignment.band import make_band
from align.alignment.model import BeadModel, null_signals, score_blocks
from align.alignment.search import decode, posterior_blocks
from align.alignment.sides import Floats, SideVectors
from align.alignment.signals import Signals
from align.records import Bead

# A segment is left over when it stands alone, or in a bead less probable than this.
_DOUBTFUL = 0.6
# Fewer segments on a side, or fewer beads, are no passage.
_SHORTEST = 2
# Similarity above the mean that counts for a local alignment, what a step over a segment costs it, the least that
# an alignment must gather, and how many segments more on each side the bead model gets to draw the edges.
_USUAL, _STEP, _WORTH, _EDGE = np.float32(0.12), 0.05, 0.1, 1
# Cells searched at a time. A pair of runs with more is passed over: no passage moved, the texts are unrelated.
_CELLS = 1 << 24
# Confidence is logistic in the log odds of the bead model less the logarithm of the number of places where chance
# could find as much: slope, and log odds at one half. Chosen on swaps planted in English-Spanish stories.
_SLOPE, _EVEN = 0.5, 0.0
# Expected gain that a bead must have, as in the aligner, and the least probable one that makes an edge.
_COST, _SURE_EDGE = 0.4, 0.3

# Shorter than this share of its side's median, a segment is a fragment.
_MEAGRE = 0.25
_TIE = 1e-9

Cells = tuple[range, range]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A source passage and the target passage that translates it out of order; `confidence` is the probability
    that they do."""

    source: range
    target: range
    confidence: float


def find_crossings(
    source: SideVectors, target: SideVectors, beads: Sequence[Bead], model: BeadModel, least: float = 0.5
) -> list[Crossing]:
    """Passages of two segments or more that the beads could not link because they moved, in the source's order.

    `beads` are those that the aligner found between the two sides. Each segment is in one crossing at most, and
    each crossing has a confidence of `least` or more.
    """
    rows, columns = _leftover(beads, source.n, 0), _leftover(beads, target.n, 1)
    found: list[Crossing] = []
    if rows and columns:
        signals = Signals(source, target, model.types)
        of_source, of_target = null_signals(signals)
        nulls = of_source @ model.weights, of_target @ model.weights
        places = sum(map(len, rows)) * sum(map(len, columns))
        passages = [
            _linked(signals, model, nulls, cells, places) for cells in _passages(source, target, rows, columns)
        ]
        for each in sorted(
            (p for p in passages if p), key=lambda p: (-p.confidence, p.source.start, p.target.start)
        ):
            if each.confidence >= least and not any(_overlap(each, other) for other in found):
                found.append(each)
    return _out_of_order(found, beads)


def _leftover(beads: Sequence[Bead], n: int, side: int) -> list[range]:
    """Runs of segments of a side that stand alone or in a doubtful bead, the shortest left out."""
    left = np.zeros(n + 2, np.int8)
    for bead in beads:
        if not (bead.source and bead.target) or (bead.confidence or 0.0) < _DOUBTFUL:
            for index in (bead.source, bead.target)[side]:
                left[index + 1] = 1
    starts, stops = (np.flatnonzero(np.diff(left) == step) for step in (1, -1))
    return [range(a, b) for a, b in zip(starts.tolist(), stops.tolist(), strict=True) if b - a >= _SHORTEST]


def _passages(
    source: SideVectors, target: SideVectors, rows: Sequence[range], columns: Sequence[range]
) -> Iterator[Cells]:
    """The best local alignments within each pair of runs, as the cells around each."""
    usual = target.runs[0].mean(axis=0) / 2, source.runs[0].mean(axis=0) / 2
    # Fragments of a few characters resemble one another and mean nothing: they earn nothing.
    meagre = [side.lengths < _MEAGRE * np.median(side.lengths) for side in (source, target)]
    for row in rows:
        ours = source.runs[0][row.start : row.stop]
        our_usual = (ours @ usual[0])[:, None] + _USUAL
        for group in _groups(columns, _CELLS // len(row)):
            theirs = np.concatenate([target.runs[0][column.start : column.stop] for column in group])
            gains = ours @ theirs.T
            gains -= our_usual + theirs @ usual[1]
            poor = np.concatenate([meagre[1][column.start : column.stop] for column in group])
            np.minimum(gains, 0, out=gains, where=meagre[0][row.start : row.stop, None] | poor)
            ends = np.cumsum([len(column) for column in group]).tolist()
            for column, end in zip(group, ends, strict=True):
                yield from _local_alignments(gains[:, end - len(column) : end], row, column)


def _groups(runs: Sequence[range], most: int) -> Iterator[list[range]]:
    """The runs in groups of at most `most` segments together; a longer run is left out."""
    group: list[range] = []
    for run in runs:
        if len(run) > most:
            continue
        if sum(map(len, group)) + len(run) > most:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _local_alignments(gains: Floats, row: range, column: range) -> Iterator[Cells]:
    """Cells around the best local alignment of two runs, then around the next best, and so on; uses up `gains`."""
    while gains.max() > 0:
        (i0, i1), (j0, j1), worth = _local(gains)
        if worth < _WORTH:
            return
        if max(i1 - i0, j1 - j0) >= _SHORTEST:
            yield _around(row, i0, i1), _around(column, j0, j1)
        gains[i0:i1] = gains[:, j0:j1] = -1


def _around(run: range, first: int, last: int) -> range:
    """Segments [first, last) of a run and `_EDGE` more on either side: the bead model draws the edges."""
    return run[max(first - _EDGE, 0) : last + _EDGE]


def _local(gains: Floats) -> tuple[tuple[int, int], tuple[int, int], float]:
    """Rows and columns [first, last) of the local alignment that gathers most, and how much it gathers."""
    n, m = gains.shape
    worth = np.zeros((n + 1, m + 1))
    steps = np.arange(m + 1) * _STEP
    for i in range(n):
        best = np.maximum(worth[i] - _STEP, 0)
        np.maximum(best[1:], worth[i, :-1] + gains[i], out=best[1:])
        worth[i + 1] = np.maximum.accumulate(best + steps) - steps
    i1, j1 = divmod(int(worth.argmax()), m + 1)
    i, j, most = i1, j1, float(worth[i1, j1])
    while worth[i, j] > _TIE:
        if worth[i, j] <= worth[i - 1, j - 1] + gains[i - 1, j - 1] + _TIE:
            i, j = i - 1, j - 1
        elif worth[i, j] <= worth[i - 1, j] - _STEP + _TIE:
            i -= 1
        else:
            j -= 1
    return (i, i1), (j, j1), most


def _linked(
    signals: Signals, model: BeadModel, nulls: tuple[Floats, Floats], cells: Cells, places: int
) -> Crossing | None:
    """The part of two passages that the model links, and how sure it is."""
    s, t = (slice(each.start, each.stop) for each in cells)
    band = make_band(signals.source.runs[0][s], signals.target.runs[0][t], 10)
    origin = cells[0].start, cells[1].start
    blocks = score_blocks(signals, model.weights, nulls, band, origin)
    posteriors, log_total = posterior_blocks(blocks, model.types, band, model.opening)
    nothing = float(nulls[0][s].sum() + nulls[1][t].sum()) - 2 * model.opening
    found = [
        bead
        for bead in decode(posteriors, model.types, band, _COST, _COST)
        if bead.a and bead.b and bead.posterior >= _SURE_EDGE
    ]
    if len(found) < _SHORTEST:
        return None
    odds = log_total - nothing - float(np.log(places)) - _EVEN
    return Crossing(
        range(origin[0] + found[0].i, origin[0] + found[-1].i + found[-1].a),
        range(origin[1] + found[0].j, origin[1] + found[-1].j + found[-1].b),
        round(float(1 / (1 + np.exp(-_SLOPE * odds))), 4),
    )


def _out_of_order(found: Sequence[Crossing], beads: Sequence[Bead]) -> list[Crossing]:
    """The passages that cross sure beads, and those outside the heaviest chain of the others that is in order."""
    sure = [
        Crossing(range(bead.source[0], bead.source[-1] + 1), range(bead.target[0], bead.target[-1] + 1), 1.0)
        for bead in beads
        if bead.source and bead.target and (bead.confidence or 0.0) >= _DOUBTFUL
    ]
    crossing: list[Crossing] = []
    others: list[Crossing] = []
    for each in sorted(found, key=lambda x: x.source.start):
        crossed = [bead for bead in sure if _cross(each, bead)]
        weight = min(sum(len(bead.source) for bead in crossed), sum(len(bead.target) for bead in crossed))
        (crossing if weight >= _SHORTEST else others).append(each)
    # Weight of the heaviest chain that ends with each, and what comes before it there.
    chains: list[tuple[float, int]] = []
    for at, each in enumerate(others):
        before = max(((chains[k][0], k) for k in range(at) if not _cross(others[k], each)), default=(0.0, -1))
        chains.append((before[0] + each.confidence * (len(each.source) + len(each.target)), before[1]))
    at = max(range(len(chains)), key=lambda k: chains[k][0], default=-1)
    in_order = set()
    while at >= 0:
        in_order.add(at)
        at = chains[at][1]
    crossing += [each for k, each in enumerate(others) if k not in in_order]
    return sorted(crossing, key=lambda each: each.source.start)


def _cross(one: Crossing, other: Crossing) -> bool:
    """Whether the two stand in one order on the source side and in the other on the target side."""
    return (one.source.start < other.source.start) != (one.target.start < other.target.start)


def _overlap(one: Crossing, other: Crossing) -> bool:
    return any(
        max(a.start, b.start) < min(a.stop, b.stop)
        for a, b in ((one.source, other.source), (one.target, other.target))
    )
