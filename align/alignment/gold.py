"""Bead lines (`[0]:[0, 1]:0.97`) read and written, and beads measured against gold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from align.errors import InputError
from align.records import Bead

_INDEXES = r"\[\s*((?:[0-9]{1,9}\s*(?:,\s*[0-9]{1,9}\s*)*)?)\]"
_CONFIDENCE = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LINE = re.compile(rf"\s*{_INDEXES}\s*:\s*{_INDEXES}\s*(?::\s*({_CONFIDENCE})\s*)?$")


def format_bead(bead: Bead) -> str:
    """One line: 0-based source indexes, target indexes, then the confidence where there is one."""
    line = f"{list(bead.source)}:{list(bead.target)}"
    return line if bead.confidence is None else f"{line}:{bead.confidence:.4f}"


def parse_beads(lines: Iterable[str], name: str = "input") -> list[Bead]:
    """Read bead lines, skipping empty ones; raises InputError naming the line that is none."""
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        parts = _LINE.match(line)
        if parts is None:
            raise InputError(f"{name}, line {number}: {line.strip()!r} is no bead; write it as [0]:[0, 1]")
        source, target = (tuple(int(x) for x in part.split(",") if x.strip()) for part in parts.group(1, 2))
        found.append(Bead(source, target, float(parts.group(3)) if parts.group(3) else None))
    return found


def read_beads(path: Path) -> list[Bead]:
    """Read a file of bead lines; raises InputError where it is missing, unreadable or empty."""
    try:
        beads = parse_beads(path.read_text(encoding="utf-8-sig").splitlines(), str(path))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    if not beads:
        raise InputError(f"{path}: holds no beads; write one a line as [0]:[0, 1]")
    return beads


def check_hypothesis(beads: Iterable[Bead], name: str) -> None:
    """Raise InputError where a segment stands in two beads: such beads would be counted as right twice."""
    seen: set[tuple[str, int]] = set()
    for bead in beads:
        for place in [*(("source", i) for i in bead.source), *(("target", j) for j in bead.target)]:
            if place in seen:
                raise InputError(
                    f"{name}: {place[0]} segment {place[1]} stands twice, the second time in "
                    f"{format_bead(bead)}; give each segment one bead"
                )
            seen.add(place)


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1 of beads, each between 0 and 1, with the counts behind them."""

    precision: float
    recall: float
    f1: float
    hyp_right: int
    hyp_total: int
    gold_found: int
    gold_total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Strict (the bead exactly) and lax (an overlap on both sides) quality over all documents."""

    strict: Quality
    lax: Quality
    documents: int


def evaluate(documents: Iterable[tuple[Sequence[Bead], Sequence[Bead]]]) -> Evaluation:
    """Measure (gold, hypothesis) bead lists, counts summed over documents.

    The measure of Bleualign (Sennrich and Volk 2011) as Vecalign computes it: precision over all beads of the
    hypothesis, nulls included; recall over the gold beads that are no nulls; confidences are ignored.
    """
    totals = [[0, 0, 0, 0], [0, 0, 0, 0]]  # strict and lax: right, hypotheses, found, gold
    count = 0
    for gold, hyp in documents:
        count += 1
        in_hyp = _counts(gold, hyp)
        in_gold = _counts([b for b in hyp if b.source and b.target], [b for b in gold if b.source and b.target])
        for total, right, found in zip(totals, in_hyp[:2], in_gold[:2], strict=True):
            for at, value in enumerate((right, in_hyp[2], found, in_gold[2])):
                total[at] += value
    strict, lax = (_quality(*total) for total in totals)
    return Evaluation(strict, lax, count)


def _counts(reference: Iterable[Bead], tested: Iterable[Bead]) -> tuple[int, int, int]:
    """How many different beads of `tested` are right strictly and laxly, and how many there are."""
    known = {(bead.source, bead.target) for bead in reference}
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for source, target in known:
        for index in source:
            partners[index].update(target)
    strict = lax = 0
    beads = {(bead.source, bead.target) for bead in tested if bead.source or bead.target}
    for source, target in beads:
        if (source, target) in known:
            strict, lax = strict + 1, lax + 1
        elif any(partners[index].intersection(target) for index in source):
            lax += 1
    return strict, lax, len(beads)


def _quality(right: int, total: int, found: int, gold: int) -> Quality:
    precision = right / total if total else 0.0
    recall = found / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right and found else 0.0
    return Quality(precision, recall, f1, right, total, found, gold)
