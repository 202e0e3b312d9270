"""One text in, one translation out, always, in the order given: a model of either engine, its cache and checks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial

from align.config import TranslateSettings
from align.errors import InputError, ModelError
from align.language.codes import check_language
from align.translation.cache import Translated, TranslationCache, open_cache
from align.translation.chunk import Chunk, Job, Plan
from align.translation.conversion import converted
from align.translation.ct2 import Ct2Engine
from align.translation.hardware import place
from align.translation.hf import HfEngine
from align.translation.models import ModelFiles, read_model
from align.translation.search import Engine, Hypothesis, Search
from align.translation.vocabulary import load_pieces

# Raise it whenever the same model and settings would give another text or other flags than before:
# it is part of `settings_key`, so that nothing stale comes out of a cache.
_VERSION = 2
# Of a model's positions, the share that one source may take; the rest is room for a longer translation.
# The starter has 256 positions and was trained on sources of up to 160 pieces.
_SOURCE_SHARE = 160 / 256
# Lines that are planned together and become safe together, for each 1000 tokens of a batch. More would fill the
# batches a little better; an interruption would cost more.
_LINES = 512
_CHARACTERS = 200_000
# Chunks that may wait for an earlier one.
_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class Cutting:
    """A way of cutting a text into sentences; `name`, with a version, tells it from others in a cache."""

    name: str
    cut: Callable[[str], list[str]]


class Translator:
    """A model for one direction. Its weights are loaded at the first text that is not known, not before.

    `name` is fit for records (no path of this machine), `model_hash` a fingerprint of the model's files,
    `settings_key` one of all that decides a translation (model, direction, engine, precision, search; not the
    batch size, which changes no more than the last digit of a float, nor the number of threads, which changes
    nothing), `note` what is to be said of the model, or None, `placement` what it runs on.

    With the engine hf, torch works with one thread a batch in the whole process while texts are translated, and
    several batches run side by side (`TranslateSettings.threads`); afterwards torch's setting is as it was. A
    translator serves one call at a time.
    """

    def __init__(
        self,
        files: ModelFiles,
        settings: TranslateSettings,
        source: str,
        target: str,
        *,
        cut: Cutting | None = None,
        search: Search | None = None,
    ) -> None:
        """`cut` cuts texts into their sentences, which are then translated one by one and joined.

        `search` in place of what the settings say is for measuring. Raises ConfigError and ModelError.
        """
        self.name = files.name
        self.model_hash = files.model_hash
        self.note = files.note
        self.source = source
        self.target = target
        self.placement = place(settings)
        self._files = files
        self._pieces = load_pieces(files, source, target)
        # Alternatives are those of one search, and the first of them is the translation.
        retry = settings.retry and settings.n_best == 1
        self._search = search or Search(
            beam=settings.beam,
            hypotheses=settings.beam if retry or settings.n_best > 1 else 1,
            length_penalty=settings.length_penalty,
            repetition_penalty=settings.repetition_penalty,
            no_repeat_ngram=settings.no_repeat_ngram,
        )
        self._plan = Plan(
            self._pieces,
            self._search,
            retry,
            settings.n_best,
            int(files.positions * _SOURCE_SHARE) - self._pieces.specials,
            files.positions,
            self.placement.batch_tokens,
            source,
            target,
            cut.cut if cut else None,
        )
        decisive = {
            "version": _VERSION,
            "model": files.model_hash,
            "direction": f"{source}-{target}",
            "engine": self.placement.engine,
            "device": self.placement.device,
            "precision": self.placement.precision,
            "search": [self._search.beam, self._search.length_penalty, self._search.repetition_penalty],
            "no_repeat_ngram": self._search.no_repeat_ngram,
            "lengths": [self._search.shortest, self._search.longest],
            "retry": retry,
            "sentences": cut.name if cut else None,
            "n_best": settings.n_best,
        }
        self.settings_key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]
        self._engine: Engine | None = None

    def translate(
        self,
        texts: Sequence[str],
        progress: Callable[[int], None] | None = None,
        cache: TranslationCache | None = None,
    ) -> list[Translated]:
        """Translations of `texts`, as many and in the same order. See `stream`."""
        with closing(self.stream(texts, progress, cache)) as found:
            return list(found)

    def stream(
        self,
        texts: Iterable[str],
        progress: Callable[[int], None] | None = None,
        cache: TranslationCache | None = None,
    ) -> Generator[Translated, None, None]:
        """Translations of `texts`, as many and in the same order, in bounded memory however many there are.

        Equal texts are computed once. What `cache` knows is not computed again; what is new is added to it, some
        hundred lines at a time, so that the same call after an interruption goes on from there, and gives the same
        as without one. `progress` is called with the number of texts that have become ready since its last call;
        its numbers add up to that of the texts. Raises ModelError when the model cannot be loaded. Close it when
        you leave it early.
        """
        with ExitStack() as stack:
            known = cache if cache is not None else stack.enter_context(open_cache(None))
            yield from _Stream(self, iter(texts), known, progress or _unwatched, stack).run()

    def begin(self, lines: list[str]) -> Chunk:
        """A chunk of lines, not yet begun."""
        return Chunk(self._plan, lines)

    def next_lines(self, lines: Iterator[str]) -> list[str]:
        """As many lines as are planned together, fewer where they are long; [] at the end."""
        scale = self.placement.batch_tokens / 1000
        taken: list[str] = []
        size = 0
        for line in lines:
            taken.append(line)
            size += len(line)
            if len(taken) >= max(64, _LINES * scale) or size >= _CHARACTERS * scale:
                break
        return taken

    def engine(self) -> Engine:
        """The engine with the model's weights, loaded now if it was not. Raises ModelError."""
        if self._engine is None:
            files, banned, first = self._files, self._files.banned, self._pieces.first
            if self.placement.engine == "hf":
                self._engine = HfEngine(files, self.placement, banned=banned, first=first)
            else:
                path = converted(files, self.placement.precision)
                self._engine = Ct2Engine(path, self.placement, eos=files.eos, banned=banned, first=first)
        return self._engine


