"""Which further searches are tried, and which of several translations is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.translation import FLAGS, Translated
from align.translation.retrying import attempts, best, fails
from align.translation.search import Search

FLAG = st.lists(st.sampled_from([flag for flag in FLAGS if flag != "retried"]), unique=True).map(tuple)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), False),
        (("split",), False),
        (("retried",), False),
        (("numbers",), True),
        (("split", "loop"), True),
        (("unfinished",), True),
        (("empty",), True),
    ],
)
def test_what_is_tried_again(flags: tuple[str, ...], expected: bool) -> None:
    assert fails(Translated("text", flags)) == expected


@pytest.mark.parametrize(
    ("candidates", "kept"),
    [
        ([("first", ("numbers",)), ("second", ())], "second"),
        ([("first", ("numbers",)), ("second", ("numbers",))], "first"),
        ([("first", ("loop",)), ("second", ("numbers",)), ("third", ("length",))], "second"),
        ([("", ("empty",)), ("second", ("loop", "unfinished", "length", "numbers"))], "second"),
        ([("first", ("split",)), ("second", ())], "first"),
    ],
)
def test_the_least_faulty_is_kept(candidates: list[tuple[str, tuple[str, ...]]], kept: str) -> None:
    assert best([Translated(text, flags) for text, flags in candidates]).text == kept


@given(st.lists(FLAG, min_size=1, max_size=6))
def test_nothing_gets_worse_and_only_another_attempt_is_marked(several: list[tuple[str, ...]]) -> None:
    candidates = [Translated(str(number), flags) for number, flags in enumerate(several)]
    kept = best(candidates)
    assert ("retried" in kept.flags) == (kept.text != "0")
    assert not fails(kept) or all(fails(candidate) for candidate in candidates)
    assert kept == best([*candidates, candidates[0]])


def test_further_searches_shun_repetition_or_are_wider() -> None:
    first = Search(beam=1, no_repeat_ngram=0, length_penalty=0.7)
    apart, shy, wide = (attempt.search for attempt in attempts(first))
    assert apart == first
    assert [attempt.apart for attempt in attempts(first)] == [True, False, False]
    assert wide.beam > first.beam
    assert shy.repetition_penalty > 1
    assert shy.no_repeat_ngram == 3
    assert {wide.length_penalty, shy.length_penalty} == {0.7}
    assert attempts(Search(beam=12, no_repeat_ngram=2))[1].search.no_repeat_ngram == 2
