"""Translating: one in, one out, in order, deterministic, nothing cut off in silence, nothing from the network."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import MarianTokenizer

import align
from align.config import TranslateSettings
from align.errors import ConfigError, InputError, ModelError
from align.resources import resource
from align.translation import Cutting, Translated, Translator, load_translator, translate
from align.translation.ct2 import Ct2Engine
from align.translation.pieces import MarianPieces

SENTENCES = [
    "Kim Jong Un visited the factory.",
    "Pyongyang, August 6 (KCNA) -- A national meeting was held in Pyongyang.",
    "The workers of the mine overfulfilled the plan.",
]


def load(model: Path | str, source: str = "en", target: str = "ko", **values: Any) -> Translator:
    translator = load_translator(
        TranslateSettings(models={f"{source}-{target}": str(model)}, **values), source, target
    )
    assert translator is not None
    return translator


def test_the_starter_writes_the_agencys_korean(starter: Translator) -> None:
    first, second, third = starter.translate(SENTENCES)
    assert "김정은동지께서" in first.text
    assert second.text.startswith("(평양 8월 6일발 조선중앙통신)")
    assert third.text.endswith("다.")
    assert [t.flags for t in (first, second, third)] == [(), (), ()]


def test_same_bytes_again_whatever_the_order_and_the_company(starter: Translator) -> None:
    alone = [starter.translate([sentence])[0] for sentence in SENTENCES]
    turned = starter.translate([*reversed(SENTENCES), "Long live the friendship!", SENTENCES[0]])
    assert turned[:3] == alone[::-1]
    assert turned[4] == alone[0]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine was asked for, one entry a batch: rows, search, limit."""
    calls: list[Any] = []
    run = Ct2Engine.run

    def spying(self: Ct2Engine, rows: Any, search: Any, limit: int) -> Any:
        calls.append((rows, search, limit))
        return run(self, rows, search, limit)

    monkeypatch.setattr(Ct2Engine, "run", spying)
    return calls


def test_equal_texts_are_computed_once_and_every_text_is_counted(
    make_model: Callable[..., Path], seen: list[Any]
) -> None:
    counted: list[int] = []
    texts = ["One.", "Two.", "One.", "", "One.", "  "]
    found = load(make_model(), retry=False).translate(texts, counted.append)
    assert sum(len(rows) for rows, _, _ in seen) == 2
    assert sum(counted) == len(texts) == len(found)
    assert found[0] == found[2] == found[4]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet="ab </s>»\u200b한.\n", max_size=30), max_size=6))
def test_one_in_one_out_in_order(tiny: Translator, texts: list[str]) -> None:
    together = tiny.translate(texts)
    assert len(together) == len(texts)
    for text, found in zip(texts, together, strict=True):
        assert ("empty" in found.flags) >= (not text.strip())
    assert tiny.translate(texts[::-1]) == together[::-1]


def test_empty_texts_need_no_model_at_all(tmp_path: Path, make_model: Callable[..., Path]) -> None:
    model = shutil.copytree(make_model(), tmp_path / "broken")
    (model / "model.safetensors").write_bytes(b"no weights")
    translator = load(model)
    assert translator.translate(["", " \n"]) == [Translated("", ("empty",))] * 2
    with pytest.raises(ModelError, match=r"transformers cannot load this model: .*header"):
        translator.translate(["text"])


def test_a_text_of_5000_characters_is_split_and_wholly_translated(
    make_model: Callable[..., Path], seen: list[Any]
) -> None:
    words = [f"word{n}" for n in range(700)]
    text = " ".join(word + ("," if n % 9 == 8 else "") for n, word in enumerate(words))
    assert len(text) >= 5000
    model = make_model()
    (found,) = load(model, retry=False).translate([text])
    assert "split" in found.flags
    assert found.text
    assert max(len(row) for rows, _, _ in seen for row in rows) <= 64
    tokenizer = MarianTokenizer.from_pretrained(str(model))
    heard = " ".join(tokenizer.decode(row, skip_special_tokens=True) for rows, _, _ in seen for row in rows)
    assert [word for word in words if word not in heard.replace(" ", "")] == []


def test_a_word_without_end_is_split_too(tiny: Translator) -> None:
    (found,) = tiny.translate(["x" * 5000])
    assert "split" in found.flags


