"""Files and folders: what is read, in which order, what is dropped, and encodings."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from loading_helpers import BODY, PAGE, article, articles, drop, lines, rows, write

from align.errors import ConfigError, InputError
from align.loading import load
from align.records import Article, Dropped


def test_a_missing_path_stops_everything_before_it_begins(tmp_path: Path) -> None:
    good = write(tmp_path, "page.txt", PAGE)
    with pytest.raises(InputError, match=r"nowhere\.txt: there is no such file"):
        load([good, tmp_path / "nowhere.txt"])


def test_an_unknown_language_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'ko'"):
        load([tmp_path], default_lang="kr")
    with pytest.raises(ConfigError, match="did you mean 'en'"):
        load([tmp_path], latin_lang="us")


def test_an_english_file_among_korean_originals_stays_english(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "Sowing Begins\nFarms of the county began sowing on Friday.")
    write(tmp_path, "b.txt", "봄철씨붙임 시작\n군의 농장들에서 씨붙임을 시작하였다.")
    found = [entry for entry in load([tmp_path], default_lang="ko") if isinstance(entry, Article)]
    assert [(Path(entry.path).name, entry.lang) for entry in found] == [("a.txt", "en"), ("b.txt", "ko")]
    found = [entry for entry in load([tmp_path], default_lang="ko", latin_lang="es") if isinstance(entry, Article)]
    assert [entry.lang for entry in found] == ["es", "ko"]


def test_a_folder_is_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.txt", "B.txt"):
        write(tmp_path, name, PAGE.replace("Spring", name))
    assert [Path(found.path).name for found in articles(tmp_path)] == ["B.txt", "a.txt", "1.txt", "2.txt", "c.txt"]


def test_what_holds_no_article_is_passed_over_in_folders_only(tmp_path: Path) -> None:
    page = "<html><body><h1>Sowing</h1><p>Farms of the county began sowing on Friday.</p></body></html>"
    for name in (
        "page_files/frame.html",
        "page_files/a.css",
        ".hidden.txt",
        ".git/a.txt",
        "README.txt",
        "notes.md",
        "a.png",
    ):
        write(tmp_path, name, page)
    write(tmp_path, "page.html", page)
    assert [found.title for found in articles(tmp_path)] == ["Sowing"]
    found = list(load([tmp_path / "a.png", tmp_path / "notes.md", tmp_path / ".hidden.txt"]))
    assert [type(entry).__name__ for entry in found] == ["Dropped", "Dropped", "Article"]
    assert {entry.reason for entry in found if isinstance(entry, Dropped)} == {"not-read"}


def test_the_directory_of_a_run_is_no_input(tmp_path: Path) -> None:
    write(tmp_path, "page.txt", PAGE)
    for name in ("run.sqlite", "pairs.jsonl", "dropped.jsonl", "report/index.html", "shards/00000.jsonl"):
        write(tmp_path, f"align-run/{name}", rows({"text": "A row of a run."}))
    write(tmp_path, "notes/pairs.jsonl", rows({"title": "Ours", "text": "A row of our own."}))
    assert [Path(found.path).name for found in articles(tmp_path)] == ["pairs.jsonl", "page.txt"]
    (found,) = load([tmp_path / "align-run"])
    assert isinstance(found, Dropped)
    assert (found.reason, "directory of a run" in found.message) == ("nothing-to-read", True)


def test_hidden_folders_are_passed_over_but_read_when_named(tmp_path: Path) -> None:
    write(tmp_path, "page.txt", PAGE)
    write(tmp_path, ".cache/old.txt", PAGE.replace("Spring", "Autumn"))
    write(tmp_path, "sub/.cache/deep/old.txt", PAGE.replace("Spring", "Winter"))
    assert [found.title for found in articles(tmp_path)] == ["Spring Sowing Begins in Sunny County"]
    assert [found.title for found in articles(tmp_path / ".cache")] == ["Autumn Sowing Begins in Sunny County"]


def test_documents_that_are_not_read_are_dropped_in_folders_too(tmp_path: Path) -> None:
    write(tmp_path, "page.pdf", b"%PDF-1.7")
    write(tmp_path, "page.docx", b"PK\x03\x04")
    found = list(load([tmp_path]))
    assert [(entry.reason, Path(entry.path).name) for entry in found if isinstance(entry, Dropped)] == [
        ("not-read", "page.docx"),
        ("not-read", "page.pdf"),
    ]


def test_a_folder_with_nothing_to_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.png", b"")
    (found,) = load([tmp_path])
    assert isinstance(found, Dropped)
    assert (found.reason, found.path) == ("nothing-to-read", str(tmp_path))


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "page.txt", PAGE)
    assert len(articles(path, tmp_path, path)) == 1


def test_a_file_name_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    try:
        path = write(tmp_path, "p\udcffge.txt", PAGE)
    except (OSError, UnicodeEncodeError):
        pytest.skip("no such file names here")
    (found,) = articles(path)
    assert found.path.encode("utf-8").endswith(b"ge.txt")


def test_a_link_back_to_the_folder_above_ends(tmp_path: Path) -> None:
    write(tmp_path, "sub/page.txt", PAGE)
    try:
        (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    assert len(articles(tmp_path)) == 1


def test_a_broken_link_is_dropped_and_the_rest_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, "page.txt", PAGE)
    try:
        (tmp_path / "a.txt").symlink_to("gone.txt")
    except OSError:
        pytest.skip("no symbolic links here")
    dropped, loaded = load([tmp_path])
    assert isinstance(dropped, Dropped)
    assert isinstance(loaded, Article)
    assert dropped.reason == "unreadable"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t\n", "empty"),
        ("a.txt", b"\xef\xbb\xbf\n", "empty"),
        ("a.html", b"", "empty"),
        ("a.json", b"", "empty"),
        ("a.json", b"[]", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.txt.gz", gzip.compress(b""), "empty"),
        ("a.txt", b"%PDF-1.7 text", "binary"),
        ("a.html", b"\x89PNG\r\n\x1a\n", "binary"),
        ("a.jsonl", b"PK\x03\x04abc", "binary"),
        ("a.txt", b"some\0text", "binary"),
        ("a.txt", "Title\nText".encode("utf-16-le"), "binary"),
        ("a.txt", b"Title\nna\xefve text", "encoding"),
        ("a.txt", "Сев начался\nРаботы идут на всех полях.".encode("cp1251"), "encoding"),
        ("a.txt", "春耕开始\n各农场从星期五开始播种。".encode("gbk"), "encoding"),
        ("a.txt", b"\xff\xfeT\x00i\x00", "no-text"),
        ("a.txt", b"\xff\xfe\x00\xd8T\x00", "encoding"),
        ("a.html", b"<meta charset=utf-8><p>na\xefve</p>", "encoding"),
        ("a.html", b"<meta charset=no-such><p>na\xefve</p>", "encoding"),
        ("a.json", b"{'a': 1}", "bad-json"),
        ("a.json", b'{"text": "cut', "bad-json"),
        ("a.json", b"[" * 100_000, "bad-json"),
        ("a.json", b"null", "bad-row"),
        ("a.json", b"1" * 5000, "bad-json"),
        ("a.jsonl", b"1" * 5000, "bad-json"),
    ],
)
def test_unreadable_files_say_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    found = drop(tmp_path, name, content)
    assert found.reason == reason
    assert len(found.message) > 20


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "1.txt", b"\0\0")
    write(tmp_path, "2.txt", PAGE)
    write(tmp_path, "3.html", b"")
    found = list(load([tmp_path]))
    assert [type(entry).__name__ for entry in found] == ["Dropped", "Article", "Dropped"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark_and_utf_8(tmp_path: Path, encoding: str) -> None:
    assert lines(article(tmp_path, "page.txt", PAGE.encode(encoding))) == BODY


KOREAN = "봄철씨붙임 시작\n농장들에서 금요일부터 씨붙임을 시작하였다.\n일은 계속된다.\n"


def test_korean_text_in_cp949(tmp_path: Path) -> None:
    found = article(tmp_path, "page.txt", KOREAN.encode("cp949"))
    assert (found.title, found.lang) == ("봄철씨붙임 시작", "ko")


@pytest.mark.parametrize(
    ("label", "encoding", "title"),
    [
        ("euc-kr", "cp949", "봄철씨붙임 시작"),
        ("ks_c_5601-1987", "cp949", "봄철씨붙임 시작"),
        ("windows-1251", "cp1251", "Сев начался"),
        ("iso-8859-1", "cp1252", "Sowing “begins” – naïve"),
        ("gb2312", "gb18030", "春耕开始"),
    ],
)
def test_html_in_its_declared_charset(tmp_path: Path, label: str, encoding: str, title: str) -> None:
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head>'
    page = f"{head}<body><h1>{title}</h1><p>{title}, {title}, {title}, {title}.</p></body></html>"
    assert article(tmp_path, "page.html", page.encode(encoding)).title == title


def test_a_wrong_declaration_does_not_harm_utf_8(tmp_path: Path) -> None:
    page = f"<meta charset=euc-kr><h1>{KOREAN.split()[0]}</h1><p>{KOREAN}</p>"
    assert article(tmp_path, "page.html", page).title == KOREAN.split()[0]
