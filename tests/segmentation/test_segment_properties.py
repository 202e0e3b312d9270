"""What holds for every text in every language: spans are lossless, ordered, and never empty."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from align.errors import ConfigError
from align.language.codes import LANGUAGES
from align.records import Article
from align.segmentation import segment, segment_text

LANGS = st.sampled_from(sorted(LANGUAGES))
# Text made of what segmentation is about: terminators, marks, abbreviations, letters, breaks.
MARKS = list(".!?…。！？．;:,-()[]《》“”«»\"'’「」〈〉")
SPACES = [" ", " ", " ", "\n", "\n\n", "\t", "\u00a0", "\u2028", "\r"]
WORDS_EN = [
    "U.S.",
    "Oct.",
    "No.",
    "3",
    "10",
    "2.5",
    "Kim",
    "he",
    "The",
    "Co.",
    "Ltd.",
    "a",
    "A",
    "I.",
    "г.",
    "(KCNA)",
    "--",
]
WORDS_KO = [
    "하였다",
    "습니다",
    "라고",
    "조선",
    "说",
    "と",
    "。」",
    "[1]",
    "ﬁ",
    "\U0001f600",
    "\u0301",
    "\x00",
    "\ufeff",
]
END_MARKS = ["-0-", "끝", "(끝)", " 끝.", ".끝"]
PIECES = st.lists(st.sampled_from(MARKS + SPACES + WORDS_EN + WORDS_KO + END_MARKS), max_size=60).map("".join)
TEXTS = st.one_of(PIECES, st.text(max_size=200), st.text(st.characters(codec=None), max_size=50))


@settings(max_examples=400, deadline=None)
@given(TEXTS, LANGS)
@example("\ud800. A", "en")
@example("끝", "ko")
@example("하였다. 끝.", "ko")
@example('"', "en")
def test_spans_are_lossless_ordered_and_not_empty(text: str, lang: str) -> None:
    at = 0
    for start, end in segment_text(text, lang):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert not text[at:].strip()


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, LANGS)
def test_segments_of_an_article_lead_back_to_it(title: str, text: str, lang: str) -> None:
    # A lone surrogate has no UTF-8 form, so no hash and no article id: loading never lets one in.
    title, text = (part.encode("utf-8", "ignore").decode("utf-8") for part in (title, text))
    article = Article("a", lang, title, "2024-08-06", "test", "", text)
    segments = segment(article)
    titles, body = [s for s in segments if s.is_title], [s for s in segments if not s.is_title]
    assert len(titles) == bool(title.strip())
    for made in titles:
        assert (made.start, made.end, made.text, made.paragraph) == (0, len(title), title, -1)
        assert segments[0] is made
    for made in body:
        assert text[made.start : made.end] == made.text
        assert made.paragraph == text[: made.start].count("\n")
        assert (made.article, made.revision, made.lang) == ("a", article.revision, lang)
    assert [(s.start, s.end) for s in body] == segment_text(text, lang)
    assert len({s.id for s in segments}) == len(segments)


WORDS = {
    "en": ["farmers", "sow", "wheat", "slowly", "again", "fields"],
    "ko": ["농장원들이", "밀을", "천천히", "다시", "뿌리는", "벌에서"],
    "ru": ["люди", "сеют", "хлеб", "медленно", "снова", "поле"],
    "ja": ["畑", "麦", "人", "朝", "春", "水"],
}
ENDS = {"en": "grow.", "ko": "일하였다.", "ru": "растёт.", "ja": "育つ。"}


@given(st.data(), st.sampled_from(sorted(WORDS)))
def test_simple_sentences_come_back_one_by_one(data: st.DataObject, lang: str) -> None:
    glue = "" if lang == "ja" else " "
    made = [
        glue.join(["The" if lang == "en" else WORDS[lang][0].capitalize(), *words, ENDS[lang]])
        for words in data.draw(
            st.lists(st.lists(st.sampled_from(WORDS[lang]), min_size=1, max_size=6), max_size=5)
        )
    ]
    for sentence in made:
        assert segment_text(sentence, lang) == [(0, len(sentence))]
    text = glue.join(made)
    assert [text[start:end] for start, end in segment_text(text, lang)] == made


@given(PIECES, PIECES)
def test_a_blank_line_always_parts(before: str, after: str) -> None:
    text = f"{before.strip()}\n\n{after.strip()}"
    gap = text.index("\n\n", max(0, len(before.strip()) - 1))
    assert all(end <= gap or start > gap for start, end in segment_text(text, "en"))


@pytest.mark.parametrize("text", ["", " ", "\n \n\t", "\u3000"])
def test_nothing_comes_of_nothing(text: str) -> None:
    assert segment_text(text, "en") == []
    assert segment(Article("a", "en", text, "", "", "", text)) == []


def test_an_unknown_language_is_refused_with_a_hint() -> None:
    with pytest.raises(ConfigError, match="did you mean 'ko'"):
        segment_text("조선", "kr")


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_every_known_language_is_cut_at_plain_marks(lang: str) -> None:
    assert segment_text("A b!\n1 2?", lang) == [(0, 4), (5, 9)]


@pytest.mark.parametrize(
    "piece", ['"', "(", "《", "a. ", "A.B.", ".", "다", "다.", "Oct. ", '."', "-0- ", "\n", "A.\n", "1. ", "! "]
)
def test_long_monotonous_text_is_taken_in_its_stride(piece: str) -> None:
    # 100,000 characters: what grows with the square of the length would not come back for minutes.
    text = piece * (100_000 // len(piece))
    for lang in ("en", "ko", "zh"):
        spans = segment_text(text, lang)
        assert "".join(text[a:b] for a, b in spans).replace(" ", "").replace("\n", "") == "".join(text.split())
