"""Pages and articles saved as plain text."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading_helpers import BODY, PAGE, article, drop, lines


def test_a_carriers_page_gives_the_article_and_nothing_of_the_page(tmp_path: Path) -> None:
    found = article(tmp_path, "page.txt", PAGE)
    assert lines(found) == BODY
    assert (found.title, found.date) == ("Spring Sowing Begins in Sunny County", "2024-04-05")
    assert (found.outlet, found.lang, found.url) == ("rodong", "en", "")
    assert found.path == str(tmp_path / "page.txt")


@pytest.mark.parametrize(
    ("what", "page"),
    [
        ("CRLF", PAGE.replace("\n", "\r\n")),
        ("byte-order mark", "\ufeff" + PAGE),
        (
            "stray characters",
            PAGE.replace("Farms of", "Farms\u00a0of\u200b").replace("manager", "mana\u00adger\x07"),
        ),
        ("blank lines", PAGE.replace("\n", "\n\n")),
        ("trailing spaces", PAGE.replace("\n", "  \n")),
        ("no page after the text", PAGE.split("Rodong Sinmun\nMore")[0]),
        (
            "only the last heading",
            PAGE.replace("More From Rodong Sinmun (En)\n", "").split("A teaser")[0] + "More Articles",
        ),
        ("end mark", PAGE.replace("goes on.", "goes on. -0-").replace("Rodong Sinmun\n", "", 1)),
        ("byline in brackets", PAGE.replace("\nRodong Sinmun\n", "\n(Rodong Sinmun)\n")),
        ("header in three lines", PAGE.replace(" | Source", "\n| Source").replace(" | Read", "\n| Read")),
        ("header without the link", PAGE.replace(" | Read original version at source", "")),
        ("title again above the text", PAGE.replace("source\n", "source\nSpring Sowing Begins in Sunny County\n")),
        ("site's navigation above", "KCNA Watch\nHome\n\n" + PAGE),
    ],
)
def test_a_carriers_page_in_other_forms(tmp_path: Path, what: str, page: str) -> None:
    found = article(tmp_path, "page.txt", page)
    mark = BODY if what != "end mark" else [*BODY[:2], "The work goes on."]
    assert lines(found) == mark
    assert found.title == "Spring Sowing Begins in Sunny County"
    assert found.date == "2024-04-05"


@pytest.mark.parametrize(
    "paragraph",
    [
        "Date: the fifth of April, said a board there.",
        "Date: 01/01/2000 | Source: an old calendar | A third column of the table, which goes on for long",
        "More From the farms is expected in the coming weeks.",
        "More From Rodong Sinmun (En) readers came a flood of letters.",
        "He asked for More Articles on sowing.",
        "Rodong Sinmun carried an article on it.",
    ],
)
def test_the_pages_words_within_a_paragraph_are_text(tmp_path: Path, paragraph: str) -> None:
    found = article(tmp_path, "page.txt", PAGE.replace(BODY[1], paragraph))
    assert lines(found) == [BODY[0], paragraph, BODY[2]]


def test_an_address_in_the_header_is_the_original(tmp_path: Path) -> None:
    page = PAGE.replace("at source\n", "at source (http://www.rodong.rep.kp/en/index.php?x)\n")
    assert article(tmp_path, "page.txt", page).original_urls == ("http://www.rodong.rep.kp/en/index.php?x",)


@pytest.mark.parametrize(
    ("source", "outlet", "lang"),
    [
        ("Rodong Sinmun (En)", "rodong", "en"),
        ("rodong sinmun (EN)", "rodong", "en"),
        ("로동신문 (Kr)", "rodong", "ko"),
        ("KCNA.kp (Ru)", "kcna", "ru"),
        ("KCNA.co.jp (Es)", "kcna-co-jp", "es"),
        ("Pyongyang Times", "pyongyang-times", "en"),
        ("Minju Choson (Kr)", "minju-joson", "ko"),
        ("Uriminzokkiri.com (Kr)", "uriminzokkiri", "ko"),
        ("Naenara (Cn)", "naenara", "zh"),
        ("Dprktoday.com (Kr)", "dprk-today", "ko"),
        ("VOK (En)", "voice-of-korea", "en"),
        ("Tongil Voice (Kr)", "tongil-voice", "ko"),
        ("Ministry of Foreign Affairs (En)", "ministry-of-foreign-affairs", "en"),
    ],
)
def test_the_source_tells_outlet_and_language(tmp_path: Path, source: str, outlet: str, lang: str) -> None:
    name = source.split(" (")[0]
    page = PAGE.replace("Rodong Sinmun (En)", source).replace("\nRodong Sinmun\n", f"\n{name}\n")
    found = article(tmp_path, "page.txt", page)
    assert (found.outlet, found.lang) == (outlet, lang)
    assert lines(found) == BODY


WRAPPED = """Title of a text
that was wrapped

Date: 05/04/2024 | Source: Rodong Sinmun (En) | Read original version at source

