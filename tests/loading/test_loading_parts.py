"""Dates, languages, wrapping and outlet files, as tables and properties."""

from __future__ import annotations

import datetime
import textwrap
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading_helpers import PAGE, article, rows, write

from align.errors import ConfigError
from align.language.codes import LANGUAGES
from align.loading import load
from align.loading.cleaning import clean, split_lines
from align.loading.dates import date_line, parse_date
from align.loading.languages import choose_language, language_code, script
from align.loading.outlets import read_outlet, read_outlets
from align.loading.unwrapping import is_wrapped, unwrap
from align.records import Article


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-06-18", "2024-06-18"),
        ("2024-06-18T23:59:59+09:00", "2024-06-18"),
        ("2024.6.18.", "2024-06-18"),
        ("2024. 6. 18.", "2024-06-18"),
        ("18/06/2024", "2024-06-18"),
        ("06/18/2024", "2024-06-18"),
        ("18.06.2024", "2024-06-18"),
        ("20240618", "2024-06-18"),
        ("June 18, 2024", "2024-06-18"),
        ("Jun. 18 2024", "2024-06-18"),
        ("June 18th, Juche 113 (2024)", "2024-06-18"),
        ("Tue, 18 Jun 2024 09:00:00 GMT", "2024-06-18"),
        ("18 de junio de 2024", "2024-06-18"),
        ("18 июня 2024 года", "2024-06-18"),
        ("2024년 6월 18일", "2024-06-18"),
        ("주체113(2024)년 6월 18일", "2024-06-18"),
        ("주체113.6.18.", "2024-06-18"),
        ("www.kcna.kp (Juche113.6.18.)", "2024-06-18"),
        ("2024年6月18日", "2024-06-18"),
        ("２０２４년 ６월 １８일", "2024-06-18"),
        (1718668800000, "2024-06-18"),
        (1718668800, "2024-06-18"),
        ("1718668800000", "2024-06-18"),
        (20240618, "2024-06-18"),
        ("31/02/2024", ""),
        ("2024", ""),
        ("June 18", ""),
        ("yesterday", ""),
        ("", ""),
        (None, ""),
        (True, ""),
        (float("nan"), ""),
        (1e300, ""),
        (10**400, ""),
        (float("inf"), ""),
    ],
)
def test_dates(value: object, date: str) -> None:
    assert parse_date(value) == date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published: June 18, 2024", "2024-06-18"),
        ("(2024.6.18.)", "2024-06-18"),
        ("2024-06-18 09:37:00", "2024-06-18"),
        ("2024-06-18T09:00:00Z", "2024-06-18"),
        ("2024년 6월 18일 화요일", "2024-06-18"),
        ("June 18, 2024 was a fine day", ""),
        ("Pyongyang, June 18, 2024", ""),
        ("2024년 6월 18일부터", ""),
        ("No date", ""),
    ],
)
def test_lines_that_are_nothing_but_a_date(line: str, date: str) -> None:
    assert date_line(line) == date


@settings(deadline=None)
@given(st.dates(min_value=datetime.date(1946, 1, 1), max_value=datetime.date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: datetime.date) -> None:
    iso = day.isoformat()
    year, month, number = day.year, day.month, day.day
    for form in (
        iso,
        f"{number:02}/{month:02}/{year}",
        f"{year}.{month}.{number}.",
        f"{year}년 {month}월 {number}일",
        f"주체{year - 1911}({year})년 {month}월 {number}일",
        day.strftime("%B %d, %Y"),
        day.strftime("%d %b %Y"),
    ):
        assert parse_date(form) == iso
        assert date_line(form) == iso


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("ko_KR", "ko"),
        ("kor", "ko"),
        ("Korean", "ko"),
        ("kr", "ko"),
        ("sp", "es"),
        ("", ""),
        ("und", ""),
        ("klingon", None),
        ("xx", None),
    ],
)
def test_what_languages_are_called(said: str, code: str | None) -> None:
    assert language_code(said) == code


