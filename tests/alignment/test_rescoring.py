"""The second pass: its scores at their places, and the whole aligner with it on texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.alignment import Aligner
from align.alignment.aligner import COSTS
from align.alignment.band import make_band
from align.alignment.beadtypes import bead_types
from align.alignment.candidates import SECOND_SIGNALS, Candidates
from align.alignment.model import null_signals, score_blocks
from align.alignment.rescoring import LEAST_POSTERIOR, RULED_OUT, Network, Second, blocks_of, look_again, rescore
from align.alignment.search import NEVER, Band, Block, Found, decode, posterior_blocks
from align.alignment.signals import Signals
from align.records import Bead, check_beads

TYPES = bead_types(4)
Link = tuple[tuple[int, ...], tuple[int, ...]]

ENGLISH = [
    "The library of the small town was closed for two years.",
    "During that time the roof was repaired and the old windows were replaced.",
    "On Monday the mayor opened the doors again.",
    "More than 300 people came on the first day, and many brought their children.",
    "The oldest visitor was a retired teacher of 91 years.",
    "She had borrowed her first book there in 1938.",
    "A local bakery gave away free bread.",
    "The building now has a reading room for pupils.",
    "It also has a hall for concerts.",
    "The library will be open from Tuesday to Saturday.",
    "Whoever wants to help can call the office.",
]
KOREAN = [
    "작은 도시의 도서관은 두해동안 문을 닫았다.",
    "그 기간에 지붕이 수리되고 낡은 창문들이 교체되였다.",
    "월요일에 시장이 다시 문을 열었다.",
    "첫날에 300명이상의 사람들이 찾아왔다.",
    "많은 사람들이 아이들을 데리고왔다.",
    "가장 나이많은 방문자는 91살의 퇴직교원이였다.",
    "그는 1938년에 그곳에서 첫 책을 빌렸다.",
    "건물에는 이제 학생들을 위한 열람실과 음악회를 위한 홀이 있다.",
    "도서관은 화요일부터 토요일까지 문을 연다.",
    "도와주고싶은 사람은 사무실에 전화하면 된다.",
]
ENGLISH_KOREAN = "0:0 1:1 2:2 3:3,4 4:5 5:6 6: 7,8:7 9:8 10:9"
GERMAN = [
    "Am frühen Morgen verliessen wir die Hütte.",
    "Der Himmel war klar, und der Schnee war hart gefroren.",
    "Nach zwei Stunden erreichten wir den Gletscher.",
    "Dort legten wir das Seil an.",
    "Unser Führer ging voran.",
    "Er kannte jede Spalte.",
    "Gegen 10 Uhr standen wir auf dem Grat.",
    "Der Wind war so stark, dass wir kaum sprechen konnten.",
    "Um Mittag waren wir auf dem Gipfel, 3970 Meter über dem Meer.",
    "Wir assen Brot und Käse und tranken kalten Tee.",
    "Der Abstieg war leicht.",
]
FRENCH = [
    "Tôt le matin, nous avons quitté la cabane.",
    "Le ciel était clair et la neige gelée.",
    "Nous avons atteint le glacier après deux heures et nous nous sommes encordés.",
    "Notre guide marchait devant; il connaissait chaque crevasse.",
    "Vers 10 heures nous étions sur l'arête.",
    "Le vent était si fort que nous pouvions à peine parler.",
    "À midi nous étions au sommet, à 3970 mètres d'altitude.",
    "Personne n'y était monté cette année-là.",
    "Nous avons mangé du pain et du fromage.",
    "Nous avons bu du thé froid.",
    "La descente fut facile.",
]
GERMAN_FRENCH = "0:0 1:1 2,3:2 4,5:3 6:4 7:5 8:6 :7 9:8,9 10:10"
TEXTS = [
    pytest.param(ENGLISH, KOREAN, "en", "ko", ENGLISH_KOREAN, id="en-ko"),
    pytest.param(GERMAN, FRENCH, "de", "fr", GERMAN_FRENCH, id="de-fr"),
]
WORDS = "river bridge school garden winter market children teacher music letter cattle harvest".split()
SEGMENTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), max_size=10)


def beads_of(written: str) -> list[Link]:
    """ "0,1:2 3:" as pairs of indexes."""
    sides = [bead.split(":") for bead in written.split()]
    return [tuple(tuple(int(k) for k in side.split(",") if k) for side in pair) for pair in sides]  # type: ignore[misc]


def as_links(found: Sequence[Bead]) -> list[Link]:
    return [(bead.source, bead.target) for bead in found]


def confidences(found: Sequence[Bead], swap: bool = False) -> dict[Link, float]:
    return {(b.target, b.source) if swap else (b.source, b.target): b.confidence or 0.0 for b in found}


def network(weights: dict[str, float], opening: float = 0.0) -> Network:
    """A network that is linear in these signals."""
    n = len(SECOND_SIGNALS)
    linear = np.array([[weights.get(name, 0.0) for name in SECOND_SIGNALS]], np.float32)
    none = np.zeros((1, 1), np.float32)
    return Network(
        np.zeros(n, np.float32),
        np.ones(n, np.float32),
        linear,
        np.zeros((1, 1, n), np.float32),
        none,
        none,
        opening,
    )


def known_after_one_pass(aligner: Aligner, source: list[str], target: list[str]) -> tuple[Second, list[Found]]:
    """What the second pass knows of two texts, and the alignment of the first."""
    sides = aligner.embed(source, target)
    signals, band = Signals(*sides, TYPES), make_band(sides[0].runs[0], sides[1].runs[0], 10)
    nulls, weights = null_signals(signals, band), aligner.model.weights
    blocks = score_blocks(signals, weights, (nulls[0] @ weights, nulls[1] @ weights), band)
    posteriors, _ = posterior_blocks(blocks, TYPES, band, aligner.model.opening)
    path = decode(posteriors, TYPES, band, *COSTS)
    return look_again(Candidates.of(posteriors, band, TYPES, LEAST_POSTERIOR), path, signals, nulls), path


def numbered(n: int) -> list[str]:
    """Segments that are like no other."""
    rng = np.random.default_rng(n)
    return [" ".join(rng.choice(WORDS, 5)) + f" word{k} other{k} third{k}" for k in range(n)]


@st.composite
def seconds(draw: st.DrawFn) -> Second:
    """Random candidates in a random band."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n, m = draw(st.integers(1, 150)), draw(st.integers(1, 40))
    lo = np.sort(rng.integers(0, m + 1, n + 1))
    hi = np.minimum(np.maximum.accumulate(lo + rng.integers(0, draw(st.sampled_from([3, 40])), n + 1)), m)
    lo[0], hi[-1] = 0, m
    places = [
        (i, j, t)
        for i in range(n + 1)
        for j in range(lo[i], hi[i] + 1)
        for t in rng.choice(len(TYPES), 2, replace=False).tolist()
        if i + TYPES[t][0] <= n and j + TYPES[t][1] <= m and rng.random() < 0.3
    ]
    i, j, t = np.array(places, np.int64).reshape(-1, 3).T
    a, b = np.array(TYPES).T
    candidates = Candidates(t, i, j, a[t], b[t], np.full(len(t), 0.5))
    return Second(candidates, np.zeros((len(t), len(SECOND_SIGNALS)), np.float32), Band(lo, hi))


