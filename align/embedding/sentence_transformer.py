"""Any sentence-transformers model as embedder: LaBSE, bge-m3, or one of your own. Needs an extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from align.embedding.embedder import Vectors
from align.embedding.hub import find_model
from align.embedding.unique import embed_unique
from align.errors import ModelError
from align.hub import no_loading_bar

_BATCH = 32


class SentenceTransformerEmbedder:
    """A model of the sentence-transformers library (Reimers and Gurevych 2019), on a GPU where torch sees one.

    Texts longer than the model's own limit are cut there by the model, as anywhere else that it is used.
    """

    def __init__(self, model: str, threads: int = 0, *, online: bool = False) -> None:
        """`model` is a directory or a hub name. Raises ModelError where it or the library is not here or unfit."""
        if importlib.util.find_spec("sentence_transformers") is None:
            raise ModelError(
                f"embedder '{model}' needs the package sentence-transformers, which is not installed; "
                "run: pip install 'align-bitext[sentence-transformers]'"
            )
        # Found before the library is imported, which takes seconds: a missing model is told at once.
        path = find_model(model, online=online)
        # A record must not carry a path of this machine: a directory goes by its own name.
        self.name = path.resolve().name if Path(model).expanduser().is_dir() else model
        self._threads = threads
        self._model = _load(path)
        found = self._encode(["."])
        if found.ndim != 2 or not np.isfinite(found).all():
            raise ModelError(f"{path}: does not turn a text into one vector of numbers; download it again")
        self.dim = found.shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, shape (len(texts), dim), each of length 1; equal texts are computed once.

        Batches are planned from the set of the texts: their order changes nothing. Texts of one batch are padded
        to its longest, which can change a vector in its last digits.
        """
        return embed_unique(texts, self.dim, self._embed)

    def _embed(self, texts: list[str]) -> Vectors:
        order = sorted(range(len(texts)), key=lambda k: (len(texts[k]), texts[k]))
        found = np.empty((len(texts), self.dim), dtype=np.float32)
        found[order] = self._encode([texts[k] for k in order])
        return found

    def _encode(self, texts: list[str]) -> Vectors:
        with _torch_threads(self._threads):
            vectors = self._model.encode(texts, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)


def _load(path: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        with no_loading_bar():
            return SentenceTransformer(str(path), local_files_only=True)
    except Exception as error:  # whatever a broken file makes the libraries raise
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(
            f"{path}: cannot be loaded as a sentence-transformers model: {reason}. Download or copy it again"
        ) from error


@contextmanager
def _torch_threads(threads: int) -> Iterator[None]:
    """Limit torch's threads, which are the whole process's, for a while; 0 leaves them as they are."""
    import torch

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads or before)
        yield
    finally:
        torch.set_num_threads(before)
