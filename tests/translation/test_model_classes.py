"""Models that users bring: opus-mt of both kinds, M2M100 and NLLB, in both engines, on tiny random weights."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from align.config import TranslateSettings
from align.errors import ModelError
from align.resources import resource
from align.translation import Translator, load_translator
from align.translation.ct2 import Ct2Engine
from align.translation.hf import HfEngine
from align.translation.models import ModelFiles, read_model
from align.translation.pieces import Pieces, load_spm
from align.translation.search import Hypothesis, Search
from align.translation.vocabulary import load_pieces

# Our own sentences, to train a vocabulary of a few hundred pieces on.
ENGLISH = [
    "The workers of the mine carried out the plan before the date.",
    "The delegation left here by air on Thursday morning.",
    "A meeting was held in the city hall, and the mayor spoke.",
    "Heavy rain flooded two villages near the river.",
    "The new bakery sells 3,450 loaves a day.",
    "Farmers brought in the harvest in October.",
    "Students planted trees along the road to the sea.",
    "She read the letter twice and put it away.",
    "The bridge will be closed until the ice is gone.",
    "Nobody knew where the old map had come from.",
    "Two ships entered the port with wheat and salt.",
    "He asked for water, bread and a room.",
    "The factory makes shoes, boots and gloves.",
    "A photo exhibition opened on Monday.",
    "The train from the north was an hour late.",
    "Their answer was short: no.",
    "Children sang at the opening of the school.",
    "The wind turned, and the fire went out.",
    "We shall build ten thousand flats a year.",
    "Is there a doctor in the house?",
]
KOREAN = [
    "광부들이 계획을 앞당겨 끝냈다.",
    "대표단이 목요일 아침 비행기로 떠났다.",
    "시청에서 회의가 열렸다.",
    "강가의 두 마을이 물에 잠겼다.",
]
SMALL: dict[str, Any] = {
    "d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2,
    "decoder_attention_heads": 2, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32,
}  # fmt: skip
CODES = ["ace_Arab", "arb_Arab", "eng_Latn", "kor_Hang", "zho_Hans", "zho_Hant"]
KINDS = ["opus-mt", "tc-big", "multilingual", "m2m100", "nllb", "nllb-spm"]


@pytest.fixture(scope="module")
def spm_bytes() -> bytes:
    """A SentencePiece model as M2M100 and NLLB have them: BPE, with <unk>, <s>, </s> in front."""
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter((ENGLISH + KOREAN) * 3), model_writer=written, vocab_size=300, model_type="bpe",
        character_coverage=1.0, normalization_rule_name="identity", minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def pieces_of(spm: bytes) -> list[str]:
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_proto=spm)
    return [model.id_to_piece(index) for index in range(3, model.get_piece_size())]


def save_weights(path: Path, model: Any, eos: int, likely: float) -> None:
    """Write random weights with which a translation ends sooner the greater `likely` is."""
    import torch
    from transformers.utils import logging

    with torch.no_grad():
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias[0, eos] = likely
        else:  # normalised states have a mean of 0: what is added to it counts for a row of equal numbers alone
            model.model.decoder.layer_norm.bias.fill_(0.5)
            model.model.shared.weight[eos] = likely / (0.5 * model.config.d_model)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model.save_pretrained(path)


def save_marian(path: Path, seed: int = 1, positions: int = 64, likely: float = 8.0, **config: Any) -> None:
    import torch
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(seed)
    model = MarianMTModel(
        MarianConfig(
            max_position_embeddings=positions, eos_token_id=0, bos_token_id=0, forced_eos_token_id=0,
            decoder_start_token_id=config["pad_token_id"], init_std=0.6, **SMALL, **config,
        )
    )  # fmt: skip
    save_weights(path, model, 0, likely)


def save_m2m100(path: Path, seed: int = 1, positions: int = 64, likely: float = 6.0, **config: Any) -> None:
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    torch.manual_seed(seed)
    model = M2M100ForConditionalGeneration(
        M2M100Config(max_position_embeddings=positions, init_std=0.6, **SMALL, **config)
    )
    save_weights(path, model, 2, likely)


def write(path: Path, **files: Any) -> None:
    for name, content in files.items():
        (path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def make_opus(path: Path, _spm: bytes, tokens: tuple[str, ...] = (), seed: int = 1) -> None:
    starter = resource("models", "starter-en-ko")
    for name in ("source.spm", "target.spm"):
        shutil.copy(starter / name, path / name)
    vocab = json.loads((starter / "vocab.json").read_text(encoding="utf-8"))
    vocab |= {token: len(vocab) + at for at, token in enumerate(tokens)}
    write(path, vocab=vocab, tokenizer_config={"tokenizer_class": "MarianTokenizer"})
    save_marian(path, seed, vocab_size=len(vocab), pad_token_id=vocab["<pad>"])


def make_multilingual(path: Path, spm: bytes) -> None:
    make_opus(path, spm, (">>fra<<", ">>kor<<"), seed=6)


def make_tc_big(path: Path, _spm: bytes) -> None:
    """Two vocabularies: <pad> has one id, as in the real ones; the target's has more pieces."""
    starter = resource("models", "starter-en-ko")
    vocabularies = []
    for name, pieces, more in (("source", 2000, 0), ("target", 2000, 500)):
        shutil.copy(starter / f"{name}.spm", path / f"{name}.spm")
        listed = pieces_of((starter / f"{name}.spm").read_bytes())[: pieces + more]
        whole = ["</s>", "<unk>", *listed[:pieces], "<pad>", *listed[pieces:]]
        vocabularies.append({piece: at for at, piece in enumerate(whole)})
    write(
        path,
        vocab=vocabularies[0],
        target_vocab=vocabularies[1],
        tokenizer_config={"tokenizer_class": "MarianTokenizer", "separate_vocabs": True},
    )
    save_marian(
        path, vocab_size=len(vocabularies[0]), decoder_vocab_size=len(vocabularies[1]),
        pad_token_id=vocabularies[0]["<pad>"], share_encoder_decoder_embeddings=False,
    )  # fmt: skip


