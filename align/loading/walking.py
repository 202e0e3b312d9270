"""Files and folders that were named -> the files to read, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from align.errors import InputError
from align.files import RUN_STORE
from align.records import Dropped

Format = Literal["text", "html", "json", "jsonl"]

FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
# Files that may well hold an article, in a form that is not read: never passed over in silence.
_DOCUMENTS = frozenset(
    f".{ending}"
    for ending in (
        *("pdf", "doc", "docx", "odt", "rtf", "hwp", "hwpx", "epub", "xhtml"),
        *("mht", "mhtml", "webarchive", "maff", "zip", "7z", "rar", "tar"),
    )
)
_NOTES = frozenset(("readme", "license", "licence", "copying", "changelog"))


def format_of(path: Path) -> Format | None:
    """Format by the file name's ending, a .gz after it left aside; None where it is none that is read."""
    return FORMATS.get(_ending(path))


def shown(path: Path) -> str:
    """`path` as text that can be written: bytes of a file name that are no UTF-8 are spelt out."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def check_paths(paths: Iterable[Path]) -> None:
    """Raise InputError for the first path that does not exist."""
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(f"{shown(path)}: there is no such file or folder; check the path")


def walk(paths: Iterable[Path]) -> Iterator[Path | Dropped]:
    """The files to read, each once, those of a folder in sorted order and with its subfolders.

    Within folders are passed over: hidden files and folders, directories of runs, notes such as README, pictures,
    style sheets and other endings that hold no articles, and the `NAME_files` folder of a page saved as a whole. A
    document in a form that is not read is dropped, as is any such file that was itself named, and a folder with
    nothing to read; the directory of a run is such a folder.
    """
    seen: set[str] = set()
    for path in paths:
        if not path.is_dir():
            if not _again(path, seen):
                yield path if format_of(path) else _not_read(path)
            continue
        if _is_run(path):
            yield Dropped(
                shown(path), "nothing-to-read", "is the directory of a run, no input; name the folder of its pages"
            )
            continue
        count = 0
        for entry in _folder(path, set()):
            count += 1
            where = Path(entry.path) if isinstance(entry, Dropped) else entry
            if not _again(where, seen):
                yield entry
        if not count:
            endings = ", ".join(sorted(FORMATS))
            yield Dropped(
                shown(path), "nothing-to-read", f"is a folder without files to read ({endings}, or .gz of them)"
            )


def _folder(folder: Path, above: set[str]) -> Iterator[Path | Dropped]:
    try:
        real = os.path.realpath(folder)
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Dropped(shown(folder), "unreadable", f"cannot be opened ({error.strerror}); check its permissions")
        return
    if real in above:  # a link back to a folder above
        return
    pages = {entry.stem for entry in entries if entry.suffix.lower() in (".html", ".htm")}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            saved_with_page = any(
                entry.name == stem + tail for stem in pages for tail in ("_files", ".files", "-Dateien")
            )
            if not saved_with_page and not _is_run(entry):
                yield from _folder(entry, above | {real})
        elif entry.stem.lower() in _NOTES:
            continue
        elif format_of(entry):
            yield entry
        elif _ending(entry) in _DOCUMENTS:
            yield _not_read(entry)


def _is_run(folder: Path) -> bool:
    return os.path.lexists(folder / RUN_STORE)


def _again(path: Path, seen: set[str]) -> bool:
    real = os.path.realpath(path)
    if real in seen:
        return True
    seen.add(real)
    return False


def _ending(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _not_read(path: Path) -> Dropped:
    ending = _ending(path) or "no ending"
    return Dropped(
        shown(path),
        "not-read",
        f"is a kind of file that is not read ({ending}); save it as .txt, .html, .json or .jsonl",
    )
