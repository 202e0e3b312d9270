"""What the aligner knows of one side: vectors of every run of consecutive segments, lengths, and anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from align.embedding import Embedder, embed_passages
from align.errors import InputError
from align.language.anchors import anchors, marks
from align.language.edges import EDGE_KINDS, edges

Floats = NDArray[np.float32]
Tokens = tuple[frozenset[str], ...]
ANCHOR_KINDS = ("numbers", "names", "marks")


@dataclass(frozen=True)
class SideVectors:
    """`runs[k - 1]` holds the unit vectors of k consecutive segments, shape (n - k + 1, dim); `lengths` (n,)
    counts the characters of each segment; `anchors` holds, for each kind of ANCHOR_KINDS, those of each segment.
    `windows` (windows, dim) are vectors of a few words each and `owners` the segments that these are in; `edges`
    (n + 1, kinds) tells of the cuts between segments. Where no text is known, all of these are empty or 0.

    With `weights` (n,) only single segments are stored, and longer runs are composed where they are read: their
    vectors would take four times the memory.
    """

    runs: tuple[Floats, ...]
    lengths: NDArray[np.float64]
    anchors: tuple[Tokens, ...]
    windows: Floats
    owners: NDArray[np.int64]
    edges: Floats
    weights: Floats | None = None

    @property
    def n(self) -> int:
        return len(self.lengths)

    def block(self, start: int, stop: int, most: int) -> Floats:
        """Vectors of the runs of 1 to `most` segments that start in [start, stop), (most, stop - start, dim).

        Starts may lie outside the document. Runs that do, or that pass its end, have zeros.
        """
        out = np.zeros((most, stop - start, self.runs[0].shape[1]), np.float32)
        first = max(start, 0)
        if self.weights is None:
            for run, into in zip(self.runs[:most], out, strict=False):
                last = min(stop, len(run))
                if last > first:
                    into[first - start : last - start] = run[first:last]
            return out
        last = min(stop + most - 1, self.n)
        if last <= first:
            return out
        single = self.runs[0][first:last] * self.weights[first:last, None]
        total = single.copy()
        for size in range(1, most + 1):
            count = min(last - size + 1, stop) - first
            if count <= 0:
                break
            if size > 1:
                total = total[:-1] + single[size - 1 :]
            norms = np.sqrt(np.einsum("ij,ij->i", total[:count], total[:count]))
            np.divide(total[:count], np.maximum(norms, 1e-9)[:, None], out=out[size - 1, first - start :][:count])
        return out


def embed_side(texts: Sequence[str], embedder: Embedder, max_size: int, joiner: str = " ") -> SideVectors:
    """A side from its texts: vectors of every run of up to `max_size` segments and of windows, anchors, edges."""
    passages = embed_passages(embedder, texts, max_size, joiner)
    found = tuple(zip(*((*anchors(text), marks(text)) for text in texts), strict=True))
    side = _side(passages.runs, [len(text) for text in texts], max_size, embedder.dim)
    return replace(
        side, anchors=found or side.anchors, windows=passages.windows, owners=passages.owners, edges=edges(texts)
    )


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
    weights = np.sqrt(np.maximum(np.asarray(lengths, dtype=np.float32), 1.0))
    return _side([vectors / norms[:, None]], lengths, max_size, vectors.shape[1], weights)


def _side(
    parts: Sequence[Floats], lengths: Sequence[float], max_size: int, dim: int, weights: Floats | None = None
) -> SideVectors:
    """A side without texts. Padded to `max_size` runs, so that short documents need no special case."""
    n, empty = len(lengths), np.zeros((0, dim), dtype=np.float32)
    return SideVectors(
        runs=(*parts, *[empty] * (max_size - len(parts))),
        lengths=np.asarray(lengths, dtype=np.float64),
        anchors=((frozenset[str](),) * n,) * len(ANCHOR_KINDS),
        windows=empty,
        owners=np.zeros(0, np.int64),
        edges=np.zeros((n + 1, len(EDGE_KINDS)), np.float32),
        weights=weights,
    )
