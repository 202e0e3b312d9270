"""A second opinion from sentencex, asked only where our own rules know nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from align.segmentation.marks import BRACKETS, CLOSERS, OPENERS

# sentencex leaves quotations and brackets whole; ours are judged elsewhere, so it sees none.
# Lone surrogates cannot be handed over as UTF-8.
_HIDDEN = re.compile("[\ud800-\udfff" + re.escape("".join((OPENERS | CLOSERS | BRACKETS) - {"'", "’"})) + "]")


@dataclass(slots=True)
class Oracle:
    """Sentence boundaries of one paragraph as sentencex sees them; computed when first asked for."""

    text: str
    lang: str
    _ends: frozenset[int] | None = field(default=None)

    def ends_before(self, after: int) -> bool:
        """Whether sentencex lets a sentence begin at `after`."""
        if self._ends is None:
            from sentencex import get_sentence_boundaries

            hidden = _HIDDEN.sub(" ", self.text)
            self._ends = frozenset(
                end - len(part) + len(part.rstrip())
                for end, part in ((b["end_index"], b["text"]) for b in get_sentence_boundaries(self.lang, hidden))
            )
        # The white space and hidden marks before `after` belong to neither sentence.
        before = _HIDDEN.sub(" ", self.text[max(0, after - 12) : after])
        return after - len(before) + len(before.rstrip()) in self._ends
