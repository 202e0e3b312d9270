"""Which pairs go into a corpus, and the reason why another is left out."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from align.errors import ConfigError
from align.records import KINDS, Kind, Pair


@dataclass(frozen=True, slots=True)
class Selection:
    """What a corpus takes. The target is always the original's text, never a model's output.

    `kinds` are the kinds of pairs; all but "translated" have an empty side, or sides that nothing aligned.
    `min_confidence` is the lowest confidence of a pair's bead; above 0 it also leaves out pairs that have no
    confidence. Pairs of two titles are exempt: no aligner judged them, and the confidence they carry is that
    of the match between article and original, often a set value. `titles` says whether pairs of titles are
    taken (they are marked in every format), `gone` whether pairs of inputs that are gone from the run are
    (marked too).
    Raises ConfigError for an unknown kind or a confidence outside 0 to 1.
    """

    kinds: tuple[Kind, ...] = ("translated",)
    min_confidence: float = 0.0
    titles: bool = True
    gone: bool = False

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ConfigError(f"a corpus needs at least one kind of pair; choose from {', '.join(KINDS)}")
        for kind in self.kinds:
            if kind not in KINDS:
                near = difflib.get_close_matches(str(kind), KINDS, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(KINDS)}"
                raise ConfigError(f"unknown kind of pair '{kind}'; {hint}")
        if not 0 <= self.min_confidence <= 1:
            raise ConfigError(f"min_confidence is {self.min_confidence}; give a number from 0 to 1")

    def reason_to_leave_out(self, pair: Pair) -> str | None:
        """A short reason for counting, or None where the pair is taken."""
        if pair.kind not in self.kinds:
            return f"kind {pair.kind}"
        if pair.gone and not self.gone:
            return "input gone"
        if pair.is_title and not self.titles:
            return "title"
        if pair.kind == "translated" and not (pair.source.text.strip() and pair.target.text.strip()):
            return "a side without text"
        if self.min_confidence > 0 and not (pair.is_title and pair.kind == "translated"):
            if pair.confidence is None:
                return "no confidence"
            if pair.confidence < self.min_confidence:
                return f"confidence below {self.min_confidence:g}"
        return None
