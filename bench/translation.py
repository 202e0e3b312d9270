"""Sentences a second of our translator, of a generate loop and of CTranslate2 loops; agreement; where time goes.

python -m bench.translation [--data ../shared/data] [--model starter-en-ko] [--beam 4,1] [--lines N] [--parts 4]
                            [--only a,b,...] [--sections model,large,...] [--repeat 1] [--sample 500]

All in one process and one run. The sentences are cut into parts, and each part goes through all rows in turn, each
time beginning with another one, before the next part does: no row has the warmer machine. A row's seconds are
those of its parts together, the median over the repeats. Loading, converting and the first sentences do not
count. Nothing is kept: models made on the way, and conversions, lie in a temporary folder.

Sections: model (the packaged model or another, all sentences), large (61 million random parameters, --sample
sentences, exactly 32 tokens each), agreement (the engines, int8, references), neighbours (batches, order,
threads), profile (our own time by part, and the output layer's share). Rows:
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from align.config import TranslateSettings
from align.errors import AlignError
from align.translation.canary import chrf
from align.translation.models import ModelFiles, read_model
from align.translation.search import Search
from bench.machine import heading
from bench.random_marian import OPUS_MT, OPUS_MT_VOCABULARY, parameters, random_marian
from bench.translation_agreement import print_engines, print_neighbours, print_references, share_same
from bench.translation_data import references, sample, sentences
from bench.translation_peers import Translate, convert, ctranslate2_best, ctranslate2_loop, generate_loop, ours
from bench.translation_profile import FORCED, print_output_layer, print_profile

ROWS = {
    "a": "generate loop, fp32",
    "b": "CTranslate2 loop, int8",
    "c": "the same, intra_threads=1",
    "d": "CTranslate2, one call, int8",
    "e": "ours, ct2",
    "f": "ours, ct2, no retries",
    "g": "ours, hf, fp32",
    "h": "ours, ct2, with duplicates",
}
SECTIONS = ("model", "large", "agreement", "neighbours", "profile")
# Sentences that a part has at least: with fewer, rows that sort or work side by side would have too little to do.
SMALLEST = 250
_PEERS = "abcd"
_WARMING = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row made of all texts, and in how many seconds."""

    texts: list[str]
    seconds: float

    @property
    def speed(self) -> float:
        """Texts a second."""
        return len(self.texts) / self.seconds


