"""Segments, beads and translations of one article -> its pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from align.language.codes import joiner
from align.records import Article, Bead, Kind, Match, Pair, Role, Segment, Side, check_beads
from align.translation import Translated, Translator

# A null less probable than this is no finding: the aligner could not place the segment.
_SURE_NULL = 0.5

Translations = Mapping[str, Translated]


def pairs_without_original(
    article: Article,
    segments: Sequence[Segment],
    lang: str,
    translations: Translations,
    translator: Translator | None,
) -> list[Pair]:
    """Every segment of an article that has no original in `lang`, translated where there is a model."""
    target = Side("original", lang, "", (), "")
    return [_pair(article, "unmatched", None, [segment], target, translations, translator) for segment in segments]


def pairs_with_original(
    article: Article,
    original: Article,
    match: Match,
    sources: Sequence[Segment],
    targets: Sequence[Segment],
    beads: Sequence[Bead],
    translations: Translations,
    translator: Translator | None,
) -> list[Pair]:
    """The pairs of a match: first the two titles, then the beads over the segments of the two bodies."""
    titles = [s for s in sources if s.is_title], [s for s in targets if s.is_title]
    bodies = [s for s in sources if not s.is_title], [s for s in targets if not s.is_title]
    check_beads(beads, len(bodies[0]), len(bodies[1]))
    groups: list[tuple[Kind, float | None, list[Segment], list[Segment]]] = []
    if titles[0] and titles[1]:
        # The titles belong together exactly if the documents do.
        groups.append(("translated", match.confidence, *titles))
    elif titles[0] or titles[1]:
        groups.append(("unaligned", None, *titles))
    for bead in beads:
        left, right = [bodies[0][i] for i in bead.source], [bodies[1][j] for j in bead.target]
        groups.append((_kind(bead), bead.confidence, left, right))
    return [
        _pair(article, kind, confidence, left, _side("original", original, right), translations, translator)
        for kind, confidence, left, right in groups
    ]


def _kind(bead: Bead) -> Kind:
    if bead.source and bead.target:
        return "translated"
    if bead.confidence is not None and bead.confidence < _SURE_NULL:
        return "unaligned"
    return "added" if bead.source else "cut"


def _side(role: Role, article: Article, segments: Sequence[Segment]) -> Side:
    return Side.of(role, article.lang, article.id, segments, joiner(article.lang))


def _pair(
    article: Article,
    kind: Kind,
    confidence: float | None,
    segments: Sequence[Segment],
    target: Side,
    translations: Translations,
    translator: Translator | None,
) -> Pair:
    found = [translations[segment.text] for segment in segments if segment.text in translations]
    flags = sorted({flag for translated in found for flag in translated.flags})
    return Pair(
        kind=kind,
        confidence=confidence,
        source=_side("article", article, segments),
        target=target,
        translation=joiner(target.lang).join(t.text for t in found) if found else None,
        model=translator.name if translator and found else None,
        flags=tuple(flags),
        url=article.url,
        date=article.date,
        outlet=article.outlet,
        is_title=bool(segments and segments[0].is_title)
        or (not segments and target.segments[0][0].endswith(":title")),
    )