@settings(max_examples=30, deadline=None)
@given(seconds())
def test_every_score_stands_at_its_place_and_other_beads_are_ruled_out(second: Second) -> None:
    band, c = second.band, second.candidates
    n, m = band.n, int(band.hi[-1])
    scores = np.arange(1, len(c.i) + 1, dtype=np.float32)
    places = zip(c.types.tolist(), c.i.tolist(), c.j.tolist(), strict=True)
    expected = dict(zip(places, scores.tolist(), strict=True))
    alone = {(t, i if t == 0 else j): value for (t, i, j), value in expected.items() if t < 2}
    scores = np.array([alone.get((t, i if t == 0 else j), value) for (t, i, j), value in expected.items()], "f4")
    blocks, row = list(blocks_of(second, scores, TYPES)), 0
    for block in blocks:
        assert block.first == row, "blocks follow one another"
        row += block.values.shape[1]
        for (t, r, k), value in np.ndenumerate(block.values):
            i = block.first + r
            j = int(band.lo[i]) + k
            a, b = TYPES[t]
            if (t, i, j) in expected and j <= band.hi[i]:
                of_bead = expected.pop((t, i, j))
                assert value == (alone[t, i if t == 0 else j] if t < 2 else of_bead)
            elif t < 2 and (t, i if t == 0 else j) in alone and j <= band.hi[i] and i + a <= n and j + b <= m:
                assert value == alone[t, i if t == 0 else j], "a null's score holds at all its places"
            elif j <= band.hi[i] and i + a <= n and j + b <= m:
                assert value == RULED_OUT
            else:
                assert value == np.float32(NEVER)
    assert row == n + 1
    assert not expected, "no score is left out"


