"""One shard's articles -> its pairs: segment, translate, align, join, score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from align.records import Article, Match, Pair, Segment
from align.runs.joining import Translations, pairs_with_original, pairs_without_original
from align.runs.plan import Shard
from align.runs.store import RunStore, content_key
from align.runs.tools import Progress, Tools
from align.scoring import segment_chrf
from align.segmentation import segment
from align.translation import Translated

Direction = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShardResult:
    """Pairs in order, and the translations that the cache did not know, by their keys."""

    pairs: list[Pair]
    translations: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def do_shard(
    shard: Shard, store: RunStore, matches: Mapping[str, Sequence[Match]], tools: Tools, watch: Progress
) -> ShardResult:
    """Work through one shard. Reads the store and writes nothing."""
    articles = [store.article("article", name) for name in shard.articles]
    sources = {stored.article.id: segment(stored.article) for stored in articles}
    new: dict[str, tuple[str, tuple[str, ...]]] = {}
    translations = _translate([stored.article for stored in articles], sources, store, tools, new, watch)
    pairs: list[Pair] = []
    for stored in articles:
        article = stored.article
        for lang in tools.settings.to:
            if lang == article.lang:
                continue
            translator = tools.translator(article.lang, lang)
            known = translations[article.lang, lang]
            found = [m for m in matches.get(article.id, ()) if m.lang == lang]
            if not found:
                group = pairs_without_original(article, sources[article.id], lang, known, translator)
                pairs += [replace(pair, gone=stored.gone) for pair in group]
            for match in found:
                original = store.article("original", match.original)
                targets = segment(original.article)
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
    return ShardResult(_score(pairs), new)


def _body(segments: Sequence[Segment]) -> list[str]:
    return [s.text for s in segments if not s.is_title]


def _translations(body: Sequence[str], known: Translations) -> list[str | None]:
    return [known[text].text if text in known else None for text in body]


def _translate(
    articles: Sequence[Article],
    sources: Mapping[str, Sequence[Segment]],
    store: RunStore,
    tools: Tools,
    new: dict[str, tuple[str, tuple[str, ...]]],
    watch: Progress,
) -> dict[Direction, Translations]:
    """Translate all texts of the shard by direction, asking the cache first; what it lacked goes into `new`.

    The batches depend on the texts that earlier shards left to do, and shards are done in order, so a run
    gives the same bytes however often it was interrupted.
    """
    found: dict[Direction, Translations] = {}
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for article in articles:
        texts[article.lang] += [s.text for s in sources[article.id]]
    for lang, lines in texts.items():
        for to in tools.settings.to:
            translator = tools.translator(lang, to)
            if translator is None:
                found[lang, to] = {}
                continue
            keys = {text: content_key(translator.settings_key, text) for text in lines}
            cached = store.translations(keys.values())
            known = {text: Translated(*cached[key]) for text, key in keys.items() if key in cached}
            missing = [text for text in keys if text not in known]
            made = translator.translate(missing, _ticker(watch, len(missing)))
            for text, translated in zip(missing, made, strict=True):
                known[text] = translated
                new[keys[text]] = (translated.text, translated.flags)
            found[lang, to] = known
    return found


def _ticker(watch: Progress, total: int) -> Callable[[int], None]:
    """Counts the segments that have been translated, up to `total`."""
    done = 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        watch("segments of this part", done, total)

    return tick


def _score(pairs: Sequence[Pair]) -> list[Pair]:
    """Add chrF to every translated pair that has a translation."""
    at = [k for k, pair in enumerate(pairs) if pair.kind == "translated" and pair.translation]
    values = segment_chrf([pairs[k].translation or "" for k in at], [pairs[k].target.text for k in at])
    scored = list(pairs)
    for k, value in zip(at, values, strict=True):
        scored[k] = replace(pairs[k], scores={"chrF": value})
    return scored
