"""`align beads` at work: each pair of texts is read, aligned and written; what cannot be read is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from align.cli.bead_files import Aligned, read_text, render, told_crossing
from align.cli.bead_jobs import Job, Plan, is_done
from align.cli.io import output
from align.errors import InputError

if TYPE_CHECKING:
    from align.alignment import Aligner
    from align.cli.progress import Tell
    from align.corpora import TsvOptions
    from align.records import Segment

Outputs = dict[str, Path | None]


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for all pairs of a call."""

    source_lang: str
    target_lang: str
    cut: bool
    skip: bool
    crossings: bool
    tsv: TsvOptions


@dataclass(slots=True)
class Counts:
    """How many pairs were aligned, skipped and dropped, how many beads a TMX has no place for, and how many
    passages moved."""

    aligned: int = 0
    skipped: int = 0
    dropped: int = 0
    without_partner: int = 0
    moved: int = 0


def run_jobs(
    plan: Plan,
    where: Sequence[Outputs],
    options: Options,
    load: Callable[[], Aligner],
    watch: Callable[[str, int, int], None],
    tell: Tell,
) -> Counts:
    """Align all pairs of `plan` and write each as soon as it is done.

    `load` is called when the first pair is to be aligned. Among many pairs one that cannot be read is dropped and
    told; a single one raises InputError.
    """
    counts = Counts()
    aligner: Aligner | None = None
    for number, (job, outputs) in enumerate(zip(plan.jobs, where, strict=True), 1):
        if options.skip and is_done(job, outputs):
            counts.skipped += 1
        elif (texts := _read(job, options, plan.many, tell)) is None:
            counts.dropped += 1
        else:
            aligner = aligner or load()
            found = _align(aligner, *texts, options)
            for crossing in found.moved or ():
                tell(told_crossing(crossing, job.source, job.target, cut=options.cut))
                counts.moved += 1
            _write(found, outputs, options.tsv, tell, folder=plan.many or len(outputs) > 1)
            counts.aligned += 1
            if "tmx" in outputs:
                counts.without_partner += sum(not (bead.source and bead.target) for bead in found.beads)
        watch("aligning", number, len(plan.jobs))
    return counts


def _read(job: Job, options: Options, many: bool, tell: Tell) -> tuple[list[Segment], list[Segment]] | None:
    try:
        return (
            read_text(job.source, options.source_lang, cut=options.cut),
            read_text(job.target, options.target_lang, cut=options.cut),
        )
    except (InputError, OSError) as error:
        if not many:
            raise
        tell(f"dropped {job.source} with {job.target}: {error}")
        return None


def _align(aligner: Aligner, source: Sequence[Segment], target: Sequence[Segment], options: Options) -> Aligned:
    langs = options.source_lang, options.target_lang
    sides = aligner.embed([s.text for s in source], [s.text for s in target], *langs)
    beads = aligner.align_sides(*sides)
    moved = aligner.crossings(*sides, beads) if options.crossings else None
    return Aligned(*langs, source, target, beads, moved)


def _write(found: Aligned, outputs: Outputs, tsv: TsvOptions, tell: Tell, *, folder: bool) -> None:
    for name, place in outputs.items():
        text, notes = render(name, found, tsv)
        if place is not None and folder:
            place.parent.mkdir(parents=True, exist_ok=True)
        with output(place) as file:
            file.write(text)
        for note in notes:
            tell(f"{place or 'standard output'}: {note}")
