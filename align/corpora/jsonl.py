"""JSON Lines: one object a pair, the machine's output apart from the outlet's text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from align.records import Pair

# JSON allows these inside a string, but some readers end a line at them.
_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}


def row(pair: Pair) -> dict[str, Any]:
    """A pair as it stands in the corpus: what a model made is gathered under `machine`."""
    whole = pair.to_dict()
    machine = {key: whole.pop(key) for key in ("model", "translation", "back", "flags", "scores")}
    return {**whole, "machine": machine}


class JsonlWriter:
    """UTF-8, one JSON object a line, keys in a fixed order."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, pair: Pair) -> None:
        line = json.dumps(row(pair), ensure_ascii=False)
        self._file.write(line.translate(_LINE_ENDS) + "\n")

    def close(self) -> None:
        self._file.close()

    def notes(self) -> Sequence[str]:
        return ("JSONL: one object a line; `machine` holds what a model made.",)
