"""The second pass of the aligner as a model to fit: the same random field, its score a small network's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.alignment.aligner import COSTS
from align.alignment.beadtypes import bead_types
from align.alignment.candidates import SECOND_SIGNALS, Candidates
from align.alignment.rescoring import LEAST_POSTERIOR, blocks_of, look_again
from align.alignment.search import NEVER, Block, Lattice, decode, sums
from bench.first_pass import MAX_SIZE, Example

Floats = NDArray[np.float32]
UNITS, NETWORKS, ROUNDS, TOGETHER = 24, 3, 24, 4
RATE, DECAY = 4e-3, 0.1


class SecondExample:
    """Signals of the candidates that a first pass leaves of a document, and which of them are gold.

    Gold beads that the first pass lost are put back: `lost` counts them.
    """

    def __init__(self, example: Example, parameters: NDArray[np.float64]) -> None:
        self.types = bead_types(MAX_SIZE)
        posteriors = [Block(0, example.lattice(parameters).posteriors)]
        path = decode(posteriors, self.types, example.band, *COSTS)
        found = Candidates.of(posteriors, example.band, self.types, LEAST_POSTERIOR)
        places = {place: at for at, place in enumerate(zip(found.types, found.i, found.j, strict=True))}
        gold, self.runs = _places(example)
        missing = [place for place in gold if place not in places]
        self.lost = len(missing)
        if missing:
            found = _with(found, missing, self.types)
            places = {place: at for at, place in enumerate(zip(found.types, found.i, found.j, strict=True))}
        self.second = look_again(found, path, example.signals, example.nulls)
        self.gold = np.array([places[place] for place in gold])
        self.beads = example.beads
        band, n = self.second.band, example.signals.source.n
        self._scores = np.full((len(self.types), n + 1, band.width), NEVER, np.float32)
        for block in blocks_of(self.second, np.zeros(len(found.i), np.float32), self.types):
            rows = slice(block.first, block.first + block.values.shape[1])
            self._scores[:, rows, : block.values.shape[2]] = block.values
        self._at = found.types, found.i, found.j - band.lo[found.i]

    def lattice(self, scores: Floats, opening: float) -> tuple[Lattice, Floats]:
        """The sums for these scores of the candidates, and the posterior of each."""
        self._scores[self._at] = scores
        lattice = sums(self._scores, self.types, self.second.band, opening)
        return lattice, lattice.posteriors[self._at]


def _places(example: Example) -> tuple[list[tuple[int, int, int]], int]:
    """Type and place of each gold bead, and how many runs of nulls there are; source nulls come first in a run."""
    types = bead_types(MAX_SIZE)
    ordered, run, runs = [], [], 0
    for bead in [*example.beads, None]:
        if bead and not (bead.source and bead.target):
            run.append(bead)
            continue
        runs += len({bool(null.source) for null in run})
        ordered += sorted(run, key=lambda null: not null.source)
        run = []
        if bead:
            ordered.append(bead)
    found, i, j = [], 0, 0
    for bead in ordered:
        a, b = len(bead.source), len(bead.target)
        found.append((types.index((a, b)), i, j))
        i, j = i + a, j + b
    return found, runs


def _with(c: Candidates, places: Sequence[tuple[int, int, int]], types: Sequence[tuple[int, int]]) -> Candidates:
    """The candidates and some more, which the first pass gave next to nothing."""
    kind, i, j = np.array(places).T
    a, b = np.array(types).T
    more = Candidates(kind, i, j, a[kind], b[kind], np.full(len(kind), LEAST_POSTERIOR))
    order = np.argsort(np.concatenate([c.i, more.i]), kind="stable")
    return Candidates(
        *(
            np.concatenate([getattr(c, name), getattr(more, name)])[order]
            for name in ("types", "i", "j", "a", "b", "posteriors")
        )
    )


def fit_network(examples: Sequence[SecondExample], kept: NDArray[np.bool_] | None = None) -> dict[str, Any]:
    """The networks of a second pass, as weights.json stores them; signals that are not kept have no weight.

    Maximum likelihood of the gold alignments by AdamW (Loshchilov and Hutter 2019), from fixed seeds.
    """
    import torch

    torch.set_num_threads(1)
    signals = np.concatenate([example.second.signals for example in examples])
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-3
    mask = torch.tensor(np.ones(len(SECOND_SIGNALS), np.float32) if kept is None else kept.astype(np.float32))
    inputs = [torch.tensor((example.second.signals - mean) / scale) * mask for example in examples]
    parts: dict[str, list[Any]] = {name: [] for name in ("linear", "hidden", "bias", "out", "opening")}
    for seed in range(NETWORKS):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        linear = torch.zeros(len(SECOND_SIGNALS), requires_grad=True)
        hidden = torch.normal(0, 0.5 / len(SECOND_SIGNALS) ** 0.5, (UNITS, len(SECOND_SIGNALS)))
        hidden.requires_grad_(True)
        bias, out = torch.zeros(UNITS, requires_grad=True), torch.zeros(UNITS, requires_grad=True)
        opening = torch.tensor(0.0, requires_grad=True)
        optimiser = torch.optim.AdamW(
            [
                {"params": [linear, opening], "weight_decay": 2e-3},
                {"params": [hidden, bias, out], "weight_decay": DECAY},
            ],
            lr=RATE,
        )
        steps = ROUNDS * -(-len(examples) // TOGETHER)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.2)
        for _ in range(ROUNDS):
            order = rng.permutation(len(examples))
            for start in range(0, len(order), TOGETHER):
                optimiser.zero_grad()
                for at in order[start : start + TOGETHER]:
                    example, x = examples[at], inputs[at]
                    scores = x @ linear + torch.tanh(x @ hidden.T + bias) @ out
                    lattice, posteriors = example.lattice(scores.detach().numpy(), float(opening.detach()))
                    # The gradient of the loss in the scores: what is expected, less what is gold.
                    slope = torch.tensor(posteriors)
                    slope[example.gold] -= 1
                    loss = (scores * slope).sum() + opening * (example.runs - lattice.openings)
                    (loss / 30).backward()
                torch.nn.utils.clip_grad_norm_([linear, hidden, bias, out, opening], 5.0)
                optimiser.step()
                schedule.step()
        for name, value in zip(parts, (linear, hidden, bias, out, opening), strict=True):
            parts[name].append(_rounded(value.detach().numpy()))
    opening_of_all = round(float(np.mean(parts.pop("opening"))), 4)
    mask_of_all = mask.numpy()
    return {
        "mean": _rounded(mean),
        # A signal that is left out is divided by so much that nothing remains.
        "scale": _rounded(np.where(mask_of_all > 0, scale, 1e9)),
        **parts,
        "opening": opening_of_all,
    }


def _rounded(values: NDArray[Any]) -> Any:
    """Values as a file keeps them: doubles, since floats of three digits would be written with eight."""
    return values.astype(np.float64).round(3).tolist()
