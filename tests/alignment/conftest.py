"""Aligners for tests: for given vectors, with the real embedder, and one that knows words by their letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
import pytest

from align.alignment import Aligner, load_aligner
from align.config import AlignSettings


@cache
def _of_word(word: str) -> np.ndarray:
    return np.random.default_rng(crc32(word.encode())).normal(size=64).astype(np.float32)


class BagOfWords:
    """A text is the sum of its words, which have random vectors: texts are alike as far as they share words."""

    name = "bag-of-words"
    dim = 64

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        found = np.zeros((len(texts), 64), np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.lower().replace(".", " ").replace(",", " ").split() or [text]:
                row += _of_word(word)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


@pytest.fixture(scope="session")
def word_aligner() -> Aligner:
    return load_aligner(AlignSettings(), embedder=BagOfWords())


@pytest.fixture(scope="session")
def real_aligner() -> Aligner:
    return load_aligner(AlignSettings())


class NoEmbedder:
    """Stands where vectors are given and nothing may be embedded."""

    name = "none"
    dim = 512

    def embed(self, _texts: object) -> np.ndarray:
        raise AssertionError("vectors were given")


@pytest.fixture(scope="session")
def aligner() -> Aligner:
    """The aligner of tests that give vectors; a module that aligns texts has its own of this name."""
    return load_aligner(AlignSettings(), embedder=NoEmbedder())
