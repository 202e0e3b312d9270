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
    """Path of steps (1, 1), (1, 0), (0, 1) in the band with the most similarity above each segment's mean."""
    n, width = len(source), band.width
    step = max(1, len(target) // 400)
    usual = source @ target[::step].mean(axis=0)
    score = np.full((n + 1, width), -1e9, np.float32)
    move = np.zeros((n + 1, width), np.int8)
    score[0, : int(band.hi[0]) + 1] = 0.0
    move[0, 1:] = 2
    for i in range(1, n + 1):
        lo, hi, before = int(band.lo[i]), int(band.hi[i]), int(band.lo[i - 1])
        size, shift = hi - lo + 1, lo - before
        up = np.full(size, -1e9, np.float32)
        known = score[i - 1, shift:][:size]
        up[: len(known)] = known
        diagonal = np.full(size, -1e9, np.float32)
        first = 1 if shift == 0 else 0
        known = score[i - 1, shift - 1 + first :][: size - first]
        gain = np.maximum(target[lo + first - 1 : lo + first - 1 + len(known)] @ source[i - 1] - usual[i - 1], 0)
        diagonal[first : first + len(known)] = known + gain
        best = np.maximum(up, diagonal)
        through = np.maximum.accumulate(best)
        move[i, :size] = np.where(through > best, 2, np.where(diagonal > up, 0, 1))
        score[i, :size] = through
    path = np.zeros((n + 1, 2), np.int64)
    i, j = n, int(band.hi[n])
    path[n, 1] = j
    while True:
        step_ = move[i, j - int(band.lo[i])]
        if step_ == 2 and j > 0:
            j -= 1
            continue
        path[i, 0] = j
        if i == 0:
            return path
        i, j = i - 1, j - (1 if step_ == 0 else 0)
        path[i, 1] = j
