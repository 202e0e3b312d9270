"""The English sentences of the benchmark of translation, and pairs to compare translations with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import align
from align.errors import InputError
from align.records import Article


def sentences(data: Path, count: int = 0) -> list[str]:
    """The first `count` segments (0: all) of the articles of kcna-en, in order, duplicates included.

    Raises InputError where the data are absent.
    """
    folder = data / "kcna-en"
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; name with --data the one that holds kcna-en")
    listed: list[str] = []
    for article in align.load([folder]):
        if isinstance(article, Article):
            listed += [segment.text for segment in align.segment(article)]
            if count and len(listed) >= count:
                return listed[:count]
    return listed


def sample(texts: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """So many of `texts`, drawn at random, in their order; all where there are no more."""
    chosen = random.Random(seed).sample(range(len(texts)), min(count, len(texts)))
    return [texts[index] for index in sorted(chosen)]


def references(data: Path) -> list[tuple[str, str]]:
    """English sentences with Korean ones; [] where they are absent."""
    table = data / "train" / "dev-kcna.tsv"
    if not table.is_file():
        return []
    rows = (row.split("\t") for row in table.read_text(encoding="utf-8").splitlines())
    return [(english, korean) for english, korean in rows]
