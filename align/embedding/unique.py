"""Embedding each different text once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from align.embedding.embedder import Vectors


def embed_unique(texts: Sequence[str], dim: int, embed: Callable[[list[str]], Vectors]) -> Vectors:
    """Vectors of `texts`, shape (len(texts), dim), scaled to length 1.

    `embed` is given the different texts, in the order in which they first come, and never an empty list.
    """
    unique = list(dict.fromkeys(texts))
    if not unique:
        return np.zeros((0, dim), dtype=np.float32)
    found = np.array(embed(unique), dtype=np.float32)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    place = {text: row for row, text in enumerate(unique)}
    return found[[place[text] for text in texts]]
