"""The texts that `align beads` reads, and the formats in which it writes what it found."""

from __future__ import annotations

import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from align.cli.bead_jobs import ENDINGS
from align.errors import ConfigError, InputError
from align.records import Bead, Pair, Segment, Side, text_hash

if TYPE_CHECKING:
    from align.alignment import Crossing
    from align.corpora import TsvOptions

_COLUMNS = ("source", "target", "confidence", "bead", "source_segments", "target_segments")


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two texts, the beads over their segments, and the passages that moved: None where nobody looked for them."""

    source_lang: str
    target_lang: str
    source: Sequence[Segment]
    target: Sequence[Segment]
    beads: Sequence[Bead]
    moved: Sequence[Crossing] | None = None

    def sides(self, bead: Bead) -> tuple[Side, Side]:
        """Both sides of a bead with their texts."""
        return (
            _side(self.source_lang, self.source, bead.source),
            _side(self.target_lang, self.target, bead.target),
        )


def check_formats(listed: str) -> list[str]:
    """The formats named, parted by commas, each once; raises ConfigError with a hint for an unknown one."""
    names = list(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
    if not names:
        raise ConfigError(f"name at least one format: {', '.join(ENDINGS)}")
    for name in names:
        if name not in ENDINGS:
            near = difflib.get_close_matches(name.lower(), ENDINGS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(ENDINGS)}"
            raise ConfigError(f"unknown format '{name}'; {hint}")
    return names


def read_text(path: Path, lang: str, *, cut: bool) -> list[Segment]:
    """The segments of a text: its lines, or with `cut` its sentences, just as `align segment` prints them.

    Raises InputError for a text that is missing, empty or no UTF-8, and for a blank line where lines are segments.
    """
    from align.cli.io import read_lines, read_segments

    if cut:
        from align.segmentation import segment_text

        text = "\n".join(read_lines(path))
        spans = segment_text(text, lang)
        if not spans:
            raise InputError(f"{path}: is empty; there is nothing to align")
    else:
        lines = read_segments(path)
        text = "\n".join(lines)
        starts = accumulate((len(line) + 1 for line in lines), initial=0)
        spans = [(start, start + len(line)) for start, line in zip(starts, lines, strict=False)]
    revision = text_hash(text)
    parts = [text[start:end] for start, end in spans]
    return [
        Segment(path.name, revision, lang, start, end, " ".join(part.split()) if cut else part)
        for (start, end), part in zip(spans, parts, strict=True)
    ]


def render(name: str, found: Aligned, tsv: TsvOptions) -> tuple[str, list[str]]:
    """The contents of a file in the format `name`, and what is to be said about it."""
    match name:
        case "index":
            from align.alignment import format_bead

            return "".join(f"{format_bead(bead)}\n" for bead in found.beads), []
        case "tsv":
            return _tsv(found, tsv), []
        case "jsonl":
            return _jsonl(found), []
        case _:
            return _tmx(found)


def told_crossing(crossing: Crossing, source: Path, target: Path, *, cut: bool) -> str:
    """A passage that moved as people read it; lines, or with `cut` sentences, count from 1."""
    what = "sentences" if cut else "lines"
    places = [
        f"{what} {each.start + 1}-{each.stop} of {path}"
        for each, path in ((crossing.source, source), (crossing.target, target))
    ]
    return f"moved: {places[0]} seem to be translated by {places[1]} (probability {crossing.confidence:.2f})"


def _side(lang: str, segments: Sequence[Segment], indexes: Sequence[int]) -> Side:
    from align.language.codes import joiner

    chosen = [segments[index] for index in indexes]
    # Nobody said which text is the original, so neither side has a role.
    return Side.of("", lang, chosen[0].article if chosen else "", chosen, joiner(lang))


def _tsv(found: Aligned, options: TsvOptions) -> str:
    """One bead a line after a header; escaped as the corpora's TSV is."""
    import csv

    from align.corpora.tsv import escape_cell

    file = io.StringIO()
    rows = csv.writer(file, delimiter="\t", lineterminator="\n")
    rows.writerow(_COLUMNS)
    for bead in found.beads:
        texts = [escape_cell(side.text, options.guard) for side in found.sides(bead)]
        confidence = "" if bead.confidence is None else f"{bead.confidence:.4f}"
        # A spreadsheet would make a date of 1-2; [0, 1] stays what it is.
        kind = f"'{bead.type}" if options.guard else bead.type
        rows.writerow([*texts, confidence, kind, str(list(bead.source)), str(list(bead.target))])
    return ("\ufeff" if options.bom else "") + file.getvalue()


def _jsonl(found: Aligned) -> str:
    from align.files import json_line

    return "".join(
        json_line(
            {
                "source": list(bead.source),
                "target": list(bead.target),
                "bead": bead.type,
                "confidence": bead.confidence,
                "source_lang": found.source_lang,
                "target_lang": found.target_lang,
                "source_text": source.text,
                "target_text": target.text,
                **({} if found.moved is None else {"moved": _moved(bead, found.moved)}),
            }
        )
        for bead in found.beads
        for source, target in [found.sides(bead)]
    )


def _moved(bead: Bead, crossings: Sequence[Crossing]) -> list[dict[str, object]]:
    """The passages that moved and hold a segment of the bead: all their segments, and the probability."""
    return [
        {"source": list(each.source), "target": list(each.target), "confidence": each.confidence}
        for each in crossings
        if not (set(each.source).isdisjoint(bead.source) and set(each.target).isdisjoint(bead.target))
    ]


def _tmx(found: Aligned) -> tuple[str, list[str]]:
    """The corpora's TMX; beads with an empty side are left out, since a translation unit has two."""
    from tempfile import TemporaryDirectory

    from align.corpora.tmx import TmxWriter

    with TemporaryDirectory() as folder:
        path = Path(folder) / "beads.tmx"
        writer = TmxWriter(path, found.source_lang, found.target_lang)
        before = writer.notes()
        try:
            for bead in found.beads:
                if bead.source and bead.target:
                    source, target = found.sides(bead)
                    writer.write(Pair("translated", bead.confidence, source, target))
        finally:
            writer.close()
        # The writer's notes change where it had to take characters out.
        told = [] if writer.notes() == before else [" ".join(writer.notes()).rstrip(".")]
        return path.read_text(encoding="utf-8"), told