def make_m2m100(path: Path, spm: bytes, **config: Any) -> None:
    (path / "sentencepiece.bpe.model").write_bytes(spm)
    vocab = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces_of(spm)])}
    write(path, vocab=vocab, tokenizer_config={"tokenizer_class": "M2M100Tokenizer"})
    # 100 languages and 8 ids that stand for nothing.
    save_m2m100(path, **({"vocab_size": len(vocab) + 108} | config))


def make_nllb(path: Path, spm: bytes, **tokenizer: Any) -> None:
    from transformers import NllbTokenizer

    vocab = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces_of(spm)])}
    # Merges in the order of the pieces that they make, which is that in which they were learnt.
    merges: Any = [
        (piece[:at], piece[at:])
        for piece in vocab
        for at in range(1, len(piece))
        if piece[0] != "<" and piece[:at] in vocab and piece[at:] in vocab
    ]
    made = NllbTokenizer(vocab=vocab, merges=merges, extra_special_tokens=CODES, **tokenizer)
    made.save_pretrained(path)
    save_m2m100(path, seed=3, vocab_size=len(vocab) + len(CODES) + 1)


def make_nllb_spm(path: Path, spm: bytes) -> None:
    (path / "sentencepiece.bpe.model").write_bytes(spm)
    write(path, tokenizer_config={"tokenizer_class": "NllbTokenizer"})
    save_m2m100(path, seed=4, vocab_size=1 + 300 + 202 + 1)


MAKERS: dict[str, Callable[..., None]] = {
    "opus-mt": make_opus, "tc-big": make_tc_big, "multilingual": make_multilingual, "m2m100": make_m2m100,
    "nllb": make_nllb, "nllb-spm": make_nllb_spm,
}  # fmt: skip


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, spm_bytes: bytes) -> dict[str, Path]:
    """A directory of each kind."""
    root = tmp_path_factory.mktemp("classes")
    for kind in KINDS:
        (root / kind).mkdir()
        MAKERS[kind](root / kind, spm_bytes)
    return {kind: root / kind for kind in KINDS}


def load(model: Path, engine: str, source: str = "en", target: str = "ko", **values: Any) -> Translator:
    settings = TranslateSettings.model_validate(
        {"models": {f"{source}-{target}": str(model)}, "engine": engine, "precision": "float32", **values}
    )
    translator = load_translator(settings, source, target)
    assert translator is not None
    return translator


def rows_of(files: ModelFiles, target: str = "ko", texts: list[str] = ENGLISH) -> list[list[int]]:
    pieces = load_pieces(files, "en", target)
    return [pieces.frame(pieces.encode(text)) for text in texts]


