"""A stream of lines: order, equal texts once, bounded memory, and the same bytes after any interruption."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from gossip import Gossip
from hypothesis import given, settings
from hypothesis import strategies as st

from align.config import TranslateSettings
from align.errors import InputError, ModelError
from align.translation import Alternative, Cutting, Translated, Translator, open_cache
from align.translation.models import read_model
from align.translation.search import Engine, Hypothesis, Search


class Gossiping(Translator):
    """The starter's vocabulary with a Gossip for its engine."""

    def __init__(self, gossip: Gossip, **values: Any) -> None:
        chosen = TranslateSettings.model_validate({"batch_tokens": 64, "threads": gossip.workers, **values})
        super().__init__(read_model("starter-en-ko"), chosen, "en", "ko")
        self.gossip = gossip

    def engine(self) -> Engine:
        return self.gossip


def gossiping(fail_after: int | None = None, workers: int = 2, **values: Any) -> Gossiping:
    return Gossiping(Gossip(workers, fail_after), **({"retry": False} | values))


LINES = [f"line {n * n % 211} " + "word " * (n % 13) if n % 17 else "" for n in range(700)]


def test_order_and_number_are_those_of_the_lines_and_equal_lines_are_translated_once() -> None:
    translator = gossiping()
    found = translator.translate(LINES)
    assert len(found) == len(LINES)
    assert len(translator.gossip.rows) == len({line.strip() for line in LINES if line})
    for line, translated in zip(LINES, found, strict=True):
        assert translated.text.startswith(line.strip()[:8])
        assert (translated == Translated("", ("empty",))) == (not line)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*(f"sentence {n}" for n in range(150)), "", " "]), max_size=300),
    st.integers(1, 3),
    st.booleans(),
)
def test_number_order_and_progress_for_any_lines(lines: list[str], workers: int, retry: bool) -> None:
    counted: list[int] = []
    found = gossiping(workers=workers, retry=retry).translate(lines, counted.append)
    assert len(found) == len(lines) == sum(counted)
    by_line: dict[str, set[Translated]] = {}
    for line, translated in zip(lines, found, strict=True):
        by_line.setdefault(line, set()).add(translated)
        assert translated.text.startswith(line.strip())
    assert all(len(several) == 1 for several in by_line.values())


def test_the_number_of_workers_changes_nothing() -> None:
    assert gossiping(workers=1).translate(LINES) == gossiping(workers=4).translate(LINES)


@pytest.mark.parametrize("retry", [False, True])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.5, 0.9])
def test_an_interrupted_stream_goes_on_and_gives_the_same(tmp_path: Path, share: float, retry: bool) -> None:
    whole = gossiping(retry=retry)
    expected = whole.translate(LINES)
    assert whole.gossip.batches > 60
    after = int(share * whole.gossip.batches)
    path = tmp_path / "cache.sqlite"
    with pytest.raises(KeyboardInterrupt), open_cache(path) as cache:
        gossiping(fail_after=after, retry=retry).translate(LINES, cache=cache)
    again = gossiping(retry=retry)
    with open_cache(path) as cache:
        assert again.translate(LINES, cache=cache) == expected
    if share >= 0.5:
        assert len(again.gossip.rows) < len(whole.gossip.rows)
    silent = gossiping(fail_after=0, retry=retry)
    with open_cache(path) as cache:
        assert silent.translate(LINES, cache=cache) == expected


def test_a_changed_text_costs_what_is_new_in_it(tmp_path: Path) -> None:
    with open_cache(tmp_path / "cache.sqlite") as cache:
        first = gossiping().translate(LINES, cache=cache)
        changed = ["a new line", *LINES[:300], "another", *LINES[300:]]
        translator = gossiping()
        found = translator.translate(changed, cache=cache)
    assert len(translator.gossip.rows) == 2
    assert [*found[1:301], *found[302:]] == first


def test_other_settings_do_not_take_what_these_made(tmp_path: Path) -> None:
    with open_cache(tmp_path / "cache.sqlite") as cache:
        gossiping().translate(LINES[:30], cache=cache)
        other = gossiping(beam=2)
        other.translate(LINES[:30], cache=cache)
        assert other.gossip.rows
        same = gossiping(batch_tokens=300)
        same.translate(LINES[:30], cache=cache)
        assert same.gossip.rows == []


def test_lines_are_read_no_further_ahead_than_needed() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"line {read} " + "word " * (read % 9)

    translator = gossiping()
    with closing(translator.stream(endless())) as stream:
        for number in range(1, 2001):
            next(stream)
            assert read - number < 1500
    assert translator.gossip.batches < 2000


def test_long_lines_are_planned_in_small_numbers() -> None:
    lines = ["word " * 3000 for _ in range(9)]
    translator = gossiping()
    taken = iter(lines)
    assert len(translator.next_lines(taken)) == 1
    assert len(gossiping(batch_tokens=4000).next_lines(taken)) == 8


