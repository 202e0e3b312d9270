"""Sentence embedders behind one protocol."""

from align.embedding.embedder import Embedder, load_embedder

__all__ = ["Embedder", "load_embedder"]
