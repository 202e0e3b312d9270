"""Some consecutive lines on their way: which texts are new, what runs together, and what came of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from align.language.codes import joiner
from align.translation.batching import plan_batches
from align.translation.cache import Alternative, Translated
from align.translation.checks import check
from align.translation.pieces import Pieces
from align.translation.retrying import Attempt, attempts, best, fails
from align.translation.search import Hypothesis, Search
from align.translation.splitting import sentences, split_text


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for all chunks of one translator.

    `room` is how many ids a part may have; `cut`, where it is given, cuts a text into sentences, which are then
    translated one by one.
    """

    pieces: Pieces
    search: Search
    retry: bool
    n_best: int
    room: int
    positions: int
    batch_tokens: int
    source: str
    target: str
    cut: Callable[[str], list[str]] | None


@dataclass(frozen=True, slots=True)
class Job:
    """One batch for an engine: parts of texts with their rows."""

    chunk: Chunk
    parts: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    search: Search
    limit: int


@dataclass(slots=True)
class Chunk:
    """Lines, and of their different texts those that are to be translated; `made` fills as they become ready.

    All that decides which texts run together is here: neither other chunks nor the time that anything takes.
    """

    plan: Plan
    lines: list[str]
    made: dict[str, Translated] = field(default_factory=dict)
    times: Counter[str] = field(init=False)
    """How often each different text stands among the lines."""
    _parts: dict[str, list[list[str]]] = field(default_factory=dict)
    _rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _tried: dict[str, list[Translated]] = field(default_factory=dict)
    _heard: dict[str, Sequence[Hypothesis]] = field(default_factory=dict)
    _open: int = 0
    _stages: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.times = Counter(self.lines)

    @property
    def new(self) -> dict[str, Translated]:
        """What was translated here and not known before."""
        return {text: self.made[text] for text in self._tried if text in self.made}

    @property
    def complete(self) -> bool:
        """Whether every text that was to be translated is ready."""
        return not self._open

    def begin(self, texts: Iterable[str]) -> list[Job]:
        """The first batches for `texts`, different ones that are not blank."""
        self._tried = {text: [] for text in texts}
        self._stages = [Attempt(self.plan.search), *(attempts(self.plan.search) if self.plan.retry else ())]
        return self._advance(list(self._tried))

    def take(self, job: Job, results: Sequence[Sequence[Hypothesis]], ready: Callable[[str], None]) -> list[Job]:
        """Note what an engine made of a job; returns further batches, for texts that failed.

        `ready` is called with each text whose translation is final.
        """
        for part, hypotheses in zip(job.parts, results, strict=True):
            self._heard[part] = hypotheses
        self._open -= 1
        if self._open:
            return []
        for text, parts in self._parts.items():
            self._tried[text] += self._candidates(text, parts)
        before = set(self.made)
        jobs = self._advance([text for text in self._tried if text not in self.made])
        for text in self._tried:
            if text in self.made and text not in before:
                ready(text)
        return jobs

    def _advance(self, texts: Sequence[str]) -> list[Job]:
        """Batches of the next attempt at those of `texts` that want one; the others are final."""
        failed = []
        for text in texts:
            found = best(self._tried[text]) if self._tried[text] else None
            if found and not (self._stages and fails(found)):
                self.made[text] = found
            else:
                failed.append(text)
        while failed and self._stages:
            attempt, *self._stages = self._stages
            cut = {text: self._cut(text, attempt.apart) for text in failed}
            if attempt.apart:
                cut = {text: parts for text, parts in cut.items() if parts != self._parts[text]}
            if cut:
                self._parts = cut
                return self._batches(attempt.search)
        self.made |= {text: best(self._tried[text]) for text in failed}
        return []

    def _cut(self, text: str, apart: bool) -> list[list[str]]:
        """What is translated one by one: of each sentence, or of the text, the parts that a model takes."""
        whole = self.plan.cut(text) if self.plan.cut else sentences(text) if apart else [text]
        return [split_text(sentence, self._fits) for sentence in whole or [text]]

    def _batches(self, search: Search) -> list[Job]:
        """Batches of one search over all parts, each part once."""
        self._heard = {}
        parts = list(dict.fromkeys(part for cut in self._parts.values() for sentence in cut for part in sentence))
        lengths = [len(self._rows[part]) for part in parts]
        # A wider search takes more memory for each row.
        budget = max(1, self.plan.batch_tokens * self.plan.search.beam // search.beam)
        jobs = []
        for batch in plan_batches(parts, lengths, budget):
            chosen = tuple(parts[index] for index in batch)
            limit = search.limit(lengths[batch[0]], self.plan.positions)
            jobs.append(Job(self, chosen, tuple(self._rows[part] for part in chosen), search, limit))
        self._open = len(jobs)
        return jobs

    def _fits(self, text: str) -> bool:
        ids = self.plan.pieces.encode(text)
        if len(ids) > self.plan.room:
            return False
        self._rows[text] = tuple(self.plan.pieces.frame(ids))
        return True

    def _candidates(self, text: str, cut: Sequence[Sequence[str]]) -> list[Translated]:
        """What the last search found for a text, best first, as far as the first hypothesis without a fault."""
        heard = [self._heard[part] for sentence in cut for part in sentence]
        remarks = ("split",) if any(len(sentence) > 1 for sentence in cut) else ()
        found: list[Translated] = []
        # As many joined hypotheses as the part with the fewest has.
        for group in zip(*heard, strict=False):
            found.append(self._candidate(text, group, remarks))
            if not self.plan.retry or not fails(found[-1]):
                break
        if not self._tried[text] and self.plan.n_best > 1:
            others: dict[str, float] = {}
            for group in zip(*heard, strict=False):  # several hypotheses may be one text, in other pieces
                others.setdefault(self._text(group), sum(h.score for h in group) / len(group))
            listed = [Alternative(joined, round(score, 4)) for joined, score in others.items()]
            found[0] = replace(found[0], alternatives=tuple(listed[: self.plan.n_best]))
        return found

    def _candidate(self, text: str, group: Sequence[Hypothesis], remarks: Sequence[str]) -> Translated:
        joined = self._text(group)
        flags = [*check(text, joined, self.plan.source, self.plan.target), *remarks]
        if not all(hypothesis.finished for hypothesis in group):
            flags.append("unfinished")
        return Translated(joined, tuple(flags))

    def _text(self, group: Sequence[Hypothesis]) -> str:
        decoded = (self.plan.pieces.decode(hypothesis.ids) for hypothesis in group)
        return joiner(self.plan.target).join(part for part in decoded if part)
