"""The learned weights of the bead model: a few numbers, read from a JSON file beside this one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment.beadtypes import bead_types
from align.alignment.search import NEVER, Band, Scores
from align.alignment.signals import BEAD_SIGNALS, NULL_SIGNALS, Signals
from align.errors import ModelError

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class BeadModel:
    """Weights of the signals, shape (N_SIGNALS,), and the largest side of a bead."""

    weights: NDArray[np.float32]
    max_size: int

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
    return BeadModel(np.array([stored["weights"][name] for name in names], np.float32), int(stored["max_size"]))


def score_candidates(signals: Signals, weights: NDArray[np.float32], band: Band, block: int = 64) -> Scores:
    """Scores of every candidate in the band, shape (types, n + 1, band.width); NEVER outside the documents."""
    types = signals.types
    n, m = signals.source.n, signals.target.n
    scores = np.full((len(types), n + 1, band.width), NEVER, np.float32)
    source_nulls, target_nulls = (
        x @ weights for x in signals.nulls(band.lo[:-1], np.minimum(band.hi[:-1] + 1, m))
    )
    a, b = np.array(types[2:]).T
    offsets = np.arange(band.width)
    for r0 in range(0, n, block):
        r1 = min(n, r0 + block)
        c0, c1 = int(band.lo[r0]), int(min(m, band.hi[r1 - 1] + 1))
        if c1 <= c0:
            continue
        dense = signals.beads(r0, r1, c0, c1) @ weights
        rows = np.arange(r0, r1)
        columns = band.lo[r0:r1, None] + offsets[None, :]
        inside = (columns < c1) & (columns <= band.hi[r0:r1, None])
        fits = (
            inside[None] & (rows[None, :, None] + a[:, None, None] <= n) & (columns[None] + b[:, None, None] <= m)
        )
        picked = dense[:, (rows - r0)[:, None], np.minimum(columns - c0, c1 - c0 - 1)]
        scores[2:, r0:r1] = np.where(fits, picked, NEVER)
    columns = band.lo[:, None] + offsets[None, :]
    inside = columns <= band.hi[:, None]
    if n:
        scores[0, :n] = np.where(inside[:n], source_nulls[:, None], NEVER)
    if m:
        scores[1] = np.where(inside & (columns < m), target_nulls[np.minimum(columns, m - 1)], NEVER)
    return scores
