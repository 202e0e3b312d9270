"""What users would write without this project: a loop over transformers' generate, and loops over CTranslate2.

Each takes texts in their order and returns as many translations. All have the same limits as our own search.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from align.config import TranslateSettings
from align.hub import no_loading_bar
from align.translation import Translator
from align.translation.models import ModelFiles
from align.translation.search import Search

Translate = Callable[[Sequence[str]], list[str]]

BATCH = 32
TOKENS = 1024


def generate_loop(model: Path, search: Search) -> Translate:
    """As the documentation of MarianMT shows it: 32-bit floats, batches in input order, torch's own threads."""
    import torch
    from transformers import MarianMTModel

    with no_loading_bar():
        loaded: Any = MarianMTModel.from_pretrained(model, dtype=torch.float32)
    loaded.eval()
    tokenizer = _tokenizer(model)
    positions = int(loaded.config.max_position_embeddings)

    def translate(texts: Sequence[str]) -> list[str]:
        made: list[str] = []
        for batch in _batches(texts):
            inputs = tokenizer(batch, return_tensors="pt", padding=True, truncation=True)
            output = loaded.generate(
                **inputs,
                num_beams=search.beam,
                no_repeat_ngram_size=search.no_repeat_ngram,
                min_new_tokens=search.shortest,
                max_new_tokens=search.limit(inputs["input_ids"].shape[1], positions),
            )
            made += tokenizer.batch_decode(output, skip_special_tokens=True)
        return made

    return translate


def convert(model: Path, folder: Path) -> Path:
    """The model in int8, by CTranslate2's own converter."""
    from ctranslate2.converters import TransformersConverter

    with no_loading_bar():
        TransformersConverter(str(model)).convert(str(folder), quantization="int8")
    return folder


def ctranslate2_loop(converted: Path, model: Path, search: Search, *, intra_threads: int = 0) -> Translate:
    """As CTranslate2's documentation shows it for Marian, a batch at a time in input order.

    `intra_threads` 0 is its default, which leaves their number to it.
    """
    return _ctranslate2(converted, model, search, {"intra_threads": intra_threads}, BATCH, {})


def ctranslate2_best(converted: Path, model: Path, search: Search, threads: int) -> Translate:
    """CTranslate2's own best: all texts in one call, which it sorts into batches of tokens, side by side."""
    batching = {"max_batch_size": TOKENS, "batch_type": "tokens"}
    return _ctranslate2(converted, model, search, {"inter_threads": threads, "intra_threads": 1}, None, batching)


def ours(files: ModelFiles, settings: TranslateSettings, search: Search | None = None) -> Translate:
    """Our translator as `align translate` uses it, but without a cache that lasts."""
    translator = Translator(files, settings, "en", "ko", search=search)

    def translate(texts: Sequence[str]) -> list[str]:
        return [found.text for found in translator.stream(texts)]

    return translate


def _ctranslate2(
    converted: Path,
    model: Path,
    search: Search,
    threads: dict[str, int],
    batch: int | None,
    batching: dict[str, Any],
) -> Translate:
    import ctranslate2
    from transformers import AutoConfig

    ctranslate2.set_log_level(logging.ERROR)  # it warns of floats that it stores in half precision
    translator: Any = ctranslate2.Translator(str(converted), device="cpu", **threads)
    tokenizer = _tokenizer(model)
    positions = int(AutoConfig.from_pretrained(model).max_position_embeddings)

    def translate(texts: Sequence[str]) -> list[str]:
        made: list[str] = []
        for some in _batches(texts, batch):
            rows = [tokenizer.convert_ids_to_tokens(tokenizer.encode(text, truncation=True)) for text in some]
            results = translator.translate_batch(
                rows,
                beam_size=search.beam,
                no_repeat_ngram_size=search.no_repeat_ngram,
                min_decoding_length=search.shortest,
                max_decoding_length=search.limit(max(map(len, rows)), positions),
                **batching,
            )
            made += [tokenizer.decode(tokenizer.convert_tokens_to_ids(result.hypotheses[0])) for result in results]
        return made

    return translate


def _tokenizer(model: Path) -> Any:
    from transformers import MarianTokenizer

    load: Any = MarianTokenizer.from_pretrained
    return load(model)


def _batches(texts: Sequence[str], size: int | None = BATCH) -> Iterator[list[str]]:
    """Batches in input order; with the size None a single one of all texts."""
    step = size or max(1, len(texts))
    return (list(texts[at : at + step]) for at in range(0, len(texts), step))
