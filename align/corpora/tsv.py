"""Tab-separated values with a header line: one pair a line, whatever the texts hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from align.records import Pair, Side

COLUMNS = (
    "id",
    "source_lang",
    "target_lang",
    "source",
    "target",
    "machine_translation",
    "kind",
    "bead",
    "confidence",
    "is_title",
    "gone",
    "source_segments",
    "target_segments",
    "source_article",
    "target_article",
    "machine_back_translation",
    "machine_model",
    "machine_flags",
    "date",
    "outlet",
    "url",
)

# Everything that a reader may take for the end of a cell or line, and what no cell should hold.
_SPECIAL = [chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))] + ["\u2028", "\u2029", "\ufeff"]
_SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in _SPECIAL} | _SHORT)
_ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|[\\tnr])")
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
# Spreadsheets take a cell for a formula that begins so, in full width too. The guard's own
# mark is among them, so that taking one mark off always gives the text back.
_FORMULA_STARTS = tuple("=+-@＝＋－＠'")


@dataclass(frozen=True, slots=True)
class TsvOptions:
    """For spreadsheets. `guard` puts ' before a cell that would be a formula; `bom` marks the file as UTF-8."""

    guard: bool = False
    bom: bool = False


def escape_cell(text: str, guard: bool = False) -> str:
    """The text with tabs, line ends and control characters as \\t, \\n, \\r, \\uXXXX; \\ itself is doubled."""
    escaped = text.translate(_ESCAPES)
    return f"'{escaped}" if guard and escaped.startswith(_FORMULA_STARTS) else escaped


def unescape_cell(cell: str, guard: bool = False) -> str:
    """Inverse of `escape_cell` with the same `guard`."""
    if guard and cell.startswith("'"):
        cell = cell[1:]
    return _ESCAPED.sub(lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "u" else _PLAIN[m[1]], cell)


def _segments(side: Side) -> str:
    return " ".join(segment for segment, _, _ in side.segments)


class TsvWriter:
    """UTF-8; a cell that holds a quotation mark is quoted, as csv readers and spreadsheets expect."""

    def __init__(self, path: Path, options: TsvOptions) -> None:
        self._guard = options.guard
        self._file = path.open("w", encoding="utf-8-sig" if options.bom else "utf-8", newline="")
        self._rows = csv.writer(self._file, delimiter="\t", lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, pair: Pair) -> None:
        cells = {
            "id": pair.id,
            "source_lang": pair.source.lang,
            "target_lang": pair.target.lang,
            "source": pair.source.text,
            "target": pair.target.text,
            "machine_translation": pair.translation or "",
            "kind": pair.kind,
            "bead": pair.bead,
            "confidence": "" if pair.confidence is None else f"{pair.confidence:.4f}",
            "is_title": "1" if pair.is_title else "0",
            "gone": "1" if pair.gone else "0",
            "source_segments": _segments(pair.source),
            "target_segments": _segments(pair.target),
            "source_article": pair.source.article,
            "target_article": pair.target.article,
            "machine_back_translation": pair.back or "",
            "machine_model": pair.model or "",
            "machine_flags": ",".join(pair.flags),
            "date": pair.date,
            "outlet": pair.outlet,
            "url": pair.url,
        }
        self._rows.writerow([escape_cell(cells[column], self._guard) for column in COLUMNS])

    def close(self) -> None:
        self._file.close()

    def notes(self) -> Sequence[str]:
        notes = [
            r"TSV: in every cell a tab is written `\t`, a line end `\n` or `\r`, another control character "
            r"`\uXXXX`, a backslash `\\`; cells with a quotation mark are quoted (read it with a CSV reader)."
        ]
        if self._guard:
            notes.append(
                "TSV: a cell that begins with `= + - @` or `'` has a `'` before it (no spreadsheet formulas)."
            )
        return notes
