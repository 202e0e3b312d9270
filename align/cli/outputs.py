"""`align report` and `align corpus`: from a run to what people read and use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from align.records import Kind

RunDir = Annotated[Path, typer.Argument(metavar="RUN", help="Directory of a finished run.")]


def report(
    run: RunDir,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the report [RUN/report].")] = None,
) -> None:
    """Write the HTML report of a run.

    An index and a page an article, each self-contained.
    """
    import align
    from align.runs.files import check_run

    check_run(run)
    typer.echo(f"Report: {align.report(run, out)}")


def corpus(
    run: RunDir,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the corpus.")],
    formats: Annotated[str, typer.Option("--format", help="Formats, parted by commas.")] = "tsv,jsonl,tmx",
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out pairs of less confidence; titles stay.")
    ] = 0.0,
    kinds: Annotated[str, typer.Option("--kind", help="Kinds of pairs, parted by commas.")] = "translated",
    guard: Annotated[bool, typer.Option("--guard", help="TSV: no cell may be read as a formula.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="TSV: mark the file as UTF-8, for Excel.")] = False,
) -> None:
    """Write a corpus of a run's pairs, with a datasheet."""
    import align
    from align.config import read_yaml
    from align.corpora import Selection, TsvOptions
    from align.runs.files import SETTINGS, check_run, read_pairs

    check_run(run)
    summary = align.corpus(
        lambda: read_pairs(run),
        out,
        _names(formats),
        select=Selection(kinds=_kinds(kinds), min_confidence=min_confidence),
        about=read_yaml(run / SETTINGS),
        tsv=TsvOptions(guard=guard, bom=bom),
    )
    left_out = ", ".join(f"{count} {reason}" for reason, count in summary.left_out.items())
    typer.echo(f"{summary.selected} pairs written; left out: {left_out or 'none'}.")
    for path in summary.files:
        typer.echo(f"  {path}")


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _kinds(listed: str) -> tuple[Kind, ...]:
    from align.errors import ConfigError
    from align.records import KINDS

    wrong = [name for name in _names(listed) if name not in KINDS]
    if wrong:
        raise ConfigError(f"unknown kind '{wrong[0]}'; known kinds: {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in _names(listed))
