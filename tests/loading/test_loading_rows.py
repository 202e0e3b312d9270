"""Records of JSON and JSON lines."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest
from loading_helpers import article, articles, drop, lines, rows, write

from align.loading import load
from align.records import Article, Dropped

ROW = {
    "topic": "Home News",
    "headline": "Sowing Begins",
    "link": "http://www.kcna.kp/en/article/q/1.kcmsf",
    "date": 1712275200000,
    "story_text": "Pyongyang, April 5 (KCNA) -- Farms began sowing.\nThe work goes on. -0-",
    "date_str": "2024-04-05",
}


def one(folder: Path, **fields: object) -> Article:
    """The article of a record with `fields`."""
    return article(folder, "rows.jsonl", rows(fields))


def test_a_dumps_record(tmp_path: Path) -> None:
    found = one(tmp_path, **ROW)
    assert (found.title, found.date, found.url) == (ROW["headline"], "2024-04-05", ROW["link"])
    assert (found.outlet, found.lang) == ("kcna", "en")
    assert lines(found) == ["Pyongyang, April 5 (KCNA) -- Farms began sowing.", "The work goes on."]


@pytest.mark.parametrize(
    "fields",
    [
        {
            "title": "T",
            "text": "A text.",
            "url": "https://a.org/1",
            "language": "English",
            "published": "5 April 2024",
        },
        {
            "Headline": "T",
            "Body": "A text.",
            "URL": "https://a.org/1",
            "lang": "EN-us",
            "date": "2024-04-05T23:00:00Z",
        },
        {"title": "T", "content": ["A text."], "link": "https://a.org/1", "lang": "eng", "pub_date": 1712275200},
        {
            "title": "T",
            "content": "<p>A <b>text</b>.</p>",
            "href": "https://a.org/1",
            "lang": "en",
            "date": "5/4/2024",
        },
        {
            "title": " T ",
            "text": "A\u00a0text.\u200b\n\n",
            "link": "https://a.org/1",
            "lang": "en",
            "date": "20240405",
        },
    ],
)
def test_what_dumps_call_their_fields(tmp_path: Path, fields: dict[str, object]) -> None:
    found = one(tmp_path, **fields)
    assert (found.title, found.text, found.url) == ("T", "A text.", "https://a.org/1")
    assert (found.lang, found.date, found.outlet) == ("en", "2024-04-05", "a-org")


@pytest.mark.parametrize(
    ("fields", "outlet", "lang"),
    [
        ({"source": "Rodong Sinmun (Kr)"}, "rodong", "ko"),
        ({"outlet": "kcna"}, "kcna", "en"),
        ({"outlet": "로동신문"}, "rodong", "en"),
        ({"source": "KCNA Watch", "link": "https://kcnawatch.org/newstream/1/"}, "generic", "en"),
        ({"source": "http://www.rodong.rep.kp/cn/index.php?x"}, "rodong", "en"),
        ({"link": "http://www.kcna.kp/ru/article/q/1.kcmsf", "story_text": "Сев начался."}, "kcna", "ru"),
        ({"link": "http://www.kcna.kp/kp/article/q/1.kcmsf", "lang": "ko"}, "kcna", "ko"),
        ({"story_text": "농장들에서 씨붙임을 시작하였다."}, "generic", "ko"),
        ({"source": "Some New Paper"}, "some-new-paper", "en"),
    ],
)
def test_outlet_and_language_of_a_record(
    tmp_path: Path, fields: dict[str, object], outlet: str, lang: str
) -> None:
    found = one(tmp_path, **{"story_text": "A text.", **fields})
    assert (found.outlet, found.lang) == (outlet, lang)


def test_links_to_the_originals_and_hostile_addresses(tmp_path: Path) -> None:
    found = one(tmp_path, text="A text.", link="javascript:alert(1)", original_url="https://a.org/ko", title="T")
    assert (found.url, found.original_urls) == ("", ("https://a.org/ko",))


def test_without_a_headline_the_title_is_empty(tmp_path: Path) -> None:
    assert one(tmp_path, story_text="A text.", headline=None).title == ""


def test_bad_rows_are_named_and_the_others_survive(tmp_path: Path) -> None:
    good = [{"title": str(n), "text": f"Text {n}."} for n in range(3)]
    content = (
        rows(good[0])
        + '{"title": "cut off\n'
        + rows(good[1])
        + "\n"
        + rows({"title": "no text", "id": 3}, ["a", "list"], 7, {"text": "x", "lang": "klingon"})
        + rows(good[2])
    )
    path = write(tmp_path, "rows.jsonl", content.encode() + b'{"title": "\xff", "text": "x"}\n')
    found = list(load([path]))
    assert [entry.title for entry in found if isinstance(entry, Article)] == ["0", "1", "2"]
    dropped = [entry for entry in found if isinstance(entry, Dropped)]
    assert [(entry.where, entry.reason) for entry in dropped] == [
        ("line 2", "bad-json"),
        ("line 5", "no-text"),
        ("line 6", "bad-row"),
        ("line 7", "bad-row"),
        ("line 8", "language"),
        ("line 10", "encoding"),
    ]
    assert {entry.path for entry in dropped} == {str(path)}
    assert "title, id" in dropped[1].message


def test_an_array_counts_its_rows_and_one_object_is_one_article(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", json.dumps([ROW, {"headline": "no text"}]))
    loaded, dropped = load([path])
    assert isinstance(loaded, Article)
    assert isinstance(dropped, Dropped)
    assert (dropped.where, dropped.reason) == ("row 2", "no-text")
    assert article(tmp_path, "b.json", json.dumps(ROW, indent=2)).title == "Sowing Begins"


def test_arrays_and_lines_under_each_others_name(tmp_path: Path) -> None:
    other = {**ROW, "link": "http://www.kcna.kp/en/article/q/2.kcmsf"}
    assert len(articles(write(tmp_path, "lines.json", rows(ROW, other)))) == 2
    assert len(articles(write(tmp_path, "array.jsonl", json.dumps([ROW, other], indent=1)))) == 2
    only_lists = list(load([write(tmp_path, "lists.jsonl", "[1]\n[2]\n")]))
    assert [entry.reason for entry in only_lists if isinstance(entry, Dropped)] == ["bad-row", "bad-row"]


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.ndjson.gz", "rows.JSONL.GZ"])
def test_compressed_lines(tmp_path: Path, name: str) -> None:
    assert article(tmp_path, name, gzip.compress(rows(ROW).encode())).title == "Sowing Begins"


def test_a_cut_off_archive_gives_what_it_has(tmp_path: Path) -> None:
    many = [{"title": str(n), "text": f"Text {n} {hash(str(n))}."} for n in range(4000)]
    whole = gzip.compress(rows(*many).encode())
    found = list(load([write(tmp_path, "rows.jsonl.gz", whole[: len(whole) // 2])]))
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], Dropped)
    assert found[-1].reason == "bad-archive"
    assert drop(tmp_path, "no.jsonl.gz", b"no archive").reason == "bad-archive"


def test_lines_are_streamed(tmp_path: Path) -> None:
    """The first rows come without the file having been read to its broken end."""
    path = write(tmp_path, "rows.jsonl", rows(*({"title": str(n), "text": "T " * 500} for n in range(500))))
    stream = load([path])
    first = list(islice(stream, 3))
    path.write_bytes(path.read_bytes()[:20_000])  # what lies ahead is gone, and only that is missed
    assert [entry.title for entry in first if isinstance(entry, Article)] == ["0", "1", "2"]
    assert sum(isinstance(entry, Article) for entry in stream) < 100


def test_lines_in_utf_16_and_with_a_mark(tmp_path: Path) -> None:
    assert article(tmp_path, "a.jsonl", rows(ROW).encode("utf-16")).title == "Sowing Begins"
    assert article(tmp_path, "b.jsonl", "\ufeff" + rows(ROW)).title == "Sowing Begins"


def test_articles_that_were_written_out_come_back_unchanged(tmp_path: Path) -> None:
    originals = [
        Article(
            "kcna-en-20240405-00000000",
            "en",
            "T",
            "2024-04-05",
            "kcna",
            "https://a.org",
            "A.\nB.",
            ("https://b.org",),
            "x.txt",
        ),
        Article("my-own-id", "ko", "", "", "", "", "글.", (), ""),
        Article("odd  spacing", "en", "  T ", "", "", "", "A  text  -0-\n\nRodong Sinmun"),
    ]
    path = write(tmp_path, "articles.jsonl", rows(*(entry.to_dict() for entry in originals)))
    assert articles(path) == originals


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": ""}, "no-text"),
        ({"id": ""}, "bad-row"),
        ({"title": None}, "bad-row"),
        ({"lang": "xx"}, "language"),
        ({"text": "\ud800"}, "bad-row"),
    ],
)
def test_a_broken_article_is_dropped(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    row = {**Article("i", "en", "T", "", "kcna", "", "A text.").to_dict(), **change}
    assert drop(tmp_path, "articles.jsonl", rows(row)).reason == reason
