"""Pairs -> corpus files, one a format and direction, with a datasheet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from align.corpora import datasheet
from align.corpora.formats import FORMATS, Writer, check_formats
from align.corpora.selection import Selection
from align.corpora.tally import Tally
from align.corpora.tsv import TsvOptions
from align.errors import ConfigError, InputError
from align.language.codes import check_language
from align.records import Pair

Direction = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """What `corpus` wrote. `left_out` counts pairs by reason; `files` ends with the datasheet."""

    selected: int
    left_out: Mapping[str, int]
    kinds: Mapping[str, int]
    beads: Mapping[str, int]
    files: tuple[Path, ...]
    fingerprint: str


def corpus(
    pairs: Callable[[], Iterable[Pair]] | Iterable[Pair],
    out: Path | str,
    formats: Sequence[str],
    *,
    select: Selection | None = None,
    about: Mapping[str, Any] = MappingProxyType({}),
    tsv: TsvOptions | None = None,
) -> CorpusSummary:
    """Write the selected pairs as `corpus.<source>-<target>.<format>`, and `datasheet.md`, into the folder `out`.

    The pairs are read once and held one at a time. A direction all of whose pairs are left out
    gets files without pairs. Nothing of an earlier corpus is replaced before all is written.
    `about` (settings, versions, `signature`) goes into the datasheet.

    Raises ConfigError for an unknown format, InputError for a pair of an unknown language or a
    folder that cannot be written.
    """
    out = Path(out)
    names = check_formats(formats)
    select = select or Selection()
    tally = Tally()
    rows = pairs() if callable(pairs) else pairs
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _Files(out, names, tsv or TsvOptions()) as files:
            for pair in _read(rows):
                direction = tally.see(pair)
                writers = files.writers(direction, pair)
                reason = select.reason_to_leave_out(pair)
                if reason is not None:
                    tally.leave(reason)
                    continue
                tally.take(pair)
                for writer in writers:
                    writer.write(pair)
            notes = files.close()
            listed = [(path.name, direction) for path, direction in files.paths()]
            files.text("datasheet.md", datasheet.render(tally, listed, select, about, notes))
            written = files.commit()
    except OSError as error:
        raise InputError(f"{out}: the corpus cannot be written there ({error}); choose another folder") from error
    return CorpusSummary(
        selected=tally.selected,
        left_out=dict(tally.left_out),
        kinds=dict(tally.kinds),
        beads=dict(tally.beads),
        files=written,
        fingerprint=tally.fingerprint,
    )


def _read(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs; a failure to read them is not to be taken for one of writing."""
    try:
        yield from pairs
    except OSError as error:
        raise InputError(
            f"the pairs cannot be read ({error}); check that the run is whole and readable"
        ) from error


class _Files:
    """Temporary files of a corpus, renamed together by `commit`, removed where that never came."""

    def __init__(self, out: Path, formats: Sequence[str], tsv: TsvOptions) -> None:
        self._out = out
        self._formats = formats
        self._tsv = tsv
        self._writers: dict[Direction, list[Writer]] = {}
        self._paths: dict[Path, Direction] = {}
        self._pending: dict[Path, Path] = {}
        self._open = ExitStack()

    def __enter__(self) -> _Files:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._open.close()
        finally:
            for temporary in self._pending:
                temporary.unlink(missing_ok=True)

    def writers(self, direction: Direction, pair: Pair) -> list[Writer]:
        """The writers of a direction, one a format; opened when its first pair comes."""
        if direction not in self._writers:
            for code in direction:
                try:
                    check_language(code)
                except ConfigError as error:
                    raise InputError(f"pair {pair.id}: {error}") from None
            source, target = direction
            opened: list[Writer] = []
            for name in self._formats:
                path = self._out / f"corpus.{source}-{target}.{name}"
                writer = FORMATS[name](self._temporary(path), source, target, self._tsv)
                self._open.callback(writer.close)
                self._paths[path] = direction
                opened.append(writer)
            self._writers[direction] = opened
        return self._writers[direction]

    def close(self) -> list[str]:
        """Finish all files; returns the formats' notes, each once."""
        self._open.close()
        notes = [note for writers in self._writers.values() for writer in writers for note in writer.notes()]
        return list(dict.fromkeys(notes))

    def paths(self) -> list[tuple[Path, Direction]]:
        return sorted(self._paths.items())

    def text(self, name: str, text: str) -> None:
        path = self._out / name
        self._temporary(path).write_text(text, encoding="utf-8", newline="\n")

    def commit(self) -> tuple[Path, ...]:
        """Rename everything into place, the datasheet last."""
        done = []
        for temporary, path in list(self._pending.items()):
            temporary.replace(path)
            del self._pending[temporary]
            done.append(path)
        return tuple(done)

    def _temporary(self, path: Path) -> Path:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._pending[temporary] = path
        return temporary
