"""The pictures of the index: geometry and words, for the template to draw as SVG with a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from align.reporting import words
from align.reporting.summary import BINS, UNSURE, Row

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 352, 12, 164
MOST_POINTS = 150


@dataclass(frozen=True, slots=True)
class Mark:
    """A point or the top of a bar at (x, y); `series` 0, 1, 2 ... is drawn by shape, not by colour alone."""

    x: float
    y: float
    series: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a place on an axis; `anchor` is SVG's text-anchor."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the picture's table; `href` leads to the article's page."""

    text: str
    href: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture. `absent` says why there is none; `sentence` what it shows, `note` what to know reading it."""

    name: str
    sentence: str
    note: str = ""
    absent: str = ""
    form: str = "stems"
    marks: tuple[Mark, ...] = ()
    series: tuple[str, ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Value:
    day: date
    value: float
    lang: str
    row: Row | None
    label: str


def left_out(rows: Sequence[Row], page: Callable[[Row], str]) -> Chart:
    """What share of its original each article leaves out, over time."""
    name = "What is left out"
    known = [row for row in rows if row.share_cut is not None]
    if not known:
        return Chart(name, "", absent="No article has an original, so nothing can be said of what was left out.")
    worst = max(known, key=lambda row: (row.share_cut or 0.0, row.article))
    some = sum(1 for row in known if row.share_cut)
    whose = f"; the most, {words.percent(worst.share_cut)}, of “{words.plain(worst.title) or worst.article}”"
    sentence = (
        f"{words.of_them(some, len(known)).capitalize()} originals are left out in part{whose if some else ''}."
    )
    if len(known) == 1:
        sentence = f"The one article with an original leaves out {words.percent(worst.share_cut)} of it."
    values, undated = _values(known, lambda row: row.share_cut)
    note = "Share of the original’s characters that have no counterpart in the article."
    if not values:
        return Chart(name, sentence, absent="No article has a date, so there is no line of time to draw.")
    return _over_time(name, sentence, note + undated, "stems", values, page, "Left out", words.percent)


def scores_over_time(rows: Sequence[Row], page: Callable[[Row], str], absent: str) -> Chart:
    """chrF++ of each article's translation against its original, over time."""
    name = "How near the translations come"
    known = [row for row in rows if _chrf(row) is not None]
    if not known:
        return Chart(name, "", absent=absent or "No article was scored.")
    scores = sorted(_chrf(row) or 0.0 for row in known)
    middle = scores[len(scores) // 2] if len(scores) % 2 else sum(scores[len(scores) // 2 - 1 :][:2]) / 2
    sentence = (
        f"The translations come to chrF++ {words.decimal(middle)} of 100 in the middle article, "
        f"from {words.decimal(scores[0])} to {words.decimal(scores[-1])}."
    )
    values, undated = _values(known, _chrf)
    note = "The original is an independently edited text, no reference: even good translations score low."
    if not values:
        return Chart(name, sentence, absent="No article has a date, so there is no line of time to draw.")
    return _over_time(name, sentence, note + undated, "points", values, page, "chrF++", words.decimal)


def confidence(rows: Iterable[Row]) -> Chart:
    """How sure the aligner is of its beads: a histogram in ten bins."""
    name = "How sure the aligner is"
    bins = [sum(column) for column in zip(*(row.confidences for row in rows), strict=True)] or [0] * BINS
    total = sum(bins)
    if not total:
        return Chart(name, "", absent="Nothing was aligned, so there is no confidence to show.")
    unsure = sum(bins[: int(UNSURE * BINS)])
    sentence = (
        f"The aligner is at least 90% sure of {words.of_them(bins[-1], total)} beads, "
        f"and less than half sure of {f'{unsure:,}' if unsure else 'none'}."
    )
    most = _ceiling(max(bins))
    wide = (RIGHT - LEFT) / BINS
    labels = [f"{n / BINS:.1f} to {(n + 1) / BINS:.1f}" for n in range(BINS)]
    return Chart(
        name,
        sentence,
        "Confidence is the probability that a bead is exactly right. This run has nothing to check it by.",
        form="bars",
        marks=tuple(
            Mark(round(LEFT + (n + 0.5) * wide, 1), _height(value, most), strong=n < UNSURE * BINS)
            for n, value in enumerate(bins)
        ),
        x_ticks=tuple(Tick(LEFT + share * (RIGHT - LEFT), f"{share:g}") for share in (0, 0.5, 1)),
        y_ticks=_y_ticks(most, lambda value: f"{value:,.0f}"),
        header=("Confidence", "Beads"),
        rows=tuple((Cell(label), Cell(f"{value:,}")) for label, value in zip(labels, bins, strict=True)),
    )


def _chrf(row: Row) -> float | None:
    found = row.metrics.get("chrF++") or {}
    score: float | None = found.get("score")
    return score


def _values(rows: Sequence[Row], value: Callable[[Row], float | None]) -> tuple[list[_Value], str]:
    """Dated values in order of time, gathered by month where there are too many; and a word on those undated."""
    dated: list[_Value] = []
    for row in rows:
        try:
            dated.append(_Value(date.fromisoformat(row.date), value(row) or 0.0, row.original_lang, row, row.date))
        except ValueError:
            continue
    missing = len(rows) - len(dated)
    undated = (
        f" {words.count(missing, 'article')} without a date {'is' if missing == 1 else 'are'} not drawn."
        if missing
        else ""
    )
    dated.sort(key=lambda v: (v.day, v.lang, v.row.article if v.row else ""))
    if len(dated) <= MOST_POINTS:
        return dated, undated
    months: dict[tuple[int, int, str], list[float]] = {}
    for v in dated:
        months.setdefault((v.day.year, v.day.month, v.lang), []).append(v.value)
    means = [
        _Value(date(year, month, 15), sum(found) / len(found), lang, None, f"{year}-{month:02}")
        for (year, month, lang), found in months.items()
    ]
    return means, f" Means by month of {len(dated):,} articles.{undated}"


def _over_time(
    name: str,
    sentence: str,
    note: str,
    form: str,
    values: Sequence[_Value],
    page: Callable[[Row], str],
    measure: str,
    written: Callable[[float], str],
) -> Chart:
    first, last = values[0].day.toordinal(), values[-1].day.toordinal()
    highest = max(v.value for v in values)
    most = share_ceiling(highest) if written is words.percent else _ceiling(highest)
    langs = list(dict.fromkeys(v.lang for v in values))
    same: dict[int, int] = {}
    marks: list[Mark] = []
    of_day = {day: [v.day for v in values].count(day) for day in {v.day for v in values}}
    for v in values:
        day = v.day.toordinal()
        x = (
            LEFT + 14 + (day - first) / max(1, last - first) * (RIGHT - LEFT - 28)
            if last > first
            else (LEFT + RIGHT) / 2
        )
        # Articles of one day stand beside each other, not on each other.
        nth = same[day] = same.get(day, -1) + 1
        x += (nth - (of_day[v.day] - 1) / 2) * 7
        marks.append(Mark(round(x, 1), _height(v.value, most), langs.index(v.lang) % 3))
    ends = [Tick(LEFT, words.short_date(values[0].day.isoformat()), "start")]
    if last > first:
        ends.append(Tick(RIGHT, words.short_date(values[-1].day.isoformat()), "end"))
    else:
        ends = [Tick((LEFT + RIGHT) / 2, words.short_date(values[0].day.isoformat()))]
    return Chart(
        name,
        sentence,
        note,
        form=form,
        marks=tuple(marks),
        series=tuple(words.language_name(lang) for lang in langs) if len(langs) > 1 else (),
        x_ticks=tuple(ends),
        y_ticks=_y_ticks(most, written),
        header=("Date", "Article", "Original in", measure),
        rows=tuple(
            (
                Cell(words.short_date(v.label)),
                Cell(v.row.title or v.row.article, page(v.row), v.row.lang)
                if v.row
                else Cell("mean of the month"),
                Cell(words.language_name(v.lang)),
                Cell(written(v.value)),
            )
            for v in values
        ),
    )


def share_ceiling(share: float) -> float:
    """The top of an axis of shares: the first of a few round shares that is not below `share`."""
    return next(top for top in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0) if share <= top or top == 1.0)


def _ceiling(value: float) -> float:
    """A round number at or above `value` for the top of an axis."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return next(float(step * power) for step in (1, 2, 4, 6, 8, 10) if value <= step * power)


def _height(value: float, most: float) -> float:
    return round(BOTTOM - min(1.0, value / most) * (BOTTOM - TOP), 1)


def _y_ticks(most: float, written: Callable[[float], str]) -> tuple[Tick, ...]:
    whole = written is words.decimal

    def label(value: float) -> str:
        return f"{value:g}" if whole else written(value)

    halves = (0.0, most / 2, most) if most > 1 or most < 1 else (0.0, most)
    return tuple(Tick(_height(value, most), label(value)) for value in halves)
