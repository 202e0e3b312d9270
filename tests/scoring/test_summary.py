"""What scores.json says of a run: counts, coverage, shares, metrics, and why a score is absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from align.errors import InputError
from align.records import Kind, Match, Pair, Side
from align.scoring import score, summarise


def side(role: Any, lang: str, article: str, *texts: str) -> Side:
    segments = tuple((f"{article}@r:{n}-{n + len(t)}", n, n + len(t)) for n, t in enumerate(texts))
    return Side(role=role, lang=lang, article=article, segments=segments, text=" ".join(texts))


def pair(
    kind: Kind, source: tuple[str, ...], target: tuple[str, ...] = (), translation: str | None = None, **more: Any
) -> Pair:
    article, original, lang = more.pop("article", "a1"), more.pop("original", "o1"), more.pop("lang", "ko")
    return Pair(
        kind=kind,
        source=side("article", "en", article, *source),
        target=side("original", lang, original, *target),
        translation=translation,
        confidence=more.pop("confidence", None),
        **more,
    )


MATCHED = [
    pair("translated", ("Title",), ("제목",), "표제", is_title=True, confidence=1.0, flags=("length",)),
    pair("translated", ("One.",), ("하나.",), "하나.", confidence=0.9, model="m"),
    pair("translated", ("Two.", "More."), ("둘이다.",), "둘.", confidence=0.8, model="m", flags=("split",)),
    pair("cut", (), ("빠진 문장이다.",), confidence=0.7),
    pair("added", ("Added.",), (), "덧붙임.", confidence=0.6, model="m"),
    pair("unaligned", ("Lost.",), (), "잃음.", model="m", flags=("numbers", "loop")),
]
UNMATCHED = [
    pair("unmatched", ("Alone.",), (), "혼자.", article="a2", original="", model="m"),
    pair("unmatched", ("Alone two.",), (), "둘.", article="a2", original="", model="m"),
]
MATCHES = {("a1", "o1"): Match("a1", "o1", "ko", 0.98765, "link")}


def test_a_run_with_and_without_an_original() -> None:
    found = summarise(iter([MATCHED, UNMATCHED]), matches=MATCHES, dropped=3)
    assert found["summary"] == {
        "articles": 2,
        "matched": 1,
        "gone": 0,
        "pairs": 7,
        "titles": 1,
        "gone_pairs": 0,
        "kinds": {"translated": 2, "cut": 1, "added": 1, "unmatched": 2, "unaligned": 1},
        "beads": {"0-1": 1, "1-0": 1, "1-1": 1, "2-1": 1},
        "mean_confidence": 0.75,
        "flagged": 1,
        "dropped": 3,
    }
    korean = found["languages"]["ko"]
    assert korean["coverage"] == {"segments": 7, "with_original": 3}
    assert (korean["model"], korean["absent"]) == ("m", None)
    expected = score(["하나.", "둘."], ["하나.", "둘이다."], "ko")
    assert korean["metrics"] == {name: metric.to_dict() for name, metric in expected.items()}
    first, second = found["articles"]
    assert first == {
        "article": "a1",
        "original": "o1",
        "lang": "ko",
        "source_segments": 5,
        "target_segments": 3,
        "with_original": 3,
        "share_cut": round(8 / 15, 4),
        "share_added": round(6 / 25, 4),
        "mean_confidence": 0.75,
        "metrics": korean["metrics"],
        "match": {"evidence": "link", "confidence": 0.9877},
        "gone": False,
    }
    assert second["original"] is second["metrics"] is second["match"] is second["mean_confidence"] is None
    assert second["with_original"] == 0
    # Without an original nothing is known of what was left out or added.
    assert second["share_cut"] is second["share_added"] is None
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("group", "absent"),
    [
        (UNMATCHED, "no original was given or found"),
        ([replace(p, translation=None, model=None) for p in MATCHED], "no model for en-ko"),
        (
            [replace(p, translation=None, model=None) for p in UNMATCHED],
            "no original was given or found; no model for en-ko",
        ),
        (MATCHED[3:], "no segment could be aligned with an original"),
        ([replace(p, translation=None) for p in MATCHED[:3]], "no aligned segment has a translation"),
        (MATCHED[:1], "no segment could be aligned with an original; no model for en-ko"),
    ],
)
def test_an_absent_score_says_why(group: list[Pair], absent: str) -> None:
    found = summarise([group], matches={}, dropped=0)["languages"]["ko"]
    assert found["metrics"] is None
    assert found["absent"] == absent


def test_two_originals_of_one_article_are_two_rows_and_one_article() -> None:
    russian = [pair("translated", ("One.",), ("Раз.",), "Раз.", lang="ru", original="o2", confidence=0.5)]
    found = summarise([MATCHED, russian], matches={}, dropped=0)
    assert found["summary"]["articles"] == found["summary"]["matched"] == 1
    assert [row["lang"] for row in found["articles"]] == ["ko", "ru"]
    assert list(found["languages"]) == ["ko", "ru"]
    assert found["languages"]["ru"]["metrics"]["BLEU"]["n"] == 1


def gone(group: list[Pair], **more: Any) -> list[Pair]:
    return [replace(pair, gone=True, **more) for pair in group]


def test_what_is_gone_is_marked_and_in_no_sum() -> None:
    kept = summarise([MATCHED], matches=MATCHES, dropped=0)
    russian = [
        pair("translated", ("Old.",), ("Было.",), "Было.", lang="ru", article="a3", original="o3", gone=True)
    ]
    found = summarise([gone(UNMATCHED), MATCHED, russian], matches=MATCHES, dropped=0)
    assert found["summary"] == kept["summary"] | {"gone": 2, "gone_pairs": 3}
    assert found["languages"] == kept["languages"]
    assert [row["gone"] for row in found["articles"]] == [True, False, True]
    assert found["articles"][1] == kept["articles"][0]
    # A row that is gone keeps its own figures.
    assert found["articles"][2]["metrics"]["BLEU"]["n"] == 1


def test_an_article_with_one_of_two_originals_gone_is_not_gone() -> None:
    russian = [pair("translated", ("One.",), ("Раз.",), "Раз.", lang="ru", original="o2", gone=True)]
    found = summarise([MATCHED, russian], matches={}, dropped=0)
    assert (found["summary"]["articles"], found["summary"]["gone"]) == (1, 0)
    assert [row["gone"] for row in found["articles"]] == [False, True]
    assert list(found["languages"]) == ["ko"]


@pytest.mark.parametrize(
    "groups", [[MATCHED, UNMATCHED], [gone(MATCHED), UNMATCHED], [gone(MATCHED[:3]) + MATCHED[3:]], []]
)
def test_counts_add_up_to_the_lines_of_pairs(groups: list[list[Pair]]) -> None:
    summary = summarise(groups, matches={}, dropped=0)["summary"]
    assert summary["pairs"] + summary["titles"] + summary["gone_pairs"] == sum(map(len, groups))
    assert summary["pairs"] == sum(summary["kinds"].values())


def test_an_empty_run_has_no_scores() -> None:
    found = summarise([[]], matches={}, dropped=1)
    assert found["summary"]["articles"] == 0
    assert found["summary"]["mean_confidence"] is None
    assert (found["languages"], found["articles"]) == ({}, [])


def test_groups_are_taken_one_at_a_time() -> None:
    alive = 0

    class Group(list[Pair]):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def groups() -> Iterator[Group]:
        nonlocal alive
        for n in range(5):
            assert alive <= 1
            alive += 1
            yield Group([pair("unmatched", (f"Text {n}.",), article=f"a{n}", original="")])

    assert summarise(groups(), matches={}, dropped=0)["summary"]["articles"] == 5


def test_a_group_of_two_articles_is_an_error() -> None:
    with pytest.raises(InputError, match="must be of one article"):
        summarise([[*MATCHED, *UNMATCHED]], matches={}, dropped=0)