def test_a_text_on_its_way_is_not_translated_again() -> None:
    # 64 lines are planned together; the next 64 are read while the first are still with the engine.
    lines = [f"line {n % 40}" for n in range(400)]
    translator = gossiping()
    found = translator.translate(lines)
    assert max(Counter(translator.gossip.rows).values()) == 1
    assert found[:40] == found[360:]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("CUDA out of memory"), r"out of memory\. Try smaller batches \(--batch-tokens 16\)"),
        (RuntimeError("Library libcublas.so.12 is not found"), r"not found\. Try another engine \(--engine hf\)"),
        (MemoryError(), "MemoryError. Try smaller batches"),
    ],
)
def test_whatever_an_engine_raises_is_one_message(error: Exception, said: str) -> None:
    class Failing(Gossip):
        def run(self, *_: object) -> list[list[Hypothesis]]:
            raise error

    with pytest.raises(ModelError, match=f"'starter-en-ko' stopped with an error of ct2 on cpu: .*{said}"):
        Gossiping(Failing(1)).translate(["text"])


def test_what_is_ready_does_not_wait_for_lines_that_are_long_in_coming() -> None:
    came: list[int] = []
    translator = gossiping(workers=1)

    def slowly() -> Iterator[str]:
        for number in range(400):
            if number >= 128:  # two chunks are on their way, and the engine has long done them
                time.sleep(0.01)
            came.append(number)
            yield f"line {number}"

    with closing(translator.stream(slowly())) as stream:
        next(stream)
        assert len(came) < 400


def test_ways_of_cutting_have_their_own_place_in_a_cache() -> None:
    text = "One two three. Four five six."
    ways = [Cutting("whole", lambda text: [text]), Cutting("dots", lambda text: text.split(". "))]
    with open_cache(None) as cache:
        for way in ways:
            translator = Gossiping(Gossip(1), retry=False)
            cutting = Translator(read_model("starter-en-ko"), TranslateSettings(), "en", "ko", cut=way)
            cutting.engine = translator.engine  # type: ignore[method-assign]
            cutting.translate([text], cache=cache)
            assert translator.gossip.rows


def test_an_engine_that_fails_says_so_and_what_was_made_before_is_kept(tmp_path: Path) -> None:
    class Failing(Gossip):
        def run(self, rows: Sequence[Sequence[int]], search: Search, limit: int) -> list[list[Hypothesis]]:
            if self.batches > 30:
                raise ModelError("the model is broken")
            return super().run(rows, search, limit)

    path = tmp_path / "cache.sqlite"
    with pytest.raises(ModelError, match="the model is broken"), open_cache(path) as cache:
        Gossiping(Failing(2), retry=False).translate(LINES, cache=cache)
    again = gossiping()
    with open_cache(path) as cache:
        assert again.translate(LINES, cache=cache) == gossiping().translate(LINES)
    assert len(again.gossip.rows) < len({line for line in LINES if line})


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=20),
        st.builds(
            Translated,
            st.text(max_size=20),
            st.lists(st.sampled_from(["loop", "numbers"]), unique=True).map(tuple),
            st.lists(st.builds(Alternative, st.text(max_size=5), st.floats(-9, 0)), max_size=2).map(tuple),
        ),
        max_size=20,
    )
)
def test_what_goes_into_a_cache_comes_out_as_it_was(made: dict[str, Translated]) -> None:
    with open_cache(None) as cache:
        cache.put("settings", made)
        assert cache.get("settings", [*made, "what is not there"]) == made
        assert cache.get("other settings", made) == {}


def test_more_texts_than_sqlite_takes_at_once() -> None:
    made = {f"text {n}": Translated(f"translation {n}") for n in range(1700)}
    with open_cache(None) as cache:
        cache.put("settings", made)
        assert cache.get("settings", made) == made


def test_two_connections_may_share_a_cache_and_what_came_first_stays(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "cache.sqlite"
    with open_cache(path) as one, open_cache(path) as two:
        one.put("settings", {"a": Translated("from one")})
        two.put("settings", {"b": Translated("from two")})
        two.put("settings", {"a": Translated("too late")})
        found = {"a": Translated("from one"), "b": Translated("from two")}
        assert one.get("settings", ["a", "b"]) == two.get("settings", ["a", "b"]) == found


def test_what_is_no_cache_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database, but somebody's notes " * 100, encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.txt: cannot be used as a cache"), open_cache(text):
        pass
    assert text.read_text(encoding="utf-8").startswith("no database")
    with pytest.raises(InputError, match="cannot be"), open_cache(text / "below.sqlite"):
        pass
    with pytest.raises(InputError, match="cannot be"), open_cache(tmp_path):
        pass


def test_a_database_of_another_kind_is_not_harmed(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE letters (body TEXT)")
        db.execute("INSERT INTO letters VALUES ('dear')")
        db.commit()
    with open_cache(path) as cache:
        cache.put("settings", {"a": Translated("b")})
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT body FROM letters").fetchall() == [("dear",)]
