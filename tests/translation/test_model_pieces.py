"""Rows and texts of the models that users bring are those of their own tokenizers; unfit files are refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_classes import ENGLISH, KINDS, KOREAN, change, load, make_all, make_nllb, small_spm
from transformers import AutoTokenizer

from align.errors import ModelError
from align.translation.models import read_model
from align.translation.pieces import Pieces, load_spm
from align.translation.vocabulary import load_pieces


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A directory of each kind."""
    return make_all(tmp_path_factory.mktemp("classes"))


def test_codes_of_languages_are_those_of_the_models_own_tokenizers(models: dict[str, Path]) -> None:
    for kind, source, target in (("m2m100", "en", "ko"), ("nllb", "eng_Latn", "kor_Hang")):
        tokenizer = AutoTokenizer.from_pretrained(str(models[kind]), src_lang=source)
        pieces = load_pieces(read_model(str(models[kind])), "en", "ko")
        assert pieces.first == tokenizer.convert_tokens_to_ids(f"__{target}__" if kind == "m2m100" else target)
        assert pieces.frame([9])[0] == tokenizer("x")["input_ids"][0]
        assert pieces.specials == 2


def same_as(tokenizer: Any, pieces: Pieces, text: str) -> None:
    """The same row as the models' own tokenizer makes of a text, and the same text of its ids."""
    ids = pieces.encode(text)
    assert pieces.frame(ids) == tokenizer(text)["input_ids"]
    assert pieces.decode(ids) == " ".join(tokenizer.decode(ids, skip_special_tokens=True).split())


TEXT = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=40) | st.lists(
    st.sampled_from([*" ".join(ENGLISH + KOREAN).split(), "  ", "3,450", "鸡", "é"]), max_size=12
).map(" ".join)


@pytest.fixture(scope="module")
def tokenizers(models: dict[str, Path]) -> dict[str, tuple[Any, Pieces]]:
    """The models' own tokenizers, and ours."""
    found: dict[str, tuple[Any, Pieces]] = {}
    for kind, source in (("tc-big", None), ("m2m100", "en"), ("nllb", "eng_Latn")):
        own = AutoTokenizer.from_pretrained(str(models[kind]), **({"src_lang": source} if source else {}))
        found[kind] = own, load_pieces(read_model(str(models[kind])), "en", "ko")
    found["tc-big"][0].punc_normalizer = None  # sacremoses: loaded, but no part of the text's way
    return found


@settings(deadline=None)
@given(TEXT)
def test_rows_are_those_of_the_models_own_tokenizers(tokenizers: dict[str, tuple[Any, Pieces]], text: str) -> None:
    for own, pieces in tokenizers.values():
        if not any(token in text for token in (*own.all_special_tokens, ">>")):
            same_as(own, pieces, text)


@settings(deadline=None)
@given(TEXT)
def test_nllb_without_tokenizer_json_has_the_same_pieces(
    models: dict[str, Path], tokenizers: dict[str, tuple[Any, Pieces]], text: str
) -> None:
    text = " ".join(text.replace("▁", "").split())
    shifted = load_pieces(read_model(str(models["nllb-spm"])), "en", "ko")
    ids = tokenizers["nllb"][1].encode(text)
    assert shifted.encode(text) == ids
    assert shifted.decode(ids) == tokenizers["nllb"][1].decode(ids)


def test_a_tokenizer_json_of_transformers_4(models: dict[str, Path], tmp_path: Path) -> None:
    older = shutil.copytree(models["nllb"], tmp_path / "older")
    spelt = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    change(older, "tokenizer.json", pre_tokenizer=spelt, decoder=spelt, truncation=None, padding=None)
    expected, found = (load_pieces(read_model(str(path)), "en", "ko") for path in (models["nllb"], older))
    for text in (*ENGLISH, *KOREAN):
        assert found.encode(text) == expected.encode(text)
        assert found.decode(found.encode(text)) == text


def test_the_older_nllb_rows(tmp_path: Path) -> None:
    make_nllb(tmp_path, legacy_behaviour=True)
    own = AutoTokenizer.from_pretrained(str(tmp_path), src_lang="eng_Latn")
    pieces = load_pieces(read_model(str(tmp_path)), "en", "ko")
    same_as(own, pieces, ENGLISH[0])
    assert pieces.frame([9]) == [9, 2, own.convert_tokens_to_ids("eng_Latn")]


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_in_a_text_are_plain_text(kind: str, models: dict[str, Path]) -> None:
    files = read_model(str(models[kind]))
    pieces = load_pieces(files, "en", "ko")
    ids = pieces.encode("a </s> b <pad> >>kor<< __ko__ kor_Hang <s> <mask>")
    special = {files.eos, files.pad, *pieces.frame([])} | ({pieces.first} if pieces.first is not None else set())
    assert not special & set(ids)
    assert pieces.decode([*special, *ids, *special]) == pieces.decode(ids)


@pytest.mark.parametrize(
    ("kind", "source", "target", "message"),
    [
        ("m2m100", "en", "mt", r"into 'mt'; the languages it knows are af ar be bg .* zh$"),
        ("m2m100", "la", "ko", "from 'la'; the languages it knows are af ar"),
        ("nllb", "en", "ru", "'nllb' does not translate into 'ru'; the languages it knows are ar en ko zh$"),
        ("nllb-spm", "en", "la", "into 'la'; the languages it knows are af ar be"),
        ("multilingual", "en", "ru", "into 'ru'; the targets it knows are >>fra<< >>kor<<"),
    ],
)
def test_an_unknown_language_lists_those_that_are_known(
    kind: str, source: str, target: str, message: str, models: dict[str, Path]
) -> None:
    with pytest.raises(ModelError, match=message):
        load(models[kind], "ct2", source, target)


