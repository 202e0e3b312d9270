"""Chinese and Japanese: sentences without white space between them, and quotations that the sentence takes up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from align.segmentation.marks import ELLIPSES, WIDE

if TYPE_CHECKING:
    from align.segmentation.sentences import Place

# Japanese particles that take up a quotation; Chinese tags such as 他问道.
_TAKES_UP = {
    "ja": re.compile(r"(?:と|って|っていう|という|など|の|は|が|を|に|も|で|へ|や)"),
    "zh": re.compile(r"(?:的|等|[^，。！？、：“”\s]{0,5}[说說问問道喊叫答](?=[，。：、]|道))"),
}
_SHORTEST = 4


def goes_on(after: str, lang: str) -> bool:
    """Whether the sentence goes on after a quotation; `after` is what follows the closing mark."""
    return bool(after) and (after[0] in "、，,·・" or bool(_TAKES_UP[lang].match(after)))


def ends_at(place: Place) -> bool:
    """Whether a Chinese or Japanese sentence ends at a place with full-width marks, or with no space after it."""
    if place.closed:
        return not goes_on(place.text[place.end : place.end + 16], place.lang)
    if any(dots in place.run for dots in ELLIPSES) and not WIDE & set(place.run):
        # An ellipsis right at the start is a hesitation, not a sentence.
        return place.at - place.start >= _SHORTEST
    if place.run in (".", "．"):
        around = place.text[place.at - 1 : place.at] + place.next
        return place.run == "．" and not any(mark.isdigit() or mark.isascii() for mark in around)
    return True
