"""Writing files whole or not at all, JSON lines, and the name that marks a run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from align.errors import InputError

# The file that makes a folder the directory of a run: what lies there was made from inputs and is none.
RUN_STORE = "run.sqlite"


@contextmanager
def replacing(path: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """Open a temporary file beside `path` for text; it takes the name when the block ends without an error.

    A link is followed. What is no regular file (a pipe, a device) is written to as it stands. Raises InputError
    where `path` is a folder or lies in one that does not exist.
    """
    path = path.resolve()
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent}: there is no such folder; make it first")
    if path.exists() and not path.is_file():
        with path.open("w", encoding=encoding, newline="\n") as file:
            yield file
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding=encoding, newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_parts(folder: Path) -> None:
    """Remove temporary files that a killed process left. Only for a folder in which no other process writes."""
    for path in folder.glob(".*.part"):
        path.unlink(missing_ok=True)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, empty where there is no file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def json_line(row: Any) -> str:
    """One JSON line, the same bytes for the same row."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write rows as JSON lines, whole or not at all."""
    with replacing(path) as file:
        for row in rows:
            file.write(json_line(row))
