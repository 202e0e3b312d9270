"""The fast engine: CTranslate2, on planned batches."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from align.errors import ModelError
from align.translation.hardware import Placement
from align.translation.search import Hypothesis, Search

# Names of our precisions in CTranslate2, on a CPU and on a GPU.
_COMPUTE = {
    "cpu": {"float32": "float32", "int8": "int8_float32"},
    "cuda": {"float32": "float32", "int8": "int8_float16", "float16": "float16"},
}


class Ct2Engine:
    """A converted model in CTranslate2. On a CPU each batch has one thread, and `workers` run side by side.

    A small decoder's steps are too short to be shared among threads, and with one thread a batch the number of
    workers cannot change a digit of the result.
    """

    def __init__(
        self,
        path: Path,
        place: Placement,
        *,
        eos: int,
        banned: Sequence[Sequence[int]],
        first: int | None,
    ) -> None:
        """Load a converted model; raises ModelError where CTranslate2 cannot.

        `banned` are sequences of ids that are never written, `first` the id that each translation begins with.
        """
        import logging

        import ctranslate2

        ctranslate2.set_log_level(logging.ERROR)
        self.workers = place.workers
        self._banned = [list(map(str, ids)) for ids in banned] or None
        self._prefix = None if first is None else [str(first)]
        self._eos = str(eos)
        try:
            self._model: Any = ctranslate2.Translator(
                str(path),
                device=place.device,
                compute_type=_COMPUTE[place.device][place.precision],
                inter_threads=place.workers,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:300]
            raise ModelError(
                f"{path}: cannot be loaded by CTranslate2: {reason}. Remove this folder, so that the model is "
                "converted again, or use the engine hf"
            ) from None

    @contextmanager
    def session(self) -> Generator[Executor, None, None]:
        """Workers; a batch that runs comes to its end, those that wait are dropped."""
        pool = ThreadPoolExecutor(self.workers)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def run(self, rows: Sequence[Sequence[int]], search: Search, limit: int) -> list[list[Hypothesis]]:
        """Hypotheses of each row of source ids, best first; at most `limit` tokens each."""
        forced = len(self._prefix or ())
        results = self._model.translate_batch(
            [list(map(str, row)) for row in rows],
            target_prefix=None if self._prefix is None else [self._prefix] * len(rows),
            beam_size=search.beam,
            num_hypotheses=search.hypotheses,
            length_penalty=search.length_penalty,
            repetition_penalty=search.repetition_penalty,
            no_repeat_ngram_size=search.no_repeat_ngram,
            min_decoding_length=search.shortest + forced,
            max_decoding_length=limit + forced,
            max_input_length=0,
            suppress_sequences=self._banned,
            return_end_token=True,
            return_scores=search.beam > 1,
        )
        return [
            [
                self._hypothesis(tokens[forced:], score)
                for tokens, score in zip(
                    result.hypotheses, result.scores or [0.0] * len(result.hypotheses), strict=True
                )
            ]
            for result in results
        ]

    def _hypothesis(self, tokens: list[str], score: float) -> Hypothesis:
        finished = bool(tokens) and tokens[-1] == self._eos
        return Hypothesis(tuple(map(int, tokens[:-1] if finished else tokens)), finished, score)
