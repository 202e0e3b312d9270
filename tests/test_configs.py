"""The run settings that come along can be used as they are, and the manual names every key with its default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from align.config import RunSettings, load_settings, read_yaml

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "configs" / "runs").glob("*.yaml"))
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def leaves(settings: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of every setting that is no block of settings."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def plain(value: Any) -> Any:
    """A value as YAML knows it: lists in place of tuples."""
    return list(value) if isinstance(value, tuple) else value


def keys(values: dict[str, Any]) -> dict[str, Any]:
    """Nested keys, for comparing what is there and not the values."""
    return {key: keys(value) if isinstance(value, dict) else None for key, value in values.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_loads(path: Path) -> None:
    assert load_settings(path).to[0] == "ko"


def test_the_file_of_defaults_spells_out_every_key_at_its_default() -> None:
    path = ROOT / "configs" / "runs" / "en-ko.yaml"
    assert load_settings(path) == RunSettings()
    assert keys(read_yaml(path)) == keys(RunSettings().model_dump())


def test_the_file_of_two_languages_differs_in_the_languages_alone() -> None:
    settings = load_settings(ROOT / "configs" / "runs" / "en-ko-ru.yaml")
    assert settings == RunSettings(to=("ko", "ru"))


def test_the_manual_has_every_key_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| `(.*?)` \| (.+) \|$", PAGE, flags=re.MULTILINE)
    written = {key: yaml.safe_load(default) for key, default, _ in rows}
    assert len(written) == len(rows)
    assert written == {key: plain(value) for key, value in leaves(RunSettings())}


def test_the_manual_names_every_file() -> None:
    assert len(FILES) >= 2
    assert [path.name for path in FILES if f"configs/runs/{path.name}" not in PAGE] == []


def test_what_the_manual_shows_is_valid(tmp_path: Path) -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    (tmp_path / "shown.yaml").write_text(shown[0], encoding="utf-8")
    settings = load_settings(tmp_path / "shown.yaml")
    assert (settings.to, settings.match.window_days, len(shown)) == (("ko", "ru"), 7, 1)
