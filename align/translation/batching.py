"""Which texts run together: batches planned from lengths and texts alone, so that a rerun plans the same."""

from __future__ import annotations

from collections.abc import Sequence

from align.translation.search import BUCKET, bucket


def plan_batches(texts: Sequence[str], lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indexes of `texts` in batches of at most `budget` tokens, padding included, longest texts first.

    Texts are sorted by length in tokens, then by text: neighbours are of like length (little padding), the
    plan does not depend on the order in which texts came, and of batches that run side by side the short
    ones come last. All texts of a batch fall into one bucket of lengths, and each counts as
    BUCKET tokens at least. A text above the budget is a batch by itself.
    """
    order = sorted((-length, text, index) for index, (length, text) in enumerate(zip(lengths, texts, strict=True)))
    batches: list[list[int]] = []
    for negative, _, index in order:
        longest = lengths[batches[-1][0]] if batches else 0
        # What a row costs at least, in memory above all, does not depend on its length.
        if bucket(longest) != bucket(-negative) or (len(batches[-1]) + 1) * max(longest, BUCKET) > budget:
            batches.append([])
        batches[-1].append(index)
    return batches
