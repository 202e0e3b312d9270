"""Settings: what is taken, and messages that name file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from align.config import RunSettings, load_settings
from align.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("ko",)),
        ("to: ru", ("ru",)),
        ("to: [ko, ru]", ("ko", "ru")),
        ("to: [ko, ko]", ("ko",)),
        ("match:", ("ko",)),
        ("\ufeffto: [ja]", ("ja",)),
    ],
)
def test_languages_of_a_file(text: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_settings(path).to == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("algin: {}", r"run\.yaml: unknown key 'algin'; did you mean 'align'\?"),
        ("translate: {beem: 2}", r"unknown key 'translate\.beem'; did you mean 'beam'\?"),
        ("zzz: 1", "known keys: to, source_lang"),
        ("to: [kr]", r"run\.yaml: to: unknown language 'kr'; did you mean 'ko' \(Korean\)\?"),
        ("to: [Korean]", "did you mean 'ko'"),
        ("to: [no]", "put it in quotes"),
        ("to: []", "name at least one language"),
        ("translate: {models: {en-kr: x}}", r"translate\.models: unknown language 'kr'"),
        ("translate: {models: {enko: x}}", "is no direction; write it as en-ko"),
        ("translate: {beam: 0}", r"translate\.beam: Input should be greater"),
        ("align: {}\nalign: {}", "key 'align' stands twice"),
        ("? [a, b]\n: 3", "a key is a list or a mapping"),
        ("translate: {length_penalty: .nan}", "finite number"),
        ("- 1", "must hold keys and values, but holds a list"),
        ("a: [", "is not valid YAML"),
    ],
)
def test_faults_are_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_settings(path)


def test_options_go_over_the_file_key_by_key(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text("translate: {beam: 2, threads: 1}\nto: [ru]")
    found = load_settings(path, {"translate": {"beam": 3}})
    assert (found.translate.beam, found.translate.threads, found.to) == (3, 1, ("ru",))


def test_what_decides_nothing_is_not_among_the_deciding_settings() -> None:
    plain = RunSettings()
    other = RunSettings(online=True, translate=plain.translate.model_copy(update={"threads": 7}))
    assert other.deciding() == plain.deciding()
    assert RunSettings(to=("ru",)).deciding() != plain.deciding()
