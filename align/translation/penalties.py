"""Penalties on repetition for transformers' generate, computed as CTranslate2 does, so that both engines agree."""

from __future__ import annotations

from collections.abc import Callable
from threading import local
from typing import Any

Processor = Callable[[Any, Any], Any]


class Penalties:
    """Repetition penalty and no-repeat n-grams for one model, which several threads may run.

    Keskar and others (2019) define the penalty on logits, and so CTranslate2 computes it. In a beam search
    transformers applies it to log probabilities, where a token that is certain (0) is not penalised at all. It
    also takes the token that the decoder starts from for written; in M2M100 and NLLB that is the end of a text,
    which would become the less likely, and with n-grams of 1 impossible.
    """

    def __init__(self, model: Any) -> None:
        """`model` is a transformers model; it gets a hook that keeps the logits of its last step."""
        self._last = local()
        model.register_forward_hook(self._keep)

    def processors(self, repetition_penalty: float, no_repeat_ngram: int) -> list[Processor]:
        """Logits processors for one call of generate. Both functions take 1 and 0 for none."""
        from transformers import NoRepeatNGramLogitsProcessor

        found: list[Processor] = []
        self._last.wanted = repetition_penalty != 1
        if repetition_penalty != 1:
            found.append(lambda ids, scores: self._penalised(ids[:, 1:], scores, repetition_penalty))
        if no_repeat_ngram:
            banning: Processor = NoRepeatNGramLogitsProcessor(no_repeat_ngram)
            found.append(lambda ids, scores: banning(ids[:, 1:], scores))
        return found

    def _keep(self, _model: object, _inputs: object, output: Any) -> None:
        if getattr(self._last, "wanted", False):
            self._last.logits = output.logits

    def _penalised(self, written: Any, scores: Any, penalty: float) -> Any:
        """`scores`, shape (rows, vocabulary), by as much lower as the logits of the ids in `written` would become.

        What generate makes of logits before (the logarithm of the softmax) moves all of a row by the same amount.
        """
        import torch

        seen = self._last.logits[:, -1].float().gather(1, written)
        change = torch.where(seen < 0, seen * penalty, seen / penalty) - seen
        return scores.scatter(1, written, scores.gather(1, written) + change)
