"""The minimap of an article: the way through both texts as a path, with breaks and ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 100, 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A bead: `source` characters of the article, `height` lines on the page (a guess, for scale)."""

    source: int
    height: int
    kind: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Minimap:
    """A drawing in a box of 100 x 1000: x is the share of the article read so far, y the place on the page.

    `path` runs where both sides go on, `alone` where only the article does; both break where the
    original goes on alone. `cuts` and `flags` are heights of ticks; `places` one height a bead.
    """

    path: str
    alone: str
    cuts: tuple[int, ...]
    flags: tuple[int, ...]
    places: tuple[int, ...]


def draw(sections: Sequence[Sequence[Step]]) -> Minimap:
    """The minimap of a page's sections, one under the other."""
    total = sum(step.height for steps in sections for step in steps) or 1
    path: list[str] = []
    alone: list[str] = []
    cuts: list[int] = []
    flags: list[int] = []
    places: list[int] = []
    top = 0
    for steps in sections:
        length = sum(step.source for step in steps) or 1
        read = 0
        last = ""
        for step in steps:
            y, below = _scaled(top, total, HEIGHT), _scaled(top + step.height, total, HEIGHT)
            x, further = _scaled(read, length, WIDTH), _scaled(read + step.source, length, WIDTH)
            into = "" if step.kind == "cut" else "path" if step.kind == "translated" else "alone"
            if into:
                line = path if into == "path" else alone
                # A move only where this line did not just end here: long texts stay small.
                line.append(f"L{further} {below}" if last == into else f"M{x} {y}L{further} {below}")
            else:
                cuts.append((y + below) // 2)
            if step.flagged:
                flags.append((y + below) // 2)
            places.append(y)
            last = into
            top += step.height
            read += step.source
    return Minimap("".join(path), "".join(alone), tuple(cuts), tuple(flags), tuple(places))


def _scaled(part: int, whole: int, size: int) -> int:
    return round(part / whole * size)