def test_a_network_is_the_mean_of_its_parts() -> None:
    rng = np.random.default_rng(1)
    n, parts, units = len(SECOND_SIGNALS), 3, 5
    shapes = {
        "mean": (n,),
        "linear": (parts, n),
        "hidden": (parts, units, n),
        "bias": (parts, units),
        "out": (parts, units),
    }
    stored = {name: rng.normal(size=shape).round(4).tolist() for name, shape in shapes.items()}
    stored["scale"] = rng.uniform(0.5, 2, n).tolist()
    whole = Network.from_dict({**stored, "opening": 0.5})
    signals = rng.normal(size=(7, n)).astype(np.float32)
    alone = [
        replace(whole, **{name: getattr(whole, name)[k : k + 1] for name in ("linear", "hidden", "bias", "out")})
        for k in range(parts)
    ]
    assert whole.opening == 0.5
    assert np.allclose(whole.scores(signals), np.mean([each.scores(signals) for each in alone], axis=0), atol=1e-4)
    # At the mean, only the bias of the hidden units is left.
    at_mean = whole.scores(np.asarray(whole.mean)[None])
    assert at_mean == pytest.approx([(np.tanh(whole.bias) * whole.out).sum(axis=1).mean()], abs=1e-4)
    without_units = replace(whole, out=np.zeros_like(whole.out))
    step = whole.mean + whole.scale * np.eye(n, dtype=np.float32)
    assert np.allclose(without_units.scores(step), whole.linear.mean(axis=0), atol=1e-4)


@pytest.mark.parametrize("weight", [1.0, 20.0])
def test_a_network_that_follows_the_first_pass_gives_its_alignment(word_aligner: Aligner, weight: float) -> None:
    source = numbered(12)
    target = [*source[:3], f"{source[3]} {source[4]}", *source[5:8], *source[9:]]
    second, path = known_after_one_pass(word_aligner, source, target)
    expected = [(f.i, f.j, f.a, f.b) for f in path]
    assert {(3, 3, 2, 1), (8, 7, 1, 0)} <= set(expected)
    again = decode(rescore(second, network({"first pass": weight}), TYPES), TYPES, second.band, *COSTS)
    assert [(f.i, f.j, f.a, f.b) for f in again] == expected


@pytest.mark.parametrize(("signal", "sizes"), [("is null", {(1, 0), (0, 1)}), ("is 1-1", {(1, 1)})])
def test_a_network_decides(word_aligner: Aligner, signal: str, sizes: set[tuple[int, int]]) -> None:
    """What the network wants stands, where the first pass left it possible."""
    texts = numbered(5)
    second, _ = known_after_one_pass(word_aligner, texts, [*texts[:2], "music letter", *texts[3:]])
    linked = {
        (f.a, f.b) for f in decode(rescore(second, network({signal: 50.0}), TYPES), TYPES, second.band, *COSTS)
    }
    assert linked & sizes
    assert signal == "is null" or linked == sizes


