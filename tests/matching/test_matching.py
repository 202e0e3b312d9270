"""Pairing articles with originals: order of evidence, what is never lost, what does not depend on order."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.config import MatchSettings
from align.embedding.embedder import Vectors
from align.errors import InputError, ModelError
from align.matching import GivenPair, Pairing, match, matches
from align.records import Article, Match


class TopicEmbedder:
    """Texts with the same first word of the form "topic-x" are near each other, whatever their language."""

    name = "topics"
    dim = 64

    def __init__(self) -> None:
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dim)

    def _vector(self, text: str) -> Any:
        topic = next((word for word in text.split() if word.startswith("topic-")), text)
        mixed = self._random(topic) + 0.3 * self._random(text)
        return mixed / np.linalg.norm(mixed)

    def _random(self, text: str) -> Any:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dim)


SETTINGS = MatchSettings()


def article(name: str, lang: str = "en", topic: str = "", **more: Any) -> Article:
    words = f"topic-{topic or name} {lang}"
    values: dict[str, Any] = {
        "id": f"{lang}-{name}",
        "lang": lang,
        "title": f"{words} title",
        "date": "2024-06-18",
        "outlet": "daily",
        "url": "",
        "text": f"{words} first paragraph\n{words} second paragraph",
    }
    return Article(**(values | more))


def run(
    articles: Sequence[Article], originals: Sequence[Article], to: Sequence[str] = ("ko",), **more: Any
) -> list[Pairing]:
    return match(articles, originals, to=to, settings=more.pop("settings", SETTINGS), **more)


def paired(rows: Sequence[Pairing]) -> list[tuple[str, str, str]]:
    return [(row.article, row.original, row.evidence) for row in rows if row.status == "paired"]


class TestEvidence:
    def test_a_given_pair_beats_link_stem_and_similarity(self) -> None:
        ours = article("a", topic="x", path="en/a.txt", original_urls=("https://e.org/linked",))
        wanted = article("wanted", "ko", topic="other")
        others = [
            article("linked", "ko", topic="other2", url="https://e.org/linked"),
            article("stem", "ko", topic="other3", path="ko/a.txt"),
            article("like", "ko", topic="x"),
        ]
        rows = run(
            [ours],
            [wanted, *others],
            embedder=TopicEmbedder(),
            given=[GivenPair("en-a", "ko-wanted", "pairs.tsv:1")],
        )
        assert paired(rows) == [("en-a", "ko-wanted", "given")]
        rows = run([ours], others, embedder=TopicEmbedder())
        assert paired(rows) == [("en-a", "ko-linked", "link")]
        rows = run([ours], others[1:], embedder=TopicEmbedder())
        assert paired(rows) == [("en-a", "ko-stem", "stem")]
        rows = run([ours], others[2:], embedder=TopicEmbedder())
        assert paired(rows) == [("en-a", "ko-like", "similar")]

    @pytest.mark.parametrize(
        ("link", "url", "found"),
        [
            ("https://www.e.org/a/", "http://e.org/a", True),
            ("https://e.org/a?x=1&y=2#top", "https://E.org/a?y=2&x=1", True),
            ("https://e.org/a?utm_source=z", "https://e.org/a", True),
            ("e.org/a", "https://e.org/a", True),
            ("https://e.org/a?id=1", "https://e.org/a?id=2", False),
            ("https://e.org/A", "https://e.org/a", False),
            ("https://e.org:8080/a", "https://e.org/a", False),
            ("", "", False),
            ("https://", "https://", False),
            ("http://[bad", "http://[bad", False),
        ],
    )
    def test_links_are_compared_by_what_they_lead_to(self, link: str, url: str, found: bool) -> None:
        rows = run([article("a", original_urls=(link,))], [article("b", "ko", url=url)])
        assert bool(paired(rows)) is found

    def test_a_link_to_a_days_index_page_says_nothing(self) -> None:
        day = ("https://e.org/2024-06-18",)
        articles = [article("a", original_urls=day), article("b", original_urls=day)]
        assert paired(run(articles, [article("k", "ko", url=day[0])])) == []
        several = [article("k", "ko", url=day[0]), article("m", "ko", url=day[0])]
        assert paired(run(articles[:1], several)) == []

    @pytest.mark.parametrize(
        ("left", "right", "found"),
        [
            ("en/story.txt", "ko/story.html", True),
            ("story.en.txt", "story.ko.txt", True),
            ("story_en.txt", "story-ko.txt", True),
            ("Story_EN.txt", "story.Korean.txt", True),
            (r"en\story.txt", "ko/story.txt", True),
            ("story.txt", "storyko.txt", False),
            ("story.ko.txt", "story.txt", False),
            ("a.txt", "b.txt", False),
            ("", "", False),
        ],
    )
    def test_file_stems(self, left: str, right: str, found: bool) -> None:
        assert bool(paired(run([article("a", path=left)], [article("b", "ko", path=right)]))) is found

    def test_a_file_of_several_articles_has_no_stem_of_its_own(self) -> None:
        articles = [article("a", path="en/dump.jsonl"), article("b", path="en/dump.jsonl")]
        assert paired(run(articles, [article("k", "ko", path="ko/dump.txt")])) == []

    def test_the_folder_decides_where_a_stem_occurs_twice(self) -> None:
        articles = [article("a", path="en/june/1.txt"), article("b", path="en/july/1.txt")]
        originals = [article("k", "ko", path="ko/july/1.txt"), article("m", "ko", path="ko/june/1.txt")]
        assert paired(run(articles, originals)) == [("en-a", "ko-m", "stem"), ("en-b", "ko-k", "stem")]

    def test_numbered_files_of_other_days_are_not_taken_for_each_other(self) -> None:
        left, right = article("a", path="en/1.txt"), article("b", "ko", path="ko/1.txt", date="2024-01-01")
        assert paired(run([left], [right])) == []
        assert paired(run([left], [replace(right, date="")])) == [("en-a", "ko-b", "stem")]

    def test_given_pairs_may_name_several_originals_of_one_article(self) -> None:
        pairs = [
            GivenPair("en-a", "ko-b", "t:1"),
            GivenPair("en-a", "ko-c", "t:2"),
            GivenPair("en-a", "ko-b", "t:3"),
        ]
        rows = run([article("a")], [article("b", "ko"), article("c", "ko")], given=pairs)
        assert paired(rows) == [("en-a", "ko-b", "given"), ("en-a", "ko-c", "given")]

    def test_without_an_embedder_nothing_is_paired_by_similarity(self) -> None:
        assert paired(run([article("a", topic="x")], [article("b", "ko", topic="x")])) == []

    def test_nothing_is_embedded_where_stronger_evidence_settles_all(self) -> None:
        embedder = TopicEmbedder()
        run([article("a", path="a.en.txt")], [article("a", "ko", path="a.ko.txt")], embedder=embedder)
        assert embedder.calls == 0


class TestSimilarity:
    def test_each_article_finds_its_own_among_many_and_the_rest_stays_unpaired(self) -> None:
        articles = [article(str(n)) for n in range(30)]
        originals = [article(str(n), "ko") for n in range(10, 40)]
        rows = run(articles, originals, embedder=TopicEmbedder())
        assert paired(rows) == [(f"en-{n}", f"ko-{n}", "similar") for n in range(10, 30)]
        assert all(row.confidence >= SETTINGS.threshold for row in rows if row.status == "paired")

    def test_the_window_of_days_is_kept(self) -> None:
        left = article("a", topic="x")
        for date, found in [
            ("2024-06-21", True),
            ("2024-06-15", True),
            ("2024-06-22", False),
            ("", True),
            ("bad", True),
        ]:
            rows = run([left], [article("b", "ko", topic="x", date=date)], embedder=TopicEmbedder())
            assert bool(paired(rows)) is found, date

    def test_undated_articles_are_compared_with_all_at_a_price(self) -> None:
        originals = [article(str(n), "ko", date=f"2024-0{n + 1}-01") for n in range(5)]
        dated = run([article("3", date="2024-04-01")], originals, embedder=TopicEmbedder())
        undated = run([article("3", date="")], originals, embedder=TopicEmbedder())
        assert paired(undated) == paired(dated) == [("en-3", "ko-3", "similar")]
        assert undated[0].confidence <= dated[0].confidence

    def test_an_original_goes_to_one_article_of_an_outlet_but_to_each_outlet(self) -> None:
        original = article("k", "ko", topic="x", outlet="")
        same = [article("a", topic="x"), article("b", topic="x")]
        assert paired(run(same, [original], embedder=TopicEmbedder())) == [("en-a", "ko-k", "similar")]
        other = [same[0], replace(same[1], outlet="weekly")]
        assert len(paired(run(other, [original], embedder=TopicEmbedder()))) == 2

    def test_an_article_may_have_an_original_in_each_language(self) -> None:
        originals = [article("a", "ko"), article("a", "ru")]
        rows = run([article("a")], originals, to=("ko", "ru"), embedder=TopicEmbedder())
        assert [(row.original, row.lang) for row in rows] == [("ko-a", "ko"), ("ru-a", "ru")]

    def test_the_threshold_decides_and_the_rejected_one_is_named(self) -> None:
        left, right = [article("a", topic="x")], [article("b", "ko", topic="x", title="topic-other")]
        (row,) = run(left, right, embedder=TopicEmbedder())
        strict = MatchSettings(threshold=1)
        alone, original = run(left, right, embedder=TopicEmbedder(), settings=strict)
        assert alone.best_rejected is not None
        assert original.best_rejected is not None
        assert (alone.best_rejected.id, original.best_rejected.id) == ("ko-b", "en-a")
        # A stricter threshold changes the decision, never the confidence.
        assert alone.best_rejected.confidence == row.confidence == original.best_rejected.confidence

    def test_the_same_story_twice_does_not_make_either_unlikely(self) -> None:
        originals = [article(str(n), "ko") for n in range(6)]
        (once, *_) = run([article("0")], originals, embedder=TopicEmbedder())
        (twice, *_) = run(
            [article("0")], [*originals, replace(originals[0], id="ko-copy")], embedder=TopicEmbedder()
        )
        assert (once.status, twice.status) == ("paired", "paired")
        assert twice.confidence > 0.9 * once.confidence

    def test_a_broken_embedder_is_a_model_error(self) -> None:
        class Short(TopicEmbedder):
            def embed(self, texts: Sequence[str]) -> Vectors:
                return super().embed(texts)[:-1]

        with pytest.raises(ModelError, match="shape"):
            run([article("a")], [article("b", "ko")], embedder=Short())

    def test_documents_without_words_are_no_trouble(self) -> None:
        bare = article("a", title="", text="")
        rows = run(
            [bare], [article("b", "ko", title=" ", text="\n"), article("c", "ko")], embedder=TopicEmbedder()
        )
        assert paired(rows) == []
        assert len(rows) == 3


class TestOneDocumentOnBothSides:
    @pytest.mark.parametrize(
        "more",
        [
            {"path": "all/a.txt"},
            {"path": "all/a.txt", "text": "topic-a Saved again."},
            {"path": "ko/a.txt"},
            {"url": "https://e.org/a", "path": "b.txt"},
            {"path": "b.txt"},
        ],
        ids=["same file", "same file, changed", "same stem", "linked", "similar"],
    )
    def test_it_is_not_paired_with_itself(self, more: dict[str, Any]) -> None:
        ours = article("a", path="all/a.txt", original_urls=("https://e.org/a",))
        rows = run([ours], [replace(ours, id="copy", lang="ko", **more)], embedder=TopicEmbedder())
        assert paired(rows) == []
        assert [(row.article, row.original) for row in rows] == [("en-a", ""), ("", "copy")]

    def test_it_does_not_stand_in_the_way_of_the_original(self) -> None:
        ours = [article("a", path="all/a.txt"), *(article(f"x{n}") for n in range(4))]
        copy = replace(ours[0], id="copy", lang="ko")
        by_stem = run(ours, [copy, article("real", "ko", path="ko/a.txt")], embedder=TopicEmbedder())
        assert paired(by_stem) == [("en-a", "ko-real", "stem")]
        real = article("real", "ko", topic="a")
        alike = run(ours, [copy, real], embedder=TopicEmbedder())
        assert paired(alike) == [("en-a", "ko-real", "similar")]
        assert [row.best_rejected for row in alike if row.article == "en-a"] == [None]
        assert alike[0].confidence >= run(ours, [real], embedder=TopicEmbedder())[0].confidence

    def test_the_articles_of_one_dump_are_paired_with_each_other(self) -> None:
        dump = [
            article("a", path="dump.jsonl", original_urls=("https://e.org/a",)),
            article("a", "ko", path="dump.jsonl", url="https://e.org/a"),
        ]
        assert paired(run(dump, dump)) == [("en-a", "ko-a", "link")]


class TestLanguages:
    def test_an_article_is_not_matched_in_its_own_language(self) -> None:
        text = article(
            "a", "ko", topic="x", path="a.txt", url="https://e.org/a", original_urls=("https://e.org/a",)
        )
        rows = run([text], [text], embedder=TopicEmbedder())
        assert [(row.article, row.original, row.status) for row in rows] == [
            ("ko-a", "", "unpaired"),
            ("", "ko-a", "unpaired"),
        ]

    def test_an_article_stands_once_for_each_other_language(self) -> None:
        rows = run([article("a"), article("b", "ko")], [], to=("ko", "en", "ru"))
        assert [(row.article, row.lang) for row in rows] == [
            ("en-a", "ko"),
            ("en-a", "ru"),
            ("ko-b", "en"),
            ("ko-b", "ru"),
        ]

    def test_originals_in_other_languages_stay_listed(self) -> None:
        rows = run([article("a")], [article("a", "ru")], embedder=TopicEmbedder())
        assert [(row.article, row.original, row.lang) for row in rows] == [("en-a", "", "ko"), ("", "ru-a", "ru")]


class TestRecords:
    def test_the_line_that_is_printed(self) -> None:
        rows = run([article("a", path="a.en.txt"), article("b")], [article("a", "ko", path="a.ko.txt")])
        assert [row.to_dict() for row in rows] == [
            {
                "article_path": "a.en.txt",
                "original_path": "a.ko.txt",
                "article": "en-a",
                "original": "ko-a",
                "lang": "ko",
                "confidence": 0.95,
                "status": "paired",
                "evidence": "stem",
                "best_rejected": None,
            },
            {
                "article_path": None,
                "original_path": None,
                "article": "en-b",
                "original": None,
                "lang": "ko",
                "confidence": 0.0,
                "status": "unpaired",
                "evidence": None,
                "best_rejected": None,
            },
        ]

    def test_matches_are_the_paired_ones(self) -> None:
        rows = run([article("a", path="a.en.txt"), article("b")], [article("a", "ko", path="a.ko.txt")])
        assert matches(rows) == [Match("en-a", "ko-a", "ko", 0.95, "stem")]

    def test_a_given_pair_in_a_language_not_asked_for_says_what_to_do(self) -> None:
        with pytest.raises(InputError, match=r"t:1: .*add --to ru"):
            run([article("a")], [article("a", "ru")], given=[GivenPair("en-a", "ru-a", "t:1")])


DOCUMENTS = st.lists(
    st.builds(
        lambda n, topic, day, outlet, url, stem: (n, topic, day, outlet, url, stem),
        st.integers(0, 50),
        st.sampled_from("uvwxyz"),
        st.sampled_from(["", "2024-06-17", "2024-06-18", "2024-06-25"]),
        st.sampled_from(["", "daily", "weekly"]),
        st.sampled_from(["", "https://e.org/1", "https://e.org/2"]),
        st.sampled_from(["", "s1", "s2", "s3"]),
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=80, deadline=None)
@given(left=DOCUMENTS, right=DOCUMENTS, russian=st.booleans(), seed=st.integers(0, 1000))
def test_nothing_is_lost_and_nothing_depends_on_the_order(
    left: list[Any], right: list[Any], russian: bool, seed: int
) -> None:
    articles = [
        article(f"{n}", topic=t, date=d, outlet=o, original_urls=(u,), path=f"en/{s}.txt" if s else "")
        for n, t, d, o, u, s in left
    ]
    originals = [
        article(
            f"{n}",
            "ru" if russian and n % 2 else "ko",
            t,
            date=d,
            outlet=o,
            url=u,
            path=f"ko/{s}.txt" if s else "",
        )
        for n, t, d, o, u, s in right
    ]
    rows = run(articles, originals, to=("ko", "ru"), embedder=TopicEmbedder())
    assert Counter((row.article, row.lang) for row in rows if row.article) == Counter(
        (a.id, lang) for a in articles for lang in ("ko", "ru")
    )
    assert {row.original for row in rows if row.original} == {o.id for o in originals}
    outlet = {a.id: a.outlet for a in articles}
    used = Counter((outlet[row.article], row.original) for row in rows if row.status == "paired")
    assert max(used.values(), default=1) == 1
    for row in rows:
        assert 0 <= row.confidence <= 1
        assert row.confidence == round(row.confidence, 4)
        assert (row.status == "paired") == bool(row.article and row.original and row.evidence)
    mixed = random.Random(seed)
    mixed.shuffle(articles)
    mixed.shuffle(originals)
    assert run(articles, originals, to=("ko", "ru"), embedder=TopicEmbedder()) == rows
