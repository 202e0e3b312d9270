"""Some consecutive lines on their way: which texts are new, what runs together, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from align.language.codes import joiner
from align.translation.batching import plan_batches
from align.translation.cache import Alternative, Translated
from align.translation.checks import check
from align.translation.pieces import Pieces
from align.translation.retrying import attempts, best, fails
from align.translation.search import Hypothesis, Search
from align.translation.splitting import split_text


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for all chunks of one translator. `room` is how many ids a part may have."""

    pieces: Pieces
    search: Search
    retry: bool
    n_best: int
    room: int
    positions: int
    batch_tokens: int
    source: str
    target: str


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
    _parts: dict[str, list[str]] = field(default_factory=dict)
    _rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _tried: dict[str, list[Translated]] = field(default_factory=dict)
    _heard: dict[str, Sequence[Hypothesis]] = field(default_factory=dict)
    _open: int = 0
    _stages: list[Search] = field(default_factory=list)

    @property
    def new(self) -> dict[str, Translated]:
        """What was translated here and not known before."""
        return {text: self.made[text] for text in self._parts if text in self.made}

    @property
    def complete(self) -> bool:
        """Whether every text that was to be translated is ready."""
        return not self._open

    def begin(self, texts: Iterable[str]) -> list[Job]:
        """The first batches for `texts`, different ones that are not blank."""
        for text in texts:
            self._parts[text] = split_text(text, self._fits)
            self._tried[text] = []
        self._stages = [self.plan.search, *(attempts(self.plan.search) if self.plan.retry else ())]
        return self._next(list(self._parts))

    def take(self, job: Job, results: Sequence[Sequence[Hypothesis]], ready: Callable[[str], None]) -> list[Job]:
        """Note what an engine made of a job; returns further batches, for texts that failed.

        `ready` is called with each text whose translation is final.
        """
        for part, hypotheses in zip(job.parts, results, strict=True):
            self._heard[part] = hypotheses
        self._open -= 1
        if self._open:
            return []
        failed = []
        for text, tried in self._tried.items():
            if text in self.made:
                continue
            tried += self._candidates(text, first=not tried)
            found = best(tried)
            if self._stages and fails(found):
                failed.append(text)
            else:
                self.made[text] = found
                ready(text)
        return self._next(failed)

    def _next(self, texts: Sequence[str]) -> list[Job]:
        """Batches of the next search over `texts`."""
        if not texts:
            return []
        search, *self._stages = self._stages
        self._heard = {}
        parts = list(dict.fromkeys(part for text in texts for part in self._parts[text]))
        for part in parts:
            if part not in self._rows:
                self._rows[part] = tuple(self.plan.pieces.frame(self.plan.pieces.encode(part)))
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

    def _candidates(self, text: str, first: bool) -> list[Translated]:
        """What the last search found for a text, best first, as far as the first hypothesis without a fault."""
        heard = [self._heard[part] for part in self._parts[text]]
        found: list[Translated] = []
        # As many joined hypotheses as the part with the fewest has.
        for group in zip(*heard, strict=False):
            found.append(self._candidate(text, group))
            if not self.plan.retry or not fails(found[-1]):
                break
        if first and self.plan.n_best > 1:
            others: dict[str, float] = {}
            for group in zip(*heard, strict=False):  # several hypotheses may be one text, in other pieces
                others.setdefault(self._text(group), sum(h.score for h in group) / len(group))
            listed = [Alternative(joined, round(score, 4)) for joined, score in others.items()]
            found[0] = replace(found[0], alternatives=tuple(listed[: self.plan.n_best]))
        return found

    def _candidate(self, text: str, group: Sequence[Hypothesis]) -> Translated:
        joined = self._text(group)
        flags = [*check(text, joined, self.plan.source, self.plan.target)]
        if len(group) > 1:
            flags.append("split")
        if not all(hypothesis.finished for hypothesis in group):
            flags.append("unfinished")
        return Translated(joined, tuple(flags))

    def _text(self, group: Sequence[Hypothesis]) -> str:
        decoded = (self.plan.pieces.decode(hypothesis.ids) for hypothesis in group)
        return joiner(self.plan.target).join(part for part in decoded if part)
