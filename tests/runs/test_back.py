"""Originals translated back: which, from which language, with what marks, and what a changed wish redoes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import align
from align.cli.main import main
from align.config import RunSettings, TranslateSettings
from align.errors import ConfigError
from align.language.codes import joiner
from align.records import Pair
from align.runs.files import read_pairs
from align.segmentation import segment
from align.translation import Translated, load_translator

Folders = tuple[Path, Path]
Back = Callable[..., RunSettings]
RUSSIAN = (
    "Открыт новый мост\n2024-08-06\nВ уезде Синвон открыт новый мост. Длина моста 120 метров.\n"
    "По мосту прошли работники и жители.\n"
)


@pytest.fixture
def asking(models: dict[str, str]) -> Back:
    """Settings of a run that asks for translations back, with models of some directions."""

    def settings(back: str, *directions: str, **more: Any) -> RunSettings:
        chosen = TranslateSettings(models={d: models[d] for d in directions}, beam=1, retry=False, threads=1)
        return RunSettings.model_validate({"back": back, "shard_articles": 1, "translate": chosen, **more})

    return settings


def expected(settings: RunSettings, pair: Pair, texts: dict[str, str]) -> tuple[str, list[str]]:
    """The translation back, and its flags, of a pair whose original's segments are `texts` by id."""
    translator = load_translator(settings.translate, pair.target.lang, pair.source.lang)
    assert translator is not None
    found: Sequence[Translated] = translator.translate([texts[i] for i, _, _ in pair.target.segments])
    flags = sorted({f"back-{flag}" for translated in found for flag in translated.flags})
    return joiner(pair.source.lang).join(translated.text for translated in found), flags


def segment_texts(*folders: Path) -> dict[str, str]:
    return {s.id: s.text for original in align.load(folders, default_lang="ko") for s in segment(original)}


@pytest.mark.parametrize("back", ["all", "cut", "none"])
def test_which_originals_are_translated_back(back: str, inputs: Folders, asking: Back, tmp_path: Path) -> None:
    settings = asking(back, "en-ko", "ko-en")
    align.run([inputs[0]], tmp_path / "run", originals=[inputs[1]], settings=settings)
    pairs, texts = list(read_pairs(tmp_path / "run")), segment_texts(inputs[1])
    with_original = [pair for pair in pairs if pair.target.segments]
    wanted = {
        "all": with_original,
        "cut": [pair for pair in with_original if not pair.source.segments],
        "none": [],
    }[back]
    assert [pair.id for pair in pairs if pair.back is not None] == [pair.id for pair in wanted]
    assert back == "none" or wanted, "the inputs show what is asked for"
    assert any(pair.is_title for pair in wanted) == (back == "all")
    for pair in wanted:
        assert (pair.back, [f for f in pair.flags if f.startswith("back-")]) == expected(settings, pair, texts)
    marked = [pair for pair in pairs if any(flag.startswith("back-") for flag in pair.flags)]
    assert bool(marked) == (back != "none")
    assert all(pair in wanted for pair in marked)


def test_flags_of_the_translation_are_as_without_one_back(inputs: Folders, asking: Back, tmp_path: Path) -> None:
    flags = []
    for back in ("all", "none"):
        settings = asking(back, "en-ko", "ko-en")
        align.run([inputs[0]], tmp_path / back, originals=[inputs[1]], settings=settings)
        pairs = read_pairs(tmp_path / back)
        flags.append({p.id: [flag for flag in p.flags if not flag.startswith("back-")] for p in pairs})
    assert flags[0] == flags[1]
    assert any(flags[0].values())


def test_each_original_comes_back_from_its_own_language(inputs: Folders, asking: Back, tmp_path: Path) -> None:
    russian = tmp_path / "ru"
    russian.mkdir()
    (russian / "bridge.txt").write_text(RUSSIAN, encoding="utf-8")
    texts = segment_texts(inputs[1], russian)
    both = asking("all", "en-ko", "ko-en", "ru-en", to=["ko", "ru"])
    align.run([inputs[0]], tmp_path / "both", originals=[inputs[1], russian], settings=both)
    pairs = [pair for pair in read_pairs(tmp_path / "both") if pair.target.segments]
    assert {pair.target.lang for pair in pairs} == {"ko", "ru"}
    for pair in pairs:
        assert pair.back == expected(both, pair, texts)[0]
    told: list[str] = []
    one = asking("all", "en-ko", "ko-en", to=["ko", "ru"])
    align.run([inputs[0]], tmp_path / "one", originals=[inputs[1], russian], settings=one, tell=told.append)
    pairs = [pair for pair in read_pairs(tmp_path / "one") if pair.target.segments]
    assert {(pair.target.lang, pair.back is None) for pair in pairs} == {("ko", False), ("ru", True)}
    assert any("no model for ru-en" in note for note in told)
    assert not any("no model for ko-en" in note for note in told)