The first paragraph of this text runs on over several lines, as an
editor that wraps at seventy columns leaves it, and it ends on a line
of its own.
The second paragraph begins without an empty line, and its sentences
also run over the line's end, so that no line but the last one ends a
sentence.

The third one follows an empty line and is as long as the others were,
for a habit cannot be read from one break.
Rodong Sinmun
More From Rodong Sinmun (En)
A teaser
"""


def test_hard_wrapped_lines_are_joined(tmp_path: Path) -> None:
    found = article(tmp_path, "page.txt", WRAPPED)
    assert [text[:20] for text in lines(found)] == [
        "The first paragraph ",
        "The second paragraph",
        "The third one follow",
    ]
    assert lines(found)[0].endswith("leaves it, and it ends on a line of its own.")
    assert found.title == "Title of a text that was wrapped"


KOREAN = """봄철씨붙임 시작
{date}

군안의 농장들에서 금요일부터 씨붙임을 시작하였다.

동지들!
올해 농사를 잘 짓기 위한 사업이 계속되고있다.(끝)
"""


@pytest.mark.parametrize(
    ("date", "outlet"),
    [
        ("주체113(2024)년 4월 5일", "generic"),
        ("주체113(2024)년 4월 5일 금요일", "generic"),
        ("2024-04-05", "generic"),
        ("[ 2024-04-05 오전 11:52:56 ]", "generic"),
        ("2024년 04월 05일 09시 37분", "generic"),
        ("２０２４년 ４월 ５일", "generic"),
        ("2024.4.5.", "generic"),
        ("Date: 05/04/2024 | Source: 로동신문 (Kr)", "rodong"),
    ],
)
def test_a_korean_text_with_a_date_line(tmp_path: Path, date: str, outlet: str) -> None:
    found = article(tmp_path, "original.txt", KOREAN.format(date=date))
    assert lines(found) == [
        "군안의 농장들에서 금요일부터 씨붙임을 시작하였다.",
        "동지들!",
        "올해 농사를 잘 짓기 위한 사업이 계속되고있다.",
    ]
    assert (found.title, found.date, found.lang, found.outlet) == ("봄철씨붙임 시작", "2024-04-05", "ko", outlet)


def test_a_date_line_is_not_needed_and_a_date_in_a_sentence_is_text(tmp_path: Path) -> None:
    found = article(
        tmp_path, "plain.txt", "Sowing Begins\n\nOn April 5, 2024 farms began sowing.\n\nThe work goes on.\n"
    )
    assert lines(found) == ["On April 5, 2024 farms began sowing.", "The work goes on."]
    assert (found.title, found.date, found.lang) == ("Sowing Begins", "", "en")


def test_a_date_may_stand_above_the_title_or_below_a_subtitle(tmp_path: Path) -> None:
    above = article(tmp_path, "above.txt", "April 5, 2024\nSowing Begins\nFarms began sowing.\n")
    assert (above.title, above.date, above.text) == ("Sowing Begins", "2024-04-05", "Farms began sowing.")
    below = article(tmp_path, "below.txt", "Sowing Begins\nFirst in the county\n2024.4.5.\nFarms began sowing.\n")
    assert (below.date, below.text) == ("2024-04-05", "First in the county\nFarms began sowing.")


def test_a_long_first_sentence_is_no_title(tmp_path: Path) -> None:
    first = "Farms of the county " + "and of every other county of the province " * 5 + "began sowing on Friday."
    found = article(tmp_path, "plain.txt", f"{first}\nThe work goes on.\n")
    assert (found.title, lines(found)) == ("", [first, "The work goes on."])


def test_byline_and_dateline_tell_the_outlet_of_a_plain_text(tmp_path: Path) -> None:
    byline = article(tmp_path, "a.txt", "Sowing Begins\nFarms began sowing.\nRodong Sinmun\n")
    assert (byline.outlet, byline.text) == ("rodong", "Farms began sowing.")
    dateline = article(tmp_path, "b.txt", "Sowing Begins\nPyongyang, April 5 (KCNA) -- Farms began sowing. -0-\n")
    assert (dateline.outlet, dateline.text) == ("kcna", "Pyongyang, April 5 (KCNA) -- Farms began sowing.")


@pytest.mark.parametrize(
    "page",
    [
        "Only a headline\n",
        "Only a headline\nDate: 05/04/2024 | Source: Rodong Sinmun (En) | Read original version at source\n",
        PAGE.replace("\n".join(BODY) + "\n", ""),
        "Only a headline\n-----\n***\n",
    ],
)
def test_a_headline_alone_is_dropped_by_name(tmp_path: Path, page: str) -> None:
    found = drop(tmp_path, "page.txt", page)
    assert found.reason == "no-text"
    assert page.split("\n")[0] in found.message


def test_html_under_the_name_of_a_text_is_read_as_html(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><body><h1>Sowing Begins</h1><p>Farms began sowing on Friday.</p></body></html>"
    found = article(tmp_path, "page.txt", page)
    assert (found.title, found.text) == ("Sowing Begins", "Farms began sowing on Friday.")
