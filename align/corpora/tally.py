"""Counts for the datasheet, kept while the pairs go by."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from align.records import Pair

BINS = 10


def confidence_bin(confidence: float | None) -> str:
    """The tenth that a confidence lies in, as "0.9 to 1.0", or "none"."""
    if confidence is None:
        return "none"
    low = min(int(confidence * BINS), BINS - 1)
    return f"{low / BINS:.1f} to {(low + 1) / BINS:.1f}"


@dataclass(slots=True)
class OutletCount:
    """What one outlet gave. Dates are ISO; empty where no pair had one."""

    pairs: int = 0
    articles: set[str] = field(default_factory=set)
    originals: set[str] = field(default_factory=set)
    first: str = ""
    last: str = ""

    def add(self, pair: Pair) -> None:
        self.pairs += 1
        if pair.source.article:
            self.articles.add(pair.source.article)
        if pair.target.article:
            self.originals.add(pair.target.article)
        if pair.date:
            self.first = min(self.first or pair.date, pair.date)
            self.last = max(self.last, pair.date)


@dataclass(slots=True)
class DirectionCount:
    """Pairs from one language to another, and the characters on their two sides."""

    pairs: int = 0
    titles: int = 0
    source_chars: int = 0
    target_chars: int = 0

    def add(self, pair: Pair) -> None:
        self.pairs += 1
        self.titles += pair.is_title
        self.source_chars += len(pair.source.text)
        self.target_chars += len(pair.target.text)


class Tally:
    """Everything that the datasheet says of the pairs; grows with the articles, not with the pairs."""

    def __init__(self) -> None:
        self.selected = 0
        self.directions: dict[tuple[str, str], DirectionCount] = {}
        self.kinds: Counter[str] = Counter()
        self.beads: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        # By bin. A title's is that of the match, not of an alignment.
        self.confidences: Counter[str] = Counter()
        self.title_confidences: Counter[str] = Counter()
        self.outlets: dict[str, OutletCount] = {}
        self.models: Counter[str] = Counter()
        self.back_translated = 0
        self._ids = hashlib.sha256()

    def see(self, pair: Pair) -> tuple[str, str]:
        """Note that a pair of this direction exists, taken or not; returns the direction."""
        direction = (pair.source.lang, pair.target.lang)
        self.directions.setdefault(direction, DirectionCount())
        return direction

    def leave(self, reason: str) -> None:
        self.left_out[reason] += 1

    def take(self, pair: Pair) -> None:
        self.selected += 1
        self.directions[pair.source.lang, pair.target.lang].add(pair)
        self.kinds[pair.kind] += 1
        self.beads[pair.bead] += 1
        confidences = self.title_confidences if pair.is_title else self.confidences
        confidences[confidence_bin(pair.confidence)] += 1
        self.outlets.setdefault(pair.outlet, OutletCount()).add(pair)
        if pair.translation is not None:
            self.models[pair.model or "not named"] += 1
        self.back_translated += pair.back is not None
        self._ids.update(f"{pair.id}\n".encode())

    @property
    def fingerprint(self) -> str:
        """First 16 hex digits of the SHA-256 of the taken pairs' ids, a line each, in order."""
        return self._ids.hexdigest()[:16]
