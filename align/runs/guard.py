"""Is this the same run: its settings against the stored ones, and a fingerprint of inputs that are unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from align import __version__
from align.config import RunSettings
from align.errors import ConfigError
from align.loading import walk
from align.records import Dropped
from align.runs.store import RunStore, content_key


def check_settings(store: RunStore, settings: RunSettings, update: bool) -> None:
    """Note the run's settings; raise ConfigError with what changed when they differ and `update` is not set."""
    now = settings.deciding()
    stored = store.get("settings")
    # A run in which nothing is done yet has nothing that other settings could spoil.
    if stored is not None and not update and store.shards_done():
        changes = list(_changes(json.loads(stored), now))
        if changes:
            raise ConfigError(
                f"this run was made with other settings: {'; '.join(changes)}. "
                "Give --update to redo what they change, or another --out"
            )
    store.put("settings", json.dumps(now, sort_keys=True))


def fingerprint(roles: Mapping[str, Sequence[Path]], settings: RunSettings) -> str:
    """Key of the version, the settings and, role by role, each file's path, size and time of change."""
    files = {
        role: [
            [str(file), info.st_size, info.st_mtime_ns]
            for path in paths
            for file in _files(path)
            for info in [file.stat()]
        ]
        for role, paths in roles.items()
    }
    return content_key(__version__, settings.deciding(), files)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for entry in walk([path]):
        file = Path(entry.path) if isinstance(entry, Dropped) else entry
        if file.is_file():
            yield file


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _changes(old, new, f"{prefix}{key}.")
        elif old != new:
            yield f"{prefix}{key} was {old!r} and is now {new!r}"
