"""The benchmarks of translation: what is measured is the same for all, and what is said of texts is true."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.config import TranslateSettings
from align.errors import InputError
from align.resources import resource
from align.translation import Alternative, Translated, Translator, chunk
from align.translation.canary import chrf
from align.translation.models import ModelFiles, read_model
from align.translation.search import Engine, Hypothesis, Search
from bench import streaming, translation
from bench.random_marian import OPUS_MT, parameters, random_marian
from bench.translation import cut, measure
from bench.translation_agreement import differences, share_same
from bench.translation_data import references, sample, sentences
from bench.translation_peers import Translate, convert, ctranslate2_best, ctranslate2_loop, generate_loop, ours
from bench.translation_profile import engine_timer, profile

SIZES: dict[str, Any] = {
    **OPUS_MT, "d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2,
    "decoder_attention_heads": 2, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "max_position_embeddings": 64,
}  # fmt: skip
TEXTS = [f"Team {number} planted {'tall ' * (number % 5)}trees behind the school." for number in range(40)]


@pytest.fixture(scope="module")
def starter() -> Path:
    return resource("models", "starter-en-ko")


@pytest.fixture(scope="module")
def tiny(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return read_model(str(random_marian(tmp_path_factory.mktemp("bench") / "tiny", starter, SIZES)))


@given(st.lists(st.text(max_size=3)), st.integers(1, 12))
def test_parts_are_all_the_texts_and_of_like_length(texts: list[str], parts: int) -> None:
    found = cut(texts, parts)
    assert [text for part in found for text in part] == texts
    assert len(found) == min(parts, len(texts))
    assert all(found)
    assert max(map(len, found), default=0) - min(map(len, found), default=0) <= 1


def test_rows_take_each_part_in_turn_and_begin_with_another_each_time() -> None:
    turns: list[tuple[str, str]] = []

    def row(name: str) -> Translate:
        def translate(texts: Sequence[str]) -> list[str]:
            turns.append((name, "".join(texts)))
            return [text + name for text in texts]

        return translate

    found = measure({name: row(name) for name in "xyz"}, [["1", "2"], ["3"]], repeats=2)
    assert "".join(name for name, _ in turns) == "xyzyzxzxyxyz"
    assert [part for _, part in turns] == ["12"] * 3 + ["3"] * 3 + ["12"] * 3 + ["3"] * 3
    assert {name: outcome.texts for name, outcome in found.items()} == {
        n: [f"{i}{n}" for i in "123"] for n in "xyz"
    }
    assert all(outcome.seconds > 0 for outcome in found.values())


def test_a_row_that_loses_a_text_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="shorter"):
        measure({"a": lambda texts: list(texts)[1:]}, [["1", "2"]], repeats=1)


def test_no_rows_give_no_outcome() -> None:
    assert measure({}, [["1"]], repeats=1) == {}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["a", "b"], ["a", "c"], 0.5),
        (["a  b\n"], ["a b"], 1.0),
        ([], [], 0.0),
    ],
)
def test_share_of_same_texts(one: list[str], other: list[str], expected: float) -> None:
    assert share_same(one, other) == expected


def test_a_difference_tells_what_the_one_thinks_of_the_other() -> None:
    listed = (Alternative("x", -0.5), Alternative("y", -0.75))
    one = [Translated("x", (), listed)] * 3
    other = [Translated("x"), Translated("y"), Translated("z")]
    found = list(differences(["1", "2", "3"], one, other))
    assert [(each.source, each.other, each.rank, each.gap) for each in found] == [
        ("2", "y", 2, 0.25),
        ("3", "z", None, 0.0),
    ]


def test_chrf_is_100_for_the_same_and_less_for_others() -> None:
    texts = ["Trees stand behind the school."]
    assert chrf(texts, texts) == 100
    assert chrf(["Trees lie before a house."], texts) < 80


@given(st.lists(st.integers(), unique=True), st.integers(0, 20), st.integers(0, 5))
def test_a_sample_keeps_the_order_and_comes_again(numbers: list[int], count: int, seed: int) -> None:
    texts = [str(number) for number in numbers]
    found = sample(texts, count, seed)
    assert len(found) == min(count, len(texts))
    assert found == [text for text in texts if text in found]
    assert found == sample(texts, count, seed)


def test_absent_data_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"{tmp_path.name}/kcna-en: there is no such folder"):
        sentences(tmp_path)
    assert references(tmp_path) == []


@pytest.mark.parametrize("vocabulary", [100, 8001, 9000])
def test_a_random_model_has_the_vocabulary_asked_for(starter: Path, tmp_path: Path, vocabulary: int) -> None:
    files = read_model(str(random_marian(tmp_path / "model", starter, SIZES, vocabulary)))
    assert sorted(files.vocab.values()) == list(range(vocabulary))
    assert files.pad == files.start == vocabulary - 1
    others = read_model(str(random_marian(tmp_path / "other", starter, SIZES, vocabulary + 1)))
    assert parameters(others.path) - parameters(files.path) == SIZES["d_model"] + 1, "an embedding and a bias"
    assert len(ours(files, TranslateSettings(retry=False, threads=1))(TEXTS[:3])) == 3


def test_all_rows_translate_under_the_same_limits(tiny: ModelFiles, tmp_path: Path) -> None:
    search = Search(beam=2, no_repeat_ngram=4, shortest=5, longest=5)
    converted = convert(tiny.path, tmp_path / "converted")
    settings = TranslateSettings(retry=False, threads=1)
    rows: dict[str, Callable[[], Translate]] = {
        "generate": lambda: generate_loop(tiny.path, search),
        "loop": lambda: ctranslate2_loop(converted, tiny.path, search),
        "one thread": lambda: ctranslate2_loop(converted, tiny.path, search, intra_threads=1),
        "one call": lambda: ctranslate2_best(converted, tiny.path, search, 2),
        "ours": lambda: ours(tiny, settings, search),
        "ours, hf": lambda: ours(tiny, settings.model_copy(update={"engine": "hf"}), search),
    }
    made = {name: row()(TEXTS) for name, row in rows.items()}
    assert {name: len(texts) for name, texts in made.items()} == dict.fromkeys(rows, len(TEXTS))
    assert made["loop"] == made["one thread"] == made["one call"]
    assert all(text.strip() for texts in made.values() for text in texts)


def test_greedy_generate_and_our_reference_write_the_same(tiny: ModelFiles) -> None:
    search = Search(beam=1, shortest=6, longest=6)
    reference = ours(tiny, TranslateSettings(engine="hf", retry=False, threads=1), search)
    assert share_same(generate_loop(tiny.path, search)(TEXTS), reference(TEXTS)) > 0.9


def test_a_profile_counts_every_row_and_leaves_no_trace(tiny: ModelFiles, tmp_path: Path) -> None:
    before = Future.result, vars(chunk)["check"]
    translator = Translator(tiny, TranslateSettings(retry=False, threads=1), "en", "ko")
    translator.translate(TEXTS[:1])
    found = profile(translator, TEXTS, tmp_path / "cache.sqlite")
    assert [effort.rows for effort in found.searches.values()] == [len(TEXTS)]
    assert {"tokenising", "detokenising", "checks", "cache"} < set(found.parts)
    assert 0 < found.waited < found.clock
    assert (Future.result, vars(chunk)["check"]) == before


def test_the_engine_alone_is_timed_again_and_again(tiny: ModelFiles) -> None:
    timer = engine_timer(tiny, TEXTS[:4], beam=1)
    assert timer() > 0
    assert timer() > 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--only", "a,z"],
        ["--sections", "all"],
        ["--beam", "0"],
        ["--beam", "x"],
        ["--parts", "0"],
        ["--lines", "-1"],
    ],
)
def test_wrong_options_are_bad_usage(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench.translation", *arguments])
    with pytest.raises(SystemExit) as caught:
        translation.main()
    assert caught.value.code == 2


def test_without_data_the_benchmark_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench.translation", "--data", str(tmp_path)])
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path))
    with pytest.raises(SystemExit, match="there is no such folder; name with --data"):
        translation.main()


@given(st.integers(0, 10**7), st.floats(0, 0.9))
def test_a_line_is_new_or_repeats_an_earlier_new_one(number: int, duplicates: float) -> None:
    found = streaming.root(number, duplicates)
    assert found <= number
    assert streaming.root(found, duplicates) == found


def test_lines_differ_and_their_share_of_duplicates_is_as_asked() -> None:
    made = list(streaming.lines(3000, 0.3))
    assert len(set(made)) == streaming.different(3000, 0.3)
    assert 0.25 < 1 - len(set(made)) / len(made) < 0.35
    assert len(set(streaming.lines(1000, 0))) == 1000


def test_streamed_lines_come_out_as_they_went_in(tmp_path: Path) -> None:
    found = list(streaming.run(streaming.copying_translator(), 1200, 0.3, tmp_path / "cache.sqlite"))
    assert [reading.lines for reading in found] == [120, 600, 1200]
    assert all(a.seconds <= b.seconds and a.peak <= b.peak for a, b in pairwise(found))


def test_a_line_that_comes_out_wrong_is_named(tmp_path: Path) -> None:
    class Careless(streaming.CopyingEngine):
        def run(self, rows: Sequence[Sequence[int]], search: Search, limit: int) -> list[list[Hypothesis]]:
            whole = super().run(rows, search, limit)
            return [[Hypothesis(each[0].ids[1:], True, 0.0)] for each in whole]

    class Wrong(streaming.CopyingTranslator):
        def engine(self) -> Engine:
            return Careless()

    translator = Wrong(read_model("starter-en-ko"), TranslateSettings(device="cpu"), "en", "en")
    with pytest.raises(InputError, match="line 1 is 'The "):
        list(streaming.run(translator, 10, 0.3, tmp_path / "cache.sqlite"))
