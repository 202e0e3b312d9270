"""Machine translations of the source as evidence, where they are nearer to the target than the source is.

A translation is in the target's language, so its vector may be nearer to its counterpart's. It may also lead away,
for a model that does not know this kind of text invents. So a document is aligned without translations first; if
they are nearer to what the source segments were aligned with than the segments themselves, it is aligned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from align.alignment.sides import Floats, SideVectors
from align.embedding import Passages
from align.records import Bead


def with_translations(source: SideVectors, translated: Passages) -> SideVectors:
    """The source with what its translations add: a run's vector is the unit sum of its own and its translation's,
    and a segment has the windows of both. Anchors, edges and lengths stay the source's: models get figures wrong.

    `translated` holds passages of one text for each segment; of a segment without a translation, its own text.
    """
    theirs = (*translated.runs, *source.runs[len(translated.runs) :])
    owners = np.concatenate([source.owners, translated.owners])
    order = np.argsort(owners, kind="stable")
    return replace(
        source,
        runs=tuple(_unit(own + other) for own, other in zip(source.runs, theirs, strict=True)),
        windows=np.concatenate([source.windows, translated.windows])[order],
        owners=owners[order],
    )


def are_nearer(translated: Passages, source: SideVectors, target: SideVectors, beads: Sequence[Bead]) -> bool:
    """Whether the translations are nearer to the target than the source is, over the beads of a first alignment.

    Compared is the mean cosine of the linked beads, each counted by its confidence; none: no.
    """
    gain = 0.0
    for bead in beads:
        if bead.source and bead.target:
            at, size = bead.source[0], len(bead.source) - 1
            other = target.runs[len(bead.target) - 1][bead.target[0]]
            gain += (bead.confidence or 0.0) * float(
                translated.runs[size][at] @ other - source.runs[size][at] @ other
            )
    return gain > 0


def _unit(vectors: Floats) -> Floats:
    found: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return found
