"""Pseudo-documents with known beads: merges, splits, cuts, shifts and stray lines planted in aligned sentences.

Each document draws its own rates, so that some are faithful throughout and some have much left out.
"""

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
_DIGITS = re.compile(r"[0-9]+")
_MOST, _SHORTEST = 4, 15
# What scanned and saved pages have between the sentences.
_STRAY = ("- _-", ".....", "24 a !", 'h * "', ".:-- , .", "* * *", "□", "○", "— 17 —", "( 3 )", "No .", "~")

Group = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Rates:
    """How often each change is planted, for a bead; `cut_source` is how often a cut takes the source's side."""

    split: float
    cut: float
    cut_source: float
    merge: float
    shift: float
    stray: float
    decoy: float

    @classmethod
    def drawn(cls, rnd: random.Random) -> Rates:
        return cls(
            split=rnd.uniform(0, 0.24),
            cut=0.0 if rnd.random() < 0.4 else rnd.uniform(0.02, 0.2),
            cut_source=rnd.choice([0.5, 0.5, 0.1, 0.9]),
            merge=rnd.choice([0.0, rnd.uniform(0, 0.2)]),
            shift=rnd.choice([0.0, rnd.uniform(0.02, 0.15)]),
            stray=rnd.choice([0.0, 0.0, 0.0, 0.03, 0.06]),
            decoy=rnd.choice([0.0, 0.0, 0.0, rnd.uniform(0.02, 0.1)]),
        )


def planted_documents(bitext: Path, count: int, seed: int) -> list[GoldDocument]:
    """Documents of 8 to 69 consecutive pairs of a TSV (English, Korean), with planted changes."""
    rnd = random.Random(seed)
    rows = [line.split("\t")[:2] for line in lines(bitext)]
    documents = []
    for _ in range(count):
        length = rnd.randrange(8, 24) if rnd.random() < 2 / 3 else rnd.randrange(24, 70)
        start = rnd.randrange(len(rows) - length)
        groups = [([a], [b]) for a, b in rows[start : start + length]]
        documents.append(_document(groups, rnd, ("en", "ko")))
    return documents


def replanted(documents: Sequence[GoldDocument], seed: int) -> list[GoldDocument]:
    """The documents once more, with planted changes on top of their own beads; some without their nulls."""
    rnd = random.Random(seed)
    found = []
    for document in documents:
        groups = [
            ([document.source[i] for i in bead.source], [document.target[j] for j in bead.target])
            for bead in document.gold
        ]
        if rnd.random() < 0.5:
            groups = [group for group in groups if all(group)]
        found.append(_document(groups, rnd, (document.source_lang, document.target_lang)))
    return found


def unrelated(documents: Sequence[GoldDocument], count: int, seed: int) -> list[GoldDocument]:
    """Passages of 3 to 14 sentences of two different documents side by side: nothing translates anything."""
    rnd = random.Random(seed)
    found = []
    for _ in range(count):
        one, other = rnd.sample(list(documents), 2)
        source, target = _passage(one.source, rnd), _passage(other.target, rnd)
        gold = [Bead((i,), ()) for i in range(len(source))] + [Bead((), (j,)) for j in range(len(target))]
        found.append(GoldDocument(source, target, one.source_lang, one.target_lang, gold))
    return found


def _passage(texts: Sequence[str], rnd: random.Random) -> list[str]:
    length = min(rnd.randrange(3, 15), len(texts))
    start = rnd.randrange(len(texts) - length + 1)
    return list(texts[start : start + length])


def _document(groups: Sequence[Group], rnd: random.Random, languages: tuple[str, str]) -> GoldDocument:
    rates = Rates.drawn(rnd)
    groups = _cut([_split(group, rnd, rates.split) for group in groups], rnd, rates)
    groups = _shift(_merge(groups, rnd, rates.merge), rnd, rates.shift)
    groups = _stray(_decoy(groups, rnd, rates.decoy), rnd, rates.stray)
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


def _in_two(text: str, rnd: random.Random) -> tuple[str, str] | None:
    """A sentence cut at a clause boundary; two times in three it reads like two sentences afterwards."""
    places = [m.end() for m in _CLAUSE.finditer(text) if _SHORTEST < m.end() < len(text) - _SHORTEST]
    if not places:
        return None
    middle = min(places, key=lambda place: abs(place - len(text) / 2))
    place = middle if rnd.random() < 0.5 else rnd.choice(places)
    head, tail = text[:place].strip(), text[place:].strip()
    if rnd.random() < 0.65:
        head, tail = head.rstrip(",;:").strip() + ".", tail[0].upper() + tail[1:]
    return head, tail


