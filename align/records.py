"""The records that flow through the toolkit, with their invariants.

Everything here is immutable and knows how to become, and come back from, a plain dict
(what a JSON line holds). This module imports nothing else of the package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["article", "original"]
Kind = Literal["translated", "cut", "added", "unmatched", "unaligned"]
KINDS: tuple[Kind, ...] = ("translated", "cut", "added", "unmatched", "unaligned")
# So begin the flags of a pair that concern the translation back.
BACK_FLAG = "back-"
# Flags that tell how a translation was made and find no fault with it.
_REMARKS = frozenset({"split", "retried"})


def is_remark(flag: str) -> bool:
    """Whether a flag of a pair is a mere remark on how a translation, or one back, was made."""
    return flag.removeprefix(BACK_FLAG) in _REMARKS


def text_hash(text: str, digits: int = 8) -> str:
    """First hex digits of the SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:digits]


@dataclass(frozen=True, slots=True)
class Article:
    """One document in one language.

    `text` holds the body only, one paragraph a line; `date` is ISO (YYYY-MM-DD) or empty.
    `original_urls` are the links to its originals that the page itself gave.
    `path` says where it was loaded from, for messages and for pairing by file stem.
    """

    id: str
    lang: str
    title: str
    date: str
    outlet: str
    url: str
    text: str
    original_urls: tuple[str, ...] = ()
    path: str = ""

    @property
    def revision(self) -> str:
        """First 8 hex digits of the hash of the title and text."""
        return text_hash(f"{self.title}\n{self.text}")

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "revision": self.revision,
            "lang": self.lang,
            "title": self.title,
            "date": self.date,
            "outlet": self.outlet,
            "url": self.url,
            "text": self.text,
            "original_urls": list(self.original_urls),
            "path": self.path,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Article:
        """Inverse of `to_dict`; raises KeyError when a field is missing."""
        return cls(
            id=row["id"],
            lang=row["lang"],
            title=row["title"],
            date=row["date"],
            outlet=row["outlet"],
            url=row["url"],
            text=row["text"],
            original_urls=tuple(row.get("original_urls", ())),
            path=row.get("path", ""),
        )


