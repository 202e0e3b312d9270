"""Signs that a cut runs through the middle of a sentence: kinds by language, and that a cut is judged alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.language.edges import EDGE_KINDS, edges

LOWER, UNFINISHED, COLON, ABBREVIATION, OPEN = EDGE_KINDS


def kinds(before: str, after: str) -> set[str]:
    return {kind for kind, seen in zip(EDGE_KINDS, edges([before, after])[1], strict=True) if seen}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Whole sentences, with the marks that end them in each script.
        ("He went home.", "It rained.", set()),
        ("Qui vient ?", "Personne !", set()),
        ("¿Quién viene?", "¡Nadie!", set()),
        ("다리가 개통되였다.", "그것은 길다.", set()),
        ("桥建成了。", "它很长。", set()),
        ("你好!", "你是谁?", set()),
        ("من جاء؟", "لا أحد.", set()),
        ("Он пришёл…", "Потом ушёл.", set()),
        # A mark may stand inside what closes the sentence.
        ("He said: “I am coming.”", "She waited.", set()),
        ("Il dit : « Je viens. »", "Elle attendit.", set()),
        ("그는 《가겠소.》", "그들은 떠났다.", set()),
        # The sentence goes on: a small letter, whatever the script, quotation marks and spaces left out.
        ("He went home…", "and slept.", {LOWER}),
        ("Они пришли…", "«потом ушли.»", {LOWER}),
        ("Πού είναι;", "  εδώ.", {LOWER, UNFINISHED}),
        ("We walked on,", "because it rained.", {LOWER, UNFINISHED}),
        # Scripts without small letters, and digits, never begin with one.
        ("건설자들은", "다리를 건설하였다.", {UNFINISHED}),
        ("On that day", "12 men came.", {UNFINISHED}),
        # A headline or a list item has no mark at its end.
        ("Ein Tag im Gebirge", "Wir brachen früh auf.", {UNFINISHED}),
        # A colon, the full-width one too, is a kind of its own.
        ("He answered:", "Nobody came.", {COLON}),
        ("他说:", "没有人来。", {COLON}),
        # Abbreviations and initials.
        ("It was opened by Dr.", "Smith came too.", {ABBREVIATION}),
        ("Das schrieb A.", "Meier.", {ABBREVIATION}),
        ("Voir la carte no.", "Elle est claire.", {ABBREVIATION}),
        ("Das Dorf liegt hoch, vgl.", "Karte 3.", {ABBREVIATION}),
        ("He sold the house.", "Nobody came.", set()),
        # What is opened and not closed.
        ("We went on (see the map.", "It is old.)", {OPEN}),
        ('He said: "Come in.', 'It is cold."', {OPEN}),
        ('It is cold."', "Nobody came.", set()),
        ("그들은 《우리는 간다.", "우리는 이긴다.》고 말하였다.", {OPEN}),
        ("Il dit : «Venez.", "Il fait froid.»", {OPEN}),
        ("It is cold.”", "Nobody came.", set()),
    ],
)
def test_kinds(before: str, after: str, expected: set[str]) -> None:
    assert kinds(before, after) == expected


TEXTS = st.lists(st.text(alphabet='abA.:,(«》"” 1가다…?', min_size=1, max_size=12), max_size=6)


@given(TEXTS)
def test_each_cut_is_judged_by_its_two_neighbours_alone(texts: list[str]) -> None:
    found = edges(texts)
    assert found.shape == (len(texts) + 1, len(EDGE_KINDS))
    assert not found[0].any()
    assert not found[-1].any()
    assert set(np.unique(found)) <= {0.0, 1.0}
    for at in range(1, len(texts)):
        assert np.array_equal(found[at], edges(texts[at - 1 : at + 1])[1])


@given(TEXTS)
def test_a_colon_is_not_also_unfinished(texts: list[str]) -> None:
    found = edges(texts)
    assert not (found[:, EDGE_KINDS.index(COLON)] * found[:, EDGE_KINDS.index(UNFINISHED)]).any()
