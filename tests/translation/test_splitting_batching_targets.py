"""Splitting long texts, planning batches, choosing the target token: the pure parts of translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.errors import ModelError
from align.language.codes import LANGUAGES
from align.translation.batching import plan_batches
from align.translation.search import bucket
from align.translation.splitting import sentences, split_text
from align.translation.targets import language_code, target_token

TEXT = st.text(alphabet="ab 1,;:.—\u3000。한", max_size=200)


@given(TEXT, st.integers(1, 50))
def test_parts_fit_and_make_up_the_text(text: str, limit: int) -> None:
    parts = split_text(text, lambda part: len(part) <= limit)
    assert all(0 < len(part) <= limit and part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fits.", ["It fits."]),
        ("One is here. Two is over there.", ["One is here.", "Two is over there."]),
        ("first the farms; then the mines", ["first the farms;", "then the mines"]),
        ("first the farms, then the mines", ["first the farms,", "then the mines"]),
        ("about 1,000,000 tons were made", ["about 1,000,000", "tons were made"]),
        ("no marks in all these words", ["no marks in", "all these words"]),
        ("농장부터, 다음은 광산, 그다음 공장", ["농장부터,", "다음은 광산, 그다음 공장"]),
        ("x" * 20, ["x" * 10, "x" * 10]),
    ],
)
def test_where_a_text_is_cut(text: str, expected: list[str]) -> None:
    assert split_text(text, lambda part: len(part) <= 18) == expected


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(1, 90)), max_size=40), st.integers(64, 200))
def test_batches_hold_each_text_once_within_the_budget(rows: list[tuple[str, int]], budget: int) -> None:
    texts, lengths = [text for text, _ in rows], [length for _, length in rows]
    batches = plan_batches(texts, lengths, budget)
    assert sorted(index for batch in batches for index in batch) == list(range(len(rows)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget
        assert len({bucket(lengths[index]) for index in batch}) == 1


@given(st.permutations([("a", 5), ("b", 5), ("c", 60), ("d", 7), ("e", 30), ("f", 64)]))
def test_the_plan_does_not_depend_on_the_order(rows: list[tuple[str, int]]) -> None:
    texts = [text for text, _ in rows]
    plan = plan_batches(texts, [length for _, length in rows], 64)
    assert [[texts[index] for index in batch] for batch in plan] == [["f"], ["c"], ["e"], ["d", "a", "b"]]


@pytest.mark.parametrize(
    ("tokens", "target", "expected"),
    [
        ([], "ko", None),
        ([">>kor<<", ">>jpn<<"], "ko", ">>kor<<"),
        ([">>kor_Hang<<", ">>kor_Latn<<"], "ko", ">>kor_Hang<<"),
        ([">>kor_Hang<<", ">>kor<<"], "ko", ">>kor<<"),
        ([">>cmn_Hant<<", ">>cmn_Hans<<"], "zh", ">>cmn_Hans<<"),
        ([">>fr<<", ">>pt_BR<<"], "pt", ">>pt_BR<<"),
        ([">>srp_Latn<<", ">>srp_Cyrl<<"], "sr", ">>srp_Cyrl<<"),
    ],
)
def test_target_token(tokens: list[str], target: str, expected: str | None) -> None:
    assert target_token(["<unk>", "▁word", *tokens], target, "m") == expected


def test_an_unknown_target_lists_what_is_known() -> None:
    with pytest.raises(ModelError, match=r"'many' does not translate into 'ko'.*>>aa0<< .*>>aa39<<"):
        target_token([f">>aa{n}<<" for n in range(40)], "ko", "many")


NLLB = {
    "ar": "arb_Arab", "en": "eng_Latn", "et": "est_Latn", "fa": "pes_Arab", "ja": "jpn_Jpan", "ko": "kor_Hang",
    "lv": "lvs_Latn", "mn": "khk_Cyrl", "ms": "zsm_Latn", "no": "nob_Latn", "sq": "als_Latn", "sr": "srp_Cyrl",
    "sw": "swh_Latn", "uz": "uzn_Latn", "zh": "zho_Hans",
}  # fmt: skip


def test_our_languages_in_the_codes_of_m2m100_and_nllb() -> None:
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES as M2M100
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES as CODES

    for code, expected in NLLB.items():
        assert language_code(dict.fromkeys(CODES, 0), code, "m", "into") == expected
    assert language_code({"zho_Hant": 1}, "zh", "m", "into") == "zho_Hant"
    for known, lacking in ((CODES, {"la"}), (M2M100["m2m100"], {"eo", "eu", "la", "mt"})):
        codes = dict.fromkeys(known, 0)
        for code in LANGUAGES.keys() - lacking:
            assert language_code(codes, code, "m", "from") in codes
        for code in lacking:
            with pytest.raises(ModelError, match=f"from '{code}'; the languages it knows are af ar "):
                language_code(codes, code, "m", "from")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The bridge was closed. The trains ran late.", ["The bridge was closed.", "The trains ran late."]),
        ("Mr. Kim of the U.S. Army went home. He slept well that night.", None),
        ("One sentence alone, with 3.5 tons of rice.", ["One sentence alone, with 3.5 tons of rice."]),
        ("He came at 5 p.m. and left the town again.", ["He came at 5 p.m. and left the town again."]),
        ("Yes. No.", ["Yes. No."]),
        (
            "다리는 페쇄되였다고 한다. 기차는 늦게야 떠났다고 한다.",
            ["다리는 페쇄되였다고 한다.", "기차는 늦게야 떠났다고 한다."],
        ),
        ("", [""]),
    ],
)
def test_what_may_be_sentences(text: str, parts: list[str] | None) -> None:
    expected = parts or ["Mr. Kim of the U.S. Army went home.", "He slept well that night."]
    assert sentences(text) == expected


@given(st.text(alphabet='Ab c.!?。다\n"', max_size=80))
def test_sentences_together_are_the_text_but_for_white_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
