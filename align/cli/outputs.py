"""`align report` and `align corpus`: from a run to what people read and use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RunDir = Annotated[Path, typer.Argument(metavar="RUN", help="Directory of a finished run.")]


def report(
    run: RunDir,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the report [RUN/report].")] = None,
) -> None:
    """Write the HTML report of a run: an index and a page an article, each self-contained."""
    import align
    from align.runs.files import check_run

    check_run(run)
    typer.echo(f"Report: {align.report(run, out)}")


def corpus(
    run: RunDir,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the corpus.")],
    formats: Annotated[str, typer.Option("--format", help="Formats, parted by commas.")] = "tsv,jsonl,tmx",
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Leave out pairs of less confidence.")] = 0.0,
) -> None:
    """Write a parallel corpus of a run's pairs, with a datasheet."""
    import align
    from align.config import read_yaml
    from align.corpora import Selection
    from align.runs.files import SETTINGS, read_pairs

    summary = align.corpus(
        lambda: read_pairs(run),
        out,
        [name.strip() for name in formats.split(",") if name.strip()],
        select=Selection(min_confidence=min_confidence),
        about=read_yaml(run / SETTINGS),
    )
    typer.echo(f"{summary}")