@pytest.mark.parametrize(
    ("text", "used", "lang"),
    [
        ("Farms began sowing.", "Latn", "en"),
        ("농장들에서 씨붙임을 시작하였다.", "Hang", "ko"),
        ("미국의 CNN, NBC, ABC 방송들이", "Hang", "ko"),
        ("Сев начался.", "Cyrl", "ru"),
        ("播种开始了。", "Hani", "zh"),
        ("種まきが始まった。", "Jpan", "ja"),
        ("بدأ البذر", "Arab", "ar"),
        ("1234 !?", "", "en"),
    ],
)
def test_the_script_tells_a_language(text: str, used: str, lang: str) -> None:
    assert script(text) == used
    assert choose_language("", (), text, "en", "en") == lang


def test_hints_are_believed_in_their_own_script_only() -> None:
    assert choose_language("", ("en", "uk"), "Сівба почалася.", "en", "en") == "uk"
    assert choose_language("", (), "Сівба почалася.", "uk", "en") == "uk"
    assert choose_language("en", ("ko",), "농장", "ru", "en") == "en"


@pytest.mark.parametrize(
    ("default", "latin", "expected"),
    [
        ("ko", "en", "en"),
        ("ru", "es", "es"),
        ("fr", "en", "fr"),
        ("en", "es", "en"),
        ("ko", "ru", "en"),
        ("en", "ko", "en"),
    ],
)
def test_latin_text_takes_a_default_of_its_script_else_the_latin_language(
    default: str, latin: str, expected: str
) -> None:
    assert choose_language("", (), "Farms began sowing.", default, latin) == expected
    assert choose_language("", ("ko",), "Farms began sowing.", default, latin) == expected


PARAGRAPHS = [
    "The farms of the county began sowing on Friday, and the manager, who has worked there for thirty years, said "
    "that the seeds had been ready since the first days of March.",
    "The work goes on in the fields along the river, where the soil is warm enough, while the farms in the hills "
    "wait for another week.",
    "It is expected to end before May Day.",
]


@pytest.mark.parametrize(
    ("width", "between"),
    # Without an empty line, 60 and 66 columns leave a paragraph's last line full: its end cannot be seen.
    [(width, "\n\n") for width in (50, 60, 66, 72, 80)] + [(width, "\n") for width in (50, 72, 80)],
)
def test_unwrap_undoes_wrapping(width: int, between: str) -> None:
    wrapped = between.join(textwrap.fill(text, width) for text in PARAGRAPHS)
    assert unwrap(wrapped.split("\n")) == PARAGRAPHS


@pytest.mark.parametrize(
    "lines",
    [
        PARAGRAPHS,
        ["Short one.", "Another short one.", "And a third one here.", "The fourth is longer than they are."],
        ["- One item of a list", "- Another item of the list", "- A third item", "- The last of them all"],
        ["Long live the farms!", "Roses are red and", "violets are blue and", "sugar is sweet and", "so are you"],
        ["친애하는 동지들!", "우리는 승리의 신심 드높이 전진한다.", "일은 계속된다.", "모두다 앞으로!"],
    ],
)
def test_lines_that_are_paragraphs_are_left_alone(lines: list[str]) -> None:
    assert not is_wrapped(lines)
    assert unwrap(lines) == lines


