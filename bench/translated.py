"""What machine translations bring to the aligner: strict and lax F1 and log posterior of gold, with and without.

python -m bench.translated [--data ../shared/data] [--model starter-en-ko]

The sets are English-Korean: gold beads of state media; documents planted in held-out state media, of the kind that
the starter model knows, and in general news, which it does not know; documents planted in FLORES, with the output
of a large system (Google's, which comes with the data); and the gold set with translations of other segments.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.alignment import Aligner, evaluate, load_aligner
from align.alignment.candidates import Candidates
from align.alignment.sides import SideVectors
from align.alignment.translated import are_nearer, with_translations
from align.config import AlignSettings, TranslateSettings
from align.embedding import embed_passages
from align.errors import AlignError
from align.records import Bead
from align.translation import Translator, load_translator
from bench.bead_data import GoldDocument, development_sets, lines
from bench.beads import Scored, calibration_error
from bench.peer_significance import compare
from bench.planting import planted_documents

# A gold bead that the search does not know, or that has no probability left.
_LEAST = 1e-4


@dataclass(frozen=True)
class Aligned:
    """Beads of one document and the log posterior of each of its gold beads."""

    beads: list[Bead]
    gold: list[float]


@dataclass(frozen=True)
class Case:
    """Documents by name, with the translations of each document's source."""

    name: str
    documents: list[GoldDocument]
    translations: list[list[str | None]]


def gold_log_posteriors(
    aligner: Aligner, source: SideVectors, target: SideVectors, gold: Sequence[Bead]
) -> list[float]:
    """Log posterior of each gold bead; a null's is summed over its places."""
    posteriors, band = aligner.posteriors(source, target)
    found = Candidates.of(posteriors, band, aligner.model.types, 0.0)
    values: dict[tuple[int, int, int, int], float] = {}
    for place in zip(found.i, found.j, found.a, found.b, found.posteriors, strict=True):
        i, j, a, b = (int(number) for number in place[:4])
        # Nulls are kept by their segment alone.
        key = {(1, 0): (i, -1, 1, 0), (0, 1): (-1, j, 0, 1)}.get((a, b), (i, j, a, b))
        values[key] = values.get(key, 0.0) + float(place[4])
    logs = []
    for bead in gold:
        key = (min(bead.source, default=-1), min(bead.target, default=-1), len(bead.source), len(bead.target))
        logs.append(float(np.log(np.clip(values.get(key, 0.0), _LEAST, 1.0))))
    return logs


def align_three_ways(
    aligner: Aligner, document: GoldDocument, translations: Sequence[str | None]
) -> list[Aligned]:
    """Without translations, with them as `align run` takes them, and with them in any case."""
    source, target = aligner.embed(document.source, document.target, document.source_lang, document.target_lang)
    texts = [text or own for text, own in zip(translations, document.source, strict=True)]
    translated = embed_passages(aligner.embedder, texts, aligner.model.max_size)

    def aligned(side: SideVectors) -> Aligned:
        return Aligned(
            aligner.align_sides(side, target), gold_log_posteriors(aligner, side, target, document.gold)
        )

    without, always = aligned(source), aligned(with_translations(source, translated))
    return [without, always if are_nearer(translated, source, target, without.beads) else without, always]


