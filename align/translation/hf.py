"""The reference engine: transformers' own generate, on planned batches."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from align.translation.hardware import Placement
from align.translation.models import ModelFiles
from align.translation.penalties import Penalties
from align.translation.search import Hypothesis, Search
from align.translation.weights import load_weights


class HfEngine:
    """A model in transformers. On a CPU each batch has one thread, and `workers` batches run side by side."""

    def __init__(
        self, files: ModelFiles, place: Placement, *, banned: Sequence[Sequence[int]], first: int | None
    ) -> None:
        """Load the weights; raises ModelError where they are broken or incomplete.

        `banned` are sequences of ids that are never written, `first` the id that each translation begins with.
        """
        import torch

        self.workers = place.workers
        self._device = place.device
        self._halt = Event()
        self._banned = [list(ids) for ids in banned] or None
        self._first = first
        self._start, self._eos, self._pad = files.start, files.eos, files.pad
        model = load_weights(files)
        # What a search does not name, transformers takes from here, and the model's own is not ours.
        model.generation_config = type(model.generation_config)()
        self._model = model.to(place.device, torch.float16 if place.precision == "float16" else torch.float32)
        self._penalties = Penalties(self._model)

    @contextmanager
    def session(self) -> Generator[Executor, None, None]:
        """Workers with one thread of torch's each; the process's own setting is as before afterwards.

        The steps of a small decoder are too short to be shared among threads, whose spinning costs more than
        they bring; and with one thread a batch, the number of workers cannot change a digit of the result.
        """
        import torch

        self._halt.clear()
        before = torch.get_num_threads()
        torch.set_num_threads(1)  # for the whole process, and for the threads that start now
        pool = ThreadPoolExecutor(self.workers, initializer=torch.set_num_threads, initargs=(1,))
        try:
            yield pool
        finally:
            self._halt.set()
            pool.shutdown(wait=True, cancel_futures=True)
            torch.set_num_threads(before)

    def run(self, rows: Sequence[Sequence[int]], search: Search, limit: int) -> list[list[Hypothesis]]:
        """Hypotheses of each row of source ids, best first; at most `limit` tokens each."""
        import torch

        width = max(map(len, rows))
        source = torch.tensor([[*row, *[self._pad] * (width - len(row))] for row in rows], device=self._device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=self._device)
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=source,
                attention_mask=mask,
                generation_config=self._generation_config(search, limit),
                stopping_criteria=[self._halted],
                logits_processor=self._penalties.processors(search.repetition_penalty, search.no_repeat_ngram),
            )
        scores = [0.0] * len(output.sequences) if search.beam == 1 else output.sequences_scores.tolist()
        found = [
            self._hypothesis(ids, score) for ids, score in zip(output.sequences.tolist(), scores, strict=True)
        ]
        return [found[at : at + search.hypotheses] for at in range(0, len(found), search.hypotheses)]

    def _hypothesis(self, ids: list[int], score: float) -> Hypothesis:
        ids = ids[1 if self._first is None else 2 :]  # without what it had to begin with
        finished = self._eos in ids
        kept = ids[: ids.index(self._eos)] if finished else [index for index in ids if index != self._pad]
        return Hypothesis(tuple(kept), finished, score)

    def _halted(self, ids: Any, _scores: object, **_: object) -> Any:
        import torch

        return torch.full((len(ids),), self._halt.is_set(), dtype=torch.bool, device=ids.device)

    def _generation_config(self, search: Search, limit: int) -> Any:
        from transformers import GenerationConfig

        forced = 0 if self._first is None else 1
        config: Any = GenerationConfig
        return config(
            num_beams=search.beam,
            num_return_sequences=search.hypotheses,
            length_penalty=search.length_penalty,
            min_new_tokens=search.shortest + forced,
            max_new_tokens=limit + forced,
            # As CTranslate2 does it: what may not be written has no share in the probabilities, and the search
            # ends when the beam is full of complete hypotheses.
            renormalize_logits=True,
            early_stopping=search.beam > 1,
            bad_words_ids=self._banned,
            forced_bos_token_id=self._first,
            decoder_start_token_id=self._start,
            eos_token_id=self._eos,
            pad_token_id=self._pad,
            do_sample=False,
            return_dict_in_generate=True,
            output_scores=search.beam > 1,
        )
