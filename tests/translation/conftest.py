"""Tiny random MarianMT models, made on the spot from the packaged starter's vocabulary."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from align.config import TranslateSettings
from align.resources import resource
from align.translation import Translator, load_translator


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that makes a model directory: with target tokens, a number of positions, a seed."""

    def make(tokens: tuple[str, ...] = (), positions: int = 64, seed: int = 1) -> Path:
        import torch
        from transformers import MarianConfig, MarianMTModel
        from transformers.utils import logging

        path = tmp_path_factory.mktemp("model")
        starter = resource("models", "starter-en-ko")
        for name in ("source.spm", "target.spm", "tokenizer_config.json"):
            shutil.copy(starter / name, path / name)
        vocab = json.loads((starter / "vocab.json").read_text(encoding="utf-8"))
        pad = vocab["<pad>"]
        vocab |= {token: len(vocab) + number for number, token in enumerate(tokens)}
        (path / "vocab.json").write_text(json.dumps(vocab), encoding="utf-8")
        torch.manual_seed(seed)
        config = MarianConfig(
            vocab_size=len(vocab), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=positions,
            pad_token_id=pad, eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=0,
        )  # fmt: skip
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        MarianMTModel(config).save_pretrained(path)
        return path

    return make


@pytest.fixture(scope="session")
def tiny(make_model: Callable[..., Path]) -> Translator:
    """A random model with 64 positions; what it writes is noise."""
    translator = load_translator(
        TranslateSettings(models={"en-ko": str(make_model())}, beam=2, threads=1), "en", "ko"
    )
    assert translator is not None
    return translator


@pytest.fixture(scope="session")
def starter() -> Translator:
    """The packaged starter with the settings that a run has by default."""
    translator = load_translator(TranslateSettings(threads=1), "en", "ko")
    assert translator is not None
    return translator
