"""The learned weights of the bead model: a few numbers, read from a JSON file beside this one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment.beadtypes import bead_types
from align.alignment.search import NEVER, Band, Block
from align.alignment.signals import BEAD_SIGNALS, NULL_SIGNALS, Signals
from align.errors import ModelError

# Cells in the rectangle around a block of rows: small enough for the processor's cache.
_CELLS = 4096
WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class BeadModel:
    """Weights of the signals, shape (N_SIGNALS,), the largest side of a bead, and what a run of nulls costs."""

    weights: NDArray[np.float32]
    max_size: int
    opening: float = 0.0

    @property
    def types(self) -> list[tuple[int, int]]:
        return bead_types(self.max_size)


@cache
def load_model(path: Path = WEIGHTS) -> BeadModel:
    """Read weights written by bench/fit_aligner.py; raises ModelError where the signals don't fit this version."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    names = [*BEAD_SIGNALS, *NULL_SIGNALS]
    if sorted(stored["weights"]) != sorted(names):
        raise ModelError(f"{path.name}: made for other signals; run bench/fit_aligner.py again")
    weights = np.array([stored["weights"][name] for name in names], np.float32)
    return BeadModel(weights, int(stored["max_size"]), float(stored.get("opening", 0.0)))


def score_nulls(
    signals: Signals, weights: NDArray[np.float32], band: Band | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Score of each source segment and each target segment as a null, compared with what the band lets it meet."""
    lo = hi = np.zeros(signals.source.n, np.int64)
    if band:
        lo, hi = band.lo[:-1], np.minimum(band.hi[:-1] + 1, signals.target.n)
    of_source, of_target = signals.nulls(lo, hi)
    return of_source @ weights, of_target @ weights


def score_blocks(
    signals: Signals,
    weights: NDArray[np.float32],
    nulls: tuple[NDArray[np.float32], NDArray[np.float32]],
    band: Band,
    origin: tuple[int, int] = (0, 0),
) -> Iterator[Block]:
    """Scores of every candidate in the band, some rows at a time, each block as wide as its own widest row.

    The band may cover a part of the documents: `origin` says with which source and target segment it begins.
    """
    types = signals.types
    n, m = band.n, int(band.hi[-1])
    source_nulls, target_nulls = nulls[0][origin[0] :][:n], nulls[1][origin[1] :][:m]
    a, b = np.array(types[2:]).T
    for first, last in _cuts(band):
        at, lo, hi = np.arange(first, last)[:, None], band.lo[first:last, None], band.hi[first:last, None]
        columns = lo + np.arange(max(band.sizes[first:last]))
        inside = columns <= hi
        scores = np.full((len(types), *columns.shape), NEVER, np.float32)
        end, c0, c1 = min(n, last), int(band.lo[first]), int(min(m, band.hi[last - 1] + 1))
        if end > first:
            scores[0, : end - first] = np.where(inside[: end - first], source_nulls[first:end, None], NEVER)
        if m:
            scores[1] = np.where(inside & (columns < m), target_nulls[np.minimum(columns, m - 1)], NEVER)
        if end > first and c1 > c0:
            i, j = origin
            dense = signals.scores(weights, i + first, i + end, j + c0, j + c1)
            picked = dense[:, at[: end - first] - first, np.minimum(columns[: end - first] - c0, c1 - c0 - 1)]
            fits = (inside & (columns < c1))[: end - first] & (at[: end - first] + a[:, None, None] <= n)
            fits &= columns[: end - first] + b[:, None, None] <= m
            scores[2:, : end - first] = np.where(fits, picked, NEVER)
        yield Block(first, scores)


def _cuts(band: Band) -> Iterator[tuple[int, int]]:
    """Rows [first, last) of each block: as many as keep the rectangle around them small, and one at least.

    Where the band follows a long passage of one side, a row may be thousands of positions wide.
    """
    lows, highs = band.lo.tolist(), band.hi.tolist()
    first = 0
    for row in range(1, band.n + 2):
        if row > band.n or (row + 1 - first) * (highs[row] - lows[first] + 1) > _CELLS:
            yield first, row
            first = row
