"""Paired comparison of two aligners on the same documents: difference in strict F1, its interval, its p value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.records import Bead
from bench.beads import stretch_counts

Compared = tuple[Sequence[Bead], Sequence[Bead], Sequence[Bead]]
"""(gold beads, our beads, their beads) of one document."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our strict F1 less theirs, its 95 % interval (`low`, `high`), the two-sided p value of no difference, how
    many gold beads, nulls among them, only we or only they found exactly, and the number of stretches drawn."""

    difference: float
    low: float
    high: float
    p: float
    only_ours: int
    only_theirs: int
    stretches: int


def compare(documents: Sequence[Compared], resamples: int = 10_000, seed: int = 1) -> Comparison:
    """Compare two aligners, the counts summed over the documents.

    What is drawn are stretches: beads of gold, ours and theirs that hang together by common segments. The interval
    is a paired bootstrap over them (Koehn 2004); the p value is approximate randomisation (Noreen 1989; Yeh 2000),
    which swaps the two aligners' beads in half of the stretches.
    """
    counts = np.concatenate([stretch_counts(*document) for document in documents])
    n, rng = len(counts), np.random.default_rng(seed)
    difference = float(_difference(counts.sum(axis=0)))
    draws = rng.multinomial(n, np.full(n, 1 / n), size=resamples)
    low, high = np.percentile(_difference(np.tensordot(draws, counts, 1)), [2.5, 97.5])
    swaps = rng.integers(2, size=(resamples, n))
    swapped = counts.sum(axis=0) + np.tensordot(swaps, counts[:, ::-1] - counts, 1)
    as_large = int((np.abs(_difference(swapped)) >= abs(difference) - 1e-12).sum())
    found = [(_exact(gold, ours), _exact(gold, theirs)) for gold, ours, theirs in documents]
    return Comparison(
        difference,
        float(low),
        float(high),
        p=(as_large + 1) / (resamples + 1),
        only_ours=sum(len(ours - theirs) for ours, theirs in found),
        only_theirs=sum(len(theirs - ours) for ours, theirs in found),
        stretches=n,
    )


def _difference(totals: NDArray[np.int64]) -> NDArray[np.float64]:
    """Strict F1 of the first aligner less that of the second; `totals` has shape (..., 2, 4)."""
    precision = totals[..., 0] / np.maximum(totals[..., 1], 1)
    recall = totals[..., 2] / np.maximum(totals[..., 3], 1)
    f1: NDArray[np.float64] = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return f1[..., 0] - f1[..., 1]


def _exact(gold: Sequence[Bead], found: Sequence[Bead]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {_key(bead) for bead in gold} & {_key(bead) for bead in found}


def _key(bead: Bead) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return bead.source, bead.target
