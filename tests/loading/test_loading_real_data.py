"""The real pages and dumps: nothing lost, nothing added."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from loading_helpers import articles, lines

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")]


def squeezed(text: str) -> str:
    return " ".join(text.split()).removesuffix("-0-").rstrip()


def test_the_seed_page_has_its_27_paragraphs_and_no_teaser() -> None:
    (found,) = articles(DATA / "seed-page")
    page = (DATA / "seed-page" / "kcnawatch-2024-06-18.txt").read_text(encoding="utf-8").splitlines()
    assert lines(found) == page[2:29]
    assert len(lines(found)) == 27
    assert found.title == page[0]
    assert (found.date, found.outlet, found.lang) == ("2024-06-18", "rodong", "en")


def test_kcna_en_loads_whole() -> None:
    found = articles(DATA / "kcna-en")
    wanted = json.loads((DATA / "kcna-en" / "kcna-articles-en.json").read_text(encoding="utf-8"))
    assert len(found) == 600 == len({entry.id for entry in found})
    for entry, row in zip(found, wanted, strict=True):
        assert squeezed(entry.text) == squeezed(row["story_text"])
        assert (entry.date, entry.outlet, entry.lang) == (row["date_str"], "kcna", "en")
        assert entry.title == squeezed(row["headline"])


def test_kcna_2011_loads_whole_although_a_days_stories_share_an_address() -> None:
    found = articles(DATA / "kcna-2011")
    assert len(found) == 11_933 == len({entry.id for entry in found})
    with gzip.open(DATA / "kcna-2011" / "articles.jsonl.gz", "rt", encoding="utf-8") as stream:
        for entry, line in zip(found, stream, strict=True):
            row = json.loads(line)
            assert squeezed(entry.text) == squeezed(row["story_text"])
            assert (entry.lang, entry.date, entry.outlet) == (row["lang"], row["date_str"], "kcna-co-jp")


def test_the_new_years_addresses_are_korean_texts() -> None:
    found = articles(DATA / "nk-speeches-ko")
    assert [entry.lang for entry in found] == ["ko"] * 10
    assert all(len(lines(entry)) >= 40 for entry in found)
    assert {entry.date for entry in found} == {"", "2010-01-01", "2012-01-01", "2013-01-01"}
    assert not any("----" in entry.text or entry.text.endswith(("(끝)", "끝＞")) for entry in found)