@pytest.mark.parametrize("kind", KINDS)
@given(cut=st.integers(0, 10_000))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_truncated_file_is_named(kind: str, cut: int, models: dict[str, Path], tmp_path: Path) -> None:
    broken = shutil.copytree(models[kind], tmp_path / "broken", dirs_exist_ok=True)
    for name in ("source.spm", "target.spm", "sentencepiece.bpe.model", "tokenizer.json", "vocab.json"):
        if (broken / name).is_file():
            whole = (broken / name).read_bytes()
            (broken / name).write_bytes(whole[: cut * (len(whole) - 1) // 10_000])
            with pytest.raises(ModelError, match=rf"{re.escape(str(broken / name))}: .*again"):
                load(broken, "ct2")
            (broken / name).write_bytes(whole)
    assert load(broken, "ct2").model_hash == load(models[kind], "ct2").model_hash


def test_a_sentencepiece_model_cut_off_anywhere_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "cut.model"
    for cut in range(0, len(small_spm()) - 1, 7):
        path.write_bytes(small_spm()[:cut])
        with pytest.raises(ModelError, match=r"cut.model: is no .*SentencePiece model.*again"):
            load_spm(path)
    path.write_bytes(small_spm())
    assert load_spm(path).get_piece_size() == 300


@pytest.mark.parametrize(
    ("kind", "file", "values", "message"),
    [
        ("opus-mt", "vocab.json", {"▁foreign": 9000}, r"vocab.json: .* not this model's: .*▁foreign.*9000.*8001"),
        ("opus-mt", "vocab.json", {"</s>": 5}, r"vocab.json: is not this model's: </s> has the id 5, but .* is 0"),
        ("opus-mt", "vocab.json", {"▁the": "x"}, r"vocab.json: 'x' is no id \(of the piece '▁the'\)"),
        ("tc-big", "vocab.json", {"▁foreign": 2100}, r"/vocab.json: is not this model's: .*2100.*2003"),
        ("tc-big", "target_vocab.json", {"▁foreign": 2503}, r"target_vocab.json: is not this model's: .*2503"),
        ("tc-big", "config.json", {"decoder_vocab_size": 1000}, r"target_vocab.json: is not this model's"),
        ("opus-mt", "config.json", {"decoder_vocab_size": 9001}, r"of its own \(9001 .* 8001\).*target_vocab"),
        ("opus-mt", "generation_config.json", {"decoder_start_token_id": 8500}, r"start_token_id is 8500.*8001"),
        ("m2m100", "vocab.json", {"▁foreign": 500}, r"vocab.json: is not this model's: .*500.*409"),
        ("m2m100", "config.json", {"vocab_size": 350}, r"401 ids, languages included, but .* know 350"),
        ("m2m100", "tokenizer_config.json", {"language_codes": "wmt99"}, r"language_codes .*'wmt99'.*wmt21"),
        ("nllb-spm", "config.json", {"vocab_size": 302}, r"503 ids, languages included, but .* know 302"),
        ("m2m100", "config.json", {"vocab_size": None}, r"vocab_size is None; it must be 1 or more"),
        ("nllb", "config.json", {"model_type": "mbart"}, r"type 'mbart'; the types that run .* marian .*m2m_100"),
        ("m2m100", "tokenizer_config.json", {"tokenizer_class": "SMALL100Tokenizer"}, "of its own, SMALL100"),
    ],
)  # fmt: skip
def test_files_that_are_not_of_one_model(
    kind: str, file: str, values: dict[str, Any], message: str, models: dict[str, Path], tmp_path: Path
) -> None:
    broken = shutil.copytree(models[kind], tmp_path / "broken")
    change(broken, file, **values)
    with pytest.raises(ModelError, match=message):
        load(broken, "ct2")


@pytest.mark.parametrize(
    ("kind", "lacking", "message"),
    [
        ("tc-big", "target_vocab.json", r"no complete MarianMT model; it lacks target_vocab.json\."),
        ("m2m100", "vocab.json", r"no complete M2M100 model; it lacks vocab.json\."),
        ("m2m100", "sentencepiece.bpe.model", "it lacks sentencepiece.bpe.model"),
        ("nllb", "tokenizer.json", r"NLLB model; it lacks tokenizer.json \(or sentencepiece.bpe.model\)\."),
        ("nllb", "model.safetensors", r"it lacks model.safetensors \(or pytorch_model.bin\)\."),
    ],
)  # fmt: skip
def test_the_file_that_a_kind_lacks_is_named(
    kind: str, lacking: str, message: str, models: dict[str, Path], tmp_path: Path
) -> None:
    broken = shutil.copytree(models[kind], tmp_path / "broken")
    (broken / lacking).unlink()
    with pytest.raises(ModelError, match=message):
        read_model(str(broken))


def test_weights_of_another_size_are_an_error_of_both_engines(models: dict[str, Path], tmp_path: Path) -> None:
    broken = shutil.copytree(models["m2m100"], tmp_path / "broken")
    change(broken, "config.json", d_model=32)
    for engine in ("ct2", "hf"):
        with pytest.raises(ModelError, match="again"):
            load(broken, engine).translate(["One."])


def test_every_file_that_is_read_counts_for_the_hash(models: dict[str, Path], tmp_path: Path) -> None:
    for kind in KINDS:
        copy = shutil.copytree(models[kind], tmp_path / kind)
        hashes = {read_model(str(copy)).model_hash}
        files = sorted(path for path in copy.iterdir() if path.suffix in {".json", ".model", ".spm"})
        for path in files:
            path.write_bytes(path.read_bytes() + b"\n")
            hashes.add(read_model(str(copy)).model_hash)
        assert len(hashes) == len(files) + 1, kind
