"""Cutting a text that is longer than a model takes: at clause boundaries, else spaces, else anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable

# Places where a text may be cut, best first; a cut falls behind the match.
_BOUNDARIES = (
    re.compile(r"[.!?…。！？]+[\"'”’」》)\]]*\s+|[。！？]+[」》]?"),
    re.compile(r"[;；]\s*|(?<!\d):\s+|：\s*| [-–—]{1,2} "),
    re.compile(r"(?<!\d)[,，、،]\s*|(?<=\d),\s+"),
    re.compile(r"\s+"),
)


def split_text(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Parts of `text`, in order, that all satisfy `fits`; together they are `text` but for white space at cuts.

    The text is halved at the boundary of the best kind that is nearest its middle, and the halves again,
    so that parts are of like length and none is a scrap. `fits` must hold for any single character.
    """
    text = text.strip()
    if not text:
        return []
    if len(text) == 1 or fits(text):
        return [text]
    cut = _cut(text)
    return [*split_text(text[:cut], fits), *split_text(text[cut:], fits)]


def _cut(text: str) -> int:
    middle = len(text) / 2
    for boundary in _BOUNDARIES:
        # A cut in the outer quarters would leave a scrap, which translates badly.
        places = [m.end() for m in boundary.finditer(text) if len(text) / 4 <= m.end() <= len(text) * 3 / 4]
        if places:
            return min(places, key=lambda place: (abs(place - middle), place))
    return max(1, len(text) // 2)
