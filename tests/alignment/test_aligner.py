"""The aligner on texts and vectors: invariants, hard cases, and quality on gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from align.alignment import Aligner, beads, evaluate, load_aligner, read_beads
from align.config import AlignSettings
from align.errors import InputError
from align.records import Bead, check_beads

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
EXAMPLES = ROOT / "examples" / "articles" / "gold"

ENGLISH = [
    "A new bridge has been opened to traffic on the Taedong River.",
    "It is 420 metres long and was built in eleven months.",
    "The builders used local cement and steel.",
    "Officials and citizens walked across it on the first day.",
]
KOREAN = [
    "대동강에 새 다리가 개통되였다.",
    "다리의 길이는 420m이며 열한달동안에 건설되였다.",
    "건설자들은 자체의 세멘트와 강재를 리용하였다.",
    "첫날에 일군들과 시민들이 다리를 걸어서 건넜다.",
]


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return load_aligner(AlignSettings())


def as_tuples(found: list[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.source, bead.target) for bead in found]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_sentence_by_sentence(aligner: Aligner) -> None:
    found = aligner.align(ENGLISH, KOREAN, "en", "ko")
    assert as_tuples(found) == [((k,), (k,)) for k in range(4)]
    assert all(bead.confidence is not None and bead.confidence > 0.5 for bead in found)


def test_a_passage_left_out_is_a_null(aligner: Aligner) -> None:
    found = aligner.align([ENGLISH[0], ENGLISH[3]], KOREAN, "en", "ko")
    assert ((0,), (0,)) in as_tuples(found)
    assert ((1,), (3,)) in as_tuples(found)
    assert ((), (1,)) in as_tuples(found)


def test_two_sentences_against_one(aligner: Aligner) -> None:
    merged = [KOREAN[0], KOREAN[1][:-1] + ", " + KOREAN[2], KOREAN[3]]
    assert ((1, 2), (1,)) in as_tuples(aligner.align(ENGLISH, merged, "en", "ko"))


class _Blind:
    """Gives every text the same vector, so that only lengths and anchors are left to decide."""

    name = "blind"
    dim = 8

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.full((len(texts), 8), 8**-0.5, np.float32)


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("They made 412 tons here.", "412톤이다."),
        ("Here is Kim Jong Un now.", "김정은이다."),
        ("It was on an August day.", "8월이였다."),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_anchor_alone_decides_where_a_sentence_belongs(english: str, korean: str, first: bool) -> None:
    """In the first pass: with vectors that tell nothing apart, not even the windows', the second has no ground."""
    aligner = load_aligner(AlignSettings(), embedder=_Blind())
    aligner = replace(aligner, model=replace(aligner.model, network=None))
    other = "They went on as before."
    source = [english, other] if first else [other, english]
    found = as_tuples(aligner.align(source, ["그랬다.", korean, "그랬다."], "en", "ko"))
    assert [of_source for of_source, of_target in found if 1 in of_target] == [(source.index(english),)]


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("The farm sold 412 tons of corn.", "412톤이다."),
        ("The farm sold corn in August.", "8월이였다."),
        ("The farm of Hwangju sold corn.", "황주이다."),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_fragment_joins_the_sentence_that_has_its_anchor(
    aligner: Aligner, english: str, korean: str, first: bool
) -> None:
    source = ["The mine sold coal.", english]
    target = ["탄광은 석탄을 팔았다.", korean, "농장은 강냉이를 팔았다."]
    if not first:
        source, target = source[::-1], target[::-1]
    found = as_tuples(
        aligner.align([ENGLISH[0], *source, ENGLISH[3]], [KOREAN[0], *target, KOREAN[3]], "en", "ko")
    )
    expected = [((1,), (1,)), ((2,), (2, 3))] if first else [((1,), (1, 2)), ((2,), (3,))]
    assert found == [((0,), (0,)), *expected, ((3,), (4,))]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ([], []),
        (ENGLISH, []),
        ([], KOREAN),
        (ENGLISH[:1], KOREAN * 13),
        (["The same."] * 12, ["같다."] * 9),
        (["Headline", "Headline", ENGLISH[0]], ["제목", "제목", KOREAN[0]]),
        ([ENGLISH[0] * 80, ENGLISH[1]], KOREAN),
        (["1", "?", "…"], ["2", "!"]),
        (ENGLISH, ["Der Hund bellt.", "Die Katze schläft.", "Es regnet."]),
    ],
)
def test_every_segment_once_whatever_comes(aligner: Aligner, source: list[str], target: list[str]) -> None:
    found = aligner.align(source, target)
    check_beads(found, len(source), len(target))
    assert all(bead.confidence is not None and 0 <= bead.confidence <= 1 for bead in found)
    assert found == aligner.align(source, target)