@dataclass(frozen=True, slots=True)
class Dropped:
    """An input, or part of one, that did not become a record, and why.

    `reason` is a short fixed word for counting ("empty", "binary", ...); `message` is a
    sentence for people; `where` is a line or row within the file, or empty.
    """

    path: str
    reason: str
    message: str
    where: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"path": self.path, "where": self.where, "reason": self.reason, "message": self.message}


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of an article: `article.text[start:end]`, or its title.

    `paragraph` counts the article's paragraphs (lines) from 0; the title has -1.
    """

    article: str
    revision: str
    lang: str
    start: int
    end: int
    text: str
    paragraph: int = 0
    is_title: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"{self.article}: a segment at {self.start}-{self.end} has no text")
        if self.end <= self.start:
            raise ValueError(f"{self.article}: a segment ends ({self.end}) where it starts ({self.start})")

    @property
    def id(self) -> str:
        """`<article>@<revision>:<start>-<end>`, or `<article>@<revision>:title`."""
        place = "title" if self.is_title else f"{self.start}-{self.end}"
        return f"{self.article}@{self.revision}:{place}"


@dataclass(frozen=True, slots=True)
class Match:
    """An article and one original of it.

    `evidence` says how they were found: "given", "link", "stem" or "similar".
    """

    article: str
    original: str
    lang: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Bead:
    """A minimal group of source and target segments that translate each other.

    Indexes are 0-based and consecutive. `confidence` is the probability that the bead is
    exactly right, or None where the aligner gave none (gold).
    """

    source: tuple[int, ...]
    target: tuple[int, ...]
    confidence: float | None = None

    @property
    def type(self) -> str:
        """The numbers of segments on each side, as "1-2"."""
        return f"{len(self.source)}-{len(self.target)}"


def check_beads(beads: Iterable[Bead], n_source: int, n_target: int) -> None:
    """Raise ValueError unless every segment of both sides stands in exactly one bead, in order."""
    beads = list(beads)
    for side, n, rows in (
        ("source", n_source, [bead.source for bead in beads]),
        ("target", n_target, [bead.target for bead in beads]),
    ):
        flat = [index for row in rows for index in row]
        if flat != list(range(n)):
            raise ValueError(f"beads do not hold each of the {n} {side} segments once and in order: {flat[:20]}")
    if any(not bead.source and not bead.target for bead in beads):
        raise ValueError("a bead is empty on both sides")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair. `article` is empty where there is no document on that side.

    `role` is empty where nobody said which text is the original.
    """

    role: Role | Literal[""]
    lang: str
    article: str
    segments: tuple[tuple[str, int, int], ...]
    text: str
    paragraph: int = -1

    @classmethod
    def of(
        cls, role: Role | Literal[""], lang: str, article: str, segments: Sequence[Segment], joiner: str = " "
    ) -> Side:
        return cls(
            role=role,
            lang=lang,
            article=article,
            segments=tuple((s.id, s.start, s.end) for s in segments),
            text=joiner.join(s.text for s in segments),
            paragraph=segments[0].paragraph if segments else -1,
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "lang": self.lang,
            "article": self.article or None,
            "segments": [{"id": i, "start": a, "end": b} for i, a, b in self.segments],
            "text": self.text,
            "paragraph": self.paragraph,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Side:
        return cls(
            role=row["role"],
            lang=row["lang"],
            article=row["article"] or "",
            segments=tuple((s["id"], s["start"], s["end"]) for s in row["segments"]),
            text=row["text"],
            paragraph=row.get("paragraph", -1),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A bead with its texts, translation, confidence, scores and provenance.

    `source` is the article's side (what the model translates from), `target` the original's. `translation` is the
    source in the target's language, made by `model`; `back` the target in the source's language, made by the run's
    model of that direction, None where nobody asked for it or there was no model.
    `scores` maps a metric's name to its value, rounded to 4 digits; `flags` holds what the translation checks
    found: those that begin with `BACK_FLAG` ("back-numbers") concern `back`, all others `translation`.
    `confidence` is None where nothing was aligned. `gone` marks a pair of an article or original that is no longer
    among the run's inputs.
    """

    kind: Kind
    confidence: float | None
    source: Side
    target: Side
    translation: str | None = None
    back: str | None = None
    model: str | None = None
    flags: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    url: str = ""
    date: str = ""
    outlet: str = ""
    is_title: bool = False
    gone: bool = False

    @property
    def id(self) -> str:
        """Hash of the ids of its segments and of the two documents; the sides are kept apart."""
        left = ",".join(s[0] for s in self.source.segments)
        right = ",".join(s[0] for s in self.target.segments)
        # Without segments on one side, the document there (or its absence) tells pairs apart.
        documents = f"{self.source.article}|{self.target.lang}|{self.target.article}"
        return text_hash(f"{left}|{right}|{documents}", 16)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Flags that find fault with the translation; not mere remarks, and not those of the translation back."""
        return tuple(flag for flag in self.flags if not flag.startswith(BACK_FLAG) and not is_remark(flag))

    @property
    def bead(self) -> str:
        """The bead type, as "1-2"."""
        return f"{len(self.source.segments)}-{len(self.target.segments)}"

    def to_dict(self) -> dict[str, Any]:
        """One line of pairs.jsonl."""
        return {
            "id": self.id,
            "bead": self.bead,
            "kind": self.kind,
            "confidence": self.confidence,
            "is_title": self.is_title,
            "gone": self.gone,
            "source": self.source.to_dict(),
            "target": self.target.to_dict(),
            "translation": self.translation,
            "back": self.back,
            "model": self.model,
            "flags": list(self.flags),
            "scores": dict(self.scores),
            "url": self.url,
            "date": self.date,
            "outlet": self.outlet,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Pair:
        """Inverse of `to_dict`; raises KeyError when a field is missing."""
        return cls(
            kind=row["kind"],
            confidence=row["confidence"],
            source=Side.from_dict(row["source"]),
            target=Side.from_dict(row["target"]),
            translation=row["translation"],
            back=row["back"],
            model=row["model"],
            flags=tuple(row["flags"]),
            scores=dict(row["scores"]),
            url=row["url"],
            date=row["date"],
            outlet=row["outlet"],
            is_title=row.get("is_title", False),
            gone=row.get("gone", False),
        )
