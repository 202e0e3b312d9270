"""What a reader of one format hands on: a draft of an article, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from align.loading.outlets import Outlet

Reason = Literal[
    "bad-archive",
    "bad-json",
    "bad-row",
    "binary",
    "duplicate",
    "empty",
    "encoding",
    "language",
    "no-article",
    "no-text",
    "not-read",
    "nothing-to-read",
    "unreadable",
]


class Unusable(Exception):
    """An input, or a row of one, holds no article; becomes a `Dropped`, so it never leaves this package.

    `message` says what is true of the input and what to do; `where` is the line, if the reader knows it.
    """

    def __init__(self, reason: Reason, message: str, where: str = "") -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message
        self.where = where


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as one format tells it, before its language is settled and its id is made.

    `lang` is what was said of this very article (a suffix, a field); `lang_hints` is weaker evidence
    (the page's markup, the outlet's habit), strongest first. `paragraphs` are clean.
    """

    outlet: Outlet
    title: str
    paragraphs: tuple[str, ...]
    date: str = ""
    lang: str = ""
    lang_hints: tuple[str, ...] = ()
    url: str = ""
    original_urls: tuple[str, ...] = ()
