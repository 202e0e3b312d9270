"""Characters and lines: what every text goes through before anything reads it."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Soft hyphen, zero-width space, word joiner, byte-order mark, and the marks of writing direction.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# The (non-)joiner spells words in Arabic and Indic scripts; elsewhere it is a stray.
_STRAY_JOINER = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]")
# Controls that are no white space, lone surrogates, and non-characters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_HAS_TEXT = re.compile(r"[^\W_]")


def split_lines(text: str) -> list[str]:
    """Lines of `text` by any line end in use, Unicode's own included, so that "\\n" is the only one left."""
    return _LINE_ENDS.split(text)


def clean(line: str) -> str:
    """`line` in NFC, without control, invisible and unassignable characters; white space is single spaces.

    Idempotent. Lone surrogates and non-characters go too: no UTF-8 or XML file can hold them.
    """
    if not line.isprintable():  # nothing to take out of the usual line
        line = _ILLEGAL.sub("", _STRAY_JOINER.sub("", _INVISIBLE.sub("", line)))
    return " ".join(unicodedata.normalize("NFC", line).split())


def has_text(line: str) -> bool:
    """Whether a line holds a letter or a digit; a rule of dashes or stars does not."""
    return _HAS_TEXT.search(line) is not None
