"""Builds the pairs of one article against one original, for the report's tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from align.language.codes import joiner
from align.records import Kind, Pair, Segment, Side


class Document:
    """One article against one original: pairs are added in order, offsets count up by themselves."""

    def __init__(
        self,
        article: str,
        original: str = "",
        lang: str = "ko",
        date: str = "2024-05-06",
        outlet: str = "Riverside Daily",
        url: str = "https://news.example/articles/1",
        model: str | None = "starter-en-ko",
    ) -> None:
        self.article, self.original, self.lang = article, original, lang
        self.date, self.outlet, self.url, self.model = date, outlet, url, model
        self.pairs: list[Pair] = []
        self._at = {article: 0, original: 0}

    def add(
        self,
        source: Sequence[str] | str = (),
        target: Sequence[str] | str = (),
        translation: str | None = None,
        kind: Kind = "translated",
        confidence: float | None = None,
        paragraph: int = 0,
        is_title: bool = False,
        **more: Any,
    ) -> Document:
        source = [source] if isinstance(source, str) else source
        target = [target] if isinstance(target, str) else target
        left = self._segments(self.article, "en", source, paragraph, is_title)
        right = self._segments(self.original, self.lang, target, paragraph, is_title)
        self.pairs.append(
            Pair(
                kind=kind,
                confidence=confidence,
                source=Side.of("article", "en", self.article, left),
                target=Side.of("original", self.lang, self.original, right, joiner(self.lang)),
                translation=translation,
                model=self.model if translation else None,
                url=self.url,
                date=self.date,
                outlet=self.outlet,
                is_title=is_title,
                **more,
            )
        )
        return self

    def _segments(
        self, article: str, lang: str, texts: Sequence[str], paragraph: int, is_title: bool
    ) -> list[Segment]:
        found: list[Segment] = []
        for text in texts:
            start = 0 if is_title else self._at[article]
            found.append(Segment(article, "0a1b2c3d", lang, start, start + len(text), text, paragraph, is_title))
            if not is_title:
                self._at[article] = start + len(text) + 1
        return found