@pytest.mark.parametrize(
    "search",
    [
        Search(beam=1),
        Search(beam=1, repetition_penalty=1.3, no_repeat_ngram=1),
        Search(beam=4, hypotheses=4),
        Search(beam=3, hypotheses=2, repetition_penalty=1.4, length_penalty=0.6),
        Search(beam=4, hypotheses=4, repetition_penalty=0.8, no_repeat_ngram=3),
        Search(beam=2, no_repeat_ngram=1),
    ],
    ids=lambda search: f"beam{search.beam}-penalty{search.repetition_penalty}-ngram{search.no_repeat_ngram}",
)
@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_find_the_same(kind: str, search: Search, models: dict[str, Path]) -> None:
    rows = rows_of(read_model(str(models[kind])))
    fast, reference = (load(models[kind], engine).engine().run(rows, search, 30) for engine in ("ct2", "hf"))
    agreeing = 0
    for left, right in zip(fast, reference, strict=True):
        assert len(left) == len(right) == search.hypotheses
        agreeing += [(h.ids, h.finished) for h in left] == [(h.ids, h.finished) for h in right]
        assert [h.score for h in left] == pytest.approx([h.score for h in right], abs=1e-3)
        assert [h.score for h in left] == sorted((h.score for h in left), reverse=True)
    assert agreeing >= 19
    assert len({found[0].ids for found in fast}) >= 10  # what is always the same agrees always


def test_some_translations_end_and_some_do_not(models: dict[str, Path]) -> None:
    search = Search(beam=4, repetition_penalty=1.4)
    for kind in KINDS:
        found = load(models[kind], "ct2").engine().run(rows_of(read_model(str(models[kind]))), search, 30)
        assert {hypotheses[0].finished for hypotheses in found} == {True, False}, kind


