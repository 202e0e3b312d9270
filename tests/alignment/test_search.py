"""The sums and the decoder against an enumeration of every alignment."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment.beadtypes import bead_types
from align.alignment.search import NEVER, Band, Block, decode, sums

TYPES = bead_types(2)
Step = tuple[int, int, int]


def every_alignment(n: int, m: int, band: Band, i: int = 0, j: int = 0) -> list[list[Step]]:
    """All paths of (type, i, j) steps from (i, j) to (n, m) that stay in the band."""
    if (i, j) == (n, m):
        return [[]]
    found = []
    for t, (a, b) in enumerate(TYPES):
        x, y = i + a, j + b
        if x <= n and y <= m and band.lo[x] <= y <= band.hi[x]:
            found += [[(t, i, j), *rest] for rest in every_alignment(n, m, band, x, y)]
    return found


def random_case(n: int, m: int, seed: int, narrow: bool) -> tuple[np.ndarray, Band]:
    rng = np.random.default_rng(seed)
    lo, hi = np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64)
    if narrow:
        middle = np.arange(n + 1) * m // max(n, 1)
        lo = np.maximum(middle - 1, 0)
        hi = np.minimum(middle + 1, m)
        lo[0], hi[-1] = 0, m
    band = Band(lo, hi)
    scores = np.full((len(TYPES), n + 1, band.width), NEVER, np.float32)
    for t, (a, b) in enumerate(TYPES):
        for i in range(n + 1 - a):
            for j in range(lo[i], min(hi[i], m - b) + 1):
                scores[t, i, j - lo[i]] = rng.normal()
    return scores, band


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 4), m=st.integers(0, 4), seed=st.integers(0, 999), narrow=st.booleans())
def test_sums_and_posteriors_equal_the_enumeration(n: int, m: int, seed: int, narrow: bool) -> None:
    scores, band = random_case(n, m, seed, narrow)
    paths = every_alignment(n, m, band)
    weights = [float(np.exp(sum(scores[t, i, j - band.lo[i]] for t, i, j in path))) for path in paths]
    lattice = sums(scores, TYPES, band)
    assert np.isclose(lattice.log_total, np.log(sum(weights)), atol=1e-4)
    expected = np.zeros_like(scores, dtype=float)
    for path, weight in zip(paths, weights, strict=True):
        for t, i, j in path:
            expected[t, i, j - band.lo[i]] += weight / sum(weights)
    assert np.allclose(lattice.posteriors, expected, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(0, 4),
    m=st.integers(0, 4),
    seed=st.integers(0, 999),
    narrow=st.booleans(),
    least=st.sampled_from([0.0, 0.1, 0.5]),
)
def test_decoding_finds_the_alignment_of_most_gain(n: int, m: int, seed: int, narrow: bool, least: float) -> None:
    scores, band = random_case(n, m, seed, narrow)
    lattice = sums(scores, TYPES, band)

    def gain(path: list[Step]) -> float:
        return sum(
            float(lattice.posteriors[t, i, j - band.lo[i]]) - (0.3 if 0 in TYPES[t] else 0.2) for t, i, j in path
        )

    def allowed(path: list[Step]) -> bool:
        return all(0 in TYPES[t] or lattice.posteriors[t, i, j - band.lo[i]] >= least for t, i, j in path)

    best = max(gain(path) for path in every_alignment(n, m, band) if allowed(path))
    found = decode([Block(0, scores)], TYPES, band, bead_cost=0.2, null_cost=0.3, least=least)
    steps = [(TYPES.index((f.a, f.b)), f.i, f.j) for f in found]
    assert np.isclose(gain(steps), best, atol=1e-5)
    assert allowed(steps)
    i = j = 0
    for bead in found:
        assert (bead.i, bead.j) == (i, j)
        i, j = i + bead.a, j + bead.b
    assert (i, j) == (n, m)
