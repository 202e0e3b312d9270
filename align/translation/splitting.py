"""Cutting a text: at clause boundaries where it is longer than a model takes; into sentences."""

from __future__ import annotations

import re
from collections.abc import Callable

# Places where a text may be cut, best first; a cut falls behind the match.
_BOUNDARIES = (
    re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’」》)\]]*+\s+|[。！？]++[」》]?"),
    re.compile(r"[;；]\s*|(?<!\d):\s+|：\s*| [-–—]{1,2} "),
    re.compile(r"(?<!\d)[,，、،]\s*|(?<=\d),\s+"),
    re.compile(r"\s+"),
)
_INITIAL = re.compile(r"\b\w\.$")


def split_text(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Parts of `text`, in order, that all satisfy `fits`; together they are `text` but for white space at cuts.

    The text is halved at the boundary of the best kind that is nearest its middle, and the halves again,
    so that parts are of like length and none is a scrap. `fits` must hold for any single character.
    """
    text = text.strip()
    if not text:
        return []
    if fits(text) or len(text) == 1:
        return [text]
    cut = _cut(text)
    return [*split_text(text[:cut], fits), *split_text(text[cut:], fits)]


def sentences(text: str) -> list[str]:
    """Parts of `text` that may be sentences: a guess, for a second attempt, whatever the language.

    Behind a final mark a part begins with no small letter, none is shorter than four words or twelve characters,
    and none ends in a letter with a dot, so that "Mr. Kim" and "the U.S. Army" stay together.
    """
    parts: list[str] = []
    start = 0
    for found in _BOUNDARIES[0].finditer(text):
        part, rest = text[start : found.end()].strip(), text[found.end() :].lstrip()
        if _whole(part) and _whole(rest) and not rest[0].islower() and not _INITIAL.search(part):
            parts.append(part)
            start = found.end()
    return [*parts, text[start:].strip()]


def _whole(part: str) -> bool:
    return len(part) >= 12 and (len(part.split()) >= 4 or not part.isascii())


def _cut(text: str) -> int:
    middle = len(text) / 2
    for boundary in _BOUNDARIES:
        # A cut in the outer quarters would leave a scrap, which translates badly.
        places = [m.end() for m in boundary.finditer(text) if len(text) / 4 <= m.end() <= len(text) * 3 / 4]
        if places:
            return min(places, key=lambda place: (abs(place - middle), place))
    return max(1, len(text) // 2)
