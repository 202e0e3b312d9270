"""`align load` and `align segment`: from files to articles and segments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from align.records import Article

OutFile = Annotated[Path | None, typer.Option("--out", "-o", help="Output file [standard output].")]


def load(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Saved pages, texts, dumps, or folders.")
    ],
    lang: Annotated[str, typer.Option(help="Language of articles that don't tell.")] = "en",
    out: OutFile = None,
) -> None:
    """Read files into articles, one JSON line each.

    What cannot be read is listed on standard error.
    """
    import align
    from align.cli.io import dropped_line, output
    from align.files import json_line
    from align.records import Dropped

    dropped = 0
    with output(out) as file:
        for record in align.load(inputs, default_lang=lang):
            if isinstance(record, Dropped):
                dropped += 1
                typer.echo(f"dropped: {dropped_line(record)}", err=True)
            else:
                file.write(json_line(record.to_dict()))
    if dropped:
        raise typer.Exit(1)


def segment(
    file: Annotated[Path, typer.Argument(help="A text (.txt, - for standard input), or what align load reads.")],
    lang: Annotated[str, typer.Option(help="Language of a text.")] = "en",
    spans: Annotated[bool, typer.Option("--json", help="JSON lines with ids and character offsets.")] = False,
    out: OutFile = None,
) -> None:
    """Cut texts into segments, one a line; title first."""
    import align
    from align.cli.io import read_lines, write_lines
    from align.language.codes import check_language

    check_language(lang)

    def lines() -> Iterator[str]:
        if file.suffix != ".txt" and file.name != "-":
            for article in _articles(file, lang):
                for s in align.segment(article):
                    row = {"id": s.id, "start": s.start, "end": s.end, "text": s.text}
                    yield _json(row) if spans else " ".join(s.text.split())
        else:
            text = "\n".join(read_lines(file))
            for start, end in align.segment_text(text, lang):
                part = text[start:end]
                yield _json({"start": start, "end": end, "text": part}) if spans else " ".join(part.split())

    write_lines(lines(), out)


def _articles(path: Path, lang: str) -> Iterator[Article]:
    import align
    from align.cli.io import dropped_line
    from align.errors import InputError
    from align.records import Dropped

    for record in align.load([path], default_lang=lang):
        if isinstance(record, Dropped):
            raise InputError(dropped_line(record))
        yield record


def _json(row: object) -> str:
    return json.dumps(row, ensure_ascii=False)
