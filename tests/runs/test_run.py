"""The main job on small inputs: what a run directory holds, and what a second call does."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

import align
from align.config import RunSettings
from align.errors import ConfigError, InputError
from align.records import Pair
from align.runs.files import read_pairs
from align.segmentation import segment

Folders = tuple[Path, Path]


def contents(out: Path) -> dict[str, bytes]:
    """All files of a run but its store, which notes no more than how it went."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "run.sqlite"
    }


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_holds_every_segment_of_both_sides_once(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    assert (result.articles, result.matched, result.dropped, result.unchanged) == (3, 2, 0, False)
    pairs = list(read_pairs(out))
    for side, folder in (("source", inputs[0]), ("target", inputs[1])):
        expected = [s.id for article in align.load([folder]) for s in segment(article)]
        found = [i for pair in pairs for i, _, _ in getattr(pair, side).segments]
        assert sorted(found) == sorted(expected)
    kinds = {pair.kind for pair in pairs}
    assert {"translated", "cut", "unmatched"} <= kinds
    assert all(pair.translation for pair in pairs if pair.source.segments)
    assert all("chrF" in pair.scores for pair in pairs if pair.kind == "translated")
    assert len({pair.id for pair in pairs}) == len(pairs)


def test_the_run_directory_is_complete(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    for name in ("run.sqlite", "pairs.jsonl", "reviews.jsonl", "scores.json", "dropped.jsonl", "run.yaml"):
        assert (out / name).is_file(), name
    assert result.report == out / "report" / "index.html"
    page = result.report.read_text(encoding="utf-8")
    assert "New Bridge Opened" in page
    for line in rows(out / "pairs.jsonl"):
        assert Pair.from_dict(line).to_dict() == line
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))
    assert scores["summary"]["articles"] == 3
    assert scores["languages"]["ko"]["metrics"]["BLEU"]["signature"]


def test_the_same_call_again_does_nothing(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    before = {name: (out / name).stat().st_mtime_ns for name in contents(out)}
    again = align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    assert again.unchanged
    assert {name: (out / name).stat().st_mtime_ns for name in contents(out)} == before


def test_more_inputs_extend_and_missing_ones_stay_marked(
    inputs: Folders, quick: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    later = inputs[0] / "alone.txt"
    text = later.read_text(encoding="utf-8")
    later.unlink()
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    before = (out / "pairs.jsonl").read_text(encoding="utf-8")
    later.write_text(text, encoding="utf-8")
    result = align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    assert not result.unchanged
    assert (out / "pairs.jsonl").read_text(encoding="utf-8").startswith(before), "what was done stays as it was"
    later.unlink()
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    gone = {pair.gone for pair in read_pairs(out) if pair.date == "2024-09-12"}
    assert gone == {True}
    assert {pair.gone for pair in read_pairs(out) if pair.date != "2024-09-12"} == {False}


def test_a_changed_text_is_done_again_and_only_that(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    shards = {path.name: path.stat().st_mtime_ns for path in (out / "shards").iterdir()}
    path = inputs[0] / "farm.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("maize", "rice"), encoding="utf-8")
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    changed = {p.name for p in (out / "shards").iterdir() if p.stat().st_mtime_ns != shards[p.name]}
    assert len(changed) == 1
    assert any("rice" in pair.source.text for pair in read_pairs(out))
    assert not any("maize" in pair.source.text for pair in read_pairs(out))


def test_changed_settings_are_refused_unless_asked_for(
    inputs: Folders, quick: RunSettings, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    other = quick.model_copy(update={"translate": quick.translate.model_copy(update={"beam": 2})})
    with pytest.raises(ConfigError, match=r"translate\.beam was 1 and is now 2.*--update"):
        align.run([inputs[0]], out, originals=[inputs[1]], settings=other)
    result = align.run([inputs[0]], out, originals=[inputs[1]], settings=other, update=True)
    assert not result.unchanged


def test_without_originals_everything_else_works(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, settings=quick)
    assert {pair.kind for pair in read_pairs(out)} == {"unmatched"}
    assert {pair.confidence for pair in read_pairs(out)} == {None}
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))
    assert scores["languages"]["ko"]["metrics"] is None
    assert scores["languages"]["ko"]["absent"]


def test_without_a_model_everything_else_works(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    settings = quick.model_copy(update={"translate": quick.translate.model_copy(update={"models": {}})})
    align.run([inputs[0]], tmp_path / "run", originals=[inputs[1]], settings=settings)
    pairs = list(read_pairs(tmp_path / "run"))
    assert {pair.translation for pair in pairs} == {None}
    assert "translated" in {pair.kind for pair in pairs}


def test_two_languages_at_once(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    russian = tmp_path / "ru"
    russian.mkdir()
    (russian / "bridge.txt").write_text(
        "Открыт новый мост\n2024-08-06\nВ уезде Синвон открыт новый мост. Длина моста 120 метров.\n"
        "По мосту прошли работники и жители.\n",
        encoding="utf-8",
    )
    settings = quick.model_copy(update={"to": ("ko", "ru")})
    align.run([inputs[0]], tmp_path / "run", originals=[inputs[1], russian], settings=settings)
    bridge = [pair for pair in read_pairs(tmp_path / "run") if pair.date == "2024-08-06"]
    assert {pair.target.lang for pair in bridge if pair.target.article} == {"ko", "ru"}
    assert all(pair.translation for pair in bridge if pair.target.lang == "ko" and pair.source.segments)
    assert not any(pair.translation for pair in bridge if pair.target.lang == "ru")


def test_unreadable_inputs_are_listed_and_the_run_goes_on(
    inputs: Folders, quick: RunSettings, tmp_path: Path
) -> None:
    (inputs[0] / "empty.txt").write_text("", encoding="utf-8")
    (inputs[0] / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
    result = align.run([inputs[0]], tmp_path / "run", settings=quick)
    assert (result.articles, result.dropped) == (3, 2)
    listed = rows(tmp_path / "run" / "dropped.jsonl")
    assert {Path(row["path"]).name for row in listed} == {"empty.txt", "binary.txt"}
    assert all(row["reason"] and row["message"] for row in listed)


def test_the_main_job_with_sockets_blocked(
    inputs: Folders, quick: RunSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the main job touched the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    result = align.run([inputs[0]], tmp_path / "run", originals=[inputs[1]], settings=quick)
    assert result.pairs > 0


@pytest.mark.parametrize("case", ["missing", "file", "foreign", "locked", "store"])
def test_directories_that_will_not_do(case: str, inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    out, paths = tmp_path / "run", [inputs[0]]
    if case == "missing":
        paths = [tmp_path / "nowhere"]
    elif case == "file":
        out.write_text("x")
    elif case == "foreign":
        out.mkdir()
        (out / "thesis.docx").write_text("x")
    elif case == "store":
        out.mkdir()
        (out / "run.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    if case == "locked":
        from align.runs.store import RunStore

        out.mkdir()
        with RunStore(out / "run.sqlite"), pytest.raises(InputError, match="another process"):
            align.run(paths, out, settings=quick)
        return
    with pytest.raises(InputError):
        align.run(paths, out, settings=quick)
    if case == "foreign":
        assert sorted(p.name for p in out.iterdir()) == ["thesis.docx"]
