"""Documents as arrays: chunks, numbers, and windows against a slow reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.matching.documents import CHUNKS, Documents, chunks, numbers
from align.matching.similarity import CANDIDATES, candidates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on August 6, 1,200 people", {"6", "1200"}),
        ("10.000 toneladas", {"10000"}),
        ("3.5 million", {"3", "5"}),
        ("8월 6일 １２명", {"8", "6", "12"}),
        ("007", {"7"}),
        ("none", set()),
    ],
)
def test_numbers_are_the_same_in_every_spelling(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=4000), st.sampled_from(["en", "ko", "zh", "xx"]))
def test_chunks_are_a_beginning_of_the_text_in_order(text: str, lang: str) -> None:
    found = chunks(text, lang)
    assert len(found) <= CHUNKS
    assert all(0 < len(chunk) <= 500 for chunk in found)
    assert "".join(text.split()).startswith("".join("".join(found).split()))
    assert bool(found) == bool(text.split())


def test_a_chunk_holds_about_as_much_in_dense_scripts() -> None:
    assert max(map(len, chunks("가나 " * 2000, "ko"))) <= 250
    assert max(map(len, chunks("ab " * 2000, "en"))) > 400


def documents(days: list[int], seed: int) -> Documents:
    vectors = np.random.default_rng(seed).standard_normal((len(days), 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    there = np.ones((len(days), 1), dtype=np.bool_)
    nothing: tuple[frozenset[str], ...] = tuple(frozenset() for _ in days)
    return Documents(vectors[:, None], there, vectors, np.array(days, dtype=np.int64), nothing, ("",) * len(days))


DAYS = st.lists(st.integers(-1, 12), max_size=30)


@settings(deadline=None)
@given(left=DAYS, right=DAYS, window=st.integers(0, 4), seed=st.integers(0, 99))
def test_candidates_are_the_nearest_within_the_window_from_either_side(
    left: list[int], right: list[int], window: int, seed: int
) -> None:
    one, two = documents(left, seed), documents(right, seed + 1000)

    def near(i: int, j: int) -> bool:
        return left[i] < 0 or right[j] < 0 or abs(left[i] - right[j]) <= window

    expected = set()
    for i in range(len(left)):
        order = sorted(
            (j for j in range(len(right)) if near(i, j)), key=lambda j: -float(one.means[i] @ two.means[j])
        )
        expected |= {(i, j) for j in order[:CANDIDATES]}
    for j in range(len(right)):
        order = sorted(
            (i for i in range(len(left)) if near(i, j)), key=lambda i: -float(one.means[i] @ two.means[j])
        )
        expected |= {(i, j) for i in order[:CANDIDATES]}
    rows, columns = candidates(one, two, window)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == sorted(expected)
