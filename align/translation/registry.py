"""The models that a user added, by name, with what was measured when they were verified: one JSON file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from align.errors import ModelError
from align.files import replacing

_VERSION = 1
_NAME = re.compile(r"\w[\w.+-]*")


@dataclass(frozen=True, slots=True)
class EngineRun:
    """The canary with one engine. Pairs of numbers are how many, and of how many; `chrf` is 0 to 100."""

    engine: str
    precision: str
    device: str
    names: tuple[int, int]
    numbers: tuple[int, int]
    recognised: tuple[int, int]
    faulty: int
    chrf: float

    def __str__(self) -> str:
        return f"{self.engine} {self.precision}"


@dataclass(frozen=True, slots=True)
class Verification:
    """That a model came through the canary in one direction, when and with what.

    `runs` has the reference (hf, float32) first and what runs by default last. `agreement` is of hf and ct2, both
    in float32; `precision_chrf` is the chrF (0 to 100) of what runs by default against the reference. `versions`
    are those of ctranslate2 and transformers.
    """

    date: str
    model_hash: str
    versions: Mapping[str, str]
    sentences: int
    runs: tuple[EngineRun, ...]
    agreement: tuple[int, int]
    precision_chrf: float

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Verification:
        """Inverse of `dataclasses.asdict`; raises KeyError, TypeError or ValueError for anything else."""
        runs = []
        for run in row["runs"]:
            counts = {name: _two(run[name]) for name in ("names", "numbers", "recognised")}
            runs.append(EngineRun(**{**run, **counts}))
        found = cls(**{**row, "runs": tuple(runs), "agreement": _two(row["agreement"])})
        if not (runs and isinstance(found.date, str) and isinstance(found.model_hash, str) and found.versions):
            raise ValueError("a verification lacks its date, hash, versions or runs")
        return found


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that was added. `path` is None for a packaged one, which moves with the installation.

    `directions` maps "en-ko" to what was measured, or to None where the model was added unverified.
    """

    name: str
    path: Path | None
    directions: Mapping[str, Verification | None]


def data_folder() -> Path:
    """Where what a user decided is kept, whether it is there or not.

    The folder that the environment variable ALIGN_DATA names, else the system's own folder for the user's data.
    """
    from platformdirs import user_data_path

    named = os.environ.get("ALIGN_DATA")
    return Path(named).expanduser() if named else user_data_path("align-bitext", appauthor=False)


def registry_path() -> Path:
    """The file of the registry, whether it is there or not."""
    return data_folder() / "models.json"


def read_registry() -> dict[str, Entry]:
    """The models that were added, by name, in order; raises ModelError where the file is damaged."""
    path = registry_path()
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["version"] != _VERSION:
            raise ValueError(f"its version is {loaded['version']!r}, and this program writes {_VERSION}")
        return {name: _entry(name, row) for name, row in sorted(loaded["models"].items())}
    except FileNotFoundError:
        return {}
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ModelError(
            f"{path}: cannot be read as the registry of models ({reason}). Mend it, or move it away and add the "
            "models again with align models add; nothing was changed"
        ) from None


def registered(name: str) -> Path | None:
    """The directory of the model that was added as `name`; None where there is none, or where it is packaged.

    Raises ModelError where the directory is gone, or the registry is damaged.
    """
    entry = read_registry().get(name)
    if entry is None or entry.path is None:
        return None
    if not entry.path.is_dir():
        raise ModelError(
            f"model '{name}' was added from {entry.path}, which is gone; bring it back, or forget the model with "
            f"align models remove {name} and add it from where it lies now"
        )
    return entry.path


def check_name(name: str, path: Path | None, packaged: list[str]) -> None:
    """Raise ModelError unless a model in the directory `path` (None: a packaged one) may be added as `name`."""
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"'{name}' cannot be a model's name; take letters, digits, '-', '_', '.' and '+' (--name)"
        )
    if path is not None and name in packaged:
        raise ModelError(f"'{name}' is the name of a packaged model; choose another with --name")
    entry = read_registry().get(name)
    if entry is not None and entry.path != path:
        raise ModelError(
            f"a model from {entry.path} was added as '{name}'; choose another --name, or forget that one first "
            f"with align models remove {name}"
        )


def register(name: str, path: Path | None, direction: str, verification: Verification | None) -> Entry:
    """Add a model for one direction ("en-ko"), or add a direction to it; the file is written whole or not at all.

    Raises ModelError where the registry is damaged, or cannot be written.
    """
    entries = read_registry()
    known = entries[name].directions if name in entries and entries[name].path == path else {}
    entries[name] = Entry(name, path, {**known, direction: verification})
    _write(entries)
    return entries[name]


def unregister(name: str) -> Entry:
    """Forget a model that was added; its files stay. Raises ModelError where none of this name was added."""
    entries = read_registry()
    if name not in entries:
        listed = ", ".join(entries) or "none"
        raise ModelError(f"no model was added as '{name}' (added: {listed})")
    entry = entries.pop(name)
    _write(entries)
    return entry


def _write(entries: Mapping[str, Entry]) -> None:
    path = registry_path()
    models = {
        entry.name: {
            "path": None if entry.path is None else str(entry.path),
            "directions": {key: found and asdict(found) for key, found in entry.directions.items()},
        }
        for entry in entries.values()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            json.dump({"version": _VERSION, "models": models}, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
    except OSError as error:
        raise ModelError(
            f"{path}: the registry of models cannot be written ({error.strerror or error}); name another folder "
            "with the environment variable ALIGN_DATA"
        ) from None


def _entry(name: str, row: Mapping[str, Any]) -> Entry:
    path = row["path"]
    if not (path is None or isinstance(path, str)):
        raise TypeError(f"the path of {name} is {path!r}")
    directions = {
        key: None if found is None else Verification.from_dict(found) for key, found in row["directions"].items()
    }
    return Entry(name, None if path is None else Path(path), directions)


def _two(values: Any) -> tuple[int, int]:
    kept, of = values
    return int(kept), int(of)
