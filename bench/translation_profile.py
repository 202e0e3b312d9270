"""Where the time of our translator goes, and what share of the engine's the output layer has."""

from __future__ import annotations

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from align.config import TranslateSettings
from align.translation import TranslationCache, Translator, chunk, open_cache
from align.translation.ct2 import Ct2Engine
from align.translation.models import ModelFiles, read_model
from align.translation.search import Search
from bench.random_marian import parameters, random_marian

FORCED = 32
_WAITING = "waiting"
_IDS = "ids and strings for the engine"


@dataclass(slots=True)
class Effort:
    """Rows that went through the engine in batches, and the seconds that workers were busy with them."""

    rows: int = 0
    batches: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Seconds on the clock, and of these spent waiting for the engine; CPU seconds of all threads by part."""

    clock: float
    waited: float
    parts: dict[str, float]
    searches: dict[Search, Effort]
    """What went through the engine with which search, in order of first use: retries come behind."""


class _Meter:
    """Adds up what each part takes of its own thread's CPU time. No part runs inside another."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def timed(
        self, part: str, function: Callable[..., Any], clock: Callable[[], float] = time.thread_time
    ) -> Callable[..., Any]:
        def measured(*args: Any, **kwargs: Any) -> Any:
            start = clock()
            try:
                return function(*args, **kwargs)
            finally:
                took = clock() - start
                with self._lock:
                    self.seconds[part] += took

        return measured


def profile(translator: Translator, texts: Sequence[str], cache: Path) -> Profile:
    """Translate `texts` with a cache on the disk, as `align translate` does. The engine is ct2, loaded before."""
    meter = _Meter()
    searches: defaultdict[Search, Effort] = defaultdict(Effort)
    pieces = type(translator.begin([]).plan.pieces)
    measured: list[tuple[Any, str, str]] = [
        (pieces, "encode", "tokenising"),
        (pieces, "decode", "detokenising"),
        (chunk, "check", "checks"),
        (chunk, "plan_batches", "planning batches"),
        (TranslationCache, "get", "cache"),
        (TranslationCache, "put", "cache"),
    ]

    def counted(engine: Ct2Engine, rows: Sequence[Sequence[int]], search: Search, limit: int) -> Any:
        start = time.perf_counter()
        found = run(engine, rows, search, limit)
        with counting:
            effort = searches[search]
            effort.rows, effort.batches = effort.rows + len(rows), effort.batches + 1
            effort.seconds += time.perf_counter() - start
        return found

    counting, run = threading.Lock(), meter.timed(_IDS, Ct2Engine.run)
    with ExitStack() as stack:
        for owner, name, part in measured:
            stack.enter_context(patch.object(owner, name, meter.timed(part, getattr(owner, name))))
        stack.enter_context(patch.object(Ct2Engine, "run", counted))
        waits = meter.timed(_WAITING, Future.result, time.perf_counter)
        stack.enter_context(patch.object(Future, "result", waits))
        known = stack.enter_context(open_cache(cache))
        clock, main, every = time.perf_counter(), time.thread_time(), time.process_time()
        translator.translate(texts, cache=known)
        clock, main, every = time.perf_counter() - clock, time.thread_time() - main, time.process_time() - every
    waited, workers = meter.seconds.pop(_WAITING, 0.0), meter.seconds.pop(_IDS, 0.0)
    parts = {
        "the engine's own threads": every - main - workers,
        _IDS: workers,
        **meter.seconds,
        "the rest of the main thread": main - sum(meter.seconds.values()),
    }
    return Profile(clock, waited, parts, dict(searches))


def print_profile(files: ModelFiles, texts: Sequence[str], beam: int, folder: Path) -> None:
    settings = TranslateSettings(device="cpu", beam=beam)
    for kept in (True, False):
        translator = Translator(files, settings.model_copy(update={"retry": kept}), "en", "ko")
        retries = "with retries" if kept else "without retries"
        translator.translate(texts[:8])
        found = profile(translator, texts, folder / f"cache-{beam}-{kept}.sqlite")
        total = sum(found.parts.values())
        workers = translator.placement.workers
        print(
            f"\nProfile, ct2 {translator.placement.precision}, beam {beam}, {retries}, "
            f"{len(texts)} sentences: {found.clock:.1f} s on the clock, {total:.1f} s of CPU time "
            f"({total / found.clock / workers:.0%} of {workers} workers' time)"
        )
        for part, seconds in sorted(found.parts.items(), key=lambda item: -item[1]):
            print(f"  {part:<32}{seconds:>8.2f} s{seconds / total:>8.1%}")
        print(f"  the main thread waited for the engine {found.waited / found.clock:.0%} of the time")
        busy = sum(effort.seconds for effort in found.searches.values())
        for search, effort in found.searches.items():
            print(
                f"  beam {search.beam}, repetition penalty {search.repetition_penalty}: {effort.rows} rows in "
                f"{effort.batches} batches, {effort.seconds / busy:.1%} of the workers' time",
                flush=True,
            )


def engine_timer(files: ModelFiles, texts: Sequence[str], beam: int) -> Callable[[], float]:
    """A function that runs planned batches of forced lengths through the engine ct2 alone: seconds."""
    translator = Translator(
        files,
        TranslateSettings(device="cpu", retry=False),
        "en",
        "ko",
        search=Search(beam=beam, shortest=FORCED, longest=FORCED),
    )
    jobs, engine = translator.begin([]).begin(texts), translator.engine()

    def seconds() -> float:
        start = time.perf_counter()
        with engine.session() as pool:
            list(pool.map(lambda job: engine.run(job.rows, job.search, job.limit), jobs))
        return time.perf_counter() - start

    return seconds


def print_output_layer(
    pieces_of: Path,
    sizes: dict[str, Any],
    vocabulary: int,
    texts: Sequence[str],
    beams: Sequence[int],
    folder: Path,
) -> None:
    """The same sizes with random weights and two vocabularies: what nine tenths of the output layer cost."""
    full, tenth = (
        read_model(str(random_marian(folder / f"vocabulary-{size}", pieces_of, sizes, size)))
        for size in (vocabulary, vocabulary // 10)
    )
    for beam in beams:
        timers = engine_timer(full, texts, beam), engine_timer(tenth, texts, beam)
        for timer in timers:
            timer()
        turns = [[timer() for timer in timers] for _ in range(3)]
        whole, cut = (statistics.median(column) for column in zip(*turns, strict=True))
        share = (whole - cut) / 0.9 / whole
        print(
            f"  {parameters(full.path) / 1e6:.1f} M parameters, beam {beam}: {whole:.2f} s with a vocabulary of "
            f"{vocabulary}, {cut:.2f} s with {vocabulary // 10}; so the output layer, and the choice among its "
            f"outputs, have about {share:.0%}",
            flush=True,
        )
