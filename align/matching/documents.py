"""Articles as arrays that can be compared across languages: vectors of their parts, days, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.embedding.embedder import Embedder, Vectors
from align.errors import ModelError
from align.language.codes import script_of
from align.matching.address import day_number
from align.records import Article

# A document is its title and the first CHUNKS stretches of its text. State media cut from the end, so the
# beginning is what both versions share; 2,000 characters hold all of 9 articles in 10.
CHUNKS = 4
CHUNK_CHARS = 500
# A syllable or an ideograph is a character in these scripts, so as much content takes half as many.
_DENSE = {"Hang", "Jpan", "Hani"}
# Texts given to the embedder at a time.
_BATCH = 1024
# How many documents it takes before a language's mean vector counts half. With few documents the
# mean is the documents themselves, and subtracting it would leave nothing.
_MEAN_PRIOR = 20

_DIGITS = re.compile(r"\d+")
_GROUPED = re.compile(r"(?<=\d)[.,\u00a0\u202f ](?=\d{3}(?!\d))")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Documents:
    """`parts` (n, 1 + CHUNKS, dim): unit vectors of the title and the chunks, 0 where `there` (n, 1 + CHUNKS)
    is False. `means` (n, dim): unit vectors of whole documents. `days` (n,): day numbers, -1 for undated.
    """

    parts: Floats
    there: NDArray[np.bool_]
    means: Floats
    days: NDArray[np.int64]
    numbers: tuple[frozenset[str], ...]
    outlets: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.days)

    def take(self, indexes: Sequence[int]) -> Documents:
        """The documents at `indexes`, in that order."""
        rows = np.asarray(indexes, dtype=np.int64)
        return Documents(
            parts=self.parts[rows],
            there=self.there[rows],
            means=self.means[rows],
            days=self.days[rows],
            numbers=tuple(self.numbers[i] for i in indexes),
            outlets=tuple(self.outlets[i] for i in indexes),
        )


def embed_documents(documents: Sequence[Article], embedder: Embedder) -> Documents:
    """Embed articles of one language. Raises ModelError where the embedder gives no vector for a text.

    From every vector the mean of all is subtracted, which takes out what the outlet's formulas and the
    language itself add to each (as Conneau & Kiela 2018 and later work do), shrunk where documents are few.
    """
    slots = [(i, slot, text) for i, a in enumerate(documents) for slot, text in _parts(a)]
    parts = np.zeros((len(documents), 1 + CHUNKS, embedder.dim), dtype=np.float32)
    there = np.zeros(parts.shape[:2], dtype=np.bool_)
    for start in range(0, len(slots), _BATCH):
        batch = slots[start : start + _BATCH]
        vectors = _checked(embedder.embed([text for _, _, text in batch]), len(batch), embedder)
        for (i, slot, _), vector in zip(batch, vectors, strict=True):
            parts[i, slot] = vector
            there[i, slot] = True
    if slots:
        mean = parts.sum(axis=(0, 1)) / there.sum() * (len(documents) / (len(documents) + _MEAN_PRIOR))
        parts = np.where(there[:, :, None], parts - mean, np.float32(0)).astype(np.float32)
    return Documents(
        parts=_unit(parts),
        there=there,
        means=_unit(parts.sum(axis=1)),
        days=np.array([-1 if (d := day_number(a.date)) is None else d for a in documents], dtype=np.int64),
        numbers=tuple(numbers(f"{a.title}\n{a.text}") for a in documents),
        outlets=tuple(a.outlet.strip().casefold() for a in documents),
    )


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in digits, without marks between groups of three."""
    return frozenset(str(int(n)) for n in _DIGITS.findall(_GROUPED.sub("", text)))


def chunks(text: str, lang: str) -> list[str]:
    """The first CHUNKS stretches of a text, of about equal content in every language, cut between words."""
    size = CHUNK_CHARS // 2 if script_of(lang) in _DENSE else CHUNK_CHARS
    found: list[str] = []
    # Some languages write no spaces: a "word" longer than a chunk is cut where the chunk ends.
    words = (word[i : i + size] for word in text.split() for i in range(0, len(word), size))
    current = ""
    for word in words:
        if current and len(current) + 1 + len(word) > size:
            found.append(current)
            current = word
            if len(found) == CHUNKS:
                return found
        else:
            current = f"{current} {word}" if current else word
    # A few words left over say little, and would weigh as much as a full chunk.
    if current and (not found or len(current) > size // 5):
        found.append(current)
    return found


def _parts(article: Article) -> Iterator[tuple[int, str]]:
    if title := " ".join(article.title.split()):
        yield 0, title
    yield from enumerate(chunks(article.text, article.lang), start=1)


def _checked(vectors: Vectors, n: int, embedder: Embedder) -> Vectors:
    if vectors.shape != (n, embedder.dim) or not np.isfinite(vectors).all():
        raise ModelError(
            f"embedder '{embedder.name}' gave vectors of shape {vectors.shape} (or not all of them numbers) "
            f"for {n} texts; it must give one of {embedder.dim} numbers for each: check the embedder"
        )
    return vectors


def _unit(vectors: Floats) -> Floats:
    """Vectors of length 1; null vectors stay null."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
