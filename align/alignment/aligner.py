"""Two lists of segments -> beads with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from align.alignment.band import make_band
from align.alignment.model import BeadModel, load_model, score_blocks
from align.alignment.search import Found, decode, posterior_blocks
from align.alignment.sides import Floats, SideVectors, compose_side, embed_side
from align.alignment.signals import Signals
from align.config import AlignSettings
from align.embedding import Embedder, load_embedder
from align.errors import InputError
from align.language.codes import joiner
from align.records import Bead

# Costs of minimum-risk decoding, chosen on the development sets with bench/beads.py.
_BEAD_COST, _NULL_COST, _LEAST = 0.4, 0.4, 0.1


@dataclass(frozen=True)
class Aligner:
    """An embedder, the learned bead model and the search settings, ready for many documents."""

    embedder: Embedder
    settings: AlignSettings
    model: BeadModel

    def align(
        self, source: Sequence[str], target: Sequence[str], source_lang: str = "", target_lang: str = ""
    ) -> list[Bead]:
        """Align two lists of segments; every segment stands in exactly one bead, in order.

        The languages say how segments are joined. Raises InputError for a segment without text.
        """
        for name, texts in (("source", source), ("target", target)):
            empty = next((k for k, text in enumerate(texts) if not text.strip()), None)
            if empty is not None:
                raise InputError(f"{name} segment {empty} has no text; remove empty lines before aligning")
        size = self.model.max_size
        return self.align_sides(
            embed_side(source, self.embedder, size, joiner(source_lang)),
            embed_side(target, self.embedder, size, joiner(target_lang)),
        )

    def align_vectors(
        self,
        source: Floats,
        target: Floats,
        source_lengths: Sequence[float] | None = None,
        target_lengths: Sequence[float] | None = None,
    ) -> list[Bead]:
        """Align vectors of single segments, shapes (n, dim) and (m, dim); lengths in characters help."""
        sides = []
        for vectors, lengths in ((source, source_lengths), (target, target_lengths)):
            sides.append(compose_side(vectors, lengths or [1.0] * len(vectors), self.model.max_size))
        return self.align_sides(*sides)

    def align_sides(self, source: SideVectors, target: SideVectors) -> list[Bead]:
        """Align two sides whose run vectors are at hand."""
        if not source.n or not target.n:
            # Nothing to compare with: every segment stands alone, and that is certain.
            return [Bead((i,), (), 1.0) for i in range(source.n)] + [Bead((), (j,), 1.0) for j in range(target.n)]
        band = make_band(source.runs[0], target.runs[0], self.settings.band)
        types = self.model.types
        blocks = score_blocks(Signals(source, target, types), self.model.weights, band)
        posteriors = posterior_blocks(blocks, types, band, self.model.opening)
        return [_bead(found) for found in decode(posteriors, types, band, _BEAD_COST, _NULL_COST, _LEAST)]


def load_aligner(settings: AlignSettings, embedder: Embedder | None = None) -> Aligner:
    """The aligner of these settings; `embedder` saves loading one that is at hand."""
    return Aligner(embedder or load_embedder(settings.embedder), settings, load_model())


def beads(
    source: Sequence[str] | Floats,
    target: Sequence[str] | Floats,
    *,
    source_lang: str = "",
    target_lang: str = "",
    aligner: Aligner | None = None,
) -> list[Bead]:
    """Align two lists of strings, or two arrays of vectors of shapes (n, dim) and (m, dim).

    Raises InputError for empty segments, unusable vectors, or strings on one side only.
    """
    aligner = aligner or load_aligner(AlignSettings())
    if isinstance(source, np.ndarray) and isinstance(target, np.ndarray):
        return aligner.align_vectors(source, target)
    if isinstance(source, np.ndarray) or isinstance(target, np.ndarray):
        raise InputError("one side is an array of vectors and the other is not; give strings or arrays for both")
    return aligner.align(source, target, source_lang, target_lang)


def _bead(found: Found) -> Bead:
    confidence = round(min(max(found.posterior, 0.0), 1.0), 4)
    return Bead(tuple(range(found.i, found.i + found.a)), tuple(range(found.j, found.j + found.b)), confidence)
