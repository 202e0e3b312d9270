"""The tools of a run, built once per process from its settings: translators, embedder, aligner."""

from __future__ import annotations

from functools import cached_property

from align.alignment import Aligner, load_aligner
from align.config import RunSettings
from align.embedding import Embedder, load_embedder
from align.translation import Translator, load_translator


class Tools:
    """Loads what a run needs at the moment it is needed: a run without originals loads no aligner."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self._translators: dict[tuple[str, str], Translator | None] = {}

    @cached_property
    def embedder(self) -> Embedder:
        return load_embedder(self.settings.align.embedder)

    @cached_property
    def aligner(self) -> Aligner:
        return load_aligner(self.settings.align, self.embedder)

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
