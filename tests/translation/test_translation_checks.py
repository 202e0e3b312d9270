"""The checks: what they must catch, and what they must let pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.translation import FLAGS, check
from align.translation.numerals import lost_numbers

EN = "The workers of the mine overfulfilled the monthly plan by introducing new methods."
KO = "광산의 로동자들은 새로운 방법을 받아들여 월계획을 넘쳐 수행하였다."


@pytest.mark.parametrize(
    ("source", "translation", "direction", "expected"),
    [
        (EN, KO, "en-ko", ()),
        (KO, EN, "ko-en", ()),
        (EN, "", "en-ko", ("empty",)),
        (EN, " -- ", "en-ko", ("empty",)),
        ("", "", "en-ko", ("empty",)),
        ("* * *", "* * *", "en-ko", ()),
        (EN, EN, "en-ko", ("copy", "script")),
        (EN, f"{EN[:-1]} !", "en-de", ("copy",)),
        ("KCNA", "KCNA", "en-ko", ()),
        ("Kim Il Sung", "Kim Il Sung", "en-de", ()),
        (EN, "광산의 " * 12, "en-ko", ("loop",)),
        (EN, "새로운 방법을 새로운 방법을 새로운 방법을 받아들여 수행하였다.", "en-ko", ("loop",)),
        (EN, "월계획을 넘쳐 수행하하하하하하하하하하하하하였다.", "en-ko", ("loop",)),
        ("Hurrah! Hurrah! Hurrah! Hurrah!", "만세! 만세! 만세! 만세!", "en-ko", ()),
        (EN, "광산", "en-ko", ("length",)),
        ("A new mine", f"{KO} 또한 제철소의 용해공들도 생산적앙양을 일으켰다.", "en-ko", ("length",)),
        ("Mine opened", "새 광산이 조업을 시작", "en-ko", ()),
        (EN, "Рабочие шахты перевыполнили месячный план.", "en-ko", ("script",)),
        (EN, "鉱山の労働者たちは新しい方法で計画を超過した。", "en-ko", ("script",)),
        (EN, "鉱山の労働者たちは新しい方法で月の計画を超過した。", "en-ja", ()),
        (EN, "矿山工人采用新方法超额完成了月计划，取得了成果。", "en-zh", ()),
        ("The AK-47 and the KN-23 were shown.", "AK-47, KN-23 공개", "en-ko", ()),
        (KO, "Шахтёры перевыполнили месячный план новым методом.", "ko-en", ("script",)),
        ("The plant made 45 tons.", "공장에서는 45t을 생산하였다.", "en-ko", ()),
        ("The plant made 45 tons.", "공장에서는 54t을 생산하였다.", "en-ko", ("numbers",)),
        ("It met in 2019.", "2019 2019 2019 2019년에 모였다.", "en-ko", ()),
        ("Text", "본문", "xx-yy", ("script",)),
    ],
)
def test_flags(source: str, translation: str, direction: str, expected: tuple[str, ...]) -> None:
    assert check(source, translation, *direction.split("-")) == expected


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("on October 10", "10월 10일에"),
        ("10월 10일에", "on October 10"),
        ("on 6 Oct. 2023", "2023년 10월 6일"),
        ("Juche 112 (2023)", "주체112(2023)년"),
        ("in 2023", "주체112년에"),
        ("주체112년에", "in 2023"),
        ("in 1993", "93년에"),
        ("90년대에", "in the 1990s"),
        ("1,234 people", "1 234명"),
        ("1 234명", "1,234 people"),
        ("25,000 tons", "2만 5 000t"),
        ("2만 5 000여t", "more than 25,000 tons"),
        ("320 million dollars", "3억 2 000만US$"),
        ("3억 2 000만US$", "320 million dollars"),
        ("over 21 million won", "2 100여만원"),
        ("40 million Koreans", "4천만조선인민"),
        ("2.5 billion", "25억"),
        ("500만의 청년들", "five million young people"),
        ("100만명", "a crowd of one million"),
        ("2 million people", "200만명"),
        ("3.5 percent", "3.5%"),
        ("3,5 Prozent", "3.5 percent"),
        ("1.234 Menschen", "1,234 people"),
        ("the April 15 holiday", "4.15명절"),
        ("4.15명절", "the holiday of April 15"),
        ("at 3 p.m.", "15시에"),
        ("at 3:30 p.m.", "15시 30분에"),
        ("3 people", "세명"),
        ("12 books", "열두권의 책"),
        ("100 years", "백년"),
        ("5월 1일", "May Day"),
        ("3자회담", "trilateral talks"),
        ("지난 1년동안", "in the past year"),
        ("-0-", "끝"),
        ("see https://example.org/2024/11", "참고"),
        ("１２ 명", "12 people"),
        ("COVID-19", "코로나19"),
        ("in October", "10월에"),
        ("3월 4일", "on Mar. 4"),
        ("on May 1", "5.1절에"),
        ("He may go in the Arduous March.", "고난의 행군에서 갈수 있다."),
        ("9월 5일", "le 5 septembre"),
        ("9월 5일", "5 сентября"),
    ],
)
def test_numbers_in_another_form_are_not_lost(source: str, translation: str) -> None:
    assert lost_numbers(source, translation) == ()


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("on October 27", "10월에", ("27",)),
        ("1,234 people and 56 horses", "123명과 56마리의 말", ("1,234",)),
        ("25,000 tons", "2만t", ("25,000",)),
        ("in 2023", "2022년에", ("2023",)),
        ("3.5 percent", "5.3%", ()),
        ("3.5 percent", "35%", ("3.5",)),
        ("8월 15일", "in August", ("15",)),
        ("the 14th term", "제1기", ("14",)),
        ("24명", "fourteen people", ("24",)),
        ("in October", "9월에", ("October",)),
        ("It opened on October 27.", "9월 27일에 열렸다.", ("October",)),
        ("since early March 2024", "2024년 4월초부터", ("March",)),
        ("el 7 de mayo", "6월 7일", ("mayo",)),
    ],
)
def test_lost_numbers(source: str, translation: str, expected: tuple[str, ...]) -> None:
    assert lost_numbers(source, translation) == expected


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["en", "ko", "zh", "ar", "qq"]))
def test_flags_are_known_ones_in_order_and_each_once(source: str, translation: str, lang: str) -> None:
    found = check(source, translation, "en", lang)
    assert list(found) == [flag for flag in FLAGS if flag in found]


@given(st.lists(st.integers(1, 10**12), max_size=6))
def test_digits_that_are_there_are_never_lost(numbers: list[int]) -> None:
    text = " and ".join(map(str, numbers))
    assert lost_numbers(text, text) == ()
    assert lost_numbers(text, "; ".join(f"{number:,}" for number in numbers)) == ()


@given(st.text(alphabet="0123456789,. 만억", max_size=400))
def test_any_figures_are_looked_at(text: str) -> None:
    lost_numbers(text, "")
    assert lost_numbers(text, text) == ()


def test_long_rows_of_figures_take_no_long_time() -> None:
    rows = [
        " ".join(str(n % 100) for n in range(4000)),
        "9" * 4000,
        ", ".join("101" for _ in range(3000)),
        "." * 9000,
    ]
    for row in rows:
        check(row, "표", "en", "ko")
        check(row, row, "en", "ko")
