"""Dates as pages and dumps write them -> ISO dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january enero января",
            "feb february febrero февраля",
            "mar march marzo марта",
            "apr april abril апреля",
            "may mayo мая",
            "jun june junio июня",
            "jul july julio июля",
            "aug august agosto августа",
            "sep sept september septiembre setiembre сентября",
            "oct october octubre октября",
            "nov november noviembre ноября",
            "dec december diciembre декабря",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_JUCHE = r"(?:(?:juche|주체)\s*(?P<juche>\d{1,3}))"
# "Juche 113 (2024)", "주체113(2024)년", "2024": the common year where it stands, else the Juche year.
_YEAR = rf"(?:{_JUCHE}\s*[(（]\s*(?P<year>\d{{4}})\s*[)）]|(?P<plain>(?:19|20)\d\d))"
_DAY = r"(?P<day>\d{1,2})"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<plain>(?:19|20)\d\d)\s*[-/.]\s*(?P<num>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})(?!\d)\.?",
        r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<num>\d{1,2})[/.-](?P<plain>(?:19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<plain>(?:19|20)\d\d)(?P<num>[01]\d)(?P<day>[0-3]\d)(?!\d)",
        rf"{_YEAR}\s*년\s*(?P<num>\d{{1,2}})\s*월\s*{_DAY}\s*일",
        rf"{_YEAR}\s*年\s*(?P<num>\d{{1,2}})\s*月\s*{_DAY}\s*日",
        rf"{_JUCHE}\s*[-/.년]\s*(?P<num>\d{{1,2}})\s*[-/.월]\s*{_DAY}(?!\d)\s*[.일]?",
        rf"\b{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?\s*,?\s*{_YEAR}",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th)?\s*(?:de\s+)?{_MONTH}\s*(?:de\s+|,\s*)?{_YEAR}(?:\s*г(?:ода|\.))?",
        rf"{_YEAR}\s*,?\s*{_MONTH}\s*{_DAY}(?!\d)",
    )
)
# What may stand beside the date in a line that is nothing but a date.
_AROUND = re.compile(
    r"\b(?:date|published|posted|updated|juche|on|at)\b|주체|날짜|게시|발표|오전|오후|[APap]\.?[Mm]\.?(?!\w)"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|[월화수목금토일]요일"
    r"|(?:\bT)?\d{1,2}\s*[:시時]\s*\d{1,2}(?:\s*[:분分]\s*(?:\d{1,2}(?:\.\d+)?\s*초?)?)?Z?|\b(?:kst|gmt|utc)\b|[+-]\d\d:?\d\d$",
    re.IGNORECASE,
)
_LARGEST = 1e15  # milliseconds; far beyond any year that a date can have
_JUCHE_YEAR_0 = 1911
_DIGITS = re.compile(r"[０-９]")


def parse_date(value: object) -> str:
    """The first date in `value` as YYYY-MM-DD, or "" where there is none.

    Takes text (ISO, day first with slashes or dots, Korean, Juche years, month names in English, Spanish and
    Russian) and numbers: seconds or milliseconds since 1970, read as UTC.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return _from_epoch(float(value)) if abs(value) < _LARGEST else ""
    text = str(value).strip()
    if re.fullmatch(r"-?\d{9,13}(?:\.\d+)?", text):
        return _from_epoch(float(text))
    found = _find(_DIGITS.sub(lambda digit: str(int(digit[0])), text))
    return found[0] if found else ""


def date_line(line: str) -> str:
    """The date of a line that holds nothing but a date, weekday and time; else ""."""
    if len(line) > 80:
        return ""
    text = _DIGITS.sub(lambda digit: str(int(digit[0])), line)
    found = _find(text)
    if found is None:
        return ""
    date, start, end = found
    # The day's number of a time zone or clock must not count as text; letters must.
    rest = _AROUND.sub(" ", f"{text[:start]} {text[end:]}")
    return date if not re.search(r"[^\W_]", rest) else ""


def _find(text: str) -> tuple[str, int, int] | None:
    """The valid date that stands first in `text`, with its span."""
    best: tuple[str, int, int] | None = None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            date = _to_iso(match)
            if date and (best is None or match.start() < best[1]):
                best = (date, match.start(), match.end())
            if date:
                break
    return best


def _to_iso(match: re.Match[str]) -> str:
    groups: Callable[[str], str | None] = match.groupdict().get
    year_text = groups("year") or groups("plain")
    year = int(year_text) if year_text else _JUCHE_YEAR_0 + int(groups("juche") or 0)
    month = int(groups("num") or 0) or _MONTHS[(groups("month") or "").lower()]
    day = int(groups("day") or 0)
    if month > 12 >= day:  # an American date among day-first ones
        month, day = day, month
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _from_epoch(number: float) -> str:
    if abs(number) < 1e8:
        # Too small for a moment, yet 20240618 is a date.
        found = _find(str(int(number)))
        return found[0] if found else ""
    seconds = number / 1000 if abs(number) >= 1e11 else number
    try:
        return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""