class _Stream:
    """One pass over texts: some chunks on their way at a time, their batches on the engine's workers."""

    def __init__(
        self,
        translator: Translator,
        texts: Iterator[str],
        cache: TranslationCache,
        progress: Callable[[int], None],
        stack: ExitStack,
    ) -> None:
        self._translator, self._texts, self._cache = translator, texts, cache
        self._progress, self._stack = progress, stack
        self._chunks: deque[Chunk] = deque()
        self._waiting: deque[Job] = deque()
        self._running: deque[tuple[Job, Future[list[list[Hypothesis]]]]] = deque()
        self._on_their_way: set[str] = set()
        self._pool: Executor | None = None
        self._ended = False

    def run(self) -> Generator[Translated, None, None]:
        while True:
            self._submit()
            while self._chunks and self._chunks[0].complete:
                yield from self._finish(self._chunks.popleft())
            if self._running:
                job, future = self._running.popleft()
                tick = partial(self._tick, job.chunk.times)
                # A retry is for the oldest chunk, which all others wait for.
                self._waiting.extendleft(reversed(job.chunk.take(job, self._result(future), tick)))
            elif self._ended and not self._chunks:
                return

    def _submit(self) -> None:
        """Keep the workers busy: while they translate, the next lines are read and cut into pieces."""
        while True:
            if self._waiting:
                if self._pool is None:
                    self._pool = self._stack.enter_context(self._translator.engine().session())
                if len(self._running) >= 4 * self._translator.placement.workers:
                    return
                job = self._waiting.popleft()
                run = self._translator.engine().run
                self._running.append((job, self._pool.submit(run, job.rows, job.search, job.limit)))
            elif self._ended or len(self._chunks) >= _CHUNKS or (self._chunks and self._chunks[0].complete):
                return
            elif self._running and self._running[0][1].done():
                return  # more lines may be long in coming: what is ready comes first
            else:
                self._read()

    def _read(self) -> None:
        lines = self._translator.next_lines(self._texts)
        if not lines:
            self._ended = True
            return
        chunk = self._translator.begin(lines)
        asked = [text for text in chunk.times if text.strip() and text not in self._on_their_way]
        known = self._cache.get(self._translator.settings_key, asked)
        new = {text: None for text in asked if text not in known}
        chunk.made |= known
        self._on_their_way |= new.keys()
        self._waiting.extend(chunk.begin(new))
        self._chunks.append(chunk)
        ready = sum(count for text, count in chunk.times.items() if text not in new)
        if ready:
            self._progress(ready)

    def _result(self, future: Future[list[list[Hypothesis]]]) -> list[list[Hypothesis]]:
        try:
            return future.result()
        except (RuntimeError, IndexError, ValueError, MemoryError) as error:  # whatever an engine raises
            at = self._translator.placement
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            hints = [f"another engine (--engine {'hf' if at.engine == 'ct2' else 'ct2'})"]
            if at.device == "cuda":
                hints.insert(0, "the CPU (--device cpu)")
            if isinstance(error, MemoryError) or "memory" in reason:
                hints.insert(0, f"smaller batches (--batch-tokens {at.batch_tokens // 4})")
            raise ModelError(
                f"model '{self._translator.name}' stopped with an error of {at.engine} on {at.device}: {reason}. "
                f"Try {' or '.join(hints)}"
            ) from error

    def _tick(self, times: Counter[str], text: str) -> None:
        self._progress(times[text])

    def _finish(self, chunk: Chunk) -> Generator[Translated, None, None]:
        key = self._translator.settings_key
        self._cache.put(key, chunk.new)
        self._on_their_way -= chunk.new.keys()
        # What earlier chunks had on their way when this one was read.
        asked = [text for text in chunk.times if text.strip() and text not in chunk.made]
        made = chunk.made | self._cache.get(key, asked)
        for line in chunk.lines:
            yield made[line] if line.strip() else Translated("", ("empty",))


