"""Runs and windows: where windows lie, and what an embedder that only embeds is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.embedding import Passages, Vectors, embed_passages
from align.embedding.passages import STEP, WINDOW, window_starts

SPACED = st.lists(st.text(alphabet="abcdé", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)
UNSPACED = st.text(alphabet="桥建成了它很长", min_size=13, max_size=70)
TEXTS = st.lists(st.one_of(SPACED, UNSPACED), min_size=1, max_size=6)


class Recording:
    """An embedder with `embed` alone, which keeps what it was asked for."""

    name = "recording"
    dim = 8

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([vector(text) for text in texts], np.float32).reshape(len(texts), self.dim)


def vector(text: str) -> Vectors:
    found = np.random.default_rng(crc32(text.encode())).normal(size=8).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found), np.float32)


@given(st.integers(1, 3000))
def test_windows_reach_from_the_first_token_to_the_last(tokens: int) -> None:
    starts = window_starts(tokens)
    assert starts[0] == 0
    if tokens <= WINDOW:
        assert starts == [0]
        return
    assert starts[-1] + WINDOW == tokens
    gaps = [after - before for before, after in pairwise(starts)]
    assert min(gaps) >= 1, "no window comes twice"
    assert max(gaps) <= STEP + 1, "neighbours overlap"
    assert max(gaps) - min(gaps) <= 1, "they lie evenly"


@given(st.integers(1, 3000))
def test_a_longer_text_has_no_fewer_windows(tokens: int) -> None:
    assert 0 <= len(window_starts(tokens + 1)) - len(window_starts(tokens)) <= 1


@given(TEXTS, st.integers(1, 5), st.sampled_from([" ", ""]))
def test_each_run_is_embedded_as_one_text(texts: list[str], longest: int, joiner: str) -> None:
    found = embed_passages(Recording(), texts, longest, joiner)
    assert len(found.runs) == min(longest, len(texts))
    for size, run in enumerate(found.runs, 1):
        joined = [joiner.join(texts[i : i + size]) for i in range(len(texts) - size + 1)]
        assert np.array_equal(run, np.array([vector(text) for text in joined]))


@given(TEXTS)
def test_windows_cover_their_texts_in_order(texts: list[str]) -> None:
    embedder = Recording()
    found = embed_passages(embedder, texts, 1)
    windows = embedder.asked[len(texts) :]
    assert np.array_equal(found.windows, np.array([vector(window) for window in windows]))
    assert found.owners.tolist() == sorted(found.owners)
    for at, text in enumerate(texts):
        own = [window for window, owner in zip(windows, found.owners, strict=True) if owner == at]
        assert text.startswith(own[0])
        assert text.endswith(own[-1])
        place = 0
        for window in own:
            begin = text.find(window, max(0, place - len(window)))
            assert 0 <= begin <= place, "nothing between two windows is left out"
            place = max(place, begin + len(window))
            assert len(window.split()) <= WINDOW
            assert " " in text or len(window) <= 2 * WINDOW
        assert place == len(text)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("a b c", ["a b c"]),
        ("a b c d e f g h", ["a b c d e f g h"]),
        ("a b c d e f g h i", ["a b c d e f g h", "b c d e f g h i"]),
        ("a b c d e f g h i j k l", ["a b c d e f g h", "e f g h i j k l"]),
        ("桥建成了。", ["桥建成了。"]),
        (
            "它很长它很宽它很高它很新它很好它很美它很",
            ["它很长它很宽它很高它很新它很好它", "很宽它很高它很新它很好它很美它很"],
        ),
        ("   ", ["   "]),
    ],
)
def test_windows_of_one_text(text: str, windows: list[str]) -> None:
    embedder = Recording()
    embed_passages(embedder, [text], 1)
    assert embedder.asked[1:] == windows


def test_no_texts_have_no_passages() -> None:
    found = embed_passages(Recording(), [], 4)
    assert found.runs == ()
    assert found.windows.shape == (0, 8)
    assert found.owners.tolist() == []


class Knowing(Recording):
    """An embedder that makes passages itself."""

    def passages(self, texts: Sequence[str], longest: int) -> Passages:
        runs = tuple(np.full((len(texts) - k, 8), k + 1, np.float32) for k in range(longest))
        return Passages(runs, np.zeros((len(texts), 8), np.float32), np.arange(len(texts)))


def test_an_embedder_that_makes_passages_is_left_to_it() -> None:
    embedder = Knowing()
    found = embed_passages(embedder, ["a", "b", "c"], 9)
    assert [float(run[0, 0]) for run in found.runs] == [1, 2, 3], "no run is longer than the text"
    assert embedder.asked == []
