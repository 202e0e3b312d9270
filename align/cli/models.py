"""`align models`: what models and embedders are here; `add`, with a canary, and `remove`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from align.translation.inventory import Listed
    from align.translation.models import ModelFiles
    from align.translation.registry import Verification

_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def listing(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with all that was measured.")] = False,
) -> None:
    """List models and embedders on this disk; add or remove one.

    Told are: what a model translates, its size and licence, and whether it is verified.

    \b
      align models
      align models add Helsinki-NLP/opus-mt-ko-en
      align models add path/to/model --name mine --from en --to ko
    """
    if ctx.invoked_subcommand is not None:
        return
    from align.translation.inventory import embedders_here, kept_here, models_here
    from align.translation.registry import registry_path

    models, embedders = models_here(), embedders_here()
    folder, size = kept_here()
    if as_json:
        found = {
            "models": [_to_dict(listed) for listed in models],
            "embedders": [_to_dict(listed) for listed in embedders],
            "kept": {"path": str(folder), "size": size},
            "registry": str(registry_path()),
        }
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    rows: list[tuple[str, ...]] = [("model", "translates", "kind", "size", "licence", "verified", "where")]
    for listed in models:
        rows += _rows(listed)
    rows.append(("embedder", "", "", "", "", "", ""))
    for listed in embedders:
        rows += _rows(listed)
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        typer.echo("  ".join([*cells, row[-1]]).rstrip())
    typer.echo(
        f"Converted models and known translations are kept under {folder}: {_size(size)}. "
        "They can be made again, so the folder may be removed."
    )


def add(
    model: Annotated[str, typer.Argument(metavar="NAME_OR_DIR", help="A directory, or a hub name (owner/model).")],
    name: Annotated[str | None, typer.Option(help="What to call it [as the directory or hub name].")] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="Language it translates from [by its name].")
    ] = None,
    target: Annotated[str | None, typer.Option("--to", help="Language it translates into [by its name].")] = None,
    unverified: Annotated[bool, typer.Option("--unverified", help="Add it without trying it.")] = False,
    online: Annotated[bool, typer.Option(help="The model may be fetched from a hub.")] = False,
) -> None:
    """Try a model with known sentences in both engines, and add it under a name if it comes through.

    The model's files stay where they are. A model that is refused is not added; the message says why. A model that
    translates into several languages is added once for each: --to says which. Adding it again verifies it again;
    if it does not come through any more, it is listed as not verified from then on.
    """
    from datetime import datetime

    from align.cli.progress import watching
    from align.config import TranslateSettings
    from align.translation.canary import load_canary
    from align.translation.models import packaged_models, read_model
    from align.translation.registry import check_name, read_registry, register, registered
    from align.translation.translator import Translator
    from align.translation.verification import Refused, verify

    known = None if Path(model).expanduser().is_dir() else registered(model)
    files = read_model(str(known) if known else model, online=online)
    place, called = _place_and_name(files, model)
    called = name or called
    check_name(called, place, packaged_models())
    before = [*read_registry()[called].directions] if called in read_registry() else []
    if len(before) == 1 and not (source or target):
        source, target = before[0].split("-")
    source, target = _direction(files, model, source, target)
    if unverified:
        Translator(files, TranslateSettings(), source, target)  # raises where it cannot run, or lacks the language
        found = None
    else:
        date = datetime.now().astimezone().date().isoformat()
        try:
            with watching() as (watch, _):
                found = verify(files, source, target, load_canary(), date=date, watch=watch)
        except Refused:
            if f"{source}-{target}" in before:  # what was found before does not hold any more
                register(called, place, f"{source}-{target}", None)
            raise
    register(called, place, f"{source}-{target}", found)
    for line in _measured(called, source, target, found):
        typer.echo(line)


def remove(name: Annotated[str, typer.Argument(help="A name that align models lists as added.")]) -> None:
    """Forget a model that was added. Its files stay where they are."""
    from align.translation.registry import unregister

    entry = unregister(name)
    where = "it came with the package, and can be used as before" if entry.path is None else f"{entry.path} stays"
    typer.echo(f"{name}: forgotten; {where}")


def _place_and_name(files: ModelFiles, model: str) -> tuple[Path | None, str]:
    """Where the model lies, None for a packaged one, and the name that it has or should have."""
    from align.resources import resource
    from align.translation.models import packaged_models

    path = files.path.resolve()
    for packaged in packaged_models():
        if path == resource("models", packaged).resolve():
            return None, packaged
    return path, files.name if Path(model).expanduser().is_dir() else model.rsplit("/", 1)[-1]


def _direction(files: ModelFiles, model: str, source: str | None, target: str | None) -> tuple[str, str]:
    """From the options, else from the name; raises ConfigError that says what to give."""
    from align.errors import ConfigError
    from align.language.codes import check_language
    from align.translation.inventory import direction_in, targets_of

    named = direction_in(files.name if Path(model).expanduser().is_dir() else model)
    several = targets_of(files.path, files.kind)
    source = source or named[0]
    target = target or named[1]
    if source is None or target is None:
        if several and target is None:
            missing = "--to" if source else "--from and --to"
            raise ConfigError(f"model '{model}' translates into {several}; say with {missing} which to verify")
        raise ConfigError(
            f"the name of the model '{model}' does not say what it translates; give --from and --to, such as "
            "--from en --to ko"
        )
    if check_language(source) == check_language(target):
        raise ConfigError(f"--from and --to are both '{source}'; give the two languages of the model")
    return source, target


def _measured(name: str, source: str, target: str, found: Verification | None) -> list[str]:
    """What is told after a model was added: four lines or fewer."""
    use = f"use it: align translate --from {source} --to {target} --model {name}"
    if found is None:
        return [f"{name}: added for {source} -> {target}, not verified", use]
    usual = found.runs[-1]
    counts = "; ".join(
        f"{what} {kept} of {of}"
        for what, (kept, of) in (
            ("names kept", usual.names),
            ("numbers kept", usual.numbers),
            ("sentences recognised", usual.recognised),
        )
    )
    return [
        f"{name}: added for {source} -> {target}, verified on {found.sentences} sentences",
        f"{usual}: {counts}; at fault {usual.faulty}; chrF {usual.chrf:.1f} against the canary's own translations",
        f"hf and ct2 agree in {found.agreement[0]} of {found.agreement[1]} in float32; "
        f"{usual} against {found.runs[0]}: chrF {found.precision_chrf:.1f}",
        use,
    ]


def _rows(listed: Listed) -> list[tuple[str, ...]]:
    """A row of the table, and one more for each further direction."""
    size = "" if listed.size is None else _size(listed.size)
    if listed.parameters:
        size += f", {listed.parameters / 10**6:.1f} M"
    where = str(listed.path) if listed.path else ""
    if listed.remark:
        where = f"{where} ({listed.remark})" if where else listed.remark
    shown = [(d.translates, d.verified) for d in listed.directions] or [("", "")]
    rows: list[tuple[str, ...]] = []
    for number, (translates, verified) in enumerate(shown):
        kind = "" if listed.origin == "embedder" else listed.kind
        first = (listed.name, translates, kind, size, listed.licence, verified, f"{_origin(listed)}{where}")
        rows.append(first if number == 0 else ("", translates, "", "", "", verified, ""))
    return rows


def _origin(listed: Listed) -> str:
    return "" if listed.origin == "embedder" else f"{listed.origin}: "


def _size(size: int) -> str:
    for unit, name in _UNITS:
        if size >= unit:
            number = size / unit
            return f"{number:.1f} {name}" if number < 10 else f"{number:.0f} {name}"
    return f"{size} B"


def _to_dict(listed: Listed) -> dict[str, Any]:
    directions = [{**asdict(d), "verified": d.state == "yes"} for d in listed.directions]
    return {**asdict(listed), "path": str(listed.path) if listed.path else None, "directions": directions}
