"""Our segmenter on the gold set of hard cases: every case as a table row, and the bar for the whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from align.segmentation import segment_text

GOLD = Path(__file__).parent / "gold"


def read(name: str) -> list[dict[str, Any]]:
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [{"lang": name, **json.loads(line)} for line in lines]


def sentences(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in segment_text(text, lang)]


@pytest.mark.parametrize("name", ["en", "ko", "other"])
def test_gold_is_well_formed(name: str) -> None:
    rows = read(name)
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert row["about"]
        assert all(part == part.strip() and part for part in row["sentences"])
        assert "".join(row["text"].split()) == "".join("".join(row["sentences"]).split())


@pytest.mark.parametrize(("name", "bar"), [("en", 0.95), ("ko", 0.95), ("other", 0.9)])
def test_hard_cases(name: str, bar: float) -> None:
    rows = read(name)
    wrong = [row["about"] for row in rows if sentences(row["text"], row["lang"]) != row["sentences"]]
    assert 1 - len(wrong) / len(rows) >= bar, wrong
