"""Planted documents: the gold is an alignment that the search could find, and no letter is lost or made up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from align.alignment.beadtypes import bead_types
from align.records import check_beads
from bench.bead_data import GoldDocument
from bench.planting import Rates, planted_documents, replanted, unrelated

CALM = Rates(split=0.0, cut=0.0, cut_source=0.5, merge=0.0, shift=0.0, stray=0.0, decoy=0.0)
BUSY = Rates(split=0.4, cut=0.15, cut_source=0.3, merge=0.3, shift=0.3, stray=0.1, decoy=0.3)
TOWNS, GOODS = ("Adorf", "Berg", "Cahla", "Dohna", "Erfde"), ("coal", "wool", "salt", "corn", "fish")
Drawn = Callable[[Rates], None]


def rows() -> list[tuple[str, str]]:
    """Sentence pairs, each its own, most with clauses where they may be cut."""
    pairs = []
    for k in range(100):
        town, goods = TOWNS[k % 5], GOODS[k // 5 % 5]
        if k % 3:
            english = (
                f"In {town} they sold {k} tons of {goods}, kept the rest of it, and waited for the long winter."
            )
            korean = (
                f"{town} 사람들은 가까운 시장에서 {goods} {k}톤을 팔고 나머지는 모두 마을의 창고에 남겨두었으며 "
                "집집마다 불을 때면서 길고 추운 겨울을 기다리였다."
            )
        else:
            english, korean = f"{town} is a town with {k} houses.", f"{town}는 집이 {k}채인 도시이다."
        pairs.append((english, korean))
    return pairs


@pytest.fixture(scope="module")
def bitext(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bitext") / "rows.tsv"
    path.write_text("".join(f"{a}\t{b}\t1.0\n" for a, b in rows()), encoding="utf-8")
    return path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Lets every document draw the same rates."""
    return lambda rates: monkeypatch.setattr(Rates, "drawn", lambda _rnd: rates)


def letters(texts: list[str]) -> str:
    """Letters and digits alone: planting may change marks, spaces and capitals."""
    return "".join(letter.casefold() for text in texts for letter in text if letter.isalnum())


def numbers(texts: Iterable[str]) -> list[str]:
    return sorted(re.findall(r"\d+", " ".join(texts)))


def sizes(document: GoldDocument) -> list[tuple[int, int]]:
    return [(len(bead.source), len(bead.target)) for bead in document.gold]


def check(document: GoldDocument) -> None:
    check_beads(document.gold, len(document.source), len(document.target))
    assert set(sizes(document)) <= set(bead_types(4))
    assert all(text.strip() for text in [*document.source, *document.target])


def test_the_gold_is_an_alignment_that_the_search_knows(bitext: Path) -> None:
    documents = planted_documents(bitext, 60, seed=3)
    assert len(documents) == 60
    for document in [*documents, *replanted(documents, seed=4), *unrelated(documents, 20, seed=5)]:
        check(document)
        assert (document.source_lang, document.target_lang) == ("en", "ko")


def test_much_planting_makes_every_kind_of_bead_and_still_an_alignment(bitext: Path, drawn: Drawn) -> None:
    drawn(BUSY)
    documents = planted_documents(bitext, 40, seed=5)
    for document in documents:
        check(document)
    found = {size for document in documents for size in sizes(document)}
    assert {(1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2)} <= found


def test_the_seed_decides(bitext: Path) -> None:
    documents = planted_documents(bitext, 8, seed=7)
    assert documents == planted_documents(bitext, 8, seed=7)
    assert documents[:3] == planted_documents(bitext, 3, seed=7), "more documents come after"
    assert documents != planted_documents(bitext, 8, seed=8)
    assert replanted(documents, seed=1) == replanted(documents, seed=1)
    assert replanted(documents, seed=1) != replanted(documents, seed=2)


def test_nothing_planted_leaves_the_pairs_as_they_are(bitext: Path, drawn: Drawn) -> None:
    drawn(CALM)
    pairs = rows()
    for document in planted_documents(bitext, 10, seed=9):
        start = pairs.index((document.source[0], document.target[0]))
        assert 8 <= len(document.source) < 70
        assert list(zip(document.source, document.target, strict=True)) == pairs[start:][: len(document.source)]
        assert set(sizes(document)) == {(1, 1)}


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (replace(CALM, split=0.6), {(1, 2), (2, 1), (1, 3), (3, 1)}),
        (replace(CALM, merge=0.4), {(1, 2), (2, 1)}),
        (replace(CALM, shift=0.5), {(2, 2)}),
        (replace(CALM, split=0.4, merge=0.4, shift=0.4), {(1, 2), (2, 1), (2, 2), (2, 3), (3, 2)}),
    ],
)
def test_splits_merges_and_shifts_lose_and_add_no_letter(
    bitext: Path, drawn: Drawn, rates: Rates, expected: set[tuple[int, int]]
) -> None:
    drawn(rates)
    source, target = (letters([pair[side] for pair in rows()]) for side in (0, 1))
    made = set()
    for document in planted_documents(bitext, 12, seed=11):
        check(document)
        assert letters(document.source) in source
        assert letters(document.target) in target
        made |= set(sizes(document))
        # What stands in a bead is the same pairs on both sides: their numbers say so.
        for bead in document.gold:
            assert numbers(document.source[i] for i in bead.source) == numbers(
                document.target[j] for j in bead.target
            )
    assert expected <= made


