"""Which texts run together: batches planned from lengths and texts alone, so that a rerun plans the same."""

from __future__ import annotations

from collections.abc import Sequence


def plan_batches(texts: Sequence[str], lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Indexes of `texts` in batches of at most `budget` tokens, padding included.

    Texts are sorted by length in tokens, then by text: neighbours are of like length (little padding), and
    the plan does not depend on the order in which texts came. A text above the budget is a batch by itself.
    """
    batches: list[list[int]] = []
    batch: list[int] = []
    for _, _, index in sorted((n, t, i) for i, (n, t) in enumerate(zip(lengths, texts, strict=True))):
        if batch and (len(batch) + 1) * lengths[index] > budget:
            batches.append(batch)
            batch = []
        batch.append(index)
    return [*batches, batch] if batch else batches
