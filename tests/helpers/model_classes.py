"""Tiny random models of the classes that users bring, in directories as transformers writes them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from align.config import TranslateSettings
from align.resources import resource
from align.translation import Translator, load_translator
from align.translation.models import ModelFiles
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


@cache
def small_spm() -> bytes:
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


def make_opus(path: Path, tokens: tuple[str, ...] = (), seed: int = 1) -> None:
    starter = resource("models", "starter-en-ko")
    for name in ("source.spm", "target.spm"):
        shutil.copy(starter / name, path / name)
    vocab = json.loads((starter / "vocab.json").read_text(encoding="utf-8"))
    vocab |= {token: len(vocab) + at for at, token in enumerate(tokens)}
    write(path, vocab=vocab, tokenizer_config={"tokenizer_class": "MarianTokenizer"})
    save_marian(path, seed, vocab_size=len(vocab), pad_token_id=vocab["<pad>"])


def make_multilingual(path: Path) -> None:
    make_opus(path, (">>fra<<", ">>kor<<"), seed=6)


def make_tc_big(path: Path) -> None:
    """Two vocabularies: <pad> has one id, as in the real ones; the target's has more pieces."""
    starter = resource("models", "starter-en-ko")
    vocabularies = []
    for name, start, more in (("source", 0, 0), ("target", 4000, 500)):
        shutil.copy(starter / f"{name}.spm", path / f"{name}.spm")
        listed = pieces_of((starter / f"{name}.spm").read_bytes())[start:]
        whole = ["</s>", "<unk>", *listed[:2000], "<pad>", *listed[2000 : 2000 + more]]
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


def make_m2m100(path: Path, **config: Any) -> None:
    (path / "sentencepiece.bpe.model").write_bytes(small_spm())
    vocab = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces_of(small_spm())])}
    write(path, vocab=vocab, tokenizer_config={"tokenizer_class": "M2M100Tokenizer"})
    # 100 languages and 8 ids that stand for nothing.
    save_m2m100(path, **({"vocab_size": len(vocab) + 108} | config))


def make_nllb(path: Path, **tokenizer: Any) -> None:
    from transformers import NllbTokenizer

    vocab = {piece: at for at, piece in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces_of(small_spm())])}
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


def make_nllb_spm(path: Path) -> None:
    (path / "sentencepiece.bpe.model").write_bytes(small_spm())
    write(path, tokenizer_config={"tokenizer_class": "NllbTokenizer"})
    save_m2m100(path, seed=4, vocab_size=1 + 300 + 202 + 1)


MAKERS: dict[str, Callable[..., None]] = {
    "opus-mt": make_opus, "tc-big": make_tc_big, "multilingual": make_multilingual, "m2m100": make_m2m100,
    "nllb": make_nllb, "nllb-spm": make_nllb_spm,
}  # fmt: skip


def make_all(root: Path) -> dict[str, Path]:
    """A directory of each kind, by its name."""
    for kind in KINDS:
        (root / kind).mkdir()
        MAKERS[kind](root / kind)
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


def change(path: Path, name: str, **values: Any) -> None:
    """Set keys of a JSON file."""
    held = json.loads((path / name).read_text(encoding="utf-8"))
    (path / name).write_text(json.dumps(held | values), encoding="utf-8")
