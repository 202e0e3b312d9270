"""Rules that the gold set does not reach: line breaks, hard wrapping, paragraphs, end marks, long quotations."""

from __future__ import annotations

import pytest

from align.records import Article
from align.segmentation import segment, segment_text


def sentences(text: str, lang: str = "en") -> list[str]:
    return [text[start:end] for start, end in segment_text(text, lang)]


WRAPPED = (
    "The stonemasons of the coastal county have laid the last block of the new\n"
    "breakwater. They worked through the autumn storms and the first frost, and\n"
    "no day went by without a ship bringing granite from the island.\n"
    "A lamp was lit on the head of the pier. Fishermen steered by it on the very\n"
    "first night, when fog lay over the bay."
)


def test_hard_wrapped_text_is_read_by_paragraph() -> None:
    assert len(sentences(WRAPPED)) == 4
    assert sentences(WRAPPED)[1].startswith("They worked")
    assert "\nno day" in sentences(WRAPPED)[1]


def test_segments_of_hard_wrapped_text_name_the_line_they_start_in() -> None:
    article = Article("a", "en", "", "", "", "", WRAPPED)
    assert [s.paragraph for s in segment(article)] == [0, 1, 3, 3]


def test_the_same_words_one_paragraph_a_line_are_not_joined() -> None:
    # Lines of a saved page: long, and each a paragraph, even where a full stop is missing.
    text = "The lamp was lit " * 12 + "\nfishermen steered by it\nThe fog lifted"
    assert len(sentences(text)) == 3


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Song of the pier\nwe laid the stones\nwe lit the lamp", "en"),
        ("제방에 새긴 이름\n돌을 쌓았네\n등불을 켰네", "ko"),
        (
            "섬마을 등대지기들이 겨울철 배길의 안전을 위한 준비를 갖추었다는 소식\n"
            "포구의 배수리공들이 어선수리를 앞당겨 끝내고 새 그물을 실었다는 소식\n"
            "바다가마을 학교의 학생들이 방파제우에 나무를 심고 가꾸었다는 소식",
            "ko",
        ),
        ("- granite from the island\n- lamp oil for the winter\n- rope of the best sort", "en"),
        ("1. granite from the island was brought by ship\n2. lamp oil for the winter came by road", "en"),
    ],
)
def test_short_lines_and_lists_are_not_hard_wrapped(text: str, lang: str) -> None:
    assert sentences(text, lang) == text.split("\n")


def test_windows_line_ends_are_white_space() -> None:
    assert sentences("The lamp was lit.\r\n\r\nFog lay over the bay.\r\n") == [
        "The lamp was lit.",
        "Fog lay over the bay.",
    ]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("The pier is done. -0-", "en", ["The pier is done.", "-0-"]),
        ("The pier is done -0-", "en", ["The pier is done", "-0-"]),
        ("-0-", "en", ["-0-"]),
        ("제방이 완공되였다. 끝.", "ko", ["제방이 완공되였다.", "끝."]),
        ("일은 아직 끝", "ko", ["일은 아직 끝"]),
        ("모든것은 시작이자 끝이다.", "ko", ["모든것은 시작이자 끝이다."]),
        ("The score was 2-0-1 then. It rose.", "en", ["The score was 2-0-1 then.", "It rose."]),
        ("그는 떠났다.【조선중앙통신】", "ko", ["그는 떠났다.", "【조선중앙통신】"]),
    ],
)
def test_end_marks_are_segments_of_their_own(text: str, lang: str, expected: list[str]) -> None:
    assert sentences(text, lang) == expected


def test_a_very_long_quotation_is_cut_inside() -> None:
    quoted = " ".join(["돌을 하나하나 다듬어 바다를 막았다."] * 30)
    found = sentences(f"그는 《{quoted}》라고 말하였다.", "ko")
    assert len(found) == 30
    assert found[-1].endswith("》라고 말하였다.")


def test_a_mark_without_a_partner_changes_nothing() -> None:
    assert sentences('He said "the pier is done. The lamp is lit. Fog lies over the bay.') == [
        'He said "the pier is done.',
        "The lamp is lit.",
        "Fog lies over the bay.",
    ]


def test_marks_without_words_stay_with_the_sentence_before() -> None:
    assert sentences("The lamp is lit. *** ?! Fog lies.") == ["The lamp is lit. *** ?!", "Fog lies."]


@pytest.mark.parametrize("lang", ["ro", "hu", "bg"])
def test_abbreviations_of_languages_without_a_table_come_from_the_library(lang: str) -> None:
    text = {
        "hu": "Sokan jöttek pl. Budapestről is. Este volt.",
        "bg": "Роден е в гр. София през май. Живее там.",
        "ro": "A. Popescu a venit. A plecat.",
    }[lang]
    assert len(sentences(text, lang)) == 2


@pytest.mark.parametrize(
    ("text", "lang", "count"),
    [
        ("Nadie duerme. !Que vuelva la luz! ?Quien la trae?", "es", 3),  # inverted marks in ASCII
        ("It is the U.S.' Pacific policy that failed.", "en", 1),
        ("The tour from Rason-Mt. Kumgang is open.", "en", 1),
        ("The lamp (it was old. It smoked.). Fog lay over the bay.", "en", 2),
        ("Er wohnt seit dem 3. Oktober im Haus. Es ist alt.", "de", 2),
        ("그것은 등대입니다 우리의 등대입니다", "ko", 2),
        ("그것은 등대입니다만 빛이 없다.", "ko", 1),
    ],
)
def test_single_rules(text: str, lang: str, count: int) -> None:
    assert len(sentences(text, lang)) == count
