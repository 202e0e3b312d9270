"""Sentence embedders behind one protocol."""

from align.embedding.embedder import Embedder, Vectors, load_embedder
from align.embedding.passages import Passages, embed_passages

__all__ = ["Embedder", "Passages", "Vectors", "embed_passages", "load_embedder"]