@pytest.mark.parametrize("cut_source", [0.0, 1.0])
def test_a_cut_leaves_the_other_side_alone(bitext: Path, drawn: Drawn, cut_source: float) -> None:
    drawn(replace(CALM, cut=0.2, cut_source=cut_source))
    pairs, nulls = rows(), 0
    for document in planted_documents(bitext, 10, seed=13):
        check(document)
        kept, left = (document.target, document.source) if cut_source else (document.source, document.target)
        side = 1 if cut_source else 0
        start = [pair[side] for pair in pairs].index(kept[0])
        assert kept == [pair[side] for pair in pairs[start:][: len(kept)]], "this side has everything"
        assert len(left) + sum(min(size) == 0 for size in sizes(document)) == len(kept)
        for bead in document.gold:
            if bead.source and bead.target:
                assert (document.source[bead.source[0]], document.target[bead.target[0]]) in pairs
            else:
                nulls += 1
                assert len(bead.target if cut_source else bead.source) == 1
    assert nulls


def test_stray_lines_stand_alone(bitext: Path, drawn: Drawn) -> None:
    drawn(replace(CALM, stray=0.3))
    source, target = ({pair[side] for pair in rows()} for side in (0, 1))
    for document in planted_documents(bitext, 6, seed=15):
        check(document)
        alone = [bead for bead in document.gold if not (bead.source and bead.target)]
        assert alone
        for bead in document.gold:
            if bead in alone:
                assert not {document.source[i] for i in bead.source} & source
                assert not {document.target[j] for j in bead.target} & target
            else:
                assert (document.source[bead.source[0]], document.target[bead.target[0]]) in rows()


def test_replanting_nothing_keeps_the_beads_or_those_that_link(bitext: Path, drawn: Drawn) -> None:
    documents = planted_documents(bitext, 30, seed=17)
    drawn(CALM)
    without_nulls = 0
    for before, after in zip(documents, replanted(documents, seed=18), strict=True):
        linked = [size for size in sizes(before) if min(size)]
        if sizes(after) == sizes(before):
            assert after == before
        else:
            without_nulls += 1
            assert sizes(after) == linked
            assert letters(after.source) == letters(
                [before.source[i] for bead in before.gold if bead.target for i in bead.source]
            )
    assert without_nulls, "some are planted anew without their nulls"


def test_unrelated_passages_are_of_two_documents_and_have_only_nulls(bitext: Path) -> None:
    documents = planted_documents(bitext, 5, seed=19)
    found = unrelated(documents, 30, seed=5)
    assert len(found) == 30

    def origins(texts: list[str], side: str) -> set[int]:
        return {k for k, document in enumerate(documents) if set(texts) <= set(getattr(document, side))}

    for document in found:
        check(document)
        assert set(sizes(document)) == {(1, 0), (0, 1)}
        ours, theirs = origins(document.source, "source"), origins(document.target, "target")
        assert ours
        assert theirs
        assert len(ours | theirs) > 1
        assert all(3 <= len(side) < 15 for side in (document.source, document.target))


def test_a_decoy_has_other_numbers_and_no_translation(bitext: Path, drawn: Drawn) -> None:
    drawn(replace(CALM, decoy=1.0))
    seen = 0
    for document in planted_documents(bitext, 5, seed=23):
        check(document)
        for bead in document.gold:
            if not (bead.source and bead.target):
                seen += 1
                text = document.source[bead.source[0]] if bead.source else document.target[bead.target[0]]
                side = document.source if bead.source else document.target
                twins = [
                    other for other in side if letters([other]) != letters([text]) and same_words(other, text)
                ]
                assert twins
                assert all(numbers([twin]) != numbers([text]) for twin in twins)
    assert seen


def same_words(one: str, other: str) -> bool:
    return re.sub(r"\d+", "#", one) == re.sub(r"\d+", "#", other)
