"""The paired comparison of two aligners, and what the benchmark says of checkouts that it cannot use."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import evaluate
from align.embedding.embedder import Vectors
from align.errors import ConfigError
from align.records import Bead
from bench.bead_data import GoldDocument
from bench.beads import stretches
from bench.peer_aligners import AlignAll, CountingEmbedder, bertalign, vecalign
from bench.peer_significance import Compared, compare
from bench.peers import measure


class LengthEmbedder:
    """Vectors from lengths alone."""

    name, dim = "length", 2

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 1] for text in texts], np.float32)


SIZES = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (1, 0), (0, 1)]


@st.composite
def alignments(draw: st.DrawFn, size: int = 6) -> list[Bead]:
    """A monotone alignment of `size` segments with `size`."""
    found, i, j = [], 0, 0
    while i < size or j < size:
        a, b = draw(
            st.sampled_from([(a, b) for a, b in SIZES if i + a <= size and j + b <= size]),
        )
        found.append(Bead(tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return found


documents = st.lists(st.tuples(alignments(), alignments(), alignments()), min_size=1, max_size=3)


@settings(deadline=None)
@given(documents)
def test_the_difference_is_that_of_the_two_evaluations(compared: list[Compared]) -> None:
    ours = evaluate((gold, one) for gold, one, _ in compared).strict.f1
    theirs = evaluate((gold, other) for gold, _, other in compared).strict.f1
    found = compare(compared, resamples=50)
    assert found.difference == pytest.approx(ours - theirs)
    assert 0 < found.p <= 1
    assert found.low <= found.high


@settings(deadline=None)
@given(documents)
def test_changing_places_turns_the_sign(compared: list[Compared]) -> None:
    one = compare(compared, resamples=50)
    other = compare([(gold, theirs, ours) for gold, ours, theirs in compared], resamples=50)
    assert other.difference == pytest.approx(-one.difference)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    assert other.p == one.p
    assert (other.only_ours, other.only_theirs) == (one.only_theirs, one.only_ours)


def singles(n: int) -> list[Bead]:
    return [Bead((i,), (i,)) for i in range(n)]


def pairs(n: int) -> list[Bead]:
    return [Bead((i, i + 1), (i, i + 1)) for i in range(0, n, 2)]


def test_two_alike_do_not_differ() -> None:
    found = compare([(singles(20), pairs(20), pairs(20))])
    assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_a_clear_lead_is_significant_and_a_single_bead_is_not() -> None:
    gold = singles(40)
    clear = compare([(gold, gold, [*pairs(20), *gold[20:]])])
    assert clear.p < 0.01
    assert clear.low > 0
    assert (clear.only_ours, clear.only_theirs, clear.stretches) == (20, 0, 30)
    one = compare([(gold, gold, [*pairs(2), *gold[2:]])])
    assert one.difference > 0
    assert one.p == pytest.approx(1, abs=0.01), "swapping the one stretch gives the same difference"


def test_a_gold_null_that_one_alone_finds_is_counted() -> None:
    gold = [Bead((0,), (0,)), Bead((1,), ())]
    found = compare([(gold, gold, [Bead((0, 1), (0,))])], resamples=10)
    assert (found.only_ours, found.only_theirs) == (2, 0)


def test_beads_hang_together_across_both_sides() -> None:
    beads = [Bead((0,), (0,)), Bead((1,), (1,)), Bead((2,), ()), Bead((0,), (1,)), Bead((), (2,))]
    found = stretches(beads)
    assert found[0] == found[1] == found[3]
    assert len({found[0], found[2], found[4]}) == 3, "source 2 and target 2 are different segments"


@pytest.mark.parametrize("name", ["Bertalign", "Vecalign"])
def test_a_folder_that_is_no_checkout_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{tmp_path.name} is no checkout of {name}"):
        load(name, tmp_path)


@pytest.mark.parametrize(
    ("name", "file", "packages"),
    [
        ("Bertalign", "bertalign/aligner.py", "faiss-cpu numba scipy"),
        ("Vecalign", "vecalign/dp_core.pyx", "cython setuptools"),
    ],
)
def test_missing_packages_are_named_with_the_command_that_gets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str, packages: str
) -> None:
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).touch()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match=f"{name} needs .*install -c constraints.txt {packages}$"):
        load(name, tmp_path)


def load(name: str, checkout: Path) -> AlignAll:
    embedder = CountingEmbedder(LengthEmbedder())
    return (
        bertalign(checkout, embedder, checkout)
        if name == "Bertalign"
        else vecalign(checkout, embedder, checkout, 8, 10)
    )


def test_ours_runs_before_and_after_each_peer_and_strings_are_counted_once_a_run() -> None:
    embedder = CountingEmbedder(LengthEmbedder())
    turns: list[str] = []

    def aligner(name: str, texts: list[str]) -> AlignAll:
        def align_all(_documents: object) -> list[list[Bead]]:
            turns.append(name)
            embedder.embed(texts)
            return [singles(2)]

        return align_all

    aligners = {"ours": aligner("ours", ["a", "b", "a"]), "x": aligner("x", ["a"]), "y": aligner("y", [])}
    document = GoldDocument(["a", "b"], ["c", "d"], "en", "en", singles(2))
    found = measure(aligners, [document], embedder, repeats=2)
    assert turns == ["ours", "x", "ours", "y", "ours"] * 2
    assert {name: outcome.strings for name, outcome in found.items()} == {"ours": 2, "x": 1, "y": 0}
