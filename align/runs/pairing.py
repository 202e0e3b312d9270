"""Which loaded records a run wants, and how they are paired: those given now first, those gone after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from align import __version__
from align.config import RunSettings
from align.language.codes import LANGUAGES
from align.matching import GivenPair, match
from align.records import Article, Dropped, Match
from align.runs.store import RunStore, Stored, content_key
from align.runs.tools import Progress, Tools


def wanted_articles(records: Iterable[Article | Dropped], settings: RunSettings) -> Iterator[Article | Dropped]:
    """Pass records on; an article in a language of the originals becomes a Dropped."""
    for record in records:
        if isinstance(record, Article) and record.lang in set(settings.to) - {settings.source_lang}:
            message = f"is in {_name(record.lang)}, the language of the originals; give it with --originals"
            yield Dropped(record.path, "language", message)
        else:
            yield record


def wanted_originals(records: Iterable[Article | Dropped], to: Sequence[str]) -> Iterator[Article | Dropped]:
    """Pass records on; an original in a language that was not asked for becomes a Dropped."""
    for record in records:
        if isinstance(record, Article) and record.lang not in to:
            message = (
                f"is in {_name(record.lang)}, and the originals asked for are in {', '.join(map(_name, to))}; "
                f"give it as an input if it is an article, or add --to {record.lang}"
            )
            yield Dropped(record.path, "language", message)
        else:
            yield record


def match_stored(
    store: RunStore, tools: Tools, table: Sequence[GivenPair], watch: Progress
) -> dict[str, list[Match]]:
    """Pair the store's articles with its originals, unless it holds the pairing of exactly these.

    Records that are gone take no partner from those that are here; they keep an earlier partner that is left over.
    """
    articles, originals = list(store.articles("article")), list(store.articles("original"))
    settings = tools.settings
    key = content_key(
        __version__,
        settings.match.model_dump(),
        settings.align.embedder,
        list(settings.to),
        [[stored.article.to_dict(), stored.gone] for stored in (*articles, *originals)],
        [[row.article, row.original] for row in table],
    )
    if store.get("matched") != key:
        watch("matching", 0, len(articles))
        earlier = list(store.matches())
        here = [stored.article for stored in articles if not stored.gone]
        found = match(
            here,
            [stored.article for stored in originals if not stored.gone],
            to=settings.to,
            settings=settings.match,
            embedder=tools.watched_embedder(watch) if originals else None,
            given=table,
        )
        rows = [pairing.to_dict() for pairing in found]
        store.replace_matches([*_kept(rows, earlier, articles, originals)])
        store.put("matched", key)
        watch("matching", len(articles), len(articles))
    by_article: defaultdict[str, list[Match]] = defaultdict(list)
    for row in store.matches():
        if row["status"] == "paired":
            by_article[row["article"]].append(
                Match(row["article"], row["original"], row["lang"], row["confidence"], row["evidence"])
            )
    return {article: sorted(found, key=lambda m: (m.lang, m.original)) for article, found in by_article.items()}


def _kept(
    rows: Sequence[dict[str, Any]],
    earlier: Iterable[dict[str, Any]],
    articles: Sequence[Stored],
    originals: Sequence[Stored],
) -> Iterator[dict[str, Any]]:
    """The new rows, with earlier pairs of gone records put back where neither side has found another partner."""
    known = {s.article.id for s in articles} | {s.article.id for s in originals}
    gone = {s.article.id for s in (*articles, *originals) if s.gone}
    taken = {(row["article"], row["lang"]) for row in rows if row["status"] == "paired"}
    used = {row["original"] for row in rows if row["status"] == "paired"}
    kept = [
        row
        for row in earlier
        if row["status"] == "paired"
        and {row["article"], row["original"]} <= known
        and {row["article"], row["original"]} & gone
        and (row["article"], row["lang"]) not in taken
        and row["original"] not in used
    ]
    back = {(row["article"], row["lang"]) for row in kept}
    paired = {row["original"] for row in kept}
    for row in rows:
        alone = row["status"] == "unpaired"
        if not (alone and ((row["article"], row["lang"]) in back or row["original"] in paired)):
            yield row
    yield from kept
    named = {row[side] for row in (*rows, *kept) for side in ("article", "original")}
    for role, group in (("article", articles), ("original", originals)):
        for stored in group:
            if stored.gone and stored.article.id not in named:
                yield _alone(role, stored.article)


def _alone(role: str, record: Article) -> dict[str, Any]:
    """The row of a record that is gone and has no partner any more."""
    empty = dict.fromkeys(("article_path", "original_path", "article", "original", "evidence", "best_rejected"))
    own = {role: record.id, f"{role}_path": record.path, "lang": record.lang}
    return {**empty, **own, "confidence": 0.0, "status": "unpaired"}


def _name(lang: str) -> str:
    return LANGUAGES[lang].name
