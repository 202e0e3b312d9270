"""The first pass of the aligner as a model to fit: a random field whose score is linear in its signals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from align.alignment.beadtypes import bead_types
from align.alignment.search import NEVER, Band, Lattice, sums
from align.alignment.sides import embed_side
from align.alignment.signals import BEAD_SIGNALS, N_SIGNALS, NULL_SIGNALS, Signals
from align.embedding import Embedder
from align.language.codes import joiner
from bench.bead_data import GoldDocument

NAMES = (*BEAD_SIGNALS, *NULL_SIGNALS)
N_PARAMETERS = N_SIGNALS + 1
MAX_SIZE = 4
PENALTY = 0.002
Floats = NDArray[np.float64]


class Example:
    """Signals of every candidate of one document, and the sum over its gold beads.

    A parameter vector has the weights of the signals and, last, what a run of nulls costs to open.
    """

    def __init__(self, document: GoldDocument, embedder: Embedder) -> None:
        self.types = bead_types(MAX_SIZE)
        source = embed_side(document.source, embedder, MAX_SIZE, joiner(document.source_lang))
        target = embed_side(document.target, embedder, MAX_SIZE, joiner(document.target_lang))
        n, m = source.n, target.n
        signals = self.signals = Signals(source, target, self.types)
        x = np.zeros((len(self.types), n + 1, m + 1, N_SIGNALS), np.float32)
        x[2:, :n, :m] = signals.beads(0, n, 0, m)
        nulls = self.nulls = signals.nulls(np.zeros(n, np.int64), np.full(n, m, np.int64))
        x[0, :n], x[1, :, :m] = nulls[0][:, None], nulls[1][None]
        self.fits = np.zeros(x.shape[:3], bool)
        for k, (a, b) in enumerate(self.types):
            self.fits[k, : n + 1 - a, : m + 1 - b] = True
        self.x = x[self.fits]
        self.band = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
        self.beads = document.gold
        self.gold = np.zeros(N_PARAMETERS)
        i = j = 0
        side_by_side: set[tuple[int, int]] = set()
        for bead in document.gold:
            size = len(bead.source), len(bead.target)
            self.gold[:-1] += x[self.types.index(size), i, j]
            i, j = i + size[0], j + size[1]
            # Nulls side by side count as one run of each side, whatever their order.
            if min(size):
                side_by_side = set()
            elif size not in side_by_side:
                side_by_side.add(size)
                self.gold[-1] -= 1

    def lattice(self, parameters: Floats) -> Lattice:
        """Posteriors of every candidate under these parameters."""
        scores = np.full(self.fits.shape, NEVER, np.float32)
        scores[self.fits] = self.x @ parameters[:-1].astype(np.float32)
        return sums(scores, self.types, self.band, float(parameters[-1]))

    def loss(self, parameters: Floats) -> tuple[float, Floats]:
        """Negative log probability of the gold alignment, and its gradient."""
        lattice = self.lattice(parameters)
        expected = np.append(lattice.posteriors[self.fits] @ self.x, -lattice.openings)
        return lattice.log_total - float(self.gold @ parameters), expected - self.gold


def fit(examples: Sequence[Example], kept: NDArray[np.bool_] | None = None, verbose: bool = True) -> Floats:
    """Parameters of least mean loss a bead plus a small quadratic penalty, by L-BFGS; 0 for those not kept."""
    import torch

    mask = np.ones(N_PARAMETERS) if kept is None else kept.astype(float)
    weights = torch.zeros(N_PARAMETERS, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=80, history_size=20, line_search_fn="strong_wolfe")
    beads = sum(len(example.beads) for example in examples)

    def closure() -> float:
        now = weights.detach().numpy()
        losses, gradients = zip(*(example.loss(now) for example in examples), strict=True)
        weights.grad = torch.tensor((sum(gradients) / beads + PENALTY * now) * mask)
        return float(sum(losses) / beads + PENALTY * (now @ now) / 2)

    first = optimiser.step(closure)  # type: ignore[no-untyped-call]
    if verbose:
        print(f"loss a bead: {float(first):.4f} -> {closure():.4f}", flush=True)
    return weights.detach().numpy()
