"""What the aligner knows of one side: vectors of every run of consecutive segments, lengths, and anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.embedding import Embedder
from align.errors import InputError
from align.language.anchors import anchors, marks

Floats = NDArray[np.float32]
Tokens = tuple[frozenset[str], ...]
ANCHOR_KINDS = ("numbers", "names", "marks")


@dataclass(frozen=True)
class SideVectors:
    """`runs[k - 1]` holds the unit vectors of k consecutive segments, shape (n - k + 1, dim); `lengths` (n,)
    counts the characters of each segment; `anchors` holds, for each kind of ANCHOR_KINDS, those of each segment,
    empty where no text is known."""

    runs: tuple[Floats, ...]
    lengths: NDArray[np.float64]
    anchors: tuple[Tokens, ...]

    @property
    def n(self) -> int:
        return len(self.lengths)


def embed_side(texts: Sequence[str], embedder: Embedder, max_size: int, joiner: str = " ") -> SideVectors:
    """Embed every run of up to `max_size` segments as one text (Thompson and Koehn 2019, section 3.2)."""
    n = len(texts)
    runs = [[joiner.join(texts[i : i + k]) for i in range(n - k + 1)] for k in range(1, min(max_size, n) + 1)]
    vectors = embedder.embed([text for run in runs for text in run])
    ends = np.cumsum([len(run) for run in runs], dtype=np.int64)
    parts = [vectors[end - len(run) : end] for run, end in zip(runs, ends, strict=True)]
    found = tuple(zip(*((*anchors(text), marks(text)) for text in texts), strict=True))
    return _side(parts, [len(text) for text in texts], max_size, embedder.dim, found)


def compose_side(vectors: Floats, lengths: Sequence[float], max_size: int) -> SideVectors:
    """Side from vectors of single segments: a run's vector is the length-weighted sum of its segments'.

    `vectors` has shape (n, dim). Raises InputError for unequal counts, a missing vector (all zero) or a value
    that is no number.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(lengths):
        raise InputError(f"vectors of shape {vectors.shape} do not fit {len(lengths)} segments; give one row each")
    norms = np.linalg.norm(vectors, axis=1)
    bad = np.flatnonzero(~np.isfinite(norms) | (norms == 0))
    if len(bad):
        raise InputError(f"segment {bad[0]} has no usable vector (all zero, or not a number); embed it again")
    unit = vectors / norms[:, None]
    weighted = unit * np.sqrt(np.maximum(np.asarray(lengths, dtype=np.float32), 1.0))[:, None]
    sums = np.concatenate(
        [np.zeros((1, unit.shape[1]), np.float32), np.cumsum(weighted, axis=0, dtype=np.float64)]
    )
    parts = [unit]
    for k in range(2, min(max_size, len(unit)) + 1):
        run = (sums[k:] - sums[:-k]).astype(np.float32)
        parts.append(run / np.maximum(np.linalg.norm(run, axis=1, keepdims=True), 1e-9))
    return _side(parts, lengths, max_size, unit.shape[1])


def _side(
    parts: Sequence[Floats],
    lengths: Sequence[float],
    max_size: int,
    dim: int,
    found: tuple[Tokens, ...] = (),
) -> SideVectors:
    """Pad to `max_size` runs, so that short documents need no special case."""
    empty = np.zeros((0, dim), dtype=np.float32)
    padded = [*parts, *[empty] * (max_size - len(parts))]
    nothing = ((frozenset[str](),) * len(lengths),) * len(ANCHOR_KINDS)
    return SideVectors(tuple(padded), np.asarray(lengths, dtype=np.float64), found or nothing)
