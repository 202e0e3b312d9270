"""Lines in and out for the commands that work as filters."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from align.errors import InputError

if TYPE_CHECKING:
    from align.records import Dropped


def read_lines(path: Path | None) -> Iterator[str]:
    """Lines of a UTF-8 file or of standard input, without their ends; raises InputError with a remedy."""
    if path is None or str(path) == "-":
        yield from _decoded(sys.stdin.buffer, "standard input")
        return
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    with path.open("rb") as file:
        yield from _decoded(file, str(path))


def _decoded(file: IO[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InputError(f"{name}, line {number}: is not UTF-8 text; save it as UTF-8") from None
        yield text.rstrip("\r\n")


def dropped_line(record: Dropped) -> str:
    """A Dropped as people read it."""
    return f"{record.path}{f', {record.where}' if record.where else ''}: {record.message}"


def read_segments(path: Path) -> list[str]:
    """One segment a line; raises InputError for a file that is empty or has a blank line, naming it."""
    lines = list(read_lines(path))
    blank = next((number for number, line in enumerate(lines, 1) if not line.strip()), None)
    if blank is not None:
        raise InputError(
            f"{path}, line {blank}: is blank; each line must hold one segment, so remove it, "
            "or cut running text into sentences (align beads does so with --segment)"
        )
    if not lines:
        raise InputError(f"{path}: is empty; write one segment a line")
    return lines


@contextmanager
def output(path: Path | None) -> Iterator[IO[str]]:
    """A text file that takes its name only when all is written, or standard output."""
    if path is None or str(path) == "-":
        yield sys.stdout
        return
    from align.files import replacing

    with replacing(path) as file:
        yield file


def write_lines(lines: Iterable[str], path: Path | None) -> None:
    """Write lines to a file or standard output."""
    with output(path) as file:
        for line in lines:
            file.write(line + "\n")
