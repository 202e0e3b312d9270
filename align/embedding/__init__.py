"""Sentence embedders behind one protocol."""

from align.embedding.embedder import Embedder, Vectors, load_embedder

__all__ = ["Embedder", "Vectors", "load_embedder"]
