"""The `align` command: its subcommands, gathered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper

import typer

from align.cli import bitext, models, outputs, running, texts, translating
from align.cli.guarding import guarded

app = typer.Typer(
    name="align",
    help="Articles, their originals and translations, aligned sentence by sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
evaluation = typer.Typer(help="Measure against gold.", no_args_is_help=True, rich_markup_mode=None)
registry = typer.Typer(rich_markup_mode=None)

_COMMANDS: tuple[Callable[..., None], ...] = (
    running.run,
    running.demo,
    texts.load,
    texts.segment,
    translating.translate,
    bitext.match,
    bitext.beads,
    bitext.score,
    outputs.report,
    outputs.corpus,
)
for command in _COMMANDS:
    app.command()(guarded(command))
app.add_typer(evaluation, name="eval")
evaluation.command("beads")(guarded(bitext.eval_beads))
app.add_typer(registry, name="models")
registry.callback(invoke_without_command=True)(guarded(models.listing))
registry.command()(guarded(models.add))
registry.command()(guarded(models.remove))


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        from align import __version__

        typer.echo(f"align-bitext {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point. Exit codes: 0 done; 1 done, but an input was dropped; 2 bad usage or input; 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A Windows console in a legacy code page must not end a run at the first hangul.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
