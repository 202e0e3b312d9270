"""The sums and the decoder against an enumeration of every alignment."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment.beadtypes import bead_types
from align.alignment.search import NEVER, TURN, Band, Block, decode, posterior_blocks, sums

TYPES = bead_types(2)
NULLS = SOURCE_NULL, TARGET_NULL = TYPES.index((1, 0)), TYPES.index((0, 1))
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


def runs_of_nulls(path: list[Step]) -> int:
    types = [t for t, _, _ in path]
    return sum(t in NULLS and t != before for t, before in zip(types, [-1, *types], strict=False))


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


def turns(path: list[Step]) -> int:
    types = [t for t, _, _ in path]
    return sum(pair == (TARGET_NULL, SOURCE_NULL) for pair in pairwise(types))


def weight(path: list[Step], scores: np.ndarray, band: Band, opening: float) -> float:
    of_beads = sum(scores[t, i, j - band.lo[i]] for t, i, j in path)
    return float(np.exp(of_beads - opening * runs_of_nulls(path) - TURN * turns(path)))


CASES = {
    "n": st.integers(0, 4),
    "m": st.integers(0, 4),
    "seed": st.integers(0, 999),
    "narrow": st.booleans(),
    "opening": st.sampled_from([0.0, 0.7, -0.4]),
}


@settings(max_examples=60, deadline=None)
@given(**CASES)
def test_sums_and_posteriors_equal_the_enumeration(
    n: int, m: int, seed: int, narrow: bool, opening: float
) -> None:
    scores, band = random_case(n, m, seed, narrow)
    paths = every_alignment(n, m, band)
    weights = [weight(path, scores, band, opening) for path in paths]
    lattice = sums(scores, TYPES, band, opening)
    assert np.isclose(lattice.log_total, np.log(sum(weights)), atol=1e-4)
    expected = np.zeros_like(scores, dtype=float)
    openings = 0.0
    for path, share in zip(paths, np.array(weights) / sum(weights), strict=True):
        openings += runs_of_nulls(path) * share
        for t, i, j in path:
            expected[t, i, j - band.lo[i]] += share
    assert np.allclose(lattice.posteriors, expected, atol=1e-4)
    assert np.isclose(lattice.openings, openings, atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(**CASES, least=st.sampled_from([0.0, 0.1, 0.5]), rows=st.integers(1, 5))
def test_decoding_finds_the_alignment_of_most_gain(
    n: int, m: int, seed: int, narrow: bool, opening: float, least: float, rows: int
) -> None:
    scores, band = random_case(n, m, seed, narrow)
    posteriors = sums(scores, TYPES, band, opening).posteriors
    of_nulls: dict[Step, float] = {}
    for i in range(n + 1):
        for j in range(band.lo[i], band.hi[i] + 1):
            for t, key in ((SOURCE_NULL, (SOURCE_NULL, i, -1)), (TARGET_NULL, (TARGET_NULL, -1, j))):
                of_nulls[key] = of_nulls.get(key, 0.0) + float(posteriors[t, i, j - band.lo[i]])

    def posterior(t: int, i: int, j: int) -> float:
        if t in NULLS:
            return of_nulls[(t, i, -1) if t == SOURCE_NULL else (t, -1, j)]
        return float(posteriors[t, i, j - band.lo[i]])

    def gain(path: list[Step]) -> float:
        return sum(posterior(*step) - (0.3 if step[0] in NULLS else 0.2) for step in path)

    def allowed(path: list[Step]) -> bool:
        return all(step[0] in NULLS or posterior(*step) >= least for step in path)

    best = max(gain(path) for path in every_alignment(n, m, band) if allowed(path))
    blocks = [Block(at, scores[:, at : at + rows]) for at in range(0, n + 1, rows)]
    by_rows, _ = posterior_blocks(blocks, TYPES, band, opening)
    found = decode(by_rows, TYPES, band, 0.2, 0.3, least)
    steps = [(TYPES.index((f.a, f.b)), f.i, f.j) for f in found]
    assert np.isclose(gain(steps), best, atol=1e-5)
    assert allowed(steps)
    i = j = 0
    for bead in found:
        assert (bead.i, bead.j) == (i, j)
        assert np.isclose(bead.posterior, posterior(TYPES.index((bead.a, bead.b)), i, j), atol=1e-5)
        i, j = i + bead.a, j + bead.b
    assert (i, j) == (n, m)


def test_passages_left_out_side_by_side_do_not_dilute_one_another() -> None:
    """12 source and 40 target segments without counterpart between 5 and 5 beads: one alignment, not 10 ** 11."""
    n, m = 22, 50
    band = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
    scores = np.full((len(TYPES), n + 1, m + 1), NEVER, np.float32)
    scores[SOURCE_NULL, :n], scores[TARGET_NULL, :, :m] = -1.0, -1.0
    one_to_one = TYPES.index((1, 1))
    scores[one_to_one, :n, :m] = -9.0
    for k in range(5):
        scores[one_to_one, k, k] = scores[one_to_one, n - 1 - k, m - 1 - k] = 4.0
    posteriors, _ = posterior_blocks([Block(0, scores)], TYPES, band)
    found = decode(posteriors, TYPES, band, 0.4, 0.4)
    assert [(f.a, f.b) for f in found].count((1, 1)) == 10
    assert len(found) == 10 + 12 + 40
    assert min(f.posterior for f in found) > 0.9
