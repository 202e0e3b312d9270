"""Candidates of the second pass: which beads stay possible, and signals that know no first and second side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import Aligner
from align.alignment.aligner import COSTS
from align.alignment.beadtypes import bead_types
from align.alignment.candidates import (
    CONTEXT_SIGNALS,
    COVERAGE_SIGNALS,
    EDGE_SIGNALS,
    SECOND_SIGNALS,
    Candidates,
)
from align.alignment.model import null_signals, score_blocks
from align.alignment.rescoring import Second, look_again
from align.alignment.search import Band, Block, Found, decode, posterior_blocks
from align.alignment.sides import SideVectors
from align.alignment.signals import Signals
from align.language.edges import EDGE_KINDS

TYPES = bead_types(4)
MIRRORED = np.array([TYPES.index((b, a)) for a, b in TYPES])
Pair = tuple[SideVectors, SideVectors]
Key = tuple[int, int, int, int]

ENGLISH = [
    "The old mill stands by the river.",
    "It was closed for 12 years;",
    "nobody wanted to buy it.",
    "Then a young couple came from the city.",
    "They repaired the roof (it had three holes) and painted the walls.",
    "The neighbours helped them.",
    "Today they grind corn again.",
    "On Sundays they sell bread.",
]
GERMAN = [
    "Die alte Mühle steht am Fluss.",
    "Sie war 12 Jahre lang geschlossen; niemand wollte sie kaufen.",
    "Dann kam ein junges Paar aus der Stadt.",
    "Es flickte das Dach (es hatte drei Löcher)",
    "und strich die Wände.",
    "Heute mahlen sie wieder Korn.",
    "Der Laden ist klein.",
    "Sonntags verkaufen sie Brot.",
]
WORDS = "river bridge school garden winter market children teacher music letter cattle harvest".split()
DOCUMENTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), min_size=1, max_size=9
)


def rectangle(sides: Pair) -> Band:
    return Band(np.zeros(sides[0].n + 1, np.int64), np.full(sides[0].n + 1, sides[1].n, np.int64))


def first_pass(aligner: Aligner, sides: Pair) -> tuple[Signals, list[Block], Band, list[Found]]:
    """The first pass over the whole rectangle: its signals, posteriors and path."""
    signals, band = Signals(*sides, TYPES), rectangle(sides)
    nulls, weights = null_signals(signals, band), aligner.model.weights
    blocks = score_blocks(signals, weights, (nulls[0] @ weights, nulls[1] @ weights), band)
    posteriors, _ = posterior_blocks(blocks, TYPES, band, aligner.model.opening)
    return signals, posteriors, band, decode(posteriors, TYPES, band, *COSTS)


def mirrored(c: Candidates) -> Candidates:
    """The same beads with the sides swapped, in order."""
    order = np.argsort(c.j, kind="stable")
    return Candidates(
        MIRRORED[c.types][order], c.j[order], c.i[order], c.b[order], c.a[order], c.posteriors[order]
    )


def both_ways(aligner: Aligner, source: list[str], target: list[str]) -> tuple[Second, Second]:
    """What the second pass knows of two texts, and of the same texts swapped, after the same first pass."""
    sides = aligner.embed(source, target)
    signals, posteriors, band, path = first_pass(aligner, sides)
    candidates = Candidates.of(posteriors, band, TYPES, 1e-4)
    swapped = Signals(sides[1], sides[0], TYPES)
    back = [Found(each.j, each.i, each.b, each.a, each.posterior) for each in path]
    return (
        look_again(candidates, path, signals, null_signals(signals, band)),
        look_again(mirrored(candidates), back, swapped, null_signals(swapped, rectangle(sides[::-1]))),
    )


def by_bead(second: Second, swap: bool = False) -> dict[Key, np.ndarray]:
    c = second.candidates
    keys = zip(*((c.j, c.i, c.b, c.a) if swap else (c.i, c.j, c.a, c.b)), strict=True)
    return {(int(i), int(j), int(a), int(b)): row for (i, j, a, b), row in zip(keys, second.signals, strict=True)}


def check_symmetric(found: Second, swapped: Second) -> None:
    one, other = by_bead(found), by_bead(swapped, swap=True)
    assert one.keys() == other.keys()
    for key, row in one.items():
        apart = np.flatnonzero(~np.isclose(row, other[key], atol=2e-3))
        assert not len(apart), (key, [SECOND_SIGNALS[k] for k in apart], row[apart], other[key][apart])


def test_signals_are_symmetric_on_texts(real_aligner: Aligner) -> None:
    found, swapped = both_ways(real_aligner, ENGLISH, GERMAN)
    assert len(found.signals) > 16
    check_symmetric(found, swapped)
    spreads = dict(zip(SECOND_SIGNALS, np.ptp(found.signals, axis=0), strict=True))
    for name in (*COVERAGE_SIGNALS, *CONTEXT_SIGNALS, "null best", "edge lower case", "edge unfinished"):
        assert spreads[name] > 0, f"{name} tells beads apart"


@settings(max_examples=40, deadline=None)
@given(source=DOCUMENTS, target=DOCUMENTS)
def test_signals_are_symmetric_on_any_words(word_aligner: Aligner, source: list[str], target: list[str]) -> None:
    check_symmetric(*both_ways(word_aligner, source, target))


def random_blocks(sizes: list[int], seed: int) -> tuple[list[Block], Band]:
    """Blocks of random numbers over a random band, cut after any row."""
    rng = np.random.default_rng(seed)
    n = sum(sizes) - 1
    lo = np.sort(rng.integers(0, 8, n + 1))
    hi = np.maximum.accumulate(lo + rng.integers(0, 5, n + 1))
    lo[0] = 0
    band = Band(lo, hi)
    blocks, first = [], 0
    for size in sizes:
        width = max(band.sizes[first : first + size])
        values = rng.random((len(TYPES), size, width)).astype(np.float32)
        for row in range(size):
            values[:, row, band.sizes[first + row] :] = 0
        blocks.append(Block(first, values))
        first += size
    return blocks, band


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    seed=st.integers(0, 10**6),
    least=st.sampled_from([0.0, 0.5, 0.95, 1.0]),
)
def test_candidates_are_those_above_the_least(sizes: list[int], seed: int, least: float) -> None:
    blocks, band = random_blocks(sizes, seed)
    found = Candidates.of(blocks, band, TYPES, least)
    expected = {
        (block.first + r, int(band.lo[block.first + r]) + k, *TYPES[t]): block.values[t, r, k]
        for block in blocks
        for t, r, k in np.argwhere(block.values > least).tolist()
    }
    places = zip(found.i.tolist(), found.j.tolist(), found.a.tolist(), found.b.tolist(), strict=True)
    of_found = list(zip(places, found.posteriors.tolist(), strict=True))
    assert len(of_found) == len(expected), "none comes twice"
    assert dict(of_found) == expected
    assert found.i.tolist() == sorted(found.i)
    assert [TYPES[t] for t in found.types] == list(zip(found.a, found.b, strict=True))
    assert found.linked.tolist() == [min(TYPES[t]) > 0 for t in found.types]


def signal(second: Second, name: str, key: Key) -> float:
    return float(by_bead(second)[key][SECOND_SIGNALS.index(name)])


def test_what_the_signals_say_of_a_known_pair(real_aligner: Aligner) -> None:
    """Beads that are right and wrong by the texts: 1-1, a merge, and segments with no counterpart."""
    second, _ = both_ways(real_aligner, ENGLISH, GERMAN)
    keys = by_bead(second)
    merge, part = (1, 1, 2, 1), (1, 1, 1, 1)
    assert signal(second, "first pass", merge) > signal(second, "first pass", part)
    assert signal(second, "leak", merge) < signal(second, "leak", part)
    assert signal(second, "uncovered", merge) < signal(second, "covered", merge)
    # "Es flickte das Dach (...)" ends without a mark, and "und" begins small; the English sentence goes on.
    cut = (4, 3, 1, 1)
    assert cut in keys
    assert signal(second, "edge unfinished", cut) > signal(second, "edge unfinished", (4, 3, 1, 2)) == 0
    assert signal(second, "edge lower case", cut) > signal(second, "edge lower case", (4, 3, 1, 2)) == 0
    for kind in EDGE_KINDS:
        assert signal(second, f"null edge {kind}", cut) == 0
    # A null has only the signals of nulls, a bead only those of beads.
    of_beads = [SECOND_SIGNALS.index(name) for name in ("covered", "least covered", "cosine here", "edges agree")]
    of_nulls = [
        SECOND_SIGNALS.index(name) for name in ("null best covered", "null covered", "nulls", "nulls near")
    ]
    for (_, _, a, b), row in keys.items():
        assert not row[of_beads if min(a, b) == 0 else of_nulls].any()


def test_a_document_with_more_left_out_says_so(word_aligner: Aligner) -> None:
    rng = np.random.default_rng(3)
    texts = [" ".join(rng.choice(WORDS, 6)) + f" w{k} x{k}" for k in range(30)]
    few, many = (
        both_ways(word_aligner, texts, kept)[0] for kept in (texts[:10] + texts[11:], texts[:10] + texts[20:])
    )
    nulls = SECOND_SIGNALS.index("nulls")
    at = (10, 10, 1, 0)
    assert by_bead(many)[at][nulls] > by_bead(few)[at][nulls] + 1


def test_lengths_are_measured_by_the_document_s_own_ratio(word_aligner: Aligner) -> None:
    """A bead whose ratio is the document's does not stray, whatever that ratio is."""
    rng = np.random.default_rng(4)
    texts = [" ".join(rng.choice(WORDS, int(rng.integers(4, 9)))) + f" w{k}" for k in range(20)]
    sides = word_aligner.embed(texts, texts)
    longer = replace(sides[1], lengths=sides[1].lengths * 3)
    signals, posteriors, band, path = first_pass(word_aligner, (sides[0], longer))
    second = look_again(Candidates.of(posteriors, band, TYPES, 1e-4), path, signals, null_signals(signals, band))
    for k in range(20):
        assert signal(second, "log ratio here", (k, k, 1, 1)) == pytest.approx(0, abs=0.05)