@pytest.mark.parametrize("engine", ["ct2", "hf"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_in_one_out_in_order(kind: str, engine: str, models: dict[str, Path]) -> None:
    translator = load(models[kind], engine, retry=engine == "ct2")
    texts = [*ENGLISH[:8], "", ENGLISH[0], "</s>", ">>kor<< __ko__ kor_Hang <pad>"]
    found = translator.translate(texts)
    assert len(found) == len(texts)
    assert found[9] == found[0]
    assert "empty" in found[8].flags
    assert len({one.text for one in found[:8]}) >= 6
    assert translator.translate(texts[::-1]) == found[::-1]


@pytest.mark.parametrize("kind", KINDS)
def test_alternatives_are_the_same_in_both_engines(kind: str, models: dict[str, Path]) -> None:
    values: dict[str, Any] = {"n_best": 3, "beam": 4, "retry": False, "repetition_penalty": 1.2}
    fast, reference = (load(models[kind], engine, **values).translate(ENGLISH) for engine in ("ct2", "hf"))
    agreeing = 0
    for left, right in zip(fast, reference, strict=True):
        assert len(left.alternatives) == len(right.alternatives) == 3
        agreeing += [a.text for a in left.alternatives] == [a.text for a in right.alternatives]
        assert [a.score for a in left.alternatives] == pytest.approx(
            [a.score for a in right.alternatives], abs=1e-3
        )
    assert agreeing >= 19


@pytest.mark.parametrize(
    ("kind", "others", "expected"),
    [
        ("multilingual", ("fr", "ko"), [8001, 8002]),
        # Behind 301 pieces, as 128052, 128028 and 128102 stand behind 128004 in facebook's M2M100.
        ("m2m100", ("ko", "fr", "zh"), [301 + 48, 301 + 24, 301 + 98]),
        # As 256098, 256200 and 256011 stand behind 256001 in facebook's NLLB-200.
        ("nllb-spm", ("ko", "zh", "ar"), [301 + 97, 301 + 199, 301 + 10]),
    ],
)
def test_the_target_language_decides_one_id(
    kind: str, others: tuple[str, ...], expected: list[int], models: dict[str, Path]
) -> None:
    files = read_model(str(models[kind]))
    found = []
    written = set()
    for target in others:
        pieces = load_pieces(files, "en", target)
        row = pieces.frame(pieces.encode(ENGLISH[0]))
        found.append(row[0] if pieces.first is None else pieces.first)
        for engine in ("ct2", "hf"):
            hypotheses = load(models[kind], engine, target=target).engine().run([row], Search(beam=2), 30)
            written.add(hypotheses[0][0].ids)
    assert found == expected
    assert len(written) == len(others)  # the engines agree, the languages differ
    assert all(ids[0] != first for ids, first in zip(written, expected, strict=True))


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


def test_the_older_nllb_rows(tmp_path: Path, spm_bytes: bytes) -> None:
    make_nllb(tmp_path, spm_bytes, legacy_behaviour=True)
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


@pytest.mark.parametrize("engine", [Ct2Engine, HfEngine])
@pytest.mark.parametrize("kind", ["tc-big", "multilingual", "m2m100", "nllb"])
def test_no_row_is_longer_than_the_models_positions(
    kind: str, engine: type[Ct2Engine] | type[HfEngine], models: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    run = engine.run

    def spying(self: Any, rows: Any, search: Search, limit: int) -> list[list[Hypothesis]]:
        found = run(self, rows, search, limit)
        longest = max(len(h.ids) + 1 for hypotheses in found for h in hypotheses)
        seen.append((max(map(len, rows)), longest))
        return found

    monkeypatch.setattr(engine, "run", spying)
    text = " ".join(f"word{n}" + ("," if n % 9 == 8 else "") for n in range(90)) + "x" * 300
    (found,) = load(models[kind], "ct2" if engine is Ct2Engine else "hf", beam=2, retry=False).translate([text])
    assert "split" in found.flags
    assert 30 < max(length for length, _ in seen) <= 40  # 5/8 of 64
    assert max(length for _, length in seen) <= 64


def test_positions_are_used_to_the_last(models: dict[str, Path]) -> None:
    row = [[9] * 62 + [2], [9] * 63 + [2]]
    for kind in ("m2m100", "opus-mt"):
        search = Search(shortest=62, beam=2)
        fast, reference = (load(models[kind], e).engine().run(row, search, 63) for e in ("ct2", "hf"))
        assert [h[0].ids for h in fast] == [h[0].ids for h in reference]
        assert {len(h[0].ids) for h in fast} <= {62, 63}


def test_positions_begin_behind_the_pad_wherever_it_stands(tmp_path: Path, spm_bytes: bytes) -> None:
    make_m2m100(tmp_path, spm_bytes, pad_token_id=7)
    rows = [[5, *range(20 + n, 40 + n), 2] for n in range(10)]
    search = Search(beam=2, repetition_penalty=1.3)
    fast, reference = (load(tmp_path, engine).engine().run(rows, search, 63) for engine in ("ct2", "hf"))
    assert [h[0].ids for h in fast] == [h[0].ids for h in reference]
    assert len({h[0].ids for h in fast}) > 5


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


def test_a_sentencepiece_model_cut_off_anywhere_is_no_model(tmp_path: Path, spm_bytes: bytes) -> None:
    path = tmp_path / "cut.model"
    for cut in range(0, len(spm_bytes) - 1, 7):
        path.write_bytes(spm_bytes[:cut])
        with pytest.raises(ModelError, match=r"cut.model: is no .*SentencePiece model.*again"):
            load_spm(path)
    path.write_bytes(spm_bytes)
    assert load_spm(path).get_piece_size() == 300


def change(path: Path, name: str, **values: Any) -> None:
    held = json.loads((path / name).read_text(encoding="utf-8"))
    (path / name).write_text(json.dumps(held | values), encoding="utf-8")


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


def test_separate_vocabularies_whichever_file_says_so(models: dict[str, Path], tmp_path: Path) -> None:
    expected = load(models["tc-big"], "ct2").translate(ENGLISH[:4])
    copy = shutil.copytree(models["tc-big"], tmp_path / "copy")
    change(copy, "tokenizer_config.json", separate_vocabs=False)
    assert [t.text for t in load(copy, "ct2").translate(ENGLISH[:4])] == [t.text for t in expected]
    # A file that is left over from something else is not read.
    joint = shutil.copytree(models["opus-mt"], tmp_path / "joint")
    (joint / "target_vocab.json").write_text('{"<unk>": 1}', encoding="utf-8")
    assert load(joint, "ct2").translate(ENGLISH[:2]) == load(models["opus-mt"], "ct2").translate(ENGLISH[:2])
