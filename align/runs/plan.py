"""Which articles are committed together, and how a shard's content is told from another's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from align.records import Match
from align.runs.store import Group, RunStore, Stored, content_key
from align.runs.tools import Tools


@dataclass(frozen=True, slots=True)
class Shard:
    """The unit of work and of commitment: some articles and the key of all that decides its pairs."""

    number: int
    articles: tuple[str, ...]
    key: str

    @property
    def file_name(self) -> str:
        return f"{self.number:05d}.jsonl"


def enrol(store: RunStore, size: int) -> None:
    """Give each article without a shard one, `size` to a shard in the order in which they came.

    Articles keep their shard for good, so that more inputs extend a run and leave what is done alone.
    """
    members = store.members()
    number = max(members.values(), default=-1) + 1
    waiting = [article for article in store.ids("article") if article not in members]
    rows = [(article, number + k // size, k % size) for k, article in enumerate(waiting)]
    store.add_members(rows)


def shards(store: RunStore, matches: Mapping[str, Sequence[Match]], tools: Tools, version: str) -> list[Shard]:
    """All shards of the run with their content keys, in order."""
    settings = tools.settings
    roles: tuple[Group, ...] = ("article", "original")
    facts: dict[Group, dict[str, str]] = {role: {} for role in roles}
    langs: dict[str, str] = {}
    for role in roles:
        for stored in store.articles(role):
            facts[role][stored.article.id] = _fact(stored)
            if role == "article":
                langs[stored.article.id] = stored.article.lang
    members: defaultdict[int, list[str]] = defaultdict(list)
    for article, number in store.members().items():
        members[number].append(article)
    models = {}
    for lang in sorted(set(langs.values())):
        for to in settings.to:
            translator = tools.translator(lang, to)
            models[f"{lang}-{to}"] = translator.settings_key if translator else None
    common = [version, list(settings.to), settings.align.model_dump(), settings.translate.batch_tokens, models]

    def matched(article: str, match: Match) -> list[Any]:
        original = facts["original"][match.original]
        back = _back(match.lang, langs[article], tools)
        return [match.lang, match.confidence, match.evidence, original, *back]

    return [
        Shard(
            number,
            tuple(articles),
            content_key(
                common,
                [
                    [facts["article"][article], [matched(article, match) for match in matches.get(article, ())]]
                    for article in articles
                ],
            ),
        )
        for number, articles in sorted(members.items())
    ]


def _back(original: str, article: str, tools: Tools) -> list[str | None]:
    """What decides how an original is translated back into the article's language; nothing where it is not."""
    if tools.settings.back == "none":
        return []
    translator = tools.translator(original, article)
    return [tools.settings.back, translator.settings_key if translator else None]


def _fact(stored: Stored) -> str:
    """Key of everything that a record brings into its pairs; where its file lies is not among it."""
    record = {key: value for key, value in stored.article.to_dict().items() if key != "path"}
    return content_key(record, stored.gone)
