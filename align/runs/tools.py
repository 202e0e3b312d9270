"""The tools of a run, built once per process from its settings: translators, embedder, aligner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from align.alignment import Aligner, load_aligner
from align.config import RunSettings
from align.embedding import Embedder, Vectors, load_embedder
from align.translation import Translator, load_translator

# What a caller may watch: the stage, how much of it is done, and of how much (0: not known).
Progress = Callable[[str, int, int], None]
# Texts that are embedded between two signs of life.
_PIECE = 256


class Tools:
    """Loads what a run needs at the moment it is needed: a run without originals loads no aligner."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self._translators: dict[tuple[str, str], Translator | None] = {}

    @cached_property
    def embedder(self) -> Embedder:
        return load_embedder(self.settings.align.embedder, online=self.settings.online)

    @cached_property
    def aligner(self) -> Aligner:
        return load_aligner(self.settings.align, self.embedder)

    def watched_embedder(self, watch: Progress) -> Embedder:
        """The embedder, telling how far it has come with each list of texts."""
        return _Watched(self.embedder, watch)

    def translator(self, source: str, target: str) -> Translator | None:
        """The translator for a direction, None where no model is at hand or nothing is to be translated."""
        if source == target:
            return None
        if (source, target) not in self._translators:
            self._translators[source, target] = load_translator(
                self.settings.translate, source, target, online=self.settings.online
            )
        return self._translators[source, target]

    def models(self) -> dict[str, Translator | None]:
        """What was asked for so far, by direction ("en-ko")."""
        return {f"{a}-{b}": found for (a, b), found in sorted(self._translators.items())}


class _Watched:
    """An embedder that works in pieces and tells how many texts are done."""

    def __init__(self, embedder: Embedder, watch: Progress) -> None:
        self.name, self.dim = embedder.name, embedder.dim
        self._embedder, self._watch = embedder, watch

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = [self._embedder.embed([])]
        for start in range(0, len(texts), _PIECE):
            vectors.append(self._embedder.embed(texts[start : start + _PIECE]))
            self._watch("reading texts for matching", min(start + _PIECE, len(texts)), len(texts))
        return np.concatenate(vectors)
