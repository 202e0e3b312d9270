"""The figures of bench.beads: calibration, the reliability table and its plot, the counts that are resampled."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.alignment import evaluate
from align.records import Bead
from bench.beads import calibration_error, outcomes, stretch_counts
from bench.reliability import Bin, interval, plot, reliability, table

OUTCOMES = st.lists(st.tuples(st.floats(0, 1), st.booleans()))
GOLD = [Bead((0,), (0,)), Bead((1, 2), (1,)), Bead((3,), ()), Bead((4,), (2,))]
FOUND = [
    Bead((0,), (0,), 0.95),
    Bead((1,), (), 0.55),
    Bead((2,), (1,), 0.65),
    Bead((3,), (), 1.0),
    Bead((4,), (2,), 0.95),
]


@given(OUTCOMES)
def test_every_bead_is_in_the_bin_of_its_confidence(found: list[tuple[float, bool]]) -> None:
    bins = reliability(found)
    assert sum(each.count for each in bins) == len(found)
    assert sum(each.right for each in bins) == sum(right for _, right in found)
    for each in bins:
        inside = [value for value, _ in found if each.low <= value < each.high or each.high == 1 == value]
        assert len(inside) == each.count
        assert each.confidence == pytest.approx(np.mean(inside))
        low, high = interval(each)
        assert 0 <= low <= each.right / each.count + 1e-9
        assert each.right / each.count - 1e-9 <= high <= 1


def test_linked_beads_and_nulls_are_told_apart() -> None:
    assert outcomes([(GOLD, FOUND)], linked=True) == [(0.95, True), (0.65, False), (0.95, True)]
    assert outcomes([(GOLD, FOUND)], linked=False) == [(0.55, False), (1.0, True)]
    # Bins: 0.55 and 0 right, 0.65 and 0 right, and three beads of 0.95, 1.0, 0.95 that are all right.
    assert calibration_error([(GOLD, FOUND)]) == pytest.approx((0.55 + 0.65 + (3 - 2.9)) / 5)


def test_the_interval_is_wilsons() -> None:
    assert interval(Bin(0.9, 1.0, 10, 0.95, 9)) == pytest.approx((0.596, 0.982), abs=1e-3)
    assert interval(Bin(0.9, 1.0, 10, 0.95, 10)) == pytest.approx((0.722, 1.0), abs=1e-3)


def test_counts_by_stretch_add_up_to_the_evaluation() -> None:
    counts = stretch_counts(GOLD, FOUND, GOLD)
    assert counts.shape == (4, 2, 4)
    right, found, hit, linked = counts[:, 0].sum(axis=0)
    strict = evaluate([(GOLD, FOUND)]).strict
    assert (right / found, hit / linked) == pytest.approx((strict.precision, strict.recall))
    assert counts[:, 1].sum(axis=0).tolist() == [4, 4, 3, 3]


def test_table_and_plot_show_every_bin() -> None:
    panels = {"linked & sure": reliability(outcomes([(GOLD, FOUND)])), "nulls": []}
    assert table(panels).splitlines()[3].split() == ["0.9-1.0", "3", "0.967", "1.000", "0.438-1.000"]
    svg = ET.fromstring(plot(panels))
    space = {"s": "http://www.w3.org/2000/svg"}
    points = svg.findall(".//s:circle", space)
    assert len(points) == len(svg.findall(".//s:rect[@class='bar']", space)) == 3
    # The sure ones: confidence 0.967 of a panel of 240, all right, at its upper edge.
    assert (points[2].get("cx"), points[2].get("cy")) == ("232.0", "0.0")
    assert "linked & sure (5)" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