def test_a_missing_model_is_told_and_everything_else_works(inputs: Folders, asking: Back, tmp_path: Path) -> None:
    for unchanged in (False, True):
        told: list[str] = []
        result = align.run(
            [inputs[0]], tmp_path / "run", originals=[inputs[1]], settings=asking("all", "en-ko"), tell=told.append
        )
        assert result.unchanged == unchanged
        assert [note for note in told if "ko-en" in note] == [
            "no model for ko-en, so nothing is translated that way; give one with --model ko-en=DIR"
        ]
    pairs = list(read_pairs(tmp_path / "run"))
    assert {pair.back for pair in pairs} == {None}
    assert "translated" in {pair.kind for pair in pairs}
    assert yaml.safe_load((tmp_path / "run" / "run.yaml").read_text("utf-8"))["models"]["ko-en"] is None


def test_without_originals_nobody_misses_a_model(inputs: Folders, asking: Back, tmp_path: Path) -> None:
    told: list[str] = []
    align.run([inputs[0]], tmp_path / "run", settings=asking("all", "en-ko"), tell=told.append)
    assert told == []


def test_the_run_names_the_model_and_the_report_shows_it(inputs: Folders, asking: Back, tmp_path: Path) -> None:
    out = tmp_path / "run"
    settings = asking("cut", "en-ko", "ko-en")
    align.run([inputs[0]], out, originals=[inputs[1]], settings=settings)
    translator = load_translator(settings.translate, "ko", "en")
    assert translator is not None
    named = yaml.safe_load((out / "run.yaml").read_text("utf-8"))["models"]["ko-en"]
    assert (named["name"], named["hash"]) == ("tiny-ko-en", translator.model_hash)
    assert named["precision"] == translator.placement.precision != "auto"
    (cut,) = (pair for pair in read_pairs(out) if pair.kind == "cut")
    page = (out / "report" / f"{cut.source.article}.html").read_text(encoding="utf-8")
    assert "Translated back by machine, <bdi>tiny-ko-en</bdi>" in page


def test_a_changed_wish_is_refused_and_an_update_redoes_what_it_changes(
    inputs: Folders, asking: Back, tmp_path: Path
) -> None:
    out = tmp_path / "run"

    def run(back: str, update: bool = False) -> set[str]:
        """Names of the shards that were written."""
        before = {path.name: path.stat().st_mtime_ns for path in (out / "shards").glob("*.jsonl")}
        settings = asking(back, "en-ko", "ko-en")
        result = align.run([inputs[0]], out, originals=[inputs[1]], settings=settings, update=update)
        assert result.pairs > 0
        return {p.name for p in (out / "shards").iterdir() if p.stat().st_mtime_ns != before.get(p.name)}

    everything = run("none")
    assert run("none") == set()
    with pytest.raises(ConfigError, match=r"back was 'none' and is now 'cut'.*--update"):
        run("cut")
    alone = {p.date for p in read_pairs(out) if p.kind == "unmatched"}
    assert len(alone) == 1
    redone = run("cut", update=True)
    assert len(redone) == len(everything) - 1, "an article without an original has nothing to translate back"
    assert run("cut") == set()
    assert run("all", update=True) == redone
    assert all(pair.back is not None for pair in read_pairs(out) if pair.target.segments)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["align", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code if isinstance(stop.value.code, int) else 0


@pytest.mark.parametrize(("option", "setting"), [("--back", "all"), ("--back-cut", "cut"), (None, "none")])
def test_the_command_takes_a_model_for_one_direction_and_leaves_the_other(
    option: str | None,
    setting: str,
    inputs: Folders,
    models: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "run"
    arguments = ["run", inputs[0] / "bridge.txt", "--originals", inputs[1], "-o", out]
    wish = [option, "--model", f"ko-en={models['ko-en']}"] if option else []
    assert call(monkeypatch, *arguments, *wish) == 0
    described = yaml.safe_load((out / "run.yaml").read_text("utf-8"))
    assert described["settings"]["back"] == setting
    assert described["models"]["en-ko"]["name"] == "starter-en-ko"
    assert any(pair.back for pair in read_pairs(out)) == (setting != "none")


def test_both_wishes_at_once_are_a_mistake(
    inputs: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(monkeypatch, "run", inputs[0], "--back", "--back-cut", "-o", tmp_path / "run") == 2
    assert "leave one of them away" in capsys.readouterr().err


def test_alternatives_are_not_for_runs(inputs: Folders, quick: RunSettings, tmp_path: Path) -> None:
    settings = quick.model_copy(update={"translate": TranslateSettings(beam=4, n_best=3)})
    with pytest.raises(ConfigError, match=r"translate\.n_best is 3, but a run keeps one translation a segment"):
        align.run([inputs[0]], tmp_path / "run", settings=settings)
    assert not (tmp_path / "run").exists()