def _unwatched(_ready: int) -> None:
    """Progress that nobody watches."""


def load_translator(
    settings: TranslateSettings,
    source: str,
    target: str,
    *,
    online: bool = False,
    cut: Cutting | None = None,
) -> Translator | None:
    """The translator for a direction, or None where the settings name no model for it.

    `cut`: see `Translator`. Reads and hashes the model's files but loads no weights. Raises ModelError when the
    model that is named is missing, incomplete, of a kind that does not run here, or does not translate into
    `target`, and ConfigError where the machine cannot do what the settings ask (a GPU, a precision).
    """
    name = settings.models.get(f"{source}-{target}")
    if name is None:
        return None
    return Translator(read_model(name, online=online), settings, source, target, cut=cut)


def translate(
    texts: Sequence[str],
    source: str,
    target: str,
    *,
    model: str | None = None,
    settings: TranslateSettings | None = None,
    online: bool = False,
) -> list[Translated]:
    """Translations of `texts` from language `source` into `target`, as many and in the same order.

    `model` is a directory, a packaged model or a hub name; without it the model that `settings` name for the
    direction. Each call loads the model anew: for many calls keep a `Translator` (`load_translator`).
    Raises ConfigError for an unknown language, InputError where `texts` is one string, and ModelError where
    there is no model for the direction, or what is named cannot be used.
    """
    if isinstance(texts, str):
        raise InputError("the texts to translate are one string; give a list of strings, one a segment")
    direction = f"{check_language(source)}-{check_language(target)}"
    settings = settings or TranslateSettings()
    if model is not None:
        settings = settings.model_copy(update={"models": {**settings.models, direction: model}})
    translator = load_translator(settings, source, target, online=online)
    if translator is None:
        known = ", ".join(sorted(settings.models)) or "none"
        raise ModelError(
            f"there is no model for {direction} (the settings name models for: {known}); give a directory, a "
            "packaged model or a hub name as the model"
        )
    return translator.translate(texts)
