"""`align run` and `align demo`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from align.config import RunSettings

Out = Annotated[Path, typer.Option("--out", "-o", help="Directory of the run.")]


def run(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Saved pages, texts, dumps, or folders.")
    ],
    originals: Annotated[
        list[Path] | None, typer.Option(help="Originals: a file or folder. Give it again for more.")
    ] = None,
    to: Annotated[list[str] | None, typer.Option(help="Language of the originals and translations [ko].")] = None,
    source_lang: Annotated[
        str | None, typer.Option("--from", help="Language of articles that don't tell [en].")
    ] = None,
    pairs: Annotated[Path | None, typer.Option(help="Table: article TAB its original.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="Translation model: a directory or name; DIRECTION=... for one of several."),
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="Translate the originals back, with a model of that direction.")
    ] = False,
    back_cut: Annotated[
        bool, typer.Option("--back-cut", help="Of the originals, translate back what the article lacks.")
    ] = False,
    config: Annotated[Path | None, typer.Option(help="Settings, a YAML file.")] = None,
    out: Out = Path("align-run"),
    update: Annotated[bool, typer.Option(help="Redo what changed settings change.")] = False,
    online: Annotated[bool, typer.Option(help="Models may be fetched from a hub.")] = False,
) -> None:
    """Translate, align, score, and write a report.

    The same command again goes on where it stopped, or does nothing; more inputs extend the run.

    \b
      align run articles/ --originals originals/
      align run articles/ --originals originals/ --back --model ko-en=path/to/model
    """
    from align.config import load_settings
    from align.errors import ConfigError

    if back and back_cut:
        raise ConfigError("--back translates all of the originals back, --back-cut a part; leave one of them away")
    overrides: dict[str, Any] = {}
    if to:
        overrides["to"] = to
    if source_lang:
        overrides["source_lang"] = source_lang
    if online:
        overrides["online"] = True
    if back or back_cut:
        overrides["back"] = "all" if back else "cut"
    settings = load_settings(config, overrides)
    if model:
        # One direction's model leaves those of the others as they are, the default one too.
        chosen = settings.translate.models | dict(_direction(entry, settings) for entry in model)
        settings = load_settings(config, {**overrides, "translate": {"models": chosen}})
    _run(inputs, originals or [], out, settings, pairs, update)


def demo(out: Out = Path("align-demo")) -> None:
    """Run the main job on the packaged example articles. Needs no network."""
    from align.config import RunSettings
    from align.resources import resource

    articles = resource("examples", "articles")
    _run([articles / "en"], [articles / "ko"], out, RunSettings(), None, False)


def _direction(entry: str, settings: RunSettings) -> tuple[str, str]:
    """Split DIRECTION=MODEL; a model alone is for the run's first direction."""
    direction, equals, name = entry.partition("=")
    return (direction, name) if equals else (f"{settings.source_lang}-{settings.to[0]}", entry)


def _run(
    inputs: list[Path], originals: list[Path], out: Path, settings: RunSettings, pairs: Path | None, update: bool
) -> None:
    import align
    from align.cli.guarding import resumable
    from align.cli.progress import watching

    with resumable("the same command goes on from here"), watching() as (watch, tell):
        result = align.run(
            inputs,
            out,
            originals=originals,
            given=pairs,
            settings=settings,
            update=update,
            progress=watch,
            tell=tell,
        )
    if result.unchanged:
        typer.echo("Nothing to do: inputs and settings are those of the finished run.")
    gone = f" ({result.gone} more are no longer among the inputs)" if result.gone else ""
    typer.echo(
        f"{result.articles} articles{gone}, {result.matched} with an original; {result.pairs} pairs; "
        f"{result.dropped} inputs dropped{' (see dropped.jsonl)' if result.dropped else ''}."
    )
    typer.echo(f"Report: {result.report}")
    if result.dropped:
        raise typer.Exit(1)