def cut(texts: Sequence[str], parts: int) -> list[Sequence[str]]:
    """`texts` in at most so many consecutive parts of like length, none empty."""
    bounds = [len(texts) * number // parts for number in range(parts + 1)]
    return [texts[start:stop] for start, stop in pairwise(bounds) if start < stop]


def measure(rows: Mapping[str, Translate], parts: Sequence[Sequence[str]], repeats: int) -> dict[str, Outcome]:
    """Each part through every row in turn; each turn begins with another row than the one before."""
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    made: dict[str, list[str]] = {}
    for repeat in range(repeats):
        made, totals = {name: [] for name in rows}, dict.fromkeys(rows, 0.0)
        for number, part in enumerate(parts):
            turn = (repeat * len(parts) + number) % max(1, len(rows))
            for name in [*rows, *rows][turn : turn + len(rows)]:
                start = time.perf_counter()
                found = rows[name](part)
                totals[name] += time.perf_counter() - start
                made[name] += [text for _, text in zip(part, found, strict=True)]
        for name, total in totals.items():
            seconds[name].append(total)
    return {name: Outcome(made[name], statistics.median(seconds[name])) for name in rows}


def build(
    names: Sequence[str], files: ModelFiles, search: Search, folder: Path, forced: bool
) -> dict[str, Translate]:
    """The rows of that `names`, loaded. With `forced` lengths our own are given the search as it is."""
    model = files.path
    converted = convert(model, folder / f"{files.model_hash}-{search.beam}") if set(names) & set("bcd") else model
    settings = TranslateSettings(device="cpu", beam=search.beam, no_repeat_ngram=search.no_repeat_ngram)
    own = search if forced else None

    def made(name: str) -> Translate:
        match name:
            case "a":
                return generate_loop(model, search)
            case "b":
                return ctranslate2_loop(converted, model, search)
            case "c":
                return ctranslate2_loop(converted, model, search, intra_threads=1)
            case "d":
                return ctranslate2_best(converted, model, search, os.cpu_count() or 1)
            case "e" | "h":
                return ours(files, settings, own)
            case "f":
                return ours(files, settings.model_copy(update={"retry": False}), own)
            case _:
                return ours(files, settings.model_copy(update={"retry": False, "engine": "hf"}), own)

    return {name: made(name) for name in names}


def print_rows(found: Mapping[str, Outcome]) -> None:
    """A row each: speed, speed through that of each peer, and how near its texts are to those of the first row."""
    peers = [name for name in _PEERS if name in found]
    first = next(iter(found))
    print(f"{'':<31}{'seconds':>9}{'sent./s':>9}" + "".join(f"{'x ' + name:>7}" for name in peers), end="")
    print(f"{'same as ' + first:>12}{'chrF to ' + first:>11}")
    for name, outcome in found.items():
        ratios = "".join(f"{outcome.speed / found[peer].speed:>7.2f}" for peer in peers)
        same, near = share_same(outcome.texts, found[first].texts), chrf(outcome.texts, found[first].texts)
        print(f"{_figures(name, outcome)}{ratios}{same:>12.1%}{near:>11.1f}")


def _figures(name: str, outcome: Outcome) -> str:
    return f"{name + '  ' + ROWS[name]:<31}{outcome.seconds:>9.1f}{outcome.speed:>9.2f}"


def print_speed(
    files: ModelFiles,
    lines: Sequence[str],
    search: Search,
    options: argparse.Namespace,
    folder: Path,
    forced: bool,
) -> None:
    """One table: all rows that were asked for, over the different ones of `lines`; and duplicates, apart."""
    texts = list(dict.fromkeys(lines))
    wanted = [name for name in options.only if not (forced and name in "eh")]
    rows = build(wanted, files, search, folder, forced)
    for row in rows.values():
        row(texts[:_WARMING])
    whole = {"h": rows.pop("h")} if "h" in rows else {}
    parts = max(1, min(options.parts, len(texts) // SMALLEST))
    found = measure(rows, cut(texts, parts), options.repeat)
    if found:
        print_rows(found)
    for name, outcome in measure(whole, [lines], options.repeat).items():
        print(
            f"{_figures(name, outcome)} lines/s: {len(lines)} lines, {len(texts)} different"
            + (f"; {outcome.speed / found['e'].speed:.2f} times the sentences/s of row e" if "e" in found else "")
        )
    sys.stdout.flush()


def explain(options: argparse.Namespace) -> None:
    """What the rows are, and why texts differ."""
    import ctranslate2
    import torch

    has = "has" if "int8" in ctranslate2.get_supported_compute_types("cpu") else "lacks"
    cores = os.cpu_count()
    print(
        f"torch: {torch.get_num_threads()} threads; CTranslate2 {has} int8 here; {options.repeat} repeat(s)\n"
        "a to c: batches of 32 in input order, padded. a: transformers' own generate and threads; b: the\n"
        f"converter and threads of CTranslate2; d: batches of 1024 tokens, inter_threads {cores}, intra 1\n"
        "All have the same limits of length and the same no_repeat_ngram. a to d cut off what is too long for\n"
        "the model, ours split it. CTranslate2's converter starts the decoder from a zero vector, as is right\n"
        "for models that Marian trained. The packaged model starts from a <pad> that is not zero, so b, c and d\n"
        "write other texts with it, at the same cost. g ends a search as CTranslate2 does, when the beam is full\n"
        "of complete hypotheses; a goes on until no better one can come, as far as transformers can tell."
    )


def run(options: argparse.Namespace, folder: Path) -> None:
    files = read_model(options.model)
    lines = sentences(options.data, options.lines)
    texts = list(dict.fromkeys(lines))
    some = sample(texts, options.sample)
    print(heading(("ctranslate2", "transformers", "torch", "sentencepiece", "sacrebleu")))
    explain(options)
    if "model" in options.sections:
        for beam in options.beam:
            print(f"\n{files.name}, beam {beam}, no_repeat_ngram 4, {len(texts)} different sentences of kcna-en")
            print_speed(files, lines, Search(beam=beam, no_repeat_ngram=4), options, folder, forced=False)
    if "large" in options.sections:
        large = read_model(str(random_marian(folder / "large", files.path, OPUS_MT, OPUS_MT_VOCABULARY)))
        for beam in options.beam:
            size = f"{parameters(large.path) / 1e6:.1f} M random parameters"
            print(f"\n{size}, beam {beam}, {FORCED} tokens each, {len(some)} sentences of kcna-en")
            search = Search(beam=beam, shortest=FORCED, longest=FORCED)
            print_speed(large, some, search, options, folder, forced=True)
    pairs = references(options.data) if "agreement" in options.sections else []
    for beam in options.beam:
        if "agreement" in options.sections:
            print_engines(files, some, beam)
        if pairs:
            print_references(files, pairs[: options.lines or None], beam)
        if "neighbours" in options.sections:
            print_neighbours(files, some, beam)
        if "profile" in options.sections:
            print_profile(files, texts, beam, folder)
    if "profile" in options.sections:
        print(
            "\nThe output layer's share in the engine ct2, the model's sizes and those of opus-mt, random weights:"
        )
        sizes = {key: files.config.get(key, usual) for key, usual in OPUS_MT.items()}
        print_output_layer(files.path, sizes, len(files.vocab), some, options.beam, folder)
        print_output_layer(files.path, OPUS_MT, OPUS_MT_VOCABULARY, some, options.beam, folder)


def _beams(text: str) -> list[int]:
    beams = [int(part) for part in text.split(",")]
    if min(beams) < 1:
        raise ValueError
    return beams


def _rows(text: str) -> list[str]:
    return _among(text, list(ROWS))


def _sections(text: str) -> list[str]:
    return _among(text, list(SECTIONS))


def _among(text: str, known: list[str]) -> list[str]:
    """Those named, in their own order."""
    named = [part.strip() for part in text.split(",")]
    if unknown := [name for name in named if name not in known]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}")
    return [name for name in known if name in named]


def main() -> None:
    listed = "\n".join(f"  {name}  {what}" for name, what in ROWS.items())
    parser = argparse.ArgumentParser(
        description=f"{__doc__}{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with kcna-en and train")
    parser.add_argument("--model", default="starter-en-ko", help="an English-Korean model: a directory or a name")
    parser.add_argument("--beam", type=_beams, default=[4, 1], help="beams, with commas [4,1]")
    parser.add_argument("--lines", type=int, default=0, help="segments of kcna-en; 0: all [0]")
    parser.add_argument("--sample", type=int, default=500, help="sentences for all but the first section [500]")
    parser.add_argument(
        "--parts",
        type=int,
        default=4,
        help=f"parts that the rows take in turn, of {SMALLEST} sentences or more [4]",
    )
    parser.add_argument("--repeat", type=int, default=1, help="times that all is measured [1]")
    parser.add_argument("--only", type=_rows, default=list(ROWS), help="rows, with commas [all]")
    parser.add_argument("--sections", type=_sections, default=list(SECTIONS), help="sections, with commas [all]")
    options = parser.parse_args()
    if options.lines < 0 or min(options.sample, options.parts, options.repeat) < 1:
        parser.error("--lines must not be negative; --sample, --parts and --repeat must be 1 or more")
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["ALIGN_CACHE"] = folder  # conversions are not kept
            run(options, Path(folder))
    except AlignError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