def cases(data: Path, translator: Translator) -> list[Case]:
    """The sets, translated."""
    gold = development_sets(data)["state media (en-ko)"]
    news, flores = data / "nk-en-dev" / "northkorean-english.dev", data / "flores-dev-en-ko"
    google = dict(zip(lines(flores / "flores-dev.en"), lines(flores / "flores-dev.google.ko"), strict=True))
    known = planted_documents(data / "train" / "dev-kcna.tsv", 16, seed=11)
    unknown = _planted(news.with_suffix(".dev.en"), news.with_suffix(".dev.nk"), 24, seed=12)
    large = _planted(flores / "flores-dev.en", flores / "flores-dev.ko", 30, seed=13)
    texts = list(dict.fromkeys(text for d in (*gold, *known, *unknown) for text in d.source))
    made = {text: each.text for text, each in zip(texts, translator.translate(texts), strict=True)}
    others = [made[text] for d in gold for text in d.source]
    random.Random(1).shuffle(others)
    drawn = iter(others)
    sets: list[tuple[str, list[GoldDocument], Callable[[str], str | None]]] = [
        ("gold, state media", gold, made.get),
        ("planted, state media", known, made.get),
        ("planted, general news", unknown, made.get),
        ("planted, FLORES, Google", large, google.get),
        ("gold, wrong translations", gold, lambda _: next(drawn)),
    ]
    return [
        Case(name, documents, [[of(text) for text in d.source] for d in documents]) for name, documents, of in sets
    ]


def _planted(source: Path, target: Path, count: int, seed: int) -> list[GoldDocument]:
    """Planted documents from two files of lines."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "bitext.tsv"
        rows = zip(lines(source), lines(target), strict=True)
        table.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
        return planted_documents(table, count, seed)


def _print(case: Case, ways: Sequence[Sequence[Aligned]]) -> None:
    golds = [d.gold for d in case.documents]
    without = [way[0] for way in ways]
    used = sum(way[1] is not way[0] for way in ways)
    print(f"{case.name}: {len(golds)} documents, {sum(map(len, golds))} beads; translations used in {used}")
    for at, name in enumerate(("without", "with", "in any case")):
        aligned = [way[at] for way in ways]
        pairs: list[Scored] = [(gold, each.beads) for gold, each in zip(golds, aligned, strict=True)]
        quality = evaluate(pairs)
        logs = np.concatenate([each.gold for each in aligned])
        line = (
            f"  {name:<12} strict {quality.strict.f1:.3f} lax {quality.lax.f1:.3f} "
            f"log posterior {logs.mean():.3f} calibration error {calibration_error(pairs):.3f}"
        )
        if at:
            c = compare([(g, a.beads, b.beads) for g, a, b in zip(golds, aligned, without, strict=True)])
            gains = [np.subtract(a.gold, b.gold) for a, b in zip(aligned, without, strict=True)]
            low, high = _interval(gains)
            line += (
                f" | strict {c.difference:+.3f} ({c.low:+.3f} to {c.high:+.3f}, p {c.p:.2f}), "
                f"beads +{c.only_ours} -{c.only_theirs}, log posterior {np.concatenate(gains).mean():+.3f} "
                f"({low:+.3f} to {high:+.3f})"
            )
        print(line, flush=True)


def _interval(gains: Sequence[NDArray[np.float64]], resamples: int = 10_000, seed: int = 1) -> tuple[float, float]:
    """95 % bootstrap interval of the mean gain over documents, each with the gains of its beads."""
    totals, counts = np.array([each.sum() for each in gains]), np.array([len(each) for each in gains])
    drawn = np.random.default_rng(seed).integers(len(gains), size=(resamples, len(gains)))
    low, high = np.percentile(totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the gold sets")
    parser.add_argument("--model", default="starter-en-ko", help="an English-Korean model: a directory or a name")
    options = parser.parse_args()
    try:
        translator = load_translator(TranslateSettings(models={"en-ko": options.model}), "en", "ko")
        assert translator is not None
        aligner = load_aligner(AlignSettings())
        every: list[tuple[Case, list[list[Aligned]]]] = []
        for case in cases(options.data, translator):
            rows = zip(case.documents, case.translations, strict=True)
            every.append((case, [align_three_ways(aligner, document, texts) for document, texts in rows]))
            _print(*every[-1])
        both = every[:2]
        pooled = Case("both state media", [d for case, _ in both for d in case.documents], [])
        _print(pooled, [way for _, ways in both for way in ways])
    except AlignError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
