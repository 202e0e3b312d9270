"""Where to search: the whole rectangle for short documents, else a band around a coarse-to-fine path.

Long documents are halved by summing neighbouring vectors until they are short, aligned one to one there, and the
path is refined at each level within a margin (Thompson and Koehn 2019, section 3.3), so time and memory grow with
the length and not with its square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.alignment.search import Band
from align.alignment.sides import Floats

# Cells up to which the whole rectangle is searched.
SMALL = 6_000
_SLACK = 12
_ROWS = 64
_SAMPLE = 100
# What chance gives is two deviations above the mean; similarity under that is worth a tenth. Chosen on documents
# of up to 16,000 segments with planted gaps: without the tenth, coarse levels may have nothing to go by.
_DEVIATIONS, _LITTLE = np.float32(2.0), np.float32(0.1)
_DIAGONAL, _UP, _LEFT, _NONE = 0, 1, 2, -1e9


def make_band(source: Floats, target: Floats, half_width: int) -> Band:
    """Band for vectors of single segments, shapes (n, dim) and (m, dim); `half_width` in target segments."""
    n, m = len(source), len(target)
    if n * m <= SMALL or min(n, m) <= 2 * half_width:
        return Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
    return _around(_path(source, target), n, m, half_width)


def _path(source: Floats, target: Floats) -> NDArray[np.int64]:
    """First and last target position of each source position on the best one-to-one path, shape (n + 1, 2)."""
    n, m = len(source), len(target)
    if n * m <= SMALL or min(n, m) < 8:
        band = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
    else:
        coarse = _path(_halve(source), _halve(target))
        doubled = np.repeat(coarse * 2, 2, axis=0)[: n + 1]
        doubled[:, 1] = np.minimum(doubled[:, 1] + 1, m)
        doubled[-1, 1] = m
        band = _around(np.minimum(doubled, m), n, m, _SLACK)
    return _one_to_one(source, target, band)


def _halve(vectors: Floats) -> Floats:
    """Unit sums of neighbouring rows, shape (ceil(n / 2), dim)."""
    odd = vectors[-1:] if len(vectors) % 2 else vectors[:0]
    sums = np.concatenate([vectors[0 : len(vectors) - 1 : 2] + vectors[1::2], odd])
    found: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return found


def _around(path: NDArray[np.int64], n: int, m: int, half_width: int) -> Band:
    """Band of the positions within `half_width` of a path in either direction."""
    index = np.arange(n + 1)
    lo = path[np.maximum(index - half_width, 0), 0] - half_width
    hi = path[np.minimum(index + half_width, n), 1] + half_width
    lo, hi = np.maximum.accumulate(np.clip(lo, 0, m)), np.maximum.accumulate(np.clip(hi, 0, m))
    lo[0], hi[-1] = 0, m
    return Band(lo, hi)


def _one_to_one(source: Floats, target: Floats, band: Band) -> NDArray[np.int64]:
    """Path of steps (1, 1), (1, 0), (0, 1) in the band with the most gain from similarity.

    Similarity above the mean gains little, and much only where it is above what chance gives. Chance matters where
    a long passage has no counterpart: among many segments a few are similar to anything, and a path that could
    collect them at full worth would leave its true course early or come back late.
    """
    (means, chances), (their_means, their_chances) = _usual(source, target), _usual(target, source)
    moves = np.zeros(band.starts[-1], np.int8)
    lows = band.lo.tolist()
    moves[1 : band.sizes[0]] = _LEFT
    row = np.zeros(band.sizes[0], np.float32)
    for first in range(0, band.n, _ROWS):
        last = min(band.n, first + _ROWS)
        c0, c1 = lows[first], int(band.hi[last])
        similar = source[first:last] @ target[c0:c1].T
        gains = np.maximum(similar - (chances[first:last, None] + their_chances[c0:c1]) / 2, 0)
        gains += _LITTLE * np.maximum(similar - (means[first:last, None] + their_means[c0:c1]) / 2, 0)
        for i in range(first + 1, last + 1):
            lo, size, shift = lows[i], band.sizes[i], lows[i] - lows[i - 1]
            up = np.full(size, _NONE, np.float32)
            known = row[shift : shift + size]
            up[: len(known)] = known
            diagonal = np.full(size, _NONE, np.float32)
            begin = 0 if shift else 1
            known = row[shift + begin - 1 : shift + size - 1]
            at = lo + begin - 1 - c0
            diagonal[begin : begin + len(known)] = known + gains[i - 1 - first, at : at + len(known)]
            best = np.maximum(up, diagonal)
            row = np.maximum.accumulate(best)
            move = moves[band.starts[i] : band.starts[i + 1]]
            move[:] = up >= diagonal
            move[row > best] = _LEFT
    return _trace(moves, band)


def _trace(moves: NDArray[np.int8], band: Band) -> NDArray[np.int64]:
    """First and last target position of each source position on the path of these moves, shape (n + 1, 2)."""
    path = np.zeros((band.n + 1, 2), np.int64)
    lows, i, j = band.lo.tolist(), band.n, int(band.hi[-1])
    path[i, 1] = j
    while True:
        move = moves[band.starts[i] + j - lows[i]]
        if move == _LEFT and j > 0:
            j -= 1
            continue
        path[i, 0] = j
        if i == 0:
            return path
        i, j = i - 1, j - (1 if move == _DIAGONAL else 0)
        path[i, 1] = j


def _usual(ours: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    """Mean similarity of each of ours to the other side, and what it seldom passes by chance, both of shape (n,).

    Mean and deviation are those to at most `_SAMPLE` evenly spaced vectors of the other side.
    """
    sample = theirs[:: max(1, len(theirs) // _SAMPLE)]
    means, chances = np.empty(len(ours), np.float32), np.empty(len(ours), np.float32)
    for start in range(0, len(ours), 4096):
        similar = ours[start : start + 4096] @ sample.T
        means[start : start + 4096] = similar.mean(axis=1)
        chances[start : start + 4096] = means[start : start + 4096] + _DEVIATIONS * similar.std(axis=1)
    return means, chances
