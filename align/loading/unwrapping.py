"""Hard-wrapped lines back into paragraphs.

A line was wrapped, and not ended, if its successor's first word would not have fitted: programs wrap greedily.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from align.loading.cleaning import clean

_SENTENCE_END = re.compile(r"""(?:[.!?…。！？:;]["'”’»》〉」』)\]）]*|-0-)$""")
_BULLET = re.compile(r"[-–—•○●◇◆□■*▲△·]\s|\(?\d{1,2}[.)]\s")
_WIDEST = 120  # columns; no one wraps wider, and running paragraphs are soon longer
_NARROWEST = 40  # columns; narrower lines are verse or a list
_FEWEST = 3  # line breaks that must be seen before a habit is read from them


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int
    block: int
    width: int

    @property
    def ended(self) -> bool:
        return _SENTENCE_END.search(self.text) is not None

    @property
    def bullet(self) -> bool:
        return _BULLET.match(self.text) is not None

    def reach(self, following: _Line) -> int:
        """Columns this line would take with the following line's first word."""
        return self.width + 1 + columns(following.text.split(" ", 1)[0])


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether `lines` look hard-wrapped: few are longer than a screen's width, most break within a sentence."""
    rows = _rows(lines)
    return bool(rows) and _wrap_width(rows) is not None


def unwrap(lines: Sequence[str]) -> list[str]:
    """Paragraphs of `lines`, cleaned. Lines are paragraphs, unless they are hard-wrapped: then those are joined.

    In wrapped text a paragraph ends at an empty line, before an indented line or a list's dash, and after
    a line that ends a sentence although the next word would have fitted.
    """
    rows = _rows(lines)
    width = _wrap_width(rows)
    if width is None:
        return [row.text for row in rows]
    margin = min(row.indent for row in rows)
    paragraphs = [rows[0].text]
    for row, following in pairwise(rows):
        if _parts(row, following, width, margin):
            paragraphs.append(following.text)
        else:
            paragraphs[-1] = _join(paragraphs[-1], following.text)
    return paragraphs


def _rows(lines: Sequence[str]) -> list[_Line]:
    rows, block = [], 0
    for line in lines:
        text = clean(line)
        if not text:
            block += 1
            continue
        body = line.lstrip()
        rows.append(_Line(text, columns(line[: len(line) - len(body)].expandtabs(4)), block, columns(text)))
    return rows


def _wrap_width(rows: Sequence[_Line]) -> int | None:
    """The width at which `rows` are wrapped, in columns, or None where they are not."""
    width = max((row.width for row in rows), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return None
    breaks = [
        (row, following)
        for row, following in pairwise(rows)
        if row.block == following.block and not following.bullet
    ]
    open_breaks = [(row, following) for row, following in breaks if not row.ended]
    if len(open_breaks) < max(_FEWEST, len(breaks) / 2):
        return None
    full = sum(row.reach(following) > 0.8 * width for row, following in open_breaks)
    return width if full >= 0.8 * len(open_breaks) else None


def _parts(row: _Line, following: _Line, width: int, margin: int) -> bool:
    if row.block != following.block or following.bullet or (following.indent > margin and not row.bullet):
        return True
    room = width if row.ended else 0.7 * width
    return row.reach(following) <= room


def _join(left: str, right: str) -> str:
    if left[-1] == "-" and left[-2:-1].isalpha() and right[0].islower():
        return left + right
    # Chinese and Japanese have no space to restore.
    return left + ("" if _ideographic(left[-1]) and _ideographic(right[0]) else " ") + right


def _ideographic(ch: str) -> bool:
    return unicodedata.name(ch, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"))


def columns(text: str) -> int:
    """Columns of a text in a fixed-width font: East Asian wide characters take two (Unicode, UAX 11)."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)