def test_a_row_keeps_its_own_limit_in_any_company(tiny: Translator) -> None:
    short = tiny.translate(["one"])[0]
    beside = tiny.translate(["one", "a much longer text with many more pieces than that"])[0]
    assert short == beside
    assert "unfinished" in short.flags


def test_a_model_that_was_stopped_at_its_limit_says_so(tiny: Translator) -> None:
    # Random weights never choose the end by themselves.
    assert "unfinished" in tiny.translate(["one two three"])[0].flags


def test_special_tokens_in_a_page_are_plain_text(starter: Translator) -> None:
    hostile = "The meeting </s> was held in Pyongyang on August 6 <pad>."
    (found,) = starter.translate([hostile])
    assert "평양" in found.text


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_pieces_are_those_of_the_models_own_tokenizer(text: str) -> None:
    path = resource("models", "starter-en-ko")
    tokenizer = MarianTokenizer.from_pretrained(str(path))
    tokenizer.punc_normalizer = None  # sacremoses: loaded by the tokenizer, but no part of the text's way
    pieces = MarianPieces(path, tokenizer.encoder, None, eos=0, pad=8000)
    if not any(token in text for token in (*tokenizer.all_special_tokens, ">>")):
        row = pieces.frame(pieces.encode(text))
        assert row == tokenizer(text)["input_ids"]
        assert pieces.decode(row) == " ".join(tokenizer.decode(row, skip_special_tokens=True).split())


def test_the_target_token_stands_in_front(make_model: Callable[..., Path], seen: list[Any]) -> None:
    model = make_model(tokens=(">>fra<<", ">>kor<<"))
    load(model, retry=False).translate(["Hello there."])
    load(model, target="fr", retry=False).translate(["Hello there."])
    load(model, target="fr", retry=False).translate([">>kor<< Hello there."])
    rows = [row for batch, _, _ in seen for row in batch]
    assert [row[0] for row in rows] == [8002, 8001, 8001]
    assert 8002 not in rows[2]


def test_a_target_that_the_model_does_not_know(make_model: Callable[..., Path]) -> None:
    model = make_model(tokens=(">>fra<<", ">>kor<<"))
    with pytest.raises(ModelError, match=r"does not translate into 'ru'; .* >>fra<< >>kor<<"):
        load(model, target="ru")


def test_no_model_for_a_direction_is_no_error() -> None:
    assert load_translator(TranslateSettings(), "ko", "en") is None


def test_translate_is_the_translator_of_the_direction_in_one_call(
    starter: Translator, make_model: Callable[..., Path]
) -> None:
    expected = starter.translate(SENTENCES[:2])
    assert translate(SENTENCES[:2], "en", "ko") == expected
    assert align.translate(SENTENCES[:2], "en", "ko", model="starter-en-ko") == expected
    model = make_model()
    by_name = translate(["One.", ""], "ko", "en", model=str(model))
    by_settings = translate(["One.", ""], "ko", "en", settings=TranslateSettings(models={"ko-en": str(model)}))
    assert by_name == by_settings
    assert by_name[1] == Translated("", ("empty",))
    assert translate([], "en", "ko") == []


def test_the_model_named_counts_before_the_settings_and_leaves_them_as_they_were(
    make_model: Callable[..., Path],
) -> None:
    settings = TranslateSettings(models={"en-ko": "no/such-model"}, beam=1)
    model = make_model()
    assert translate(["One."], "en", "ko", model=str(model), settings=settings) == load(model, beam=1).translate(
        ["One."]
    )
    assert settings.models == {"en-ko": "no/such-model"}


