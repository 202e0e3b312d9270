"""The loaded model: MarianMTModel and MarianTokenizer of transformers, in planned batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

from align.config import TranslateSettings
from align.errors import ModelError
from align.hub import no_loading_bar
from align.translation.batching import plan_batches
from align.translation.splitting import split_text

# Of a model's positions, the share that one source may take; the rest is room for a longer translation.
# The starter has 256 positions and was trained on sources of up to 160 pieces.
_SOURCE_SHARE = 160 / 256

Part = tuple[str, bool]
"""A translated part, and whether the model came to its end."""


class Marian:
    """A model with its weights. `token` is the target-language token, or None."""

    def __init__(self, path: Path, settings: TranslateSettings, positions: int, token: str | None) -> None:
        """Load the weights; raises ModelError where they are broken or incomplete."""
        self._settings = settings
        self._positions = positions
        self._halt = Event()
        self._threads = settings.threads or _cores()
        self._tokenizer, self._model = _load(path)
        self._encoder: dict[str, int] = self._tokenizer.encoder
        self._unknown = self._encoder[str(self._tokenizer.unk_token)]
        self._eos = int(self._tokenizer.eos_token_id)
        self._pad = int(self._model.config.pad_token_id)
        self._prefix = [] if token is None else [self._encoder[token]]
        self._room = int(positions * _SOURCE_SHARE) - len(self._prefix) - 1
        # In place of the model's own: its max_length and beam are not ours.
        self._model.generation_config = self._generation_config()

    def run(self, texts: Sequence[str]) -> Generator[tuple[str, list[Part]], None, None]:
        """Each of the different, non-empty `texts` with its translated parts, as soon as it is ready.

        Close it when you leave it early: batches that wait are then dropped.
        """
        parts = {text: split_text(text, self._fits) for text in texts}
        unique = list(dict.fromkeys(part for group in parts.values() for part in group))
        rows = {part: [*self._prefix, *self._encode(part), self._eos] for part in unique}
        missing = {text: len(set(group)) for text, group in parts.items()}
        users: dict[str, list[str]] = {}
        for text, group in parts.items():
            for part in dict.fromkeys(group):
                users.setdefault(part, []).append(text)
        ready: dict[str, Part] = {}
        plan = plan_batches(unique, [len(rows[part]) for part in unique], self._settings.batch_tokens)
        batches = [[unique[index] for index in batch] for batch in plan]
        outputs = _in_parallel(
            self._generate, [[rows[part] for part in batch] for batch in batches], self._threads, self._halt
        )
        with closing(outputs):
            for batch, output in zip(batches, outputs, strict=True):
                for part, result in zip(batch, self._decode(output), strict=True):
                    ready[part] = result
                    for text in users[part]:
                        missing[text] -= 1
                        if not missing[text]:
                            yield text, [ready[name] for name in parts[text]]

    def _encode(self, text: str) -> list[int]:
        # Straight through SentencePiece: MarianTokenizer would take "</s>" or ">>fra<<" in a page's text
        # for a special token. On other text it gives the same pieces.
        pieces = self._tokenizer.spm_source.encode(text, out_type=str)
        return [self._encoder.get(piece, self._unknown) for piece in pieces]

    def _fits(self, text: str) -> bool:
        return len(self._encode(text)) <= self._room

    def _generate(self, rows: Sequence[Sequence[int]]) -> list[list[int]]:
        import torch

        width = max(map(len, rows))
        source = torch.tensor([[*row, *[self._pad] * (width - len(row))] for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        limits = [min(self._positions - 1, 2 * len(row) + 20) for row in rows]
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=source,
                attention_mask=mask,
                max_new_tokens=max(limits),
                stopping_criteria=[self._stop(limits)],
            )
        return [list(row) for row in output[:, 1:].tolist()]  # without the start token

    def _decode(self, rows: Sequence[Sequence[int]]) -> list[Part]:
        texts = self._tokenizer.batch_decode(rows, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return [(text.strip(), self._eos in row) for text, row in zip(texts, rows, strict=True)]

    def _stop(self, limits: Sequence[int]) -> Any:
        """A stopping rule that gives each row its own limit, so that its neighbours cannot change it."""
        import torch

        own = torch.tensor(limits)

        def reached(ids: torch.Tensor, _scores: object, **_: object) -> torch.Tensor:
            if self._halt.is_set():
                return torch.ones(len(ids), dtype=torch.bool)
            # The search asks for several candidates a row, those of one row together.
            return ids.shape[1] - 1 >= own.repeat_interleave(len(ids) // len(own))

        return reached

    def _generation_config(self) -> Any:
        from transformers import GenerationConfig

        own, config = self._model.generation_config, self._model.config
        values = {
            "num_beams": self._settings.beam,
            "no_repeat_ngram_size": self._settings.no_repeat_ngram,
            "length_penalty": self._settings.length_penalty,
            "do_sample": False,
            # What the model itself must say: its special tokens, and those that it must not write.
            "decoder_start_token_id": _first(own.decoder_start_token_id, config.decoder_start_token_id, self._pad),
            "eos_token_id": _first(own.eos_token_id, self._eos),
            "pad_token_id": self._pad,
            "bad_words_ids": own.bad_words_ids,
        }
        return GenerationConfig.from_dict(values)


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _load(path: Path) -> tuple[Any, Any]:
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    # transformers' types do not know that output_loading_info makes a pair.
    loader: Any = MarianMTModel.from_pretrained
    try:
        tokenizer = MarianTokenizer.from_pretrained(str(path), local_files_only=True)
        with no_loading_bar():
            # Half-precision weights, such as the starter's, are slow on a CPU.
            model, report = loader(str(path), local_files_only=True, dtype=torch.float32, output_loading_info=True)
    except Exception as error:  # whatever a broken file makes the libraries raise
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(f"{path}: cannot be loaded as a MarianMT model: {reason}. Get the model again") from error
    faulty = sorted(str(key) for key in [*report["missing_keys"], *report["mismatched_keys"]])
    if faulty:
        # transformers would fill them with random numbers, and the model would write nonsense.
        raise ModelError(
            f"{path}: the weights lack {len(faulty)} tensors that config.json asks for, or hold them in another "
            f"shape ({faulty[0]} is one); get the model again"
        )
    return tokenizer, model.eval()


def _in_parallel(
    work: Callable[[Sequence[Sequence[int]]], list[list[int]]],
    batches: Sequence[Sequence[Sequence[int]]],
    threads: int,
    halt: Event,
) -> Generator[list[list[int]], None, None]:
    """Results in the order of `batches`, several batches at a time, each on a single thread of torch's.

    The steps of a small decoder are too short to be shared among threads, whose spinning costs more than
    they bring; and with one thread a batch, the number of threads cannot change a digit of the result.
    `halt` is set at the end: what still runs then, on an interrupt, is not wanted and may stop.
    """
    import torch

    halt.clear()
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # for the whole process, and for the threads that start now
    pool = ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))
    try:
        yield from pool.map(work, batches)
    finally:
        halt.set()
        pool.shutdown(wait=True, cancel_futures=True)
        torch.set_num_threads(before)


def _cores() -> int:
    """Cores that this process may use: a container may have fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
