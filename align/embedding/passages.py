"""Vectors of passages: runs of consecutive texts, and windows inside each text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from align.embedding.embedder import Embedder, Vectors

# A window has so many tokens (words, or pairs of letters where words are not spaced); the next one begins a step
# further on.
WINDOW, STEP = 8, 4


@dataclass(frozen=True)
class Passages:
    """`runs[k - 1]` holds unit vectors of k consecutive texts, shape (n - k + 1, dim); `windows` those of the
    windows inside the texts, shape (windows, dim), and `owners` the text of each window, never falling."""

    runs: tuple[Vectors, ...]
    windows: Vectors
    owners: NDArray[np.int64]


@runtime_checkable
class PassageEmbedder(Embedder, Protocol):
    """An embedder that makes vectors of passages from what it knows of the texts, reading each text once."""

    def passages(self, texts: Sequence[str], longest: int) -> Passages:
        """Passages of `texts`, with runs of up to `longest` texts."""
        ...


def embed_passages(embedder: Embedder, texts: Sequence[str], longest: int, joiner: str = " ") -> Passages:
    """Passages of `texts`, with runs of up to `longest`.

    Where the embedder cannot make them itself, every run is embedded as one text (Thompson and Koehn 2019, section
    3.2), joined by `joiner`, and so is every window.
    """
    n, longest = len(texts), min(longest, len(texts))
    if isinstance(embedder, PassageEmbedder):
        return embedder.passages(texts, longest)
    runs = [[joiner.join(texts[i : i + k]) for i in range(n - k + 1)] for k in range(1, longest + 1)]
    windows = [window for text in texts for window in _windows(text)]
    owners = np.repeat(np.arange(n, dtype=np.int64), [len(_windows(text)) for text in texts])
    vectors = embedder.embed([text for run in runs for text in run] + windows)
    ends = np.cumsum([len(run) for run in runs], dtype=np.int64)
    parts = tuple(vectors[end - len(run) : end] for run, end in zip(runs, ends, strict=True))
    return Passages(parts, vectors[len(vectors) - len(windows) :], owners)


def window_starts(tokens: int) -> list[int]:
    """Where windows begin in a text of so many tokens: evenly, about STEP apart, the last up to the end."""
    if tokens <= WINDOW:
        return [0]
    count = max(2, round((tokens - WINDOW) / STEP) + 1)
    return [round(k * (tokens - WINDOW) / (count - 1)) for k in range(count)]


def _windows(text: str) -> list[str]:
    words = text.split()
    if len(text) <= 12 * len(words):
        return [" ".join(words[start : start + WINDOW]) for start in window_starts(len(words))]
    return [text[2 * start : 2 * (start + WINDOW)] for start in window_starts((len(text) + 1) // 2)]
