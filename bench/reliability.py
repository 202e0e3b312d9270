"""Whether confidence means what it says: confidence beside the share that is right, as a table and as a plot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

Outcome = tuple[float, bool]
"""The confidence of a bead, and whether it is right."""

# Side of a panel, and the room around it for labels, in pixels.
_PANEL, _LEFT, _TOP, _BELOW, _GAP = 240, 56, 36, 48, 72
# An image takes no colour from the page that shows it, so the plot brings its own for light and for dark.
_STYLE = """
.reliability { color: #1f2328; background: #ffffff; font: 12px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .reliability { color: #e6edf3; background: #0d1117; } }
.reliability text { fill: currentColor; }
.reliability line, .reliability .frame { stroke: currentColor; fill: none; }
.reliability .ideal { stroke-dasharray: 4 4; opacity: 0.6; }
.reliability .bar { fill: currentColor; opacity: 0.14; }
.reliability .point { fill: currentColor; }
""".strip()


@dataclass(frozen=True, slots=True)
class Bin:
    """Beads with a confidence in [low, high), the last bin with 1: their number, mean confidence, number right."""

    low: float
    high: float
    count: int
    confidence: float
    right: int


def reliability(outcomes: Sequence[Outcome], bins: int = 10) -> list[Bin]:
    """Beads in equal bins by confidence; bins without beads are left out."""
    confidence = np.array([value for value, _ in outcomes], float)
    right = np.array([truth for _, truth in outcomes], bool)
    place = np.digitize(confidence, [k / bins for k in range(1, bins)])
    return [
        Bin(k / bins, (k + 1) / bins, int(own.sum()), float(confidence[own].mean()), int(right[own].sum()))
        for k in range(bins)
        if (own := place == k).any()
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015)."""
    gaps = sum(abs(each.count * each.confidence - each.right) for each in bins)
    return gaps / max(sum(each.count for each in bins), 1)


def table(panels: Mapping[str, Sequence[Bin]]) -> str:
    """The bins of each panel, a line each: range, count, mean confidence, share right and its 95 % interval."""
    lines = []
    for name, bins in panels.items():
        lines.append(f"{name:<14}{'beads':>7}{'confidence':>12}{'right':>8}{'95 %':>14}")
        for each in bins:
            low, high = interval(each)
            lines.append(
                f"{f'{each.low:.1f}-{each.high:.1f}':<14}{each.count:>7}{each.confidence:>12.3f}"
                f"{each.right / each.count:>8.3f}{f'{low:.3f}-{high:.3f}':>14}"
            )
    return "\n".join(lines)


def interval(each: Bin) -> tuple[float, float]:
    """95 % interval of the share right (Wilson 1927)."""
    n, share, z = each.count, each.right / each.count, 1.96
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def plot(panels: Mapping[str, Sequence[Bin]]) -> str:
    """A reliability plot as SVG, a panel for each set of bins.

    A point a bin, its share right over its mean confidence, with the 95 % interval; on the dashed line both are
    equal. The bars are the bins' shares of all beads of the panel.
    """
    width = _LEFT + len(panels) * (_PANEL + _GAP) - _GAP + 24
    height = _TOP + _PANEL + _BELOW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="reliability" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        "<title>Share of beads that are exactly right, over confidence</title>",
        f"<style>{_STYLE}</style>",
    ]
    for number, (name, bins) in enumerate(panels.items()):
        left = _LEFT + number * (_PANEL + _GAP)
        parts += [f'<g transform="translate({left} {_TOP})">', *_panel(name, bins, first=number == 0), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(name: str, bins: Sequence[Bin], *, first: bool) -> list[str]:
    size, total = _PANEL, sum(each.count for each in bins)

    def x(value: float) -> str:
        return f"{value * size:.1f}"

    def y(value: float) -> str:
        return f"{(1 - value) * size:.1f}"

    parts = [
        f'<text x="{size / 2}" y="-14" text-anchor="middle" font-weight="600">{escape(name)} ({total:,})</text>',
        f'<text x="{size / 2}" y="{size + 36}" text-anchor="middle">confidence</text>',
    ]
    if first:
        parts.append(
            f'<text transform="translate(-40 {size / 2}) rotate(-90)" text-anchor="middle">share right</text>'
        )
    for k in range(0, 11, 2):
        label = f"{k / 10:.1f}"
        parts += [
            f'<line x1="{x(k / 10)}" y1="{size}" x2="{x(k / 10)}" y2="{size + 4}"/>',
            f'<text x="{x(k / 10)}" y="{size + 18}" text-anchor="middle">{label}</text>',
            f'<line x1="-4" y1="{y(k / 10)}" x2="0" y2="{y(k / 10)}"/>',
            f'<text x="-8" y="{y(k / 10)}" dy="4" text-anchor="end">{label}</text>',
        ]
    for each in bins:
        share = each.count / total
        parts.append(
            f'<rect class="bar" x="{x(each.low)}" y="{y(share)}" width="{x(each.high - each.low)}" '
            f'height="{x(share)}"/>'
        )
    parts += [
        f'<line class="ideal" x1="0" y1="{size}" x2="{size}" y2="0"/>',
        f'<rect class="frame" width="{size}" height="{size}"/>',
    ]
    for each in bins:
        (low, high), at = interval(each), x(each.confidence)
        parts += [
            f'<line x1="{at}" y1="{y(low)}" x2="{at}" y2="{y(high)}"/>',
            f'<circle class="point" cx="{at}" cy="{y(each.right / each.count)}" r="4">'
            f"<title>{each.right} of {each.count} right, mean confidence {each.confidence:.3f}</title></circle>",
        ]
    return parts
