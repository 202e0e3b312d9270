"""Weights of shared and unshared anchors, against sums over sets."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment.agreement import Agreement
from align.alignment.beadtypes import bead_types

SIZES = bead_types(3)[2:]
sides = st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=6)


def side(text: str) -> list[frozenset[str]]:
    return [frozenset(segment) for segment in text.split(" ")]


@settings(deadline=None)
@given(sides, sides, st.data())
def test_blocks_equal_the_sums_over_sets(
    source: list[frozenset[str]], target: list[frozenset[str]], data: st.DataObject
) -> None:
    n, m = len(source), len(target)
    r0, c0 = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, m - 1))
    r1, c1 = data.draw(st.integers(r0 + 1, n)), data.draw(st.integers(c0 + 1, m))
    shared = frozenset().union(*source) & frozenset().union(*target)
    weight = {
        token: math.log((n + m) / sum(token in tokens for tokens in source + target)) / math.log(max(n + m, 3))
        for token in shared
    }
    found = Agreement(source, target).block(r0, r1, c0, c1, SIZES)
    for a, b in SIZES:
        for i in range(r0, r1):
            for j in range(c0, c1):
                left = frozenset().union(*source[i : i + a]) & shared
                right = frozenset().union(*target[j : j + b]) & shared
                match, miss = (x[i - r0, j - c0] for x in found[a, b])
                assert match == pytest.approx(sum(weight[t] for t in left & right), abs=1e-4)
                assert miss == pytest.approx(sum(weight[t] for t in left ^ right), abs=1e-4)


@given(sides, sides)
def test_swapping_the_sides_transposes(source: list[frozenset[str]], target: list[frozenset[str]]) -> None:
    one, other = Agreement(source, target), Agreement(target, source)
    blocks = one.block(0, len(source), 0, len(target), SIZES), other.block(0, len(target), 0, len(source), SIZES)
    for a, b in SIZES:
        for ours, theirs in zip(blocks[0][a, b], blocks[1][b, a], strict=True):
            assert np.allclose(ours, theirs.T, atol=1e-5)
    assert np.allclose(one.totals()[0], other.totals()[1])


def test_what_stands_on_one_side_only_does_not_count() -> None:
    found = Agreement(side("ax b"), side("a by z")).block(0, 2, 0, 3, [(1, 1)])[1, 1]
    assert found[0][0, 0] > 0
    assert found[1][0, 0] == 0, "x stands on one side of the documents only"
    assert found[1][1, 0] > 0, "b and a stand on both"


def test_rare_anchors_weigh_more_and_ubiquitous_ones_nothing() -> None:
    agreement = Agreement(side("abc ab a"), side("ac a ab"))
    match, _ = agreement.block(0, 3, 0, 3, [(1, 1)])[1, 1]
    assert match[2, 1] == 0, "a stands everywhere"
    assert match[0, 0] > match[1, 2] > 0


def test_without_anchors_everything_is_zero() -> None:
    agreement = Agreement(side("  "), side(" "))
    match, miss = agreement.block(0, 3, 0, 2, [(1, 1), (2, 1)])[2, 1]
    assert match.shape == miss.shape == (3, 2)
    assert not match.any()
    assert not miss.any()
    assert not agreement.totals()[0].any()
