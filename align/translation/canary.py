"""Known sentences that tell a model which translates, if weakly, from one that writes nonsense."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from pydantic import model_validator

from align.config import Settings, parse_settings, read_yaml
from align.errors import ModelError
from align.language.codes import script_of
from align.resources import resource
from align.translation.cache import Translated
from align.translation.checks import check
from align.translation.numerals import lost_numbers

Translate = Callable[[Sequence[str]], Sequence[Translated]]

# What decides. A weak model of news keeps most of these names, and its translations are nearer to their own
# sentences than to others: the packaged starter 20 of 26, and 15 of 16. What is fluent and has nothing to do with
# the source (the known conversion of opus-mt-tc-big-en-ko) keeps next to nothing, and meets its own sentence by
# chance, once in sixteen; so do noise, one word over and over, and another language. Correct translations in the
# wrong order keep up to 15 % of the names. Half lies far from both. Of figures half is little to ask: a model that
# loses more is not to be trusted with any.
_NEEDED = 0.5
# The checks find fault with under 1 % of human translations, and with most of what a broken model writes.
_FAULTY = 0.25
# What a check of one translation may find that speaks against a model. Numbers are counted by themselves.
_FAULTS = ("empty", "copy", "loop", "length", "script", "unfinished")
# Rounding lets two engines part ways at a tie: in one sentence of twelve.
_PER_DISAGREEMENT = 12
_EXAMPLES = 3


class CanarySentence(Settings):
    """One sentence in several languages, with what each version must hold."""

    text: dict[str, str]
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


class Canary(Settings):
    """Sentences that are translations of each other, and how names are written in each language."""

    sentences: tuple[CanarySentence, ...]
    names: dict[str, dict[str, tuple[str, ...]]]

    @model_validator(mode="after")
    def _whole(self) -> Canary:
        if not self.sentences:
            raise ValueError("there are no sentences")
        for number, sentence in enumerate(self.sentences, 1):
            if sentence.text.keys() != self.sentences[0].text.keys():
                raise ValueError(f"sentence {number} stands in other languages than the first")
            for name in sentence.names:
                if lacking := sentence.text.keys() - self.names.get(name, {}).keys():
                    raise ValueError(f"the name {name} has no rendering in {', '.join(sorted(lacking))}")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages that the sentences stand in."""
        return tuple(self.sentences[0].text)

    def texts(self, lang: str) -> list[str]:
        """The sentences in one language. Raises ModelError where they do not stand in it."""
        if lang not in self.languages:
            raise ModelError(
                f"a model cannot be verified with the language '{lang}': the canary's sentences stand in "
                f"{', '.join(self.languages)}. Add the model with --unverified, and see yourself what it writes"
            )
        return [sentence.text[lang] for sentence in self.sentences]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one sentence. `recognised`: of all sentences the translation is nearest to this one."""

    source: str
    translation: str
    faults: tuple[str, ...]
    lost_numbers: tuple[int, ...]
    lost_names: tuple[str, ...]
    recognised: bool

    def __str__(self) -> str:
        marks = [*self.faults, *(f"lost {what}" for what in (*self.lost_names, *self.lost_numbers))]
        if not (marks or self.recognised):
            marks = ["nearer to another sentence"]
        return f"'{self.source}' became '{shortened(self.translation)}' ({', '.join(marks)})"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model made of the canary, in the order of its sentences.

    `names` and `numbers` are how many were kept, and of how many. `chrf` is the corpus chrF (0 to 100) against the
    canary's own versions: an information, not a criterion.
    """

    findings: tuple[Finding, ...]
    names: tuple[int, int]
    numbers: tuple[int, int]
    chrf: float

    @property
    def recognised(self) -> tuple[int, int]:
        """How many translations are nearer to their own sentence than to any other, and of how many."""
        return sum(finding.recognised for finding in self.findings), len(self.findings)

    @property
    def faulty(self) -> int:
        """How many translations a check finds fault with."""
        return sum(bool(finding.faults) for finding in self.findings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Which criteria are not met, as clauses; () where the model passes."""
        counted = {"names kept": self.names, "numbers kept": self.numbers, "sentences recognised": self.recognised}
        found = [
            f"{what} {kept} of {of} (needed: {ceil(of * _NEEDED)})"
            for what, (kept, of) in counted.items()
            if kept < ceil(of * _NEEDED)
        ]
        most = int(len(self.findings) * _FAULTY)
        if self.faulty > most:
            kinds = [kind for kind in _FAULTS if any(kind in finding.faults for finding in self.findings)]
            found.append(
                f"{self.faulty} of {len(self.findings)} translations at fault: {', '.join(kinds)} "
                f"(allowed: {most})"
            )
        return tuple(found)

    @property
    def examples(self) -> tuple[Finding, ...]:
        """The worst findings, worst first: at most three."""

        def badness(finding: Finding) -> int:
            lost = len(finding.lost_names) + len(finding.lost_numbers)
            return 2 * len(finding.faults) + lost + (not finding.recognised)

        return tuple(sorted(filter(badness, self.findings), key=badness, reverse=True)[:_EXAMPLES])


def load_canary(path: Path | None = None) -> Canary:
    """The packaged canary, or one from a file; raises ConfigError where the file is not as it must be."""
    path = path or resource("configs", "canaries.yaml")
    return parse_settings(Canary, read_yaml(path), str(path))


def judge(canary: Canary, source: str, target: str, translate: Translate) -> Judgement:
    """Let `translate` translate the canary's sentences, and look at what came of them.

    Raises ModelError where the canary does not know a language, ValueError where the translations are not as many
    as the sentences.
    """
    texts, references = canary.texts(source), canary.texts(target)
    found = translate(texts)
    renderings = {name: [_pattern(form, target) for form in forms[target]] for name, forms in canary.names.items()}
    nearest = _nearest([translated.text for translated in found], references)
    findings = []
    for place, (sentence, text, translated) in enumerate(zip(canary.sentences, texts, found, strict=True)):
        flags = {*check(text, translated.text, source, target), *translated.flags}
        plain = _plain(translated.text)
        findings.append(
            Finding(
                source=text,
                translation=translated.text,
                faults=tuple(fault for fault in _FAULTS if fault in flags),
                lost_numbers=tuple(n for n in sentence.numbers if lost_numbers(str(n), translated.text)),
                lost_names=tuple(
                    name for name in sentence.names if not any(form.search(plain) for form in renderings[name])
                ),
                recognised=nearest[place] == place,
            )
        )
    names, numbers = (sum(len(getattr(s, what)) for s in canary.sentences) for what in ("names", "numbers"))
    return Judgement(
        tuple(findings),
        (names - sum(len(finding.lost_names) for finding in findings), names),
        (numbers - sum(len(finding.lost_numbers) for finding in findings), numbers),
        chrf([translated.text for translated in found], references),
    )


def agreement(reference: Sequence[Translated], other: Sequence[Translated]) -> tuple[int, int]:
    """How many translations of two engines are the same, and of how many; ValueError for unequal lengths."""
    same = [a.text == b.text for a, b in zip(reference, other, strict=True)]
    return sum(same), len(same)


def agree(same: int, of: int) -> bool:
    """Whether two engines that gave the same for `same` of `of` sentences run the same model."""
    return of - same <= of // _PER_DISAGREEMENT


def chrf(translations: Sequence[str], references: Sequence[str]) -> float:
    """Corpus chrF (Popović 2015, as sacrebleu has it, 0 to 100), rounded to 4 digits."""
    from sacrebleu.metrics.chrf import CHRF

    return round(float(CHRF().corpus_score(list(translations), [list(references)]).score), 4)


def _nearest(translations: Sequence[str], references: Sequence[str]) -> list[int | None]:
    """For each translation the index of the reference of highest chrF, None where two are as near."""
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    found: list[int | None] = []
    for translation in translations:
        scores = [metric.sentence_score(translation, [reference]).score for reference in references]
        best = max(scores)
        found.append(scores.index(best) if scores.count(best) == 1 else None)
    return found


def _pattern(form: str, lang: str) -> re.Pattern[str]:
    pattern = re.escape(_plain(form)).replace(r"\*", r"\w*")
    parted = script_of(lang) in {"Latn", "Cyrl"}
    return re.compile(rf"(?<!\w){pattern}(?!\w)" if parted else pattern)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("-", " ").split())


def shortened(text: str, most: int = 160) -> str:
    """A translation as a message shows it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
