"""Real text: the sentences of hand-aligned articles, run together, come apart again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from align.segmentation import segment_text

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.data


def boundaries(parts: list[str]) -> set[int]:
    found, at = set(), 0
    for part in parts:
        at += len("".join(part.split()))
        found.add(at)
    return found - {0, at}


@pytest.mark.parametrize(("lang", "recall"), [("en", 0.93), ("ko", 0.98)])
def test_joined_articles_come_apart_where_people_cut_them(lang: str, recall: float) -> None:
    files = sorted((DATA / "ko-en-gold" / "dev").glob(f"*.{lang}"))
    if not files:
        pytest.skip("no ../shared/data/ko-en-gold")
    hits = found_n = gold_n = 0
    for file in files:
        parts = file.read_text(encoding="utf-8").splitlines()
        text = " ".join(parts)
        found = boundaries([text[start:end] for start, end in segment_text(text, lang)])
        gold = boundaries(parts)
        hits, found_n, gold_n = hits + len(found & gold), found_n + len(found), gold_n + len(gold)
    # What is missed are headings and lines after a colon, whose line breaks are gone.
    assert hits == found_n
    assert hits / gold_n >= recall


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_one_sentence_a_line_stays_so(lang: str) -> None:
    files = sorted((DATA / "ko-en-gold" / "dev").glob(f"*.{lang}"))
    if not files:
        pytest.skip("no ../shared/data/ko-en-gold")
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert [text[a:b] for a, b in segment_text(text, lang)] == [s.strip() for s in text.splitlines()], (
            file.name
        )


def test_agency_articles_lose_nothing_and_end_marks_stand_apart() -> None:
    file = DATA / "kcna-en" / "kcna-articles-en.json"
    if not file.exists():
        pytest.skip("no ../shared/data/kcna-en")
    for row in json.loads(file.read_text(encoding="utf-8")):
        text = row["story_text"]
        parts = [text[start:end] for start, end in segment_text(text, "en")]
        assert "".join("".join(parts).split()) == "".join(text.split())
        assert not any("\n" in part for part in parts), row["headline"]
        assert all(part == "-0-" or "-0-" not in part for part in parts), row["headline"]
