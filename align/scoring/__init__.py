"""Scores with sacrebleu: of texts, of pairs, of a run; never a number without its signature and coverage."""

from align.scoring.metrics import Metric, bleu_tokenizer, score, segment_chrf
from align.scoring.summary import summarise

__all__ = ["Metric", "bleu_tokenizer", "score", "segment_chrf", "summarise"]
