"""Lines in and out for the commands that work as filters."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from align.errors import InputError


def read_lines(path: Path | None) -> Iterator[str]:
    """Lines of a UTF-8 file or of standard input, without their ends; raises InputError with a remedy."""
    if path is None or str(path) == "-":
        for line in sys.stdin:
            yield line.rstrip("\r\n")
        return
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for line in file:
                yield line.rstrip("\r\n")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name a file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def read_segments(path: Path) -> list[str]:
    """One segment a line; raises InputError for a file that is empty or has a blank line, naming it."""
    lines = list(read_lines(path))
    blank = next((number for number, line in enumerate(lines, 1) if not line.strip()), None)
    if blank is not None:
        raise InputError(f"{path}, line {blank}: is blank; each line must hold one segment, so remove it")
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

    if not path.parent.is_dir():
        raise InputError(f"{path.parent}: there is no such folder; make it first")
    with replacing(path) as file:
        yield file


def write_lines(lines: Iterable[str], path: Path | None) -> None:
    """Write lines to a file or standard output."""
    with output(path) as file:
        for line in lines:
            file.write(line + "\n")
