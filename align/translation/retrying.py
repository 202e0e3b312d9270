"""Where a check finds a translation wanting: which other searches are tried, and which result is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from align.translation.cache import Translated
from align.translation.search import Search

# How bad a finding is. What is not here is a remark and no reason to try again.
_WEIGHT = {"empty": 64, "loop": 16, "copy": 16, "script": 16, "unfinished": 8, "length": 4, "numbers": 2}


def fails(found: Translated) -> bool:
    """Whether another attempt may bring something better."""
    return badness(found.flags) > 0


def badness(flags: Sequence[str]) -> int:
    """The weight of all that the checks found; 0 where it is nothing."""
    return sum(_WEIGHT.get(flag, 0) for flag in flags)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A search; `apart`: sentence by sentence, for texts that have several."""

    search: Search
    apart: bool = False


def attempts(search: Search) -> list[Attempt]:
    """What to try in turn where the first search failed.

    First sentence by sentence, since models that were trained on single ones tend to leave out the second. Then a
    search that shuns repetition, then a wider one: in this order, since the former mends more for less (of 592
    sentences 44 failed at first, 24 after it alone, and 22 after both, whichever came first).
    """
    wide = max(4, search.beam + 2)
    return [
        Attempt(search, apart=True),
        Attempt(
            replace(
                search,
                beam=max(4, search.beam),
                hypotheses=max(4, search.beam),
                repetition_penalty=max(1.2, search.repetition_penalty),
                no_repeat_ngram=min(3, search.no_repeat_ngram or 3),
            )
        ),
        Attempt(replace(search, beam=wide, hypotheses=wide)),
    ]


def best(candidates: Sequence[Translated]) -> Translated:
    """The first of the least faulty; it is flagged "retried" unless it is the first of all."""
    chosen = min(range(len(candidates)), key=lambda index: (badness(candidates[index].flags), index))
    found = candidates[chosen]
    if not chosen:
        return found
    return replace(found, flags=(*found.flags, "retried"), alternatives=candidates[0].alternatives)
