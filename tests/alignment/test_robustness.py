"""Invariants of the aligner on given vectors, and inputs that are hard, odd or impossible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import Aligner, load_aligner
from align.alignment.band import make_band
from align.config import AlignSettings
from align.errors import InputError
from align.records import Bead, check_beads

DIM = 512
Link = tuple[tuple[int, ...], tuple[int, ...]]


def vectors(rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, DIM)).astype(np.float32)


def noisy(clean: np.ndarray, seed: int, noise: float = 0.5) -> np.ndarray:
    return clean + noise * vectors(len(clean), seed)


def related(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[float], list[float]]:
    """Two sides of up to n segments that translate each other, with merges and segments left out, and lengths."""
    rng = np.random.default_rng(seed)
    meanings = vectors(n, seed)
    source: list[np.ndarray] = []
    target: list[np.ndarray] = []
    lengths: tuple[list[float], list[float]] = [], []
    k = 0
    while k < n:
        kind = rng.choice(["one", "merge", "source only", "target only"], p=[0.7, 0.15, 0.075, 0.075])
        size = 2 if kind == "merge" and k + 1 < n else 1
        sides = [[meanings[k : k + size].sum(axis=0)], list(meanings[k : k + size])]
        if rng.random() < 0.5:
            sides.reverse()
        for side, into, of_side, left_out in zip(
            sides, (source, target), lengths, ("target only", "source only"), strict=True
        ):
            if kind != left_out:
                into += side
                of_side += [60.0 * size / len(side)] * len(side)
        k += size
    empty = np.zeros((0, DIM), np.float32)
    made = [noisy(np.array(side), seed + at, 0.3) if side else empty for at, side in ((1, source), (2, target))]
    return made[0].astype(np.float32), made[1].astype(np.float32), *lengths


def links(found: list[Bead]) -> set[Link]:
    return {(bead.source, bead.target) for bead in found if bead.source and bead.target}


def linked_confidence(found: list[Bead]) -> float:
    """Summed confidence of the beads that link something."""
    return sum(bead.confidence or 0.0 for bead in found if bead.source and bead.target)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 9), m=st.integers(0, 9), seed=st.integers(0, 10**6))
def test_each_segment_once_and_symmetric(aligner: Aligner, n: int, m: int, seed: int) -> None:
    source, target = vectors(n, seed), vectors(m, seed + 1)
    found = aligner.align_vectors(source, target)
    check_beads(found, n, m)
    assert all(bead.confidence is not None and 0 <= bead.confidence <= 1 for bead in found)
    swapped = aligner.align_vectors(target, source)
    mirrored = {(target, source) for source, target in links(swapped)}
    if links(found) != mirrored:  # only ties may differ: the two alignments must have the same expected gain
        assert sum((b.confidence or 0) - 0.4 for b in found) == pytest.approx(
            sum((b.confidence or 0) - 0.4 for b in swapped), abs=0.002
        )


@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 160), seed=st.integers(0, 10**6))
def test_related_documents_are_symmetric_inside_the_band_too(aligner: Aligner, n: int, seed: int) -> None:
    source, target, of_source, of_target = related(n, seed)
    found = aligner.align_vectors(source, target, of_source, of_target)
    check_beads(found, len(source), len(target))
    swapped = aligner.align_vectors(target, source, of_target, of_source)
    mirrored = {(target, source) for source, target in links(swapped)}
    assert len(links(found) ^ mirrored) <= 0.03 * n


@settings(max_examples=10, deadline=None)
@given(sizes=st.lists(st.integers(1, 90), min_size=2, max_size=4), seed=st.integers(0, 10**6))
def test_a_document_is_aligned_the_same_alone_and_among_others(
    aligner: Aligner, sizes: list[int], seed: int
) -> None:
    documents = [related(n, seed + k) for k, n in enumerate(sizes)]
    in_order = [aligner.align_vectors(*each) for each in documents]
    reversed_order = [aligner.align_vectors(*each) for each in documents[::-1]]
    alone = load_aligner(AlignSettings(), embedder=aligner.embedder).align_vectors(*documents[-1])
    assert in_order == reversed_order[::-1]
    assert repr(in_order[-1]) == repr(alone)


@pytest.mark.parametrize(
    ("n", "m"), [(0, 0), (0, 5), (5, 0), (1, 1), (1, 50), (50, 1), (2, 200), (1, 5000), (5000, 1), (21, 3000)]
)
def test_sides_of_any_size(aligner: Aligner, n: int, m: int) -> None:
    target = vectors(m, 1)
    source = noisy(target[:: max(1, m // max(n, 1))][:n], 2) if m >= n else noisy(vectors(n, 1), 2)
    check_beads(aligner.align_vectors(source, target), n, m)


@pytest.mark.parametrize(("n", "m"), [(12, 9), (9, 12), (120, 100)])
def test_identical_segments_fall_into_order(aligner: Aligner, n: int, m: int) -> None:
    same = np.ones((1, DIM), np.float32)
    found = aligner.align_vectors(np.repeat(same, n, axis=0), np.repeat(same, m, axis=0))
    check_beads(found, n, m)


def test_repeated_headlines_keep_their_places(aligner: Aligner) -> None:
    body = vectors(10, 5)
    source = np.concatenate([body[:1], body[:5], body[:1], body[5:]])
    found = aligner.align_vectors(source, noisy(source, 6, 0.3))
    assert links(found) == {((k,), (k,)) for k in range(12)}


def test_lengths_may_be_zero_or_huge(aligner: Aligner) -> None:
    source = vectors(6, 7)
    for lengths in ([0.0] * 6, [5000.0, 1, 1, 1, 1, 1]):
        found = aligner.align_vectors(source, noisy(source, 8, 0.2), lengths, lengths)
        assert links(found) == {((k,), (k,)) for k in range(6)}
    check_beads(aligner.align_vectors(source, vectors(4, 9), [0.0] * 6, np.full(4, 10.0)), 6, 4)


@pytest.mark.parametrize(("n", "m"), [(8, 8), (30, 40), (150, 120)])
def test_unrelated_documents_are_linked_with_little_confidence(aligner: Aligner, n: int, m: int) -> None:
    rng = np.random.default_rng(n)
    source, lengths = vectors(n, 11), [rng.integers(20, 200, k).astype(float) for k in (n, m)]
    unrelated = aligner.align_vectors(source, vectors(m, 12), *lengths)
    check_beads(unrelated, n, m)
    linked = linked_confidence(unrelated)
    related_too = linked_confidence(aligner.align_vectors(source, noisy(source, 13), lengths[0], lengths[0]))
    assert linked < related_too / 3
    assert all((bead.confidence or 0) >= 0.1 for bead in unrelated if bead.source and bead.target)


def with_passages_missing(
    n: int, seed: int, *passages: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray, list[Link]]:
    """Two sides of n segments less the passages (first, size, side), and the one-to-one links that stay."""
    meanings = vectors(n, seed)
    kept = [np.ones(n, bool), np.ones(n, bool)]
    for first, size, side in passages:
        kept[side][first : first + size] = False
    places = [np.cumsum(each) - 1 for each in kept]
    both = np.flatnonzero(kept[0] & kept[1])
    expected: list[Link] = [((int(places[0][k]),), (int(places[1][k]),)) for k in both]
    return noisy(meanings[kept[0]], seed + 1, 0.4), noisy(meanings[kept[1]], seed + 2, 0.4), expected


@pytest.mark.parametrize(
    "passages",
    [
        [(600, 200, 0)],
        [(600, 200, 1)],
        [(0, 200, 0)],
        [(1300, 200, 1)],
        [(300, 500, 0), (1000, 300, 1)],
        [(100, 20, 0), (200, 30, 1), (1450, 50, 0)],
    ],
)
def test_a_long_document_with_passages_missing_stays_on_the_path(
    aligner: Aligner, passages: list[tuple[int, int, int]]
) -> None:
    source, target, expected = with_passages_missing(1500, 3, *passages)
    found = aligner.align_vectors(source, target)
    check_beads(found, len(source), len(target))
    assert len(links(found).intersection(expected)) > 0.98 * len(expected)
    band = make_band(source, target, 10)
    assert band.starts[-1] < 100 * len(band.sizes), "the band is a band and not the rectangle"


def test_a_passage_rewritten_on_both_sides_leaves_the_rest_alone(aligner: Aligner) -> None:
    source, target, expected = with_passages_missing(400, 5, (100, 80, 0), (180, 80, 1))
    # What stands at 100 to 180 on either side has no counterpart now.
    lengths = [np.random.default_rng(5 + k).integers(20, 200, len(source)).astype(float) for k in (0, 1)]
    rewritten = (np.arange(len(source)) >= 100) & (np.arange(len(source)) < 180)
    found = aligner.align_vectors(source, target, lengths[0], np.where(rewritten, lengths[1], lengths[0]))
    assert linked_confidence([bead for bead in found if bead.source and 105 <= bead.source[0] < 175]) < 25
    assert sum(link not in links(found) for link in expected) <= 6


@pytest.mark.parametrize("passages", [[], [(120, 90, 0)], [(60, 40, 1), (200, 40, 0)]])
def test_the_band_loses_nothing_that_the_rectangle_has(
    aligner: Aligner, passages: list[tuple[int, int, int]]
) -> None:
    source, target, expected = with_passages_missing(320, 9, *passages)
    whole = load_aligner(AlignSettings(band=1000), embedder=aligner.embedder)
    assert make_band(source, target, 1000).width == len(target) + 1
    in_band, in_whole = (links(each.align_vectors(source, target)) for each in (aligner, whole))
    assert len(in_band ^ in_whole) <= 2
    assert len(in_band.intersection(expected)) >= len(in_whole.intersection(expected)) - 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: v.__setitem__((2, 5), np.nan), "target: segment 2 has no usable vector"),
        (lambda v: v.__setitem__((1, 0), np.inf), "target: segment 1 has no usable vector"),
        (lambda v: v.__setitem__(3, 0.0), "target: segment 3 has no usable vector"),
    ],
)
def test_a_vector_that_is_none_is_named(aligner: Aligner, change, message: str) -> None:  # type: ignore[no-untyped-def]
    target = vectors(4, 1)
    change(target)
    with pytest.raises(InputError, match=message):
        aligner.align_vectors(vectors(4, 2), target)


@pytest.mark.parametrize("lengths", [[1.0, float("nan"), 1.0], [1.0, -2.0, 1.0], [1.0, float("inf"), 1.0]])
def test_a_length_that_is_none_is_named(aligner: Aligner, lengths: list[float]) -> None:
    with pytest.raises(InputError, match="source segment 1 has a length"):
        aligner.align_vectors(vectors(3, 1), vectors(3, 2), lengths)


def test_sides_that_do_not_fit_are_refused(aligner: Aligner) -> None:
    with pytest.raises(InputError, match="512 dimensions and target vectors 32"):
        aligner.align_vectors(vectors(3, 1), vectors(3, 2)[:, :32])
    with pytest.raises(InputError, match="do not fit"):
        aligner.align_vectors(vectors(3, 1), vectors(3, 2), [1.0, 2.0])
    with pytest.raises(InputError, match="do not fit"):
        aligner.align_vectors(vectors(3, 1), vectors(3, 2)[0])
