"""Bead lines, and the measure against gold with numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.alignment import check_hypothesis, evaluate, format_bead, parse_beads, read_beads
from align.errors import InputError
from align.records import Bead


def beads(*lines: str) -> list[Bead]:
    return parse_beads(lines)


@pytest.mark.parametrize(
    ("line", "bead"),
    [
        ("[0]:[0]", Bead((0,), (0,))),
        ("[0]:[0, 1]:0.97", Bead((0,), (0, 1), 0.97)),
        ("[]:[3]", Bead((), (3,))),
        (" [2,3] : [] : 1 ", Bead((2, 3), (), 1.0)),
        ("[10, 11]:[12]:1e-05", Bead((10, 11), (12,), 0.00001)),
    ],
)
def test_lines_are_read(line: str, bead: Bead) -> None:
    assert beads(line) == [bead]


@given(
    st.lists(st.integers(0, 999), max_size=4),
    st.lists(st.integers(0, 999), max_size=4),
    st.none() | st.integers(0, 10000),
)
def test_lines_round_trip(source: list[int], target: list[int], ten_thousandths: int | None) -> None:
    confidence = None if ten_thousandths is None else ten_thousandths / 10000
    bead = Bead(tuple(source), tuple(target), confidence)
    assert beads(format_bead(bead)) == [bead]


@pytest.mark.parametrize(
    "line",
    [
        "0:0",
        "[0]",
        "[a]:[0]",
        "[0]:[0]:high",
        "[0]:[0] x",
        "[0]:[0]:1.2.3",
        "[0]:[0]:--",
        "[0 1]:[0]",
        "[0,,1]:[0]",
        "[٣]:[0]",
        f"[{'1' * 5000}]:[0]",
    ],
)
def test_a_line_that_is_no_bead_is_named(line: str) -> None:
    with pytest.raises(InputError, match="hyp, line 2"):
        parse_beads(["[0]:[0]", line], "hyp")


def test_missing_and_empty_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_beads(tmp_path / "none")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(InputError, match="no beads"):
        read_beads(tmp_path / "empty")


@given(st.text(alphabet="[]:,. 019-+e", max_size=14))
def test_a_line_is_a_bead_or_an_input_error(line: str) -> None:
    try:
        found = parse_beads([line])
    except InputError:
        return
    assert len(found) == (1 if line.strip() else 0)


def test_a_byte_order_mark_is_no_part_of_the_first_bead(tmp_path: Path) -> None:
    (tmp_path / "hyp").write_text("[0]:[0]\n", encoding="utf-8-sig")
    assert read_beads(tmp_path / "hyp") == [Bead((0,), (0,))]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["[0]:[0]", "[1]:[0, 1]:0.5"], r"hyp: target segment 0 stands twice.*\[1\]:\[0, 1\]"),
        (["[0]:[0]", "[0]:[]"], "hyp: source segment 0 stands twice"),
        (["[2, 2]:[0]"], "hyp: source segment 2 stands twice"),
    ],
)
def test_a_hypothesis_with_a_segment_twice_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_hypothesis(beads(*lines), "hyp")


def test_a_hypothesis_may_leave_segments_out() -> None:
    check_hypothesis(beads("[0]:[0]", "[2]:[1]", "[]:[3]"), "hyp")


GOLD = ["[0]:[0]", "[1]:[1, 2]", "[2]:[]", "[]:[3]", "[3, 4]:[4]"]


def test_gold_against_itself_is_perfect() -> None:
    found = evaluate([(beads(*GOLD), beads(*GOLD))])
    assert (found.strict.f1, found.lax.f1) == (1.0, 1.0)
    assert (found.strict.hyp_total, found.strict.gold_total) == (5, 3), "nulls count in precision only"


def test_strict_and_lax_by_hand() -> None:
    hyp = beads("[0]:[0]", "[1]:[1]", "[2]:[2]", "[]:[3]", "[3, 4]:[4]")
    found = evaluate([(beads(*GOLD), hyp)])
    # Right: 0-0, the null, 3,4-4. [1]:[1] overlaps gold; [2]:[2] touches no gold bead of segment 2.
    assert (found.strict.hyp_right, found.lax.hyp_right, found.strict.hyp_total) == (3, 4, 5)
    assert (found.strict.gold_found, found.lax.gold_found, found.strict.gold_total) == (2, 3, 3)
    assert found.strict.precision == pytest.approx(0.6)
    assert found.strict.recall == pytest.approx(2 / 3)
    assert found.strict.f1 == pytest.approx(2 * 0.6 * (2 / 3) / (0.6 + 2 / 3))


def test_counts_are_summed_over_documents() -> None:
    one = (beads("[0]:[0]"), beads("[0]:[0]"))
    other = (beads("[0]:[0]", "[1]:[1]", "[2]:[2]"), beads("[0, 1, 2]:[0, 1, 2]"))
    found = evaluate([one, other])
    assert found.documents == 2
    assert found.strict.precision == pytest.approx(0.5)
    assert found.strict.recall == pytest.approx(0.25)
    assert found.lax.recall == pytest.approx(1.0)


def test_confidence_does_not_matter() -> None:
    assert evaluate([(beads("[0]:[0]"), beads("[0]:[0]:0.2"))]).strict.f1 == 1.0


def test_nothing_right_is_zero_and_no_error() -> None:
    found = evaluate([(beads("[0]:[0]"), beads("[0]:[]", "[]:[0]"))])
    assert (found.strict.f1, found.strict.recall) == (0.0, 0.0)
