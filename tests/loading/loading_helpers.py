"""What the tests of loading share: write files, load them, and take the articles and drops apart."""

from __future__ import annotations

import json
from pathlib import Path

from align.loading import load
from align.records import Article, Dropped

PAGE = """Spring Sowing Begins in Sunny County
Date: 05/04/2024 | Source: Rodong Sinmun (En) | Read original version at source
Farms of the county began sowing on Friday.
The manager said that the seeds had been ready since March.
The work goes on.
Rodong Sinmun
More From Rodong Sinmun (En)
A teaser of another story that is cut off in the middle of
April 06, 2024
A teaser of another story that is cut off in the middle of
More Articles
"""
BODY = [
    "Farms of the county began sowing on Friday.",
    "The manager said that the seeds had been ready since March.",
    "The work goes on.",
]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file in `folder`; text as UTF-8 with its line ends as they are."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(*records: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def articles(*paths: Path, default_lang: str = "en") -> list[Article]:
    """The articles of `paths`; fails if anything was dropped."""
    found = list(load(paths, default_lang=default_lang))
    dropped = [entry for entry in found if isinstance(entry, Dropped)]
    assert not dropped
    return [entry for entry in found if isinstance(entry, Article)]


def article(folder: Path, name: str, content: str | bytes, default_lang: str = "en") -> Article:
    """The one article of a file with that content."""
    (found,) = articles(write(folder, name, content), default_lang=default_lang)
    return found


def drop(folder: Path, name: str, content: str | bytes) -> Dropped:
    """The one thing that is dropped of a file with that content, which holds no article."""
    (found,) = load([write(folder, name, content)])
    assert isinstance(found, Dropped)
    return found


def lines(found: Article) -> list[str]:
    """Paragraphs of an article."""
    return found.text.split("\n")
