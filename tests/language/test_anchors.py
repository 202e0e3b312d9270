"""Numbers, names and marks that stay the same in translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.language.anchors import anchors, hangul_key, marks, roman_key


def numbers(text: str) -> set[str]:
    return set(anchors(text)[0])


def names(text: str) -> set[str]:
    return set(anchors(text)[1])


@pytest.mark.parametrize(
    ("romanised", "hangul"),
    [
        ("Kim Jong Un", "김정은"),
        ("Kim Jong-un", "김정은"),
        ("Kim Jong Il", "김정일"),
        ("Kim Il Sung", "김일성"),
        ("Choe Ryong Hae", "최룡해"),
        ("Pak Pong Ju", "박봉주"),
        ("Hwangju", "황주"),
        ("Pyongyang", "평양"),
        ("Pyeongyang", "평양"),
        ("P'yongyang", "평양"),
        ("Sinuiju", "신의주"),
        ("Samjiyon", "삼지연"),
        ("Samjiyeon", "삼지연"),
        ("Mangyongdae", "만경대"),
        ("Chongjin", "청진"),
        ("Cheongjin", "청진"),
        ("Kaesong", "개성"),
        ("Gaeseong", "개성"),
        ("Paektu", "백두"),
        ("Baekdu", "백두"),
        ("Rason", "라선"),
        ("Kumgang", "금강"),
    ],
)
def test_korean_names_in_either_romanisation(romanised: str, hangul: str) -> None:
    assert roman_key(romanised) == hangul_key(hangul)
    assert names(f"They met {romanised} there.") & names(f"그들은 {hangul}에서 만났다.")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pyongyang", "평성"), ("Kim Jong Un", "김정일"), ("Hwangju", "함주"), ("Sinuiju", "신천")],
)
def test_different_korean_names_differ(one: str, other: str) -> None:
    assert roman_key(one) != hangul_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("President Rodríguez spoke.", "El presidente RODRIGUEZ habló."),
        ("Moskau und Gagarin", "Гагарин"),
        ("The Ŏryu dam near Müller", "Muller"),
    ],
)
def test_names_without_accents_case_or_script(one: str, other: str) -> None:
    assert names(one) & names(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,500 people", {"12500"}),
        ("12.500 personas", {"12500"}),
        ("12 500 personnes", {"12500"}),
        ("12\u00a0500 personnes", {"12500"}),
        ("1,234,567", {"1234567"}),
        ("2.5 per cent", {"2.5"}),
        ("2,50 Prozent", {"2.5"}),
        ("0.5 or 007", {".5", "7"}),
        ("in 2011 100 people", {"2011", "100"}),
        ("３００톤", {"300"}),
        ("٣٤", {"34"}),
        ("3만 5천여명", {"35000"}),
        ("20만명과 3천톤", {"200000", "3000"}),
        ("1.2억", {"120000000"}),
        ("1.2 million", {"1200000"}),
        ("35 mil personas", {"35000"}),
        ("주체100(2011)년", {"2011"}),
        ("Juche 100 (2011)", {"2011"}),
        ("in Juche 100", {"2011"}),
        ("8월 15일", {"month 8", "15"}),
        ("August 15", {"month 8", "15"}),
        ("15 de agosto", {"month 8", "15"}),
        ("le 15 août", {"month 8", "15"}),
        ("15. Mai", {"month 5", "15"}),
        ("15 мая", {"month 5", "15"}),
        ("8月15日", {"month 8", "15"}),
        ("It may march.", set()),
        ("May Day, March 8", {"month 5", "month 3", "8"}),
        ("no number", set()),
    ],
)
def test_numbers_by_value(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Qué es?", {"?"}),
        ("무엇인가？", {"?"}),
        ("«Oui», dit-il : oui !", {'"', ":", "!"}),
        ("《로동신문》(평양)", {'"', "("}),
        ("- an item", {"dash"}),
        ("a well-kept text - yes", set()),
    ],
)
def test_marks(text: str, expected: set[str]) -> None:
    assert marks(text) == expected


@given(st.text())
def test_any_text_has_anchors(text: str) -> None:
    found, called = anchors(text)
    assert all(found)
    assert all(called)
    assert marks(text) <= {"?", "!", ":", ";", "(", '"', "dash"}


@given(st.text(alphabet="0123456789., 만천억월년JucheMay", max_size=40))
def test_any_figures_have_anchors(text: str) -> None:
    assert all(found == "0" or not found.startswith("0") for found in numbers(text))
