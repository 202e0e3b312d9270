"""Runs whose inputs change between calls, and runs that were damaged: nothing stale stays, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import align
from align.config import RunSettings
from align.errors import ConfigError, ModelError
from align.records import Pair
from align.runs.files import read_pairs
from align.runs.store import RunStore

Folders = tuple[Path, Path]


@pytest.fixture
def plain(quick: RunSettings) -> RunSettings:
    """Without a model: these tests are about state, not about translations."""
    return quick.model_copy(update={"translate": quick.translate.model_copy(update={"models": {}})})


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def texts(out: Path) -> str:
    return "\n".join(f"{pair.source.text}\n{pair.target.text}" for pair in read_pairs(out))


def of_bridge(out: Path) -> list[Pair]:
    return [pair for pair in read_pairs(out) if pair.date == "2024-08-06"]


@pytest.mark.parametrize(
    ("side", "old", "new"), [(1, "새 다리 개통", "새 다리의 개통"), (0, "New Bridge", "A New Bridge")]
)
def test_a_corrected_headline_replaces_the_record(
    side: int, old: str, new: str, inputs: Folders, plain: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    edit(inputs[side] / "bridge.txt", old, new)
    result = align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    assert (result.articles, result.matched, result.gone) == (3, 2, 0)
    assert not any(pair.gone for pair in of_bridge(out))
    assert new in texts(out)
    assert f"{old}\n" not in texts(out)


def test_a_new_original_is_preferred_to_one_that_is_gone(
    inputs: Folders, plain: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    (inputs[1] / "bridge.txt").rename(tmp_path / "bridge.txt")
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    assert {pair.kind for pair in of_bridge(out)} != {"unmatched"}, "the original that is gone stays, marked"
    assert all(pair.gone for pair in of_bridge(out))
    again = tmp_path / "more"
    again.mkdir()
    text = (tmp_path / "bridge.txt").read_text(encoding="utf-8").replace("120m", "130m")
    (again / "bridge.txt").write_text(text, encoding="utf-8")
    align.run([inputs[0]], out, originals=[inputs[1], again], settings=plain)
    assert not any(pair.gone for pair in of_bridge(out))
    assert "130m" in texts(out)


def test_changed_provenance_reaches_the_pairs(plain: RunSettings, tmp_path: Path) -> None:
    dump, out = tmp_path / "a.jsonl", tmp_path / "run"
    row = {
        "headline": "Rain",
        "date_str": "2024-05-01",
        "link": "http://www.kcna.kp/a",
        "story_text": "It rained.",
    }
    dump.write_text(json.dumps(row), encoding="utf-8")
    (article,) = align.load([dump])
    dump.write_text(json.dumps(article.to_dict()), encoding="utf-8")
    align.run([dump], out, settings=plain)
    dump.write_text(json.dumps({**article.to_dict(), "url": "http://www.kcna.kp/b"}), encoding="utf-8")
    align.run([dump], out, settings=plain)
    assert {pair.url for pair in read_pairs(out)} == {"http://www.kcna.kp/b"}


def test_a_kill_between_file_and_store_leaves_nothing_stale(
    inputs: Folders, plain: RunSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, page = tmp_path / "run", inputs[0] / "bridge.txt"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    edit(page, "120 metres", "999 metres")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunStore, "commit_shard", killed)
        with pytest.raises(KeyboardInterrupt):
            align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    edit(page, "999 metres", "120 metres")
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    assert "999 metres" not in texts(out)
    assert "120 metres" in texts(out)


def test_a_run_inside_its_own_input_folder(inputs: Folders, plain: RunSettings) -> None:
    out = inputs[0] / "align-run"
    first = align.run([inputs[0]], out, settings=plain)
    again = align.run([inputs[0]], out, settings=plain)
    assert again.unchanged
    assert (again.articles, again.dropped) == (first.articles, 0) == (3, 0)


def test_texts_in_the_wrong_place_are_dropped_with_a_reason(
    inputs: Folders, plain: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    result = align.run([inputs[0], inputs[1] / "farm.txt"], out, originals=[inputs[0]], settings=plain)
    listed = [json.loads(line) for line in (out / "dropped.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["reason"] for row in listed} == {"language"}
    assert sum("give it with --originals" in row["message"] for row in listed) == 1
    assert (result.articles, result.matched, result.dropped) == (3, 0, 4)


def test_a_call_that_failed_does_not_bind_the_next(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    wrong = quick.model_copy(
        update={"translate": quick.translate.model_copy(update={"models": {"en-ko": str(tmp_path / "none")}})}
    )
    with pytest.raises(ModelError):
        align.run([inputs[0]], out, settings=wrong)
    assert not out.exists()
    assert align.run([inputs[0]], out, settings=quick).articles == 3


def test_threads_may_change_and_languages_may_not(inputs: Folders, plain: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, settings=plain)
    threads = plain.model_copy(update={"translate": plain.translate.model_copy(update={"threads": 3})})
    assert align.run([inputs[0]], out, settings=threads).unchanged
    with pytest.raises(ConfigError, match=r"to was \['ko'\] and is now \['ru'\]"):
        align.run([inputs[0]], out, settings=plain.model_copy(update={"to": ("ru",)}))


@pytest.mark.parametrize(
    "name", ["scores.json", "pairs.jsonl", "report/index.html", "matches.jsonl", "shards/00000.jsonl"]
)
@pytest.mark.parametrize("damage", ["", '{"summary": {"articles": 1}}', None])
def test_a_file_that_was_damaged_or_lost_is_made_again(
    name: str, damage: str | None, inputs: Folders, plain: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    before = (out / name).read_bytes()
    if damage is None:
        (out / name).unlink()
    else:
        (out / name).write_text(damage)
    if name.startswith("shards"):  # by itself no reason to look again
        (out / "pairs.jsonl").unlink()
    align.run([inputs[0]], out, originals=[inputs[1]], settings=plain)
    assert (out / name).read_bytes() == before
    assert list(read_pairs(out))


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "JSONL"])
def test_a_row_that_is_gone_stays_marked_whatever_the_files_ending(
    ending: str, plain: RunSettings, tmp_path: Path
) -> None:
    dump, out = tmp_path / f"a.{ending}", tmp_path / "run"
    rows = [
        {"headline": word, "date_str": "2024-05-01", "story_text": f"{word} fell."} for word in ("Rain", "Snow")
    ]
    dump.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert align.run([dump], out, settings=plain).articles == 2
    dump.write_text(json.dumps(rows[1]), encoding="utf-8")
    result = align.run([dump], out, settings=plain)
    assert (result.articles, result.gone) == (1, 1)
    assert {pair.gone for pair in read_pairs(out) if "Rain" in pair.source.text} == {True}


def test_originals_among_the_inputs_are_dropped_with_two_languages_too(
    inputs: Folders, plain: RunSettings, tmp_path: Path
) -> None:
    settings = plain.model_copy(update={"to": ("ko", "ru")})
    result = align.run([inputs[0], inputs[1]], tmp_path / "run", settings=settings)
    assert (result.articles, result.dropped) == (3, 2)


def test_the_note_on_a_missing_model_comes_each_time(inputs: Folders, plain: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    for _ in range(2):
        told: list[str] = []
        align.run([inputs[0]], out, settings=plain, tell=told.append)
        assert len(told) == 1
        assert "no model for en-ko" in told[0]