def test_korean_wrapped_lines_and_indented_paragraphs() -> None:
    first = "우리는 조국력사에 빛나는 리정표를 아로새긴 승리자의 긍지와 자부심에 넘쳐 새해를 맞이하며 나아간다"
    words, rows_of, line = (first + " 그리고 " + first + ".").split(), [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > 30:
            rows_of.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    rows_of.append(line)
    assert unwrap(["　" + rows_of[0], *rows_of[1:], "　" + rows_of[0], *rows_of[1:]]) == [" ".join(words)] * 2


@settings(deadline=None)
@given(st.lists(st.text(max_size=90), max_size=12))
def test_unwrapping_loses_and_adds_no_character_but_spaces(lines: list[str]) -> None:
    lines = [line for text in lines for line in split_lines(text)]
    joined = "".join(unwrap(lines)).replace(" ", "")
    assert joined == "".join(map(clean, lines)).replace(" ", "")


@settings(deadline=None)
@given(st.text())
def test_cleaning_is_idempotent_and_leaves_what_every_format_can_hold(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode("utf-8")
    assert not any(unicodedata.category(ch) in ("Cc", "Cs", "Zl", "Zp") for ch in once)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.json", "a.jsonl", "a.txt.gz"]))
def test_any_bytes_give_articles_or_drops(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    found = list(load([write(tmp_path_factory.mktemp("any"), name, data)]))
    assert found
    for entry in found:
        if isinstance(entry, Article):
            _check_invariants(entry)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200), st.text(max_size=40), st.text(max_size=40))
def test_any_record_gives_a_sound_article_that_comes_back_or_a_drop(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str, date: str
) -> None:
    folder = tmp_path_factory.mktemp("record")
    (found,) = load([write(folder, "r.jsonl", rows({"text": text, "title": title, "date": date}))])
    if isinstance(found, Article):
        _check_invariants(found)
        assert list(load([write(folder, "out.jsonl", rows(found.to_dict()))])) == [found]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
_NAMES = st.sampled_from(
    ["id", "revision", "lang", "title", "date", "outlet", "url", "text", "original_urls", "path", "source", "link"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_NAMES, _VALUES), st.booleans())
def test_any_values_in_a_records_fields_are_an_article_or_a_drop(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object], whole: bool
) -> None:
    base = Article("i", "en", "T", "", "kcna", "", "A text.").to_dict() if whole else {"text": "A text."}
    found = list(load([write(tmp_path_factory.mktemp("values"), "r.jsonl", rows({**base, **fields}))]))
    assert len(found) == 1


def _check_invariants(found: Article) -> None:
    paragraphs = found.text.split("\n")
    assert paragraphs == found.text.splitlines()
    assert all(line and line == clean(line) for line in paragraphs)
    assert found.title == clean(found.title)
    assert found.lang in LANGUAGES
    assert found.date == "" or parse_date(found.date) == found.date


def test_the_packaged_outlet_files_are_sound() -> None:
    known = read_outlets()
    assert {"rodong", "kcna", "kcna-co-jp", "generic"} <= set(known.outlets)
    assert [carrier.id for carrier in known.carriers] == ["kcnawatch"]
    assert known.outlets["kcna-co-jp"].shared_addresses
    assert known.at("http://www.rodong.rep.kp/en/index.php").id == "rodong"
    assert known.at("http://notrodong.rep.kp.example.org/").id != "rodong"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nmaes: [A]", r"new\.yaml: unknown key 'nmaes'; did you mean 'names'"),
        ("html: {titel: [h1]}", "unknown key 'html.titel'; did you mean 'title'"),
        ("lang: kr", "did you mean 'ko'"),
        ("bylines: ['(']", "no regular expression"),
        ("html: {body: ['div[']}", "no CSS selector"),
        ("kind: carrier", "header"),
        ("kind: carrier\nheader: 'Date: (?P<date>.+)'", r"lacks the named group source"),
        ("- a", "must hold keys and values"),
    ],
)
def test_a_faulty_outlet_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_outlet(write(tmp_path, "new.yaml", text))


def test_an_outlet_file_of_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "outlets"
    write(
        folder,
        "county-paper.yaml",
        "names: [County Paper]\nhosts: [county.example.org]\nfurniture: ['Photo: .+']\n",
    )
    page = PAGE.replace("Rodong Sinmun", "County Paper").replace("The work", "Photo: Kim\nThe work")
    (found,) = load([write(tmp_path, "page.txt", page)], outlets=[folder])
    assert isinstance(found, Article)
    assert found.outlet == "county-paper"
    assert "Photo" not in found.text
    assert "Photo" in article(tmp_path, "page.txt", page).text  # unknown without the file
    with pytest.raises(ConfigError, match="no such folder"):
        load([tmp_path], outlets=[tmp_path / "nowhere"])


def test_two_files_may_not_claim_one_name(tmp_path: Path) -> None:
    write(tmp_path, "other.yaml", "names: [rodong sinmun]")
    with pytest.raises(ConfigError, match="both claim 'rodong sinmun'"):
        read_outlets([tmp_path])
    write(tmp_path, "rodong.yaml", "names: [Another]")  # replaces the packaged one
    assert read_outlets([tmp_path]).outlets["rodong"].names == ("Another",)
