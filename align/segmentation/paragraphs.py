"""Paragraphs of a text: its lines, or, where a text is hard-wrapped, the lines that belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# Hard-wrapped lines are about as long as a typewriter's or a terminal's, in columns.
MIN_WIDTH, MAX_WIDTH = 40, 120
# Share of the line breaks that must run through a sentence before a text counts as hard-wrapped.
CASED_SHARE, UNCASED_SHARE = 0.4, 0.6

_LIST_MARK = re.compile(
    r"(?:[-–—―－•●○■□▲△◇◆※*·∙․]|\(?\d{1,3}[.)]|\(?[A-Za-z가-힣ㄱ-ㅎ][.)]|[①-⑳]|[IVX]{1,4}\.)\s|[①-⑳]"
)
_FINAL = re.compile(r"[.!?…:;。！？．：；։।؟۔။][\"'”’»》≫〉」』)\]）】]*\Z|[\"”»》≫」』)\]）】]\Z")
_STOP = re.compile(r"[.!?…。！？．।۔][\"'”’»》≫〉」』)\]）】]*(?:\s|\Z)")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    width: int


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of `text`, without the white space around them; none is empty.

    A paragraph is a line. In hard-wrapped text it is a run of lines that ends at a blank line, at
    a list mark, or at a line in which the next line's first word would still have found room.
    Text counts as hard-wrapped when no line is wider than 120 columns, the widest has 40 or more,
    and many lines break off in the middle of a sentence.
    """
    lines = _lines(text)
    width = _wrap_width(lines)
    spans: list[tuple[int, int]] = []
    before: _Line | None = None
    for line in lines:
        if not line.text:
            before = None
            continue
        if before is not None and width and _soft(before, line, width):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
        before = line
    return spans


def _lines(text: str) -> list[_Line]:
    lines, at = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        start = at + (len(raw) - len(raw.lstrip()) if stripped else 0)
        lines.append(_Line(start, start + len(stripped), stripped, _columns(stripped)))
        at += len(raw) + 1
    return lines


def _columns(line: str) -> int:
    # Hangul, kana and Chinese characters take two columns; an estimate is enough here.
    return len(line) + sum(character >= "\u2e80" for character in line)


def _wrap_width(lines: list[_Line]) -> int:
    """Width to which the text is wrapped, in columns; 0 where it is not hard-wrapped."""
    width = max((line.width for line in lines), default=0)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    breaks = [(a, b) for a, b in pairwise(lines) if a.text and b.text]
    if not breaks:
        return 0
    running = [(a, b) for a, b in breaks if _runs_on(a, b) and _full(a, b, width)]
    cased = any(b.text[0].islower() for _, b in running)
    if not cased and not any(_STOP.search(line.text) for line in lines):
        return 0  # a list of headlines, rather than prose
    return width if len(running) >= (CASED_SHARE if cased else UNCASED_SHARE) * len(breaks) else 0


def _runs_on(line: _Line, after: _Line) -> bool:
    """Whether a sentence seems to run from one line into the next."""
    first = after.text[0]
    goes_on = first.islower() or (first.isalpha() and not first.isupper())
    return goes_on and not _LIST_MARK.match(after.text) and not _FINAL.search(line.text[-12:])


def _full(line: _Line, after: _Line, width: int) -> bool:
    """Whether the first word of the next line would not have found room in this one."""
    word = after.text.split(None, 1)[0]
    return line.width + 1 + min(_columns(word), width // 2) > width


def _soft(line: _Line, after: _Line, width: int) -> bool:
    if _LIST_MARK.match(after.text):
        return False
    return _full(line, after, width) or (after.text[0].islower() and not _FINAL.search(line.text[-12:]))
