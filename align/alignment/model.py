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
from align.alignment.candidates import SECOND_SIGNALS
from align.alignment.rescoring import Network
from align.alignment.search import NEVER, Band, Block, cuts
from align.alignment.signals import BEAD_SIGNALS, NULL_SIGNALS, Signals
from align.errors import ModelError

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class BeadModel:
    """Weights of the first pass's signals, shape (N_SIGNALS,), the largest side of a bead, what a run of nulls
    costs in the first pass, and the network of the second; without one there is no second pass."""

    weights: NDArray[np.float32]
    max_size: int
    opening: float = 0.0
    network: Network | None = None

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
    network = None
    if "second" in stored:
        if stored["second"].pop("signals") != list(SECOND_SIGNALS):
            raise ModelError(f"{path.name}: made for other signals; run bench/fit_aligner.py again")
        network = Network.from_dict(stored["second"])
    return BeadModel(weights, int(stored["max_size"]), float(stored["opening"]), network)


def null_signals(signals: Signals, band: Band | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Signals of each source and each target segment as a null, compared with what the band lets it meet."""
    lo = hi = np.zeros(signals.source.n, np.int64)
    if band:
        lo, hi = band.lo[:-1], np.minimum(band.hi[:-1] + 1, signals.target.n)
    return signals.nulls(lo, hi)


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
    for first, last in cuts(band):
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
