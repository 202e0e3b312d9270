"""One shard's articles -> its pairs: segment, translate, align, join, translate back, score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from align.records import Match, Pair, Segment
from align.runs.joining import Translations, pairs_with_original, pairs_without_original
from align.runs.plan import Shard
from align.runs.store import RunStore
from align.runs.tools import Progress, Tools
from align.runs.translating import translations, with_back
from align.scoring import segment_chrf
from align.segmentation import segment


def do_shard(
    shard: Shard, store: RunStore, matches: Mapping[str, Sequence[Match]], tools: Tools, watch: Progress
) -> list[Pair]:
    """The pairs of one shard, in order. Writes to the store what it translates, and nothing else.

    So it runs in the driving process, the store's only writer.
    """
    articles = [store.article("article", name) for name in shard.articles]
    sources = {stored.article.id: segment(stored.article) for stored in articles}
    translated = translations([stored.article for stored in articles], sources, store, tools, watch)
    pairs: list[Pair] = []
    original_texts: dict[str, str] = {}
    for stored in articles:
        article = stored.article
        for lang in tools.settings.to:
            if lang == article.lang:
                continue
            translator = tools.translator(article.lang, lang)
            known = translated[article.lang, lang]
            found = [m for m in matches.get(article.id, ()) if m.lang == lang]
            if not found:
                group = pairs_without_original(article, sources[article.id], lang, known, translator)
                pairs += [replace(pair, gone=stored.gone) for pair in group]
            for match in found:
                original = store.article("original", match.original)
                targets = segment(original.article)
                original_texts |= {target.id: target.text for target in targets}
                body = _body(sources[article.id])
                beads = tools.aligner.align(
                    body,
                    _body(targets),
                    article.lang,
                    original.article.lang,
                    translations=_translations(body, known) if tools.settings.align.translations else None,
                )
                group = pairs_with_original(
                    article, original.article, match, sources[article.id], targets, beads, known, translator
                )
                pairs += [replace(pair, gone=stored.gone or original.gone) for pair in group]
    return _score(with_back(pairs, original_texts, store, tools, watch))


def _body(segments: Sequence[Segment]) -> list[str]:
    return [s.text for s in segments if not s.is_title]


def _translations(body: Sequence[str], known: Translations) -> list[str | None]:
    return [known[text].text if text in known else None for text in body]


def _score(pairs: Sequence[Pair]) -> list[Pair]:
    """Add chrF to every translated pair that has a translation."""
    at = [k for k, pair in enumerate(pairs) if pair.kind == "translated" and pair.translation]
    values = segment_chrf([pairs[k].translation or "" for k in at], [pairs[k].target.text for k in at])
    scored = list(pairs)
    for k, value in zip(at, values, strict=True):
        scored[k] = replace(pairs[k], scores={"chrF": value})
    return scored
