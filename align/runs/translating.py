"""A shard's texts -> their translations, each text once, and what is known is taken from the run store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from align.config import RunSettings
from align.language.codes import joiner
from align.records import BACK_FLAG, Article, Pair, Segment
from align.runs.joining import Translations
from align.runs.store import RunStore
from align.runs.tools import Progress, Tools
from align.translation import Translator

Direction = tuple[str, str]


def translations(
    articles: Sequence[Article],
    sources: Mapping[str, Sequence[Segment]],
    store: RunStore,
    tools: Tools,
    watch: Progress,
) -> dict[Direction, Translations]:
    """Translations of the articles' segments by direction; none for one without a model.

    `sources` holds the segments of each article, by its id.
    """
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for article in articles:
        texts[article.lang] += [segment.text for segment in sources[article.id]]
    found: dict[Direction, Translations] = {}
    for lang, lines in texts.items():
        for to in tools.settings.to:
            translator = tools.translator(lang, to)
            found[lang, to] = {}
            if translator:
                found[lang, to] = _translate(translator, lines, store, watch, "segments of this part")
    return found


def with_back(
    pairs: Sequence[Pair], texts: Mapping[str, str], store: RunStore, tools: Tools, watch: Progress
) -> list[Pair]:
    """The pairs with the original's side translated back, as far as the settings ask for it and there is a model.

    `texts` holds the text of each segment of the originals, by its id: they are translated one by one, as they
    were segmented, and joined. All pairs are needed at once: what is cut is known after aligning.
    """
    wanted: defaultdict[Direction, list[str]] = defaultdict(list)
    for pair in pairs:
        if _is_wanted(pair, tools.settings):
            wanted[_direction(pair)] += [texts[segment] for segment, _, _ in pair.target.segments]
    found: dict[Direction, Translations] = {}
    for (original, article), lines in wanted.items():
        translator = tools.translator(original, article)
        if translator:
            found[original, article] = _translate(translator, lines, store, watch, "segments translated back")
    return [
        _joined(pair, texts, found[_direction(pair)])
        if _is_wanted(pair, tools.settings) and _direction(pair) in found
        else pair
        for pair in pairs
    ]


def _is_wanted(pair: Pair, settings: RunSettings) -> bool:
    """Is the original's side of a pair to be translated back? "cut" is what has no counterpart in the article."""
    if settings.back == "none" or not pair.target.segments:
        return False
    return settings.back == "all" or not pair.source.segments


def _direction(pair: Pair) -> Direction:
    return pair.target.lang, pair.source.lang


def _joined(pair: Pair, texts: Mapping[str, str], known: Translations) -> Pair:
    found = [known[texts[segment]] for segment, _, _ in pair.target.segments]
    flags = sorted({f"{BACK_FLAG}{flag}" for translated in found for flag in translated.flags})
    return replace(
        pair,
        back=joiner(pair.source.lang).join(translated.text for translated in found if translated.text),
        flags=(*pair.flags, *flags),
    )


def _translate(
    translator: Translator, lines: Iterable[str], store: RunStore, watch: Progress, stage: str
) -> Translations:
    """Translations of `lines` by text. What the run does not know is put into its store on the way.

    So an interruption costs no more than the translator plans at a time. What runs together is decided by the
    lines, and by what earlier shards left to do; shards are done in order, so a run gives the same bytes however
    often it was interrupted.
    """
    texts = list(dict.fromkeys(lines))
    done = 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        watch(stage, done, len(texts))

    return dict(zip(texts, translator.translate(texts, tick, store.translations), strict=True))
