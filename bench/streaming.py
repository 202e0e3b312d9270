"""Millions of lines through `Translator.stream`: lines a second, peak memory, order, and the size of the cache.

python -m bench.streaming [--lines 10000000] [--duplicates 0.3]

The engine only copies its rows, so that what is measured is everything else: reading, cutting into pieces,
planning, checks, the cache on the disk. Each line's translation must be the line itself. The lines are made on
the fly, English of our own words; the direction is English to English, so that a copy is no fault. What is written
lies in a temporary folder, for 10 million lines about 1 GB, and is removed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from align.config import TranslateSettings
from align.errors import AlignError, InputError
from align.translation import Translator, open_cache
from align.translation.models import read_model
from align.translation.search import Engine, Hypothesis, Search
from bench.machine import peak_memory

# 64 words: six bits of a number choose one.
WORDS = (
    "workers farm factory river bridge school harbour village winter spring morning evening builders doctors "
    "teachers students engineers pilots miners fishermen planted opened repaired painted visited measured carried "
    "finished started wrote showed built new old large small bright quiet modern local northern southern eastern "
    "western coal steel timber cotton wheat apples machines houses roads trains ships books letters pictures with "
    "near behind under above across"
).split()
_SHARES = (0.1, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a run stood: lines that had come out, seconds since its start, peak memory of the process in MB."""

    lines: int
    seconds: float
    peak: float


class CopyingEngine:
    """Translates each row as itself, at once."""

    workers = 2

    @contextmanager
    def session(self) -> Generator[Executor, None, None]:
        with ThreadPoolExecutor(self.workers) as pool:
            yield pool

    def run(self, rows: Sequence[Sequence[int]], _search: Search, _limit: int) -> list[list[Hypothesis]]:
        return [[Hypothesis(tuple(row[:-1]), True, 0.0)] for row in rows]


class CopyingTranslator(Translator):
    """A translator in all but its engine."""

    def engine(self) -> Engine:
        return CopyingEngine()


def copying_translator() -> CopyingTranslator:
    """English to English, with the pieces of the packaged model."""
    return CopyingTranslator(read_model("starter-en-ko"), TranslateSettings(device="cpu"), "en", "en")


def root(number: int, duplicates: float) -> int:
    """The line that line `number` repeats, or itself. A share of about `duplicates` repeats an earlier one."""
    while number and _mix(2 * number) < duplicates * 2**64:
        number = _mix(2 * number + 1) % number
    return number


def line(number: int) -> str:
    """An English-looking text of eleven words, different for each number."""
    bits = _mix(number + 2**40)
    words = [WORDS[bits >> shift & 63] for shift in range(0, 60, 6)]
    return f"The {' '.join(words)} {number}."


def lines(count: int, duplicates: float) -> Iterator[str]:
    return (line(root(number, duplicates)) for number in range(count))


def _mix(number: int) -> int:
    """A number of 64 bits that looks random (SplitMix64; Steele, Lea and Flood 2014)."""
    number = (number + 1) * 0x9E3779B97F4A7C15 & 2**64 - 1
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & 2**64 - 1
    number = (number ^ number >> 27) * 0x94D049BB133111EB & 2**64 - 1
    return number ^ number >> 31


def run(translator: Translator, count: int, duplicates: float, cache: Path) -> Iterator[Reading]:
    """Stream `count` lines and tell how it goes; raises InputError where one comes out wrong or one too many."""
    marks = {max(1, round(share * count)) for share in _SHARES}
    start = time.perf_counter()
    with open_cache(cache) as known, closing(translator.stream(lines(count, duplicates), cache=known)) as stream:
        number = 0
        for number, (expected, found) in enumerate(zip(lines(count, duplicates), stream, strict=True), 1):
            if found.text != expected or found.flags:
                raise InputError(f"line {number} is {expected!r}, but out came {found}")
            if number in marks:
                yield Reading(number, time.perf_counter() - start, peak_memory())
        if number != count:
            raise InputError(f"{count} lines went in, but {number} came out")


def different(count: int, duplicates: float) -> int:
    """How many of so many lines repeat no earlier one."""
    return sum(root(number, duplicates) == number for number in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--duplicates", type=float, default=0.3, help="share of lines that repeat an earlier one")
    options = parser.parse_args()
    if options.lines < 1 or not 0 <= options.duplicates < 1:
        parser.error("--lines must be 1 or more, and --duplicates at least 0 and below 1")
    try:
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "translations.sqlite"
            print(f"{'lines':>10}{'seconds':>9}{'lines/s':>9}{'of these':>10}{'peak MB':>9}")
            before = Reading(0, 0.0, 0.0)
            first = None
            for now in run(copying_translator(), options.lines, options.duplicates, cache):
                speed = now.lines / now.seconds
                since = (now.lines - before.lines) / (now.seconds - before.seconds)
                print(f"{now.lines:>10}{now.seconds:>9.1f}{speed:>9.0f}{since:>10.0f}{now.peak:>9.1f}", flush=True)
                before, first = now, first or now
            assert first is not None
            known, size = different(options.lines, options.duplicates), cache.stat().st_size
            print("of these: lines a second since the row above")
            growth = before.peak / first.peak - 1
            print(f"every line came out, in order; peak memory grew {growth:.1%} after the first row")
            print(
                f"{known} different lines ({1 - known / options.lines:.1%} repeat an earlier one), a cache of "
                f"{size / 1e6:.1f} MB: {size / known:.0f} bytes for each different line"
            )
    except AlignError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
