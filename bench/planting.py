"""Pseudo-documents with known beads: merges, splits and cuts planted in bitext of consecutive sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from align.records import Bead
from bench.bead_data import GoldDocument, lines

# Where a sentence may be cut in two: after a mark, or after a Korean connective ending.
_CLAUSE = re.compile(r"[,;:]\s|고 |며 |여 |서 ")
_MOST = 4

Group = tuple[list[str], list[str]]


def planted_documents(bitext: Path, count: int, seed: int) -> list[GoldDocument]:
    """Documents of 8 to 23 consecutive pairs of a TSV (English, Korean), with planted merges, splits and cuts."""
    rnd = random.Random(seed)
    rows = [line.split("\t")[:2] for line in lines(bitext)]
    documents = []
    for _ in range(count):
        start = rnd.randrange(len(rows) - 30)
        chosen = rows[start : start + rnd.randrange(8, 24)]
        documents.append(_document([([a], [b]) for a, b in chosen], rnd))
    return documents


def _document(groups: Sequence[Group], rnd: random.Random) -> GoldDocument:
    groups = _merge(_cut([_split(group, rnd, 0.12) for group in groups], rnd, 0.1), rnd, 0.15)
    source: list[str] = []
    target: list[str] = []
    gold = []
    for left, right in groups:
        gold.append(
            Bead(
                tuple(range(len(source), len(source) + len(left))),
                tuple(range(len(target), len(target) + len(right))),
            )
        )
        source += left
        target += right
    return GoldDocument(source, target, "en", "ko", gold)


def _split(group: Group, rnd: random.Random, rate: float) -> Group:
    """Cut a sentence of either side in two at a clause boundary, now and then."""
    sides = [list(side) for side in group]
    for side in sides:
        if rnd.random() >= rate:
            continue
        text = side[-1]
        places = [m.end() for m in _CLAUSE.finditer(text) if 20 < m.end() < len(text) - 20]
        if places:
            middle = min(places, key=lambda place: abs(place - len(text) / 2))
            place = middle if rnd.random() < 0.6 else rnd.choice(places)
            side[-1:] = [text[:place].strip(), text[place:].strip()]
    return sides[0], sides[1]


def _cut(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Leave out one side of runs of beads, of one to five each; what stays are nulls of one segment."""
    found: list[Group] = []
    left_to_cut, which = 0, 0
    for group in groups:
        if not left_to_cut and rnd.random() < rate:
            left_to_cut, which = 1 + rnd.choice([0, 0, 0, 1, 1, 2, 4]), rnd.randrange(2)
        if not left_to_cut:
            found.append(group)
            continue
        left_to_cut -= 1
        kept = group[1 - which]
        found += [([text], []) if which else ([], [text]) for text in kept]
    return found


def _merge(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Join the last sentence of a bead and the first of the next on one side, now and then."""
    found: list[Group] = []
    for left, right in groups:
        before = found[-1] if found else ([], [])
        if all((left, right, *before)) and rnd.random() < rate:
            sides = [list(before[0]) + list(left), list(before[1]) + list(right)]
            side, seam = rnd.choice([(sides[0], len(before[0])), (sides[1], len(before[1]))])
            side[seam - 1 : seam + 1] = [f"{side[seam - 1]} {side[seam]}"]
            if max(map(len, sides)) <= _MOST and sum(map(len, sides)) <= 7:
                found[-1] = (sides[0], sides[1])
                continue
        found.append((left, right))
    return found