def covering(blocks: Sequence[Block], band: Band) -> tuple[np.ndarray, np.ndarray]:
    """Summed posteriors of the beads that hold each source segment, and each target segment."""
    source, target = np.zeros(band.n), np.zeros(int(band.hi[-1]))
    for block in blocks:
        for t, r, k in np.argwhere(block.values > 0).tolist():
            i, (a, b) = block.first + r, TYPES[t]
            j = int(band.lo[i]) + k
            source[i : i + a] += block.values[t, r, k]
            target[j : j + b] += block.values[t, r, k]
    return source, target


@settings(max_examples=20, deadline=None)
@given(source=SEGMENTS.filter(len), target=SEGMENTS.filter(len), seed=st.integers(0, 10**6))
def test_posteriors_are_shares_of_one_whatever_the_network_says(
    word_aligner: Aligner, source: list[str], target: list[str], seed: int
) -> None:
    second, _ = known_after_one_pass(word_aligner, source, target)
    rng = np.random.default_rng(seed)
    chance = network(dict(zip(SECOND_SIGNALS, rng.normal(size=len(SECOND_SIGNALS)), strict=True)), opening=1.0)
    for sums in covering(rescore(second, chance, TYPES), second.band):
        assert np.allclose(sums, 1, atol=1e-3)


@pytest.mark.parametrize(("source", "target", "source_lang", "target_lang", "gold"), TEXTS)
def test_texts_are_aligned(
    real_aligner: Aligner, source: list[str], target: list[str], source_lang: str, target_lang: str, gold: str
) -> None:
    found = real_aligner.align(source, target, source_lang, target_lang)
    check_beads(found, len(source), len(target))
    expected = beads_of(gold)
    wrong = set(as_links(found)) ^ set(expected)
    assert len(wrong) <= 2, "at most one boundary is elsewhere"
    assert np.mean([bead.confidence for bead in found]) > 0.8


@pytest.mark.parametrize(
    ("source", "target", "source_lang", "target_lang"),
    [(ENGLISH, KOREAN, "en", "ko"), (GERMAN, FRENCH, "de", "fr")],
)
def test_texts_are_aligned_the_same_swapped_and_again(
    real_aligner: Aligner, source: list[str], target: list[str], source_lang: str, target_lang: str
) -> None:
    found = real_aligner.align(source, target, source_lang, target_lang)
    assert real_aligner.align(source, target, source_lang, target_lang) == found
    swapped = confidences(real_aligner.align(target, source, target_lang, source_lang), swap=True)
    assert swapped == pytest.approx(confidences(found), abs=2e-3)


@pytest.mark.parametrize(("source", "target"), [(ENGLISH, FRENCH), (GERMAN, KOREAN), (FRENCH, KOREAN)])
def test_unrelated_texts_are_mostly_left_alone(
    real_aligner: Aligner, source: list[str], target: list[str]
) -> None:
    found = real_aligner.align(source, target)
    check_beads(found, len(source), len(target))
    linked = [bead for bead in found if bead.source and bead.target]
    assert sum(len(bead.source) + len(bead.target) for bead in linked) <= 0.3 * (len(source) + len(target))
    assert sum(bead.confidence or 0 for bead in linked) < 2


def test_a_foreign_passage_inside_a_text_is_left_alone(real_aligner: Aligner) -> None:
    target = [*FRENCH[:7], *KOREAN[4:9], *FRENCH[7:]]
    found = real_aligner.align(GERMAN, target, "de", "fr")
    check_beads(found, len(GERMAN), len(target))
    alone = {bead.target[0] for bead in found if not bead.source}
    assert len(alone & set(range(7, 12))) >= 4
    assert {((0,), (0,)), ((10,), (15,))} <= set(as_links(found))


