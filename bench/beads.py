"""How good the aligner is on the development sets: strict and lax F1, and the calibration of its confidence.

python -m bench.beads [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from align.alignment import evaluate, load_aligner
from align.config import AlignSettings
from bench.bead_data import development_sets


def calibration_error(confidences: list[float], right: list[bool], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) over equal bins."""
    values, truth = np.array(confidences), np.array(right, dtype=float)
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
    confidences: list[float] = []
    right: list[bool] = []
    print(f"{'set':<24}{'docs':>5}{'beads':>7}{'strict P':>10}{'R':>7}{'F1':>7}{'lax F1':>9}{'seconds':>9}")
    for name, documents in development_sets(data).items():
        start = time.perf_counter()
        found = [aligner.align(d.source, d.target, d.source_lang, d.target_lang) for d in documents]
        seconds = time.perf_counter() - start
        quality = evaluate((d.gold, beads) for d, beads in zip(documents, found, strict=True))
        strict = quality.strict
        print(
            f"{name:<24}{quality.documents:>5}{sum(len(d.gold) for d in documents):>7}{strict.precision:>10.3f}"
            f"{strict.recall:>7.3f}{strict.f1:>7.3f}{quality.lax.f1:>9.3f}{seconds:>9.1f}"
        )
        for document, beads in zip(documents, found, strict=True):
            known = {(bead.source, bead.target) for bead in document.gold}
            confidences += [bead.confidence or 0.0 for bead in beads]
            right += [(bead.source, bead.target) in known for bead in beads]
    error = calibration_error(confidences, right)
    print(f"expected calibration error over all beads: {error:.3f} (n = {len(right)})")


if __name__ == "__main__":
    main()
