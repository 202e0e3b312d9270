"""Edges: signs that the cut between two segments runs through the middle of a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

EDGE_KINDS = ("lower case", "unfinished", "colon", "abbreviation", "open")
"""The next segment begins with a small letter; this one ends without a mark that ends a sentence, with a colon,
with what may be an abbreviation, or inside quotation marks or brackets."""

_FINISHED = re.compile(r'[.!?…。؟！？]["”’»\')\]}》〉」』\s]*$')
_ABBREVIATION = re.compile(r"(?:^|[\s.(\[«“\"])(?:[^\W\d_]|[A-Z][a-z]{0,3}|[Nn][or°]|vgl|usw|z\.B)\s?\.\s*$")
_PAIRS = (("(", ")"), ("«", "»"), ("“", "”"), ("《", "》"))


def edges(texts: Sequence[str]) -> NDArray[np.float32]:
    """1 where a kind of EDGE_KINDS is seen at the cut before segment i, else 0; shape (len(texts) + 1, kinds).

    The first and the last row, which are no cuts, have zeros.
    """
    found = np.zeros((len(texts) + 1, len(EDGE_KINDS)), np.float32)
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    for at, (before, after) in enumerate(pairwise(plain), 1):
        first = next((letter for letter in after if letter.isalnum()), "")
        colon = before.endswith(":")
        found[at] = (
            first.islower(),
            not colon and not _FINISHED.search(before),
            colon,
            bool(_ABBREVIATION.search(before)),
            _open(before),
        )
    return found


def _open(text: str) -> bool:
    """Whether quotation marks or brackets that a text opens are left open."""
    if text.count('"') % 2 and not text.rstrip(" .,;").endswith('"'):
        return True
    return any(text.count(begin) > text.count(end) for begin, end in _PAIRS)