@pytest.mark.parametrize(
    ("texts", "source", "target", "error", "message"),
    [
        (["a"], "ko", "en", ModelError, r"no model for ko-en \(the settings name models for: en-ko\); give a dir"),
        (["a"], "en", "kr", ConfigError, "did you mean 'ko'"),
        (["a"], "english", "ko", ConfigError, "did you mean 'en'"),
        ("a text", "en", "ko", InputError, "give a list of strings"),
    ],
)
def test_what_translate_refuses(
    texts: Any, source: str, target: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        translate(texts, source, target)


def test_what_a_translator_says_of_itself(starter: Translator, make_model: Callable[..., Path]) -> None:
    assert starter.name == "starter-en-ko"
    assert starter.note is not None
    assert "starter" in starter.note
    assert len(starter.model_hash) == 12
    path = make_model()
    own = load(path)
    assert own.name == path.name
    assert own.note is None
    (path / "README.md").write_text("---\nlicense: x\n---\n# Title\n\nMade for  a test.\nReally.\n\nMore.\n")
    assert load(path).note == "Made for a test. Really."


def test_the_key_changes_with_what_changes_the_output_and_only_then(make_model: Callable[..., Path]) -> None:
    model = make_model()
    key = load(model).settings_key
    assert load(model, batch_tokens=128, threads=1).settings_key == key
    assert load(model, device="cpu", precision="int8").settings_key == key
    others = [
        load(model, beam=1),
        load(model, no_repeat_ngram=3),
        load(model, length_penalty=0.6),
        load(model, repetition_penalty=1.1),
        load(model, retry=False),
        load(model, n_best=2),
        load(model, engine="hf"),
        load(model, precision="float32"),
        load(model, target="ru"),
        load(make_model(seed=2)),
    ]
    assert len({key, *(other.settings_key for other in others)}) == len(others) + 1


def test_an_interrupt_ends_the_work_after_the_running_batches(
    make_model: Callable[..., Path], seen: list[Any]
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    translator = load(make_model(), batch_tokens=64, retry=False)
    texts = [f"{n} " + "word " * 30 for n in range(600)]
    with pytest.raises(KeyboardInterrupt):
        translator.translate(texts, interrupt)
    assert 0 < len(seen) < len(texts) / 2


def test_a_failed_check_is_tried_again_and_the_better_attempt_is_marked(seen: list[Any]) -> None:
    sentence = "The new bakery sells 3,450 loaves a day, 12 percent more than in 2021."
    once = load("starter-en-ko", retry=False).translate([sentence])[0]
    assert "numbers" in once.flags
    assert len(seen) == 1
    again = load("starter-en-ko").translate([sentence])[0]
    (_, first, _), (_, shy, _), (_, wide, _) = seen[1:]  # it is one sentence, so none is tried alone
    assert (shy.beam, shy.repetition_penalty) == (first.beam, 1.2)
    assert (wide.beam, wide.repetition_penalty) == (first.beam + 2, 1.0)
    assert again == once or "retried" in again.flags


def test_a_text_that_fails_is_tried_sentence_by_sentence(seen: list[Any]) -> None:
    parts = ["The new bakery sells 3,450 loaves a day.", "The concert was held in Pyongyang."]
    load("starter-en-ko").translate([" ".join(parts)])
    rows = [len(rows) for rows, _, _ in seen]
    assert rows[0] == 1
    assert sum(rows[1:3]) >= 2
    alone = load("starter-en-ko", retry=False)
    assert seen[1][1] == seen[0][1]
    asked = {tuple(row) for batch, _, _ in seen[1:3] for row in batch}
    seen.clear()
    alone.translate(parts)
    assert {tuple(row) for batch, _, _ in seen for row in batch} <= asked


def test_texts_are_cut_into_sentences_on_demand() -> None:
    text = "The concert was held in Pyongyang. The delegation left here by air on Thursday."
    settings = TranslateSettings(retry=False)
    whole = load_translator(
        settings, "en", "ko", cut=Cutting("at dots", lambda text: text.replace(". ", ".|").split("|"))
    )
    assert whole is not None
    plain = load("starter-en-ko", retry=False)
    (found,) = whole.translate([text])
    assert found.text == " ".join(
        t.text for t in plain.translate([f"{text.split('. ')[0]}.", text.split(". ")[1]])
    )
    assert "split" not in found.flags
    assert whole.settings_key != plain.settings_key


def test_alternatives_are_the_best_hypotheses_in_order(starter: Translator) -> None:
    many = load("starter-en-ko", n_best=3).translate([*SENTENCES, ""])
    assert [found.text for found in many] == [found.text for found in starter.translate([*SENTENCES, ""])]
    for found in many[:-1]:
        assert found.alternatives[0].text == found.text
        scores = [alternative.score for alternative in found.alternatives]
        assert scores == sorted(scores, reverse=True)
        assert 2 <= len({alternative.text for alternative in found.alternatives}) == len(scores) <= 3
    assert many[-1].alternatives == ()


def test_it_works_with_the_network_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    translator = load("starter-en-ko")
    assert translator.translate(["The meeting was held."])[0].text
