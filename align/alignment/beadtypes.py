"""The bead types that the search considers, and the classes that share a prior weight."""

from __future__ import annotations

# Beads of up to seven segments occur in gold data; larger ones are rare enough to be left to review.
MAX_TOTAL = 7


def bead_types(max_size: int) -> list[tuple[int, int]]:
    """All sizes (source, target) with at most `max_size` a side and MAX_TOTAL together, the nulls first."""
    sizes = range(1, max_size + 1)
    return [(1, 0), (0, 1)] + [(a, b) for a in sizes for b in sizes if a + b <= MAX_TOTAL]


def type_class(a: int, b: int) -> str:
    """Class of a bead type, the same for (a, b) and (b, a)."""
    low, high = min(a, b), max(a, b)
    if low == 0:
        return "null"
    if high == 1:
        return "1-1"
    if low == 1:
        return f"1-{min(high, 4)}"
    return "2-2" if high == 2 else "n-m"


TYPE_CLASSES = ("1-1", "1-2", "1-3", "1-4", "2-2", "n-m")
