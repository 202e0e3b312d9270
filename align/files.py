"""Writing files whole or not at all, and JSON lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def replacing(path: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """Open a temporary file beside `path` for text; it takes the name when the block ends without an error."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("w", encoding=encoding, newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def json_line(row: Any) -> str:
    """One JSON line, the same bytes for the same row."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write rows as JSON lines, whole or not at all."""
    with replacing(path) as file:
        for row in rows:
            file.write(json_line(row))