@settings(max_examples=40, deadline=None)
@given(source=DOCUMENTS, target=DOCUMENTS, least=st.sampled_from([0.0, 1e-6, 1e-3, 0.2]))
def test_the_band_holds_every_candidate_and_the_path(
    word_aligner: Aligner, source: list[str], target: list[str], least: float
) -> None:
    sides = word_aligner.embed(source, target)
    signals, posteriors, band, path = first_pass(word_aligner, sides)
    candidates = Candidates.of(posteriors, band, TYPES, least)
    second = look_again(candidates, path, signals, null_signals(signals, band))
    lo, hi, c = second.band.lo, second.band.hi, second.candidates
    n, m = len(source), len(target)
    assert (lo[0], hi[n], len(lo), len(hi)) == (0, m, n + 1, n + 1)
    assert (np.diff(lo) >= 0).all()
    assert (np.diff(hi) >= 0).all()
    assert (lo <= hi).all()
    for i, j in ((c.i, c.j), (c.i + c.a, c.j + c.b)):
        assert ((lo[i] <= j) & (j <= hi[i])).all()
    assert all(lo[each.i] <= each.j <= hi[each.i] for each in path)
    assert second.signals.shape == (len(c.i), len(SECOND_SIGNALS))
    assert np.isfinite(second.signals).all()


def test_the_signals_have_names_of_their_own() -> None:
    assert len(set(SECOND_SIGNALS)) == len(SECOND_SIGNALS)
    assert set(EDGE_SIGNALS) >= {f"edge {kind}" for kind in EDGE_KINDS}
