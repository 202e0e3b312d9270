"""Ids: what they hang on, and what happens when one comes twice."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from loading_helpers import PAGE, article, articles, rows, write

from align.loading import load
from align.records import Article, Dropped

BASE = {"title": "T", "text": "A text.", "link": "http://www.kcna.kp/en/1", "date": "2024-04-05", "lang": "en"}
SHARED = "http://www.kcna.co.jp/item/2011/201101/2011-01-01ee.html"


def id_of(folder: Path, **fields: object) -> str:
    return article(folder, "row.jsonl", rows({**BASE, **fields})).id


def test_the_form_of_an_id(tmp_path: Path) -> None:
    assert re.fullmatch(r"kcna-en-20240405-[0-9a-f]{8}", id_of(tmp_path))
    assert re.fullmatch(r"kcna-en-nodate-[0-9a-f]{8}", id_of(tmp_path, date=""))


def test_an_id_outlives_its_text_and_title_but_not_its_address_or_date(tmp_path: Path) -> None:
    base = id_of(tmp_path)
    assert id_of(tmp_path, text="Another text.") == base
    assert id_of(tmp_path, title="Another title") == base
    assert id_of(tmp_path, link="http://www.kcna.kp/en/2") != base
    assert id_of(tmp_path, date="2024-04-06") != base


def test_where_an_address_is_shared_the_title_counts(tmp_path: Path) -> None:
    one = id_of(tmp_path, link=SHARED)
    assert id_of(tmp_path, link=SHARED, title="Another") != one
    assert id_of(tmp_path, link=SHARED, text="Another text.") == one


def test_without_an_address_the_files_stem_and_the_title_count(tmp_path: Path) -> None:
    one = article(tmp_path, "a/page.txt", PAGE).id
    assert article(tmp_path, "b/page.txt", PAGE + "more\n").id == one
    assert article(tmp_path, "a/other.txt", PAGE).id != one
    assert article(tmp_path, "a/page.txt", PAGE.replace("Spring", "Autumn")).id != one


def test_a_korean_file_name_counts_the_same_however_it_is_stored(tmp_path: Path) -> None:
    composed = article(tmp_path, "1/봄.txt", PAGE).id
    assert article(tmp_path, f"2/{unicodedata.normalize('NFD', '봄')}.txt", PAGE).id == composed


def test_the_same_article_again_is_dropped_and_names_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", rows(BASE, BASE))
    loaded, dropped = load([path])
    assert isinstance(loaded, Article)
    assert isinstance(dropped, Dropped)
    assert (dropped.reason, dropped.where) == ("duplicate", "line 2")
    assert f"{path} line 1" in dropped.message


def test_another_text_under_one_id_is_kept_under_its_revision(tmp_path: Path) -> None:
    second = {**BASE, "text": "A corrected text."}
    path = write(tmp_path, "rows.jsonl", rows(BASE, second, second, BASE))
    found = list(load([path]))
    first, other = (entry for entry in found if isinstance(entry, Article))
    assert other.id == f"{first.id}-{other.revision}"
    assert [entry.where for entry in found if isinstance(entry, Dropped)] == ["line 3", "line 4"]


def test_what_was_written_out_is_known_again_beside_its_source(tmp_path: Path) -> None:
    source = write(tmp_path, "rows.jsonl", rows(BASE, {**BASE, "text": "A corrected text."}))
    found = articles(source)
    out = write(tmp_path, "out.jsonl", rows(*(entry.to_dict() for entry in found)))
    assert articles(out) == found
    both = list(load([source, out]))
    assert [entry for entry in both if isinstance(entry, Article)] == found
    assert [entry.reason for entry in both if isinstance(entry, Dropped)] == ["duplicate"] * 2
