"""What matching says of each article and each original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from align.records import Match

Status = Literal["paired", "unpaired"]
Evidence = Literal["given", "link", "stem", "similar", ""]


@dataclass(frozen=True, slots=True)
class Rejected:
    """The best candidate that was not taken: an article's or original's id, and its confidence."""

    id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """An article with its original in one language, or one of the two alone.

    `article` and its path are empty where an original stayed alone, `original` and its path where
    an article did. `confidence` is a probability from 0 to 1, rounded to 4 digits; 0 where nothing was
    paired. `lang` is the original's language, or the one in which the article has none.
    """

    article: str
    original: str
    article_path: str
    original_path: str
    lang: str
    confidence: float
    status: Status
    evidence: Evidence = ""
    best_rejected: Rejected | None = None

    def to_dict(self) -> dict[str, Any]:
        """One line of what `align match` prints; null stands for what isn't there."""
        rejected = self.best_rejected
        return {
            "article_path": self.article_path or None,
            "original_path": self.original_path or None,
            "article": self.article or None,
            "original": self.original or None,
            "lang": self.lang,
            "confidence": self.confidence,
            "status": self.status,
            "evidence": self.evidence or None,
            "best_rejected": {"id": rejected.id, "confidence": rejected.confidence} if rejected else None,
        }


def matches(pairings: Iterable[Pairing]) -> list[Match]:
    """The paired ones as Match records, in their order."""
    return [
        Match(
            article=pairing.article,
            original=pairing.original,
            lang=pairing.lang,
            confidence=pairing.confidence,
            evidence=pairing.evidence,
        )
        for pairing in pairings
        if pairing.status == "paired"
    ]