def _joined(head: str, tail: str, rnd: random.Random) -> str:
    """Two sentences on one line; every other time they read like one."""
    if rnd.random() < 0.5:
        return f"{head} {tail}"
    return f"{head.rstrip('.')}{rnd.choice(',;')} {tail[0].lower()}{tail[1:]}"


def _split(group: Group, rnd: random.Random, rate: float) -> Group:
    """Cut a sentence of one side, where the other side has one sentence, once or twice."""
    sides = [list(side) for side in group]
    side, other = rnd.sample(sides, 2)
    if len(other) != 1:
        return group
    for _ in range(2):
        if side and rnd.random() < rate and len(side) < _MOST:
            at = rnd.randrange(len(side))
            if halves := _in_two(side[at], rnd):
                side[at : at + 1] = halves
    return sides[0], sides[1]


def _cut(groups: Sequence[Group], rnd: random.Random, rates: Rates) -> list[Group]:
    """Leave out one side of runs of beads, of one to five each; what stays are nulls of one segment."""
    found: list[Group] = []
    left_to_cut, source_goes = 0, False
    for group in groups:
        if not left_to_cut and rnd.random() < rates.cut:
            left_to_cut = 1 + rnd.choice([0, 0, 0, 1, 1, 2, 4])
            source_goes = rnd.random() < rates.cut_source
        if not left_to_cut or not all(group):
            found.append(group)
            continue
        left_to_cut -= 1
        kept = group[1] if source_goes else group[0]
        found += [([], [text]) if source_goes else ([text], []) for text in kept]
    return found


def _merge(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Join the last sentence of a bead and the first of the next on one side, now and then."""
    found: list[Group] = []
    for left, right in groups:
        before = found[-1] if found else ([], [])
        if all((left, right, *before)) and rnd.random() < rate:
            sides = [list(before[0]) + list(left), list(before[1]) + list(right)]
            side, seam = rnd.choice([(sides[0], len(before[0])), (sides[1], len(before[1]))])
            side[seam - 1 : seam + 1] = [_joined(side[seam - 1], side[seam], rnd)]
            if max(map(len, sides)) <= _MOST and sum(map(len, sides)) <= MAX_TOTAL:
                found[-1] = (sides[0], sides[1])
                continue
        found.append((left, right))
    return found


def _shift(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Move the first clause of a sentence to the sentence before it on one side: two 1-1 beads become one 2-2."""
    found: list[Group] = []
    for left, right in groups:
        before = found[-1] if found else ([], [])
        if all(len(side) == 1 for side in (left, right, *before)) and rnd.random() < rate:
            sides = [[before[0][0], left[0]], [before[1][0], right[0]]]
            side = rnd.choice(sides)
            if halves := _in_two(side[1], rnd):
                side[:] = [_joined(side[0], halves[0], rnd), halves[1][0].upper() + halves[1][1:]]
                found[-1] = (sides[0], sides[1])
                continue
        found.append((left, right))
    return found


def _decoy(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Put a sentence with other numbers beside one that has numbers; it has no translation."""
    found: list[Group] = []
    for group in groups:
        around = [group]
        numbered = len(group[0]) == len(group[1]) == 1 and all(_DIGITS.search(side[0]) for side in group)
        if numbered and rnd.random() < rate:
            side = rnd.randrange(2)
            text = _DIGITS.sub(lambda number: _other_number(number[0], rnd), group[side][0])
            around.insert(rnd.randrange(2), ([text], []) if side == 0 else ([], [text]))
        found += around
    return found


def _other_number(digits: str, rnd: random.Random) -> str:
    """A number of as many digits that is not this one."""
    return str((int(digits[0]) + rnd.randrange(1, 9) - 1) % 9 + 1) + "".join(
        str(rnd.randrange(10)) for _ in digits[1:]
    )


def _stray(groups: Sequence[Group], rnd: random.Random, rate: float) -> list[Group]:
    """Add lines that mean nothing, on either side."""
    found: list[Group] = []
    for group in groups:
        if rnd.random() < rate:
            line = rnd.choice(_STRAY)
            found.append(([line], []) if rnd.random() < 0.5 else ([], [line]))
        found.append(group)
    return found
