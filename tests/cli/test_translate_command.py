"""`align translate`: a line in, a line out; flags, alternatives, settings, and what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import Caller

from align.resources import kept
from align.translation import FLAGS

LINES = [
    "The concert was held in Pyongyang.",
    "",
    "The new bakery sells 3,450 loaves a day, 12 percent more than in 2021.",
    "The concert was held in Pyongyang.",
]


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "kept"))
    path = tmp_path / "in.txt"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def test_line_in_line_out(align: Caller, text: Path) -> None:
    shown = align("translate", text, "--beam", 1)
    lines = shown.out.split("\n")
    assert shown.code == 0
    assert len(lines) == len(LINES) + 1, "the lines and the end of the last"
    assert lines[0] == lines[3]
    assert not lines[1]
    assert any("가" <= char <= "힣" for char in lines[0])
    assert "1 of 4 translations are flagged: numbers 1" in shown.err


def test_json_has_source_translation_and_flags(align: Caller, text: Path) -> None:
    rows = [json.loads(line) for line in align("translate", text, "--json", "--no-retry").out.splitlines()]
    assert [row["source"] for row in rows] == LINES
    assert all(set(row["flags"]) <= set(FLAGS) for row in rows)
    assert rows[1] == {"source": "", "translation": "", "flags": ["empty"]}
    assert rows[2]["flags"] == ["numbers"]


def test_alternatives_as_moses_writes_them_and_in_json(align: Caller, text: Path) -> None:
    best = align("translate", text).out.splitlines()
    rows = [line.split(" ||| ") for line in align("translate", text, "--n-best", 2).out.splitlines()]
    assert [number for number, _, _ in rows] == ["0", "0", "1", "2", "2", "3", "3"]
    assert rows[0][1] == best[0]
    assert float(rows[0][2]) >= float(rows[1][2])
    shown = align("translate", text, "--n-best", 2, "--json").out.splitlines()
    assert [a["text"] for a in json.loads(shown[0])["alternatives"]] == [rows[0][1], rows[1][1]]


def test_running_text_is_translated_sentence_by_sentence(align: Caller, tmp_path: Path) -> None:
    sentences = ["Mr. Kim left here by air on Thursday.", "The concert was held in Pyongyang."]
    (tmp_path / "lines.txt").write_text("\n".join(sentences) + "\n", encoding="utf-8")
    (tmp_path / "text.txt").write_text(" ".join(sentences) + "\n", encoding="utf-8")
    lines = align("translate", tmp_path / "lines.txt", "--no-retry", "--no-cache").out.splitlines()
    shown = align("translate", tmp_path / "text.txt", "--segment", "--no-retry", "--no-cache").out
    assert shown == " ".join(lines) + "\n"


def test_both_engines_and_all_settings_reach_the_model(align: Caller, text: Path) -> None:
    plain = align("translate", text, "--precision", "float32", "--no-retry").out
    assert align("translate", text, "--engine", "hf", "--no-retry").out == plain
    options = {
        "--beam": 1,
        "--length-penalty": 3,
        "--repetition-penalty": 1.8,
        "--no-repeat-ngram": 1,
    }
    for option, value in options.items():
        changed = align("translate", text, "--precision", "float32", "--no-retry", option, value).out
        assert changed != plain, option


def test_a_file_of_settings_counts_and_options_come_before_it(align: Caller, text: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("translate: {beam: 1, precision: float32, retry: false}\n", encoding="utf-8")
    options = ["--precision", "float32", "--no-retry"]
    assert (
        align("translate", text, "--config", config).out
        == align("translate", text, *options, "--beam", 1).out
        != align("translate", text, *options).out
        == align("translate", text, "--config", config, "--beam", 4).out
    )


def test_what_was_translated_is_not_translated_again(
    align: Caller, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = align("translate", text).out
    assert kept("translations.sqlite").is_file()

    def refuse(*_: object) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("align.translation.translator.Translator.engine", refuse)
    assert align("translate", text).out == first
    with pytest.raises(AssertionError, match="the model was loaded"):
        align("translate", text, "--no-cache")
    with pytest.raises(AssertionError, match="the model was loaded"):
        align("translate", text, "--cache", tmp_path / "other.sqlite")


def test_without_a_cache_nothing_is_kept(align: Caller, text: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.sqlite"
    assert align("translate", text, "--no-cache").out == align("translate", text, "--cache", own).out
    assert own.is_file()
    assert not kept("translations.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "ru"], "there is no model for en-ru"),
        (["--to", "kr"], "did you mean 'ko'"),
        (["--engine", "ct3"], "engine: Input should be 'ct2' or 'hf'"),
        (["--n-best", "5"], "n_best is 5, but a search with beam 4 has no more to tell"),
        (["--engine", "hf", "--precision", "int8"], "the engine hf has none"),
        (["--model", "./nowhere"], "there is no such directory"),
        (["--cache", "x.sqlite", "--no-cache"], "leave one of them away"),
        (["--cache", "{text}"], "cannot be used as a cache of translations"),
        (["--config", "nowhere.yaml"], "there is no such file"),
    ],
)
def test_a_mistake_is_one_line(align: Caller, text: Path, arguments: list[str], message: str) -> None:
    shown = align("translate", text, *(argument.format(text=text) for argument in arguments))
    assert shown.code == 2
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert text.read_text(encoding="utf-8").splitlines() == LINES
