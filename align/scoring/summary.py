"""The scores of a run: pairs, article by article -> what scores.json holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from align.errors import InputError
from align.records import KINDS, Match, Pair, Side
from align.scoring.metrics import Scorer

# Kinds that come from an alignment; only these have a bead type worth counting.
_ALIGNED = ("translated", "cut", "added")


@dataclass(slots=True)
class _Language:
    """What is gathered for one language of originals; the texts are those of scored pairs only."""

    source_langs: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    segments: int = 0
    with_original: int = 0
    originals: int = 0
    translated: int = 0
    hypotheses: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


def summarise(
    groups: Iterable[Sequence[Pair]], *, matches: Mapping[tuple[str, str], Match], dropped: int
) -> dict[str, Any]:
    """Coverage, bead statistics and metrics of a run, in the form of scores.json (docs/scores.md).

    A group holds the pairs of one article and one original of it (or of none); groups are taken one at a
    time. `matches` is keyed by the ids of article and original; `dropped` is the number of dropped inputs.
    Titles are counted and left out of everything else: they are headlines, freely rewritten. So are pairs of
    inputs that are gone; a group without other pairs has a row, marked, with figures of its own, and is in no
    sum. Metrics take the pairs of kind "translated" that have a translation. Floats are rounded to 4 digits.
    Raises InputError where a group mixes articles or originals.
    """
    kinds: Counter[str] = Counter()
    beads: Counter[str] = Counter()
    confidences: list[float] = []
    flagged = titles = gone_pairs = 0
    articles: list[dict[str, Any]] = []
    languages: dict[str, _Language] = {}
    scorers: dict[str, Scorer] = {}
    for group in groups:
        if not group:
            continue
        article, original, lang = _identity(group)
        if lang not in scorers:
            scorers[lang] = Scorer(lang)
        present = [pair for pair in group if not pair.gone]
        gone_pairs += len(group) - len(present)
        pairs = [pair for pair in present or group if not pair.is_title]
        row = _article(pairs, article, original, lang, scorers[lang], matches.get((article, original)))
        row["gone"] = not present
        articles.append(row)
        if not present:
            continue
        titles += len(present) - len(pairs)
        kinds.update(pair.kind for pair in pairs)
        beads.update(pair.bead for pair in pairs if pair.kind in _ALIGNED)
        confidences += [pair.confidence for pair in pairs if pair.confidence is not None]
        flagged += sum(bool(pair.doubts) for pair in pairs)
        _gather(languages.setdefault(lang, _Language()), present, pairs, row)
    here = {row["article"] for row in articles if not row["gone"]}
    return {
        "summary": {
            "articles": len(here),
            "matched": len({row["article"] for row in articles if row["original"] and not row["gone"]}),
            "gone": len({row["article"] for row in articles} - here),
            "pairs": sum(kinds.values()),
            "titles": titles,
            "gone_pairs": gone_pairs,
            "kinds": {kind: kinds[kind] for kind in KINDS if kinds[kind]},
            "beads": dict(sorted(beads.items(), key=lambda item: (-item[1], item[0]))),
            "mean_confidence": _mean(confidences),
            "flagged": flagged,
            "dropped": dropped,
        },
        "languages": {lang: _language(lang, languages[lang], scorers[lang]) for lang in sorted(languages)},
        "articles": articles,
    }


def _identity(group: Sequence[Pair]) -> tuple[str, str, str]:
    """Ids of the article and its original (empty: none), and the original's language."""
    articles = {pair.source.article for pair in group} - {""}
    originals = {pair.target.article for pair in group} - {""}
    langs = {pair.target.lang for pair in group}
    if len(articles) != 1 or len(originals) > 1 or len(langs) != 1:
        raise InputError(
            f"a group of pairs must be of one article, one original and one language, but holds "
            f"{sorted(articles)}, {sorted(originals)} and {sorted(langs)}"
        )
    return articles.pop(), originals.pop() if originals else "", langs.pop()


def _article(
    pairs: Sequence[Pair], article: str, original: str, lang: str, scorer: Scorer, match: Match | None
) -> dict[str, Any]:
    scored = _scored(pairs)
    return {
        "article": article,
        "original": original or None,
        "lang": lang,
        "source_segments": sum(len(pair.source.segments) for pair in pairs),
        "target_segments": sum(len(pair.target.segments) for pair in pairs),
        "with_original": sum(len(pair.source.segments) for pair in pairs if pair.kind == "translated"),
        # Without an original nothing is known of either.
        "share_cut": _share([(pair.target, pair.kind == "cut") for pair in pairs]) if original else None,
        "share_added": _share([(pair.source, pair.kind == "added") for pair in pairs]) if original else None,
        "mean_confidence": _mean([pair.confidence for pair in pairs if pair.confidence is not None]),
        "metrics": _metrics(scorer, [h for h, _ in scored], [r for _, r in scored]),
        "match": {"evidence": match.evidence, "confidence": round(match.confidence, 4)} if match else None,
    }


def _gather(language: _Language, group: Sequence[Pair], pairs: Sequence[Pair], row: Mapping[str, Any]) -> None:
    language.source_langs |= {pair.source.lang for pair in group if pair.source.lang}
    language.models |= {pair.model for pair in group if pair.model}
    language.segments += row["source_segments"]
    language.with_original += row["with_original"]
    language.originals += row["original"] is not None
    language.translated += sum(pair.kind == "translated" for pair in pairs)
    for hypothesis, reference in _scored(pairs):
        language.hypotheses.append(hypothesis)
        language.references.append(reference)


def _language(lang: str, language: _Language, scorer: Scorer) -> dict[str, Any]:
    return {
        "coverage": {"segments": language.segments, "with_original": language.with_original},
        "model": ", ".join(sorted(language.models)) or None,
        "metrics": _metrics(scorer, language.hypotheses, language.references),
        "absent": None if language.hypotheses else _why_absent(lang, language),
    }


def _why_absent(lang: str, language: _Language) -> str:
    reasons = []
    if not language.originals:
        reasons.append("no original was given or found")
    elif not language.translated:
        reasons.append("no segment could be aligned with an original")
    if not language.models:
        reasons.extend(f"no model for {source}-{lang}" for source in sorted(language.source_langs))
    return "; ".join(reasons) or "no aligned segment has a translation"


def _scored(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    return [(p.translation, p.target.text) for p in pairs if p.kind == "translated" and p.translation is not None]


def _metrics(scorer: Scorer, hypotheses: Sequence[str], references: Sequence[str]) -> dict[str, Any] | None:
    if not hypotheses:
        return None
    return {name: metric.to_dict() for name, metric in scorer.score(hypotheses, references).items()}


def _share(sides: Sequence[tuple[Side, bool]]) -> float:
    """The share of the characters of `sides` that stands in those marked; 0 where there are none."""
    whole = sum(len(side.text) for side, _ in sides)
    return round(sum(len(side.text) for side, marked in sides if marked) / whole, 4) if whole else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