def test_texts_are_aligned_the_same_in_any_order_of_documents(aligner: Aligner) -> None:
    documents = [(ENGLISH, KOREAN), ([*ENGLISH[2:], "Ça coûte 5 €."], KOREAN[1:]), (["Naïve café."], ["커피점"])]
    found = [aligner.align(*each) for each in documents]
    assert [aligner.align(*each) for each in documents[::-1]] == found[::-1]


def test_a_paragraph_that_moved_is_reported(aligner: Aligner) -> None:
    more = ["The museum shows old maps and coins.", "Entry is free for pupils on Sundays."]
    english, korean = (
        [*ENGLISH, *more],
        ["박물관에는 옛 지도와 주화가 전시되여있다.", "일요일에 학생들은 무료로 입장한다."],
    )
    sides = aligner.embed(english, [*korean, *KOREAN], "en", "ko")
    (found,) = aligner.crossings(*sides, aligner.align_sides(*sides))
    assert (found.source, found.target) == (range(4, 6), range(2))


def test_an_unrelated_document_has_little_confidence(aligner: Aligner) -> None:
    other = ["비가 온다.", "사과 세알을 샀다.", "고양이가 잔다.", "음악회가 끝났다."]
    related, unrelated = aligner.align(ENGLISH, KOREAN), aligner.align(ENGLISH, other)

    def linked(found: list[Bead]) -> float:
        return sum(bead.confidence or 0 for bead in found if bead.source and bead.target)

    assert linked(unrelated) < linked(related) / 2


def test_what_cannot_be_aligned_is_said(aligner: Aligner) -> None:
    with pytest.raises(InputError, match="target segment 1 has no text"):
        aligner.align(["a"], ["b", "  "])
    with pytest.raises(InputError, match="one side"):
        beads(ENGLISH, np.ones((3, 512), np.float32), aligner=aligner)


def test_the_function_takes_strings_or_vectors(aligner: Aligner) -> None:
    assert beads(ENGLISH, KOREAN, aligner=aligner) == aligner.align(ENGLISH, KOREAN)
    source = aligner.embedder.embed(ENGLISH)
    assert len(beads(source, aligner.embedder.embed(KOREAN), aligner=aligner)) == 4


def test_the_examples_are_aligned_well(aligner: Aligner) -> None:
    found = []
    for gold in sorted(EXAMPLES.glob("*.gold")):
        source, target = (lines(gold.with_suffix(suffix)) for suffix in (".en", ".ko"))
        found.append((read_beads(gold), aligner.align(source, target, "en", "ko")))
    quality = evaluate(found)
    assert quality.strict.f1 > 0.8
    assert quality.lax.f1 > 0.93


@pytest.mark.data
@pytest.mark.parametrize(
    ("folder", "source", "target", "least"),
    [
        ("textberg-dev", "de", "fr", 0.86),
        ("ko-en-gold/dev", "en", "ko", 0.88),
        ("en-es-gold/dev", "en", "es", 0.88),
    ],
)
def test_strict_f1_on_gold(aligner: Aligner, folder: str, source: str, target: str, least: float) -> None:
    golds = sorted(p for p in (DATA / folder).glob("*") if p.suffix in {".gold", ".defr"})
    if not golds:
        pytest.skip("the real data are not here")
    found = []
    for gold in golds:
        texts = lines(gold.with_suffix(f".{source}")), lines(gold.with_suffix(f".{target}"))
        sides = aligner.embed(*texts, source_lang=source, target_lang=target)
        found.append((read_beads(gold), aligner.align_sides(*sides)))
        assert aligner.crossings(*sides, found[-1][1]) == [], "nothing moved in these documents"
    assert evaluate(found).strict.f1 >= least
