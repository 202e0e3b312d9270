"""How an engine searches: beam, hypotheses, penalties, and how far it may go. The same for every engine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

# Rows of one batch are of like length: their lengths are the same when rounded up to a multiple of this.
BUCKET = 16


@dataclass(frozen=True, slots=True)
class Search:
    """Settings of a beam search, the same to every engine.

    `hypotheses` are returned for each row, at most `beam` of them, best first. A hypothesis scores the sum of its
    tokens' log probabilities over its length to the power of `length_penalty`; the search ends when as many
    hypotheses as the beam is wide are complete. `repetition_penalty` is Keskar and others' (2019), 1 for none;
    `no_repeat_ngram` 0 for none.
    """

    beam: int = 4
    hypotheses: int = 1
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    shortest: int = 1
    longest: int = 0
    """Tokens that a translation may have at most, where the source would allow more; 0: as the source allows."""

    def limit(self, length: int, positions: int) -> int:
        """Tokens that the translation of a row of `length` ids may have, the end included.

        The same for all rows of a bucket, so that it does not matter which of them run together.
        """
        own = min(positions - 1, 2 * bucket(length) + 20)
        return min(own, self.longest) if self.longest else own


def bucket(length: int) -> int:
    """`length` rounded up to a multiple of BUCKET."""
    return -(-length // BUCKET) * BUCKET


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Ids of a translation without start and end, whether the model came to its end, and its score."""

    ids: tuple[int, ...]
    finished: bool
    score: float


class Engine(Protocol):
    """A loaded model. `workers` batches may run at a time."""

    workers: int

    def session(self) -> AbstractContextManager[Executor]:
        """Workers to run batches on. When it is left, what waits is dropped and what runs may be cut short."""
        ...

    def run(self, rows: Sequence[Sequence[int]], search: Search, limit: int) -> list[list[Hypothesis]]:
        """Hypotheses of each row of source ids, best first; at most `limit` tokens each."""
        ...
