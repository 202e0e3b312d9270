"""Pairs that the user names in a table: reading it, and finding the documents that it names."""

from __future__ import annotations

import difflib
import os
import posixpath
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path, PurePath

from align.errors import InputError
from align.matching.address import normalise_url
from align.records import Article

# First cells of a header line, so that a table with and one without a header both work.
_HEADERS = {"article", "article_path", "article_id", "article_url", "source", "english"}


@dataclass(frozen=True, slots=True)
class GivenPair:
    """An article and an original of it, each named by path, id or address. `where` is "file:line"."""

    article: str
    original: str
    where: str


def read_given(path: Path) -> list[GivenPair]:
    """Read a table of pairs: article TAB original, one a line.

    Each is named by its path, id or address. A header line, blank lines, lines that begin with #
    and a byte-order mark are allowed. Raises InputError for a file that cannot be read or a bad row.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path of the table of pairs") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); save it as UTF-8 text, one pair a line") from None
    return list(_rows(text, path))


def _rows(text: str, path: Path) -> Iterator[GivenPair]:
    first = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        header = first and cells[0].lower().replace(" ", "_") in _HEADERS
        first = False
        if header:
            continue
        if len(cells) != 2 or not all(cells):
            raise InputError(
                f"{path}:{number}: the row has {_count(cells)}; write the article and the original, "
                "parted by one tab"
            )
        yield GivenPair(article=cells[0], original=cells[1], where=f"{path}:{number}")


def _count(cells: Sequence[str]) -> str:
    filled = sum(1 for cell in cells if cell)
    return f"{filled} filled cell{'' if filled == 1 else 's'} of {len(cells)}"


class Directory:
    """Finds a document by its id, path (also its end, as "b/c.txt") or address."""

    def __init__(self, documents: Sequence[Article], side: str) -> None:
        self._side = side
        self._names: dict[str, set[int]] = {}
        for index, document in enumerate(documents):
            for name in _names(document):
                self._names.setdefault(name, set()).add(index)

    def find(self, name: str, where: str) -> int:
        """Index of the one document called `name`; raises InputError where there is none, or more than one."""
        found: set[int] = set()
        path, url = _slashes(name), normalise_url(name)
        for key in (
            f"id:{name}",
            f"path:{path}",
            f"path:{_absolute(path)}",
            f"url:{url}" if url else "",
            f"tail:{path}",
        ):
            found = self._names.get(key, set())
            if found:
                break
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise InputError(
                f"{where}: '{name}' names {len(found)} of the {self._side}s; name the one that you mean by its id"
            )
        known = {key.partition(":")[2] for key in self._names}
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        hint = f"did you mean '{near[0]}'?" if near else "write its path, id or address as `align load` shows it"
        raise InputError(f"{where}: '{name}' is not among the {self._side}s; {hint}")


def _names(document: Article) -> Iterator[str]:
    yield f"id:{document.id}"
    if url := normalise_url(document.url):
        yield f"url:{url}"
    if document.path:
        path = _slashes(document.path)
        yield f"path:{path}"
        yield f"path:{_absolute(path)}"
        parts = PurePath(path).parts
        for start in range(len(parts)):
            yield f"tail:{'/'.join(parts[start:])}"


def _slashes(path: str) -> str:
    """A path with forward slashes, no "./" and composed characters, so that tables travel between systems."""
    return posixpath.normpath(unicodedata.normalize("NFC", path).replace("\\", "/"))


def _absolute(path: str) -> str:
    return _slashes(os.path.abspath(path))  # noqa: PTH100 - also takes out "..", without following links


def resolve(
    given: Sequence[GivenPair],
    articles: Sequence[Article],
    originals: Sequence[Article],
    to: Sequence[str],
    same: Set[tuple[int, int]] = frozenset(),
) -> list[tuple[int, int]]:
    """Indexes (article, original) of the given pairs, each once, in their order.

    Raises InputError for a name that isn't among the inputs, an original in a language that isn't asked for,
    two sides in one language, or two that are one document (in `same`).
    """
    if not given:
        return []
    left, right = Directory(articles, "article"), Directory(originals, "original")
    found: dict[tuple[int, int], None] = {}
    for pair in given:
        a, o = left.find(pair.article, pair.where), right.find(pair.original, pair.where)
        lang = originals[o].lang
        if (a, o) in same:
            raise InputError(
                f"{pair.where}: '{pair.article}' and '{pair.original}' are the same text; "
                "name the original in its own language"
            )
        if lang == articles[a].lang:
            raise InputError(
                f"{pair.where}: '{pair.article}' and '{pair.original}' are both in '{lang}'; "
                "an original is in another language"
            )
        if lang not in to:
            raise InputError(
                f"{pair.where}: '{pair.original}' is in '{lang}', which this run doesn't ask for; add --to {lang}"
            )
        found[a, o] = None
    return list(found)
