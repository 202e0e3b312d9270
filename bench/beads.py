"""How good the aligner is on the development sets: strict and lax F1, recall by bead type, and calibration.

python -m bench.beads [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment import evaluate, load_aligner
from align.alignment.beadtypes import TYPE_CLASSES, type_class
from align.config import AlignSettings
from align.records import Bead
from bench.bead_data import development_sets

Scored = tuple[Sequence[Bead], Sequence[Bead]]
"""(gold beads, found beads) of one document."""


def strict_f1(pairs: Sequence[Scored]) -> float:
    return evaluate(pairs).strict.f1


def interval(pairs: Sequence[Scored], resamples: int = 2000, seed: int = 1) -> tuple[float, float]:
    """95 % bootstrap interval of strict F1.

    What is drawn with replacement are stretches: gold and found beads that hang together by common segments, so
    that a draw holds the gold beads and the found beads of the same text.
    """
    units = np.concatenate([_stretches(gold, found) for gold, found in pairs])
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(resamples):
        right, total, hit, gold_total = units[rng.integers(len(units), size=len(units))].sum(axis=0)
        precision, recall = right / max(total, 1), hit / max(gold_total, 1)
        values.append(2 * precision * recall / max(precision + recall, 1e-9))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _stretches(gold: Sequence[Bead], found: Sequence[Bead]) -> NDArray[np.int64]:
    """For each stretch: found beads that are right, found beads, linked gold beads found, linked gold beads."""
    beads = [(bead.source, bead.target) for bead in (*gold, *found)]
    stretch = list(range(len(beads)))
    holder: dict[tuple[int, int], int] = {}
    for at, bead in enumerate(beads):
        for place in [(side, index) for side in (0, 1) for index in bead[side]]:
            one, other = stretch[at], stretch[holder.setdefault(place, at)]
            if one != other:
                stretch = [one if each == other else each for each in stretch]
    known = set(beads[: len(gold)])
    rows: dict[int, list[int]] = {each: [0, 0, 0, 0] for each in stretch}
    for at, bead in enumerate(beads):
        row, linked = rows[stretch[at]], bool(bead[0] and bead[1])
        if at < len(gold):
            row[3] += linked
        else:
            row[0] += bead in known
            row[1] += 1
            row[2] += linked and bead in known
    return np.array(list(rows.values()), np.int64).reshape(-1, 4)


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


def calibration_error(pairs: Sequence[Scored], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) of the confidences over equal bins."""
    known = [{(bead.source, bead.target) for bead in gold} for gold, _ in pairs]
    values = np.array([bead.confidence or 0.0 for _, found in pairs for bead in found])
    truth = np.array(
        [(b.source, b.target) in k for k, (_, found) in zip(known, pairs, strict=True) for b in found], float
    )
    place = np.minimum((values * bins).astype(int), bins - 1)
    errors = [
        (place == k).mean() * abs(values[place == k].mean() - truth[place == k].mean())
        for k in range(bins)
        if (place == k).any()
    ]
    return float(sum(errors))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    aligner = load_aligner(AlignSettings())
    aligner.embedder.embed(["warm up"])
    every: list[Scored] = []
    print(
        f"{'set':<24}{'docs':>5}{'beads':>7}{'P':>7}{'R':>7}{'strict F1':>11}{'95 %':>12}"
        f"{'lax F1':>8}{'seconds':>9}"
    )
    for name, documents in development_sets(data).items():
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


def _print_row(name: str, pairs: Sequence[Scored], seconds: str) -> None:
    quality = evaluate(pairs)
    strict, (low, high) = quality.strict, interval(pairs)
    print(
        f"{name:<24}{quality.documents:>5}{sum(len(gold) for gold, _ in pairs):>7}{strict.precision:>7.3f}"
        f"{strict.recall:>7.3f}{strict.f1:>11.3f}{f'{low:.3f}-{high:.3f}':>12}{quality.lax.f1:>8.3f}{seconds}"
    )


if __name__ == "__main__":
    main()
