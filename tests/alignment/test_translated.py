"""Translations as evidence: they help where they are near the target, and change nothing where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.alignment import Aligner, load_aligner
from align.alignment.sides import Floats, SideVectors, compose_side
from align.alignment.translated import are_nearer, with_translations
from align.config import AlignSettings
from align.embedding import Passages
from align.errors import InputError
from align.records import Bead, check_beads

ENGLISH = [
    "The county seat has a new library.",
    "Work on it began last spring.",
    "Young people read there after work.",
    "A hall for concerts will follow.",
]
KOREAN = [
    "군소재지에 새 도서관이 일떠섰다.",
    "공사는 지난해 봄에 시작되였다.",
    "청년들은 일을 마치고 그곳에서 책을 읽는다.",
    "이어 음악회를 위한 회관이 건설되게 된다.",
]
# The same in other words, as a good model might have it.
TRANSLATED = [
    "군소재지에 새 도서관이 생겼다.",
    "그 공사는 지난 봄에 시작되였다.",
    "청년들이 일이 끝난 뒤 거기서 책을 읽는다.",
    "음악회를 위한 회관이 뒤따르게 된다.",
]
UNRELATED = [
    "소금은 물에 풀린다.",
    "고양이는 지붕우에서 잔다.",
    "표값은 석장에 이천원이다.",
    "그 배는 다른 항구로 떠났다.",
]


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return load_aligner(AlignSettings())


def side(n: int, max_size: int, seed: int) -> SideVectors:
    """A side of random vectors, with runs and two windows a segment."""
    rng = np.random.default_rng(seed)

    def vectors(count: int) -> Floats:
        drawn = rng.normal(size=(count, 8))
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)

    plain = compose_side(vectors(n), [10.0] * n, max_size)
    runs = tuple(vectors(max(n - size, 0)) for size in range(max_size))
    return replace(plain, runs=runs, weights=None, windows=vectors(2 * n), owners=np.repeat(np.arange(n), 2))


def passages(of: SideVectors) -> Passages:
    return Passages(of.runs[: of.n], of.windows, of.owners)


@given(n=st.integers(1, 6), max_size=st.integers(1, 4), seed=st.integers(0, 999))
def test_both_texts_speak_for_a_segment(n: int, max_size: int, seed: int) -> None:
    source, translated = side(n, max_size, seed), side(n, max_size, seed + 1000)
    found = with_translations(source, passages(translated))
    for run, own, other in zip(found.runs, source.runs, translated.runs, strict=True):
        assert run.shape == own.shape
        np.testing.assert_allclose(np.linalg.norm(run, axis=1), 1, atol=1e-5)
        # As near to the one as to the other.
        np.testing.assert_allclose((run * own).sum(axis=1), (run * other).sum(axis=1), atol=1e-5)
    assert found.owners.tolist() == [k for k in range(n) for _ in range(4)]
    for k in range(n):
        both = np.concatenate([source.windows[2 * k : 2 * k + 2], translated.windows[2 * k : 2 * k + 2]])
        np.testing.assert_array_equal(found.windows[found.owners == k], both)
    assert (found.anchors, found.n) == (source.anchors, source.n)


@given(n=st.integers(1, 6), seed=st.integers(0, 999))
def test_a_text_that_is_its_own_translation_has_the_same_vectors(n: int, seed: int) -> None:
    source = side(n, 4, seed)
    for run, own in zip(with_translations(source, passages(source)).runs, source.runs, strict=True):
        np.testing.assert_allclose(run, own, atol=1e-6)


@pytest.mark.parametrize(
    ("beads", "nearer"),
    [
        ([Bead((0,), (0,), 0.9), Bead((1,), (1,), 0.9)], True),
        ([Bead((0,), (1,), 0.9), Bead((1,), (), 0.9), Bead((), (0,), 0.9)], False),
        ([Bead((0,), (0,), 0.2), Bead((1,), (), 0.9), Bead((), (1,), 0.9)], True),
        ([Bead((0,), (), 1.0), Bead((1,), (), 1.0), Bead((), (0,), 1.0), Bead((), (1,), 1.0)], False),
    ],
)
def test_nearer_is_meant_of_what_was_aligned(beads: list[Bead], nearer: bool) -> None:
    source, target = side(2, 2, 1), side(2, 2, 2)
    assert are_nearer(passages(target), source, target, beads) == nearer


def test_good_translations_leave_sure_beads_sure(aligner: Aligner) -> None:
    expected = [((k,), (k,)) for k in range(4)]
    found = aligner.align(ENGLISH, KOREAN, "en", "ko", translations=TRANSLATED)
    assert [(bead.source, bead.target) for bead in found] == expected
    assert all((bead.confidence or 0) > 0.98 for bead in found)


def test_some_translations_are_enough(aligner: Aligner) -> None:
    some = [TRANSLATED[0], None, TRANSLATED[2], ""]
    found = aligner.align(ENGLISH, KOREAN, "en", "ko", translations=some)
    check_beads(found, 4, 4)
    assert found == aligner.align(ENGLISH, KOREAN, "en", "ko", translations=[some[0], ENGLISH[1], some[2], None])
    assert found != aligner.align(ENGLISH, KOREAN, "en", "ko")


@pytest.mark.parametrize(
    "translations",
    [None, [None] * 4, ["", " ", "", ""], ENGLISH, UNRELATED, TRANSLATED[::-1], ["가"] * 4],
    ids=["none", "no segment's", "empty", "not translated", "unrelated", "of other segments", "one syllable"],
)
def test_useless_translations_change_nothing(translations: list[str | None] | None, aligner: Aligner) -> None:
    without = aligner.align(ENGLISH, KOREAN, "en", "ko")
    assert aligner.align(ENGLISH, KOREAN, "en", "ko", translations=translations) == without


@pytest.mark.parametrize(("source", "target"), [([], KOREAN), (ENGLISH, []), ([], [])])
def test_an_empty_side_needs_no_translations(source: list[str], target: list[str], aligner: Aligner) -> None:
    translations = TRANSLATED[: len(source)]
    assert aligner.align(source, target, "en", "ko", translations) == aligner.align(source, target, "en", "ko")


def test_translations_that_do_not_fit_are_refused(aligner: Aligner) -> None:
    with pytest.raises(InputError, match=r"3 translations do not fit 4 source segments; give one for each"):
        aligner.align(ENGLISH, KOREAN, "en", "ko", translations=TRANSLATED[:3])
