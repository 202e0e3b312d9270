"""Pseudo-documents with known beads: merges, splits and cuts planted in bitext of consecutive sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from align.alignment.beadtypes import MAX_TOTAL
from align.records import Bead
from bench.bead_data import GoldDocument, lines

# Where a sentence may be cut in two: after a mark, or after a Korean connective ending.
_CLAUSE = re.compile(r"[,;:]\s|고 |며 |여 |서 ")
_MOST = 4

Group = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Rates:
    """How often each change is planted: a split for a bead's side, a cut and a merge for a bead."""

    split: float
    cut: float
    merge: float


def planted_documents(bitext: Path, count: int, seed: int) -> list[GoldDocument]:
    """Documents of 8 to 23 consecutive pairs of a TSV (English, Korean), with planted merges, splits and cuts."""
    rnd = random.Random(seed)
    rows = [line.split("\t")[:2] for line in lines(bitext)]
    documents = []
    for _ in range(count):
        start = rnd.randrange(len(rows) - 30)
        chosen = rows[start : start + rnd.randrange(8, 24)]
        documents.append(_document([([a], [b]) for a, b in chosen], rnd, Rates(0.12, 0.1, 0.15), ("en", "ko")))
    return documents


def replanted(documents: Sequence[GoldDocument], seed: int) -> list[GoldDocument]:
    """The documents once more, with planted merges, splits and cuts on top of their own beads."""
    rnd = random.Random(seed)
    found = []
    for document in documents:
        groups = [
            ([document.source[i] for i in bead.source], [document.target[j] for j in bead.target])
            for bead in document.gold
        ]
        languages = document.source_lang, document.target_lang
        found.append(_document(groups, rnd, Rates(0.2, 0.08, 0.12), languages))
    return found


def _document(
    groups: Sequence[Group], rnd: random.Random, rates: Rates, languages: tuple[str, str]
) -> GoldDocument:
    split = [_split(group, rnd, rates.split) for group in groups]
    groups = _merge(_cut(split, rnd, rates.cut), rnd, rates.merge)
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
    return GoldDocument(source, target, *languages, gold)


def _split(group: Group, rnd: random.Random, rate: float) -> Group:
    """Cut a sentence of either side in two at a clause boundary, now and then."""
    sides = [list(side) for side in group]
    if not all(sides):
        return group
    for side in sides:
        if rnd.random() >= rate or len(side) >= _MOST or sum(map(len, sides)) >= MAX_TOTAL:
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
            if max(map(len, sides)) <= _MOST and sum(map(len, sides)) <= MAX_TOTAL:
                found[-1] = (sides[0], sides[1])
                continue
        found.append((left, right))
    return found
