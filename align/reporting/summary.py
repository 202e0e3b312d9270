"""One row an article and original: what the index shows of it, and how suspicious it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from align.records import BACK_FLAG, Pair
from align.reporting.reading import Group

UNSURE = 0.5
BINS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """An article and one original of it (`original` is empty where there is none).

    `section` is its place on the article's page, from 1.
    Sentences are segments without the titles. Shares are of characters, 0 to 1, None without an
    original; `beads` counts bead types, and the kinds of what has no counterpart; `confidences` counts
    the beads in ten equal bins from 0 to 1. `gone` says that the article or this original is no longer
    among the run's inputs.
    """

    article: str
    section: int
    original: str
    lang: str
    original_lang: str
    date: str
    outlet: str
    url: str
    title: str
    original_title: str
    title_translation: str
    kinds: Mapping[str, int]
    beads: Mapping[str, int]
    confidences: tuple[int, ...]
    sentences: int
    original_sentences: int
    cut: int
    added: int
    unaligned: int
    flagged: int
    to_look_at: int
    pairs: int
    share_cut: float | None
    share_added: float | None
    confidence: float | None
    metrics: Mapping[str, Any]
    match: Mapping[str, Any]
    gone: bool

    @property
    def matched(self) -> bool:
        return bool(self.original)

    @property
    def suspicion(self) -> float:
        """Shares left out and added, doubt of the aligner, share of pairs not placed, a quarter of those flagged.

        Flags count less: they doubt the translation, not the outlet's text.
        """
        doubt = 1 - self.confidence if self.confidence is not None else 0.0
        pairs = max(1, self.pairs)
        known = (self.share_cut or 0.0) + (self.share_added or 0.0) + doubt
        return round(known + self.unaligned / pairs + 0.25 * self.flagged / pairs, 4)


def translation_flags(pair: Pair) -> tuple[str, ...]:
    """What the checks found in the pair's translation, remarks included."""
    return tuple(flag for flag in pair.flags if not flag.startswith(BACK_FLAG))


def back_flags(pair: Pair) -> tuple[str, ...]:
    """What the checks found in the translation of the original back, remarks included."""
    return tuple(flag for flag in pair.flags if flag.startswith(BACK_FLAG))


def worth_a_look(pair: Pair) -> bool:
    """Is this a place to look at: left out, added, not placed, doubtful, or aligned with little confidence.

    What is doubtful about a translation back is a help that fails, and no reason to look.
    """
    unsure = pair.confidence is not None and pair.confidence < UNSURE
    return pair.kind in {"cut", "added", "unaligned"} or bool(pair.doubts) or unsure


def title_pairs(group: Group) -> list[Pair]:
    """The pairs of titles: one, or two when the aligner left the titles apart."""
    return [pair for pair in group if pair.is_title]


def summarise(
    article: str, section: int, group: Group, scores: Mapping[str, Any], outlets: Mapping[str, str]
) -> Row:
    """The row of the `section`-th group of an article's pairs (from 1).

    `scores` is its row of scores.json, or empty; `outlets` gives the names of outlets by their ids.
    """
    present = [pair for pair in group if not pair.gone]
    body = [pair for pair in present or group if not pair.is_title]
    titles = title_pairs(group)
    first = group[0]
    original = first.target.article
    kinds = Counter(pair.kind for pair in body)
    confidences = [pair.confidence for pair in body if pair.confidence is not None]
    return Row(
        article=article,
        section=section,
        original=original,
        lang=first.source.lang,
        original_lang=first.target.lang,
        date=first.date,
        outlet=outlets.get(first.outlet, first.outlet),
        url=first.url,
        title=next((pair.source.text for pair in titles if pair.source.text), ""),
        original_title=next((pair.target.text for pair in titles if pair.target.text), ""),
        title_translation=next((pair.translation for pair in titles if pair.translation), ""),
        kinds={str(kind): n for kind, n in kinds.items()},
        beads=dict(Counter(pair.bead if pair.kind == "translated" else pair.kind for pair in body))
        if original
        else {},
        confidences=_bins(confidences),
        sentences=sum(len(pair.source.segments) for pair in body),
        original_sentences=sum(len(pair.target.segments) for pair in body),
        cut=sum(len(pair.target.segments) for pair in body if pair.kind == "cut"),
        added=sum(len(pair.source.segments) for pair in body if pair.kind == "added"),
        unaligned=kinds["unaligned"],
        flagged=sum(1 for pair in present or group if pair.doubts),
        to_look_at=sum(1 for pair in present or group if worth_a_look(pair)),
        pairs=len(body),
        share_cut=_known(scores.get("share_cut"), _share(body, "cut")) if original else None,
        share_added=_known(scores.get("share_added"), _share(body, "added")) if original else None,
        confidence=_known(
            scores.get("mean_confidence"), sum(confidences) / len(confidences) if confidences else None
        ),
        metrics=scores.get("metrics") or {},
        match=scores.get("match") or {},
        gone=not present,
    )


def _known(first: float | None, second: float | None) -> float | None:
    return first if first is not None else second


def _bins(confidences: list[float]) -> tuple[int, ...]:
    bins = [0] * BINS
    for value in confidences:
        bins[min(BINS - 1, max(0, int(value * BINS)))] += 1
    return tuple(bins)


def _share(body: list[Pair], kind: str) -> float | None:
    """The share of one side's characters that stands in pairs of a kind: the original's for "cut"."""
    sides = [(pair.target if kind == "cut" else pair.source, pair.kind == kind) for pair in body]
    total = sum(len(side.text) for side, _ in sides)
    return sum(len(side.text) for side, hit in sides if hit) / total if total else None