def long_pair(n: int) -> tuple[list[str], list[str], list[Link]]:
    """Sentences of a chronicle in two languages; of every 25 one is merged in German, and one has only English."""
    who = [("The mayor", "Der Bürgermeister"), ("A farmer", "Ein Bauer"), ("The teacher", "Die Lehrerin")]
    what = [("sold", "verkaufte"), ("found", "fand"), ("painted", "bemalte"), ("lost", "verlor")]
    things = [
        ("horses", "Pferde"),
        ("chairs", "Stühle"),
        ("boats", "Boote"),
        ("bells", "Glocken"),
        ("apples", "Äpfel"),
    ]
    where = [
        ("on the market", "auf dem Markt"),
        ("in the forest", "im Wald"),
        ("at the lake", "am See"),
        ("behind the church", "hinter der Kirche"),
        ("near the station", "beim Bahnhof"),
        ("under the bridge", "unter der Brücke"),
        ("in the cellar", "im Keller"),
    ]
    source: list[str] = []
    target: list[str] = []
    gold: list[Link] = []
    for k in range(n):
        parts = [options[k % len(options)] for options in (who, what, things, where)]
        (a, b, c, d), (e, f, g, h) = zip(*parts, strict=True)
        source.append(f"{a} {b} {k + 3} {c} {d}.")
        german = f"{e} {f} {k + 3} {g} {h}."
        if k % 25 == 10:
            gold.append(((k,), ()))
        elif k % 25 == 20:
            target[-1] += f" {german}"
            gold[-1] = ((k - 1, k), gold[-1][1])
        else:
            gold.append(((k,), (len(target),)))
            target.append(german)
    return source, target, gold


def test_a_long_text_is_aligned_within_its_band(real_aligner: Aligner) -> None:
    source, target, gold = long_pair(200)
    sides = real_aligner.embed(source, target, "en", "de")
    band = make_band(sides[0].runs[0], sides[1].runs[0], real_aligner.settings.band)
    assert band.width < len(target) / 2, "the band is a band and not the rectangle"
    found = real_aligner.align_sides(*sides)
    check_beads(found, 200, len(target))
    assert len(set(as_links(found)) & set(gold)) > 0.97 * len(gold)
    swapped = as_links(real_aligner.align_sides(*sides[::-1]))
    assert len({(a, b) for b, a in swapped} ^ set(as_links(found))) <= 4


@settings(max_examples=40, deadline=None)
@given(source=SEGMENTS, target=SEGMENTS)
def test_each_segment_once_whatever_the_words(word_aligner: Aligner, source: list[str], target: list[str]) -> None:
    found = word_aligner.align(source, target)
    check_beads(found, len(source), len(target))
    assert all(bead.confidence is not None and 0 <= bead.confidence <= 1 for bead in found)
    assert word_aligner.align(source, target) == found


@st.composite
def copies(draw: st.DrawFn) -> tuple[list[str], list[str], set[Link]]:
    """A text, and a copy of it with segments merged and left out on either side; the beads between them.

    A segment as it is stands between two changes: a null of each side next to one another could as well be a bead.
    """
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    source: list[str] = []
    target: list[str] = []
    gold: set[Link] = set()
    texts = numbered(draw(st.integers(25, 130)))
    changed = False
    while texts:
        changed = not changed and len(texts) > 1 and rng.random() < 0.6
        a, b = [(2, 1), (1, 2), (1, 0), (0, 1)][rng.integers(4)] if changed else (1, 1)
        taken, texts = texts[: max(a, b)], texts[max(a, b) :]
        gold.add((tuple(range(len(source), len(source) + a)), tuple(range(len(target), len(target) + b))))
        source += taken if a == len(taken) else [" ".join(taken)] * a
        target += taken if b == len(taken) else [" ".join(taken)] * b
    return source, target, gold


@settings(max_examples=20, deadline=None)
@given(copies())
def test_a_copy_is_aligned_and_swapped_the_same(
    word_aligner: Aligner, copy: tuple[list[str], list[str], set[Link]]
) -> None:
    source, target, gold = copy
    found = word_aligner.align(source, target)
    check_beads(found, len(source), len(target))
    assert len(set(as_links(found)) & gold) >= 0.85 * len(gold)
    swapped, here = confidences(word_aligner.align(target, source), swap=True), confidences(found)
    # Up to ties: where two ways are as good, either may be taken.
    both = swapped.keys() & here.keys()
    assert len(swapped.keys() ^ here.keys()) <= 0.05 * len(here)
    assert {bead: swapped[bead] for bead in both} == pytest.approx({bead: here[bead] for bead in both}, abs=0.05)
