"""The protocol that every corpus format follows, and the one list of formats."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from align.corpora.jsonl import JsonlWriter
from align.corpora.tmx import TmxWriter
from align.corpora.tsv import TsvOptions, TsvWriter
from align.errors import ConfigError
from align.records import Pair


class Writer(Protocol):
    """Writes pairs of one direction to one file, as they come.

    `close` finishes the file and frees what is open; it may be called once, also without any pair before it.
    `notes` are sentences in Markdown for the datasheet on how the format holds the texts, known after `close`.
    """

    def write(self, pair: Pair) -> None: ...

    def close(self) -> None: ...

    def notes(self) -> Sequence[str]: ...


Opener = Callable[[Path, str, str, TsvOptions], Writer]

# A format's name is also the ending of its files. Opened with: path, source language, target language, options.
FORMATS: Mapping[str, Opener] = MappingProxyType(
    {
        "tsv": lambda path, source, target, options: TsvWriter(path, options),  # noqa: ARG005
        "jsonl": lambda path, source, target, options: JsonlWriter(path),  # noqa: ARG005
        "tmx": lambda path, source, target, options: TmxWriter(path, source, target),  # noqa: ARG005
    }
)


def check_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The formats named, each once, in the order given; raises ConfigError with a hint for an unknown one."""
    if not names:
        raise ConfigError(f"name at least one corpus format: {', '.join(FORMATS)}")
    for name in names:
        if name not in FORMATS:
            near = difflib.get_close_matches(name.lower(), FORMATS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(FORMATS)}"
            raise ConfigError(f"unknown corpus format '{name}'; {hint}")
    return tuple(dict.fromkeys(names))
