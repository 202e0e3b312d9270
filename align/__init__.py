"""Articles, their originals and machine translations, aligned sentence by sentence.

The verbs of the command line are functions here: `align.load`, `align.segment`, `align.match`, `align.beads`,
`align.score`, `align.run`, `align.report`, `align.corpus`. They are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_VERBS = {
    "load": "align.loading",
    "segment": "align.segmentation",
    "segment_text": "align.segmentation",
    "match": "align.matching",
    "translate": "align.translation",
    "beads": "align.alignment",
    "evaluate": "align.alignment",
    "score": "align.scoring",
    "run": "align.runs",
    "report": "align.reporting",
    "corpus": "align.corpora",
}

__all__ = ["__version__", *_VERBS]


def __getattr__(name: str) -> Any:
    if name not in _VERBS:
        raise AttributeError(f"module 'align' has no attribute '{name}'")
    return getattr(import_module(_VERBS[name]), name)
