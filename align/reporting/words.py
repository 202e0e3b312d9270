"""Numbers, dates, flags and codes in the words a reader would use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from align.language.codes import LANGUAGES

_MONTHS = "January February March April May June July August September October November December".split()
_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")

# What the checks of a translation, or of one back, found. A flag may carry a detail after a colon, which is shown.
_FLAGS: Mapping[str, str] = {
    "empty": "there is no translation",
    "copy": "the source was copied instead of translated",
    "loop": "the translation repeats itself",
    "length": "the translation is much shorter or longer than the source leads one to expect",
    "script": "the translation is not in the script of its language",
    "numbers": "a number of the source is not in the translation",
    "split": "the source was too long for the model and was translated in parts",
    "unfinished": "the model stopped before the translation came to an end",
    "retried": "the first translation failed a check, and this is a better one of further attempts",
    "back-empty": "there is no translation back",
    "back-copy": "the original was copied instead of translated back",
    "back-loop": "the translation back repeats itself",
    "back-length": "the translation back is much shorter or longer than the original leads one to expect",
    "back-script": "the translation back is not in the script of its language",
    "back-numbers": "a number of the original is not in the translation back",
    "back-split": "the original was too long for the model and was translated back in parts",
    "back-unfinished": "the model stopped before the translation back came to an end",
    "back-retried": "the first translation back failed a check, and this is a better one of further attempts",
}

METRICS: Mapping[str, str] = {
    "BLEU": "word sequences shared with the original; 0 to 100, higher is nearer",
    "chrF": "character sequences shared with the original; 0 to 100, higher is nearer",
    "chrF++": "character and word sequences shared with the original; 0 to 100, higher is nearer",
    "TER": "edits per 100 words that would turn the translation into the original; lower is nearer",
}

_ALONE: Mapping[str, str] = {
    "cut": "only in the original",
    "added": "only in the article",
    "unaligned": "not placed by the aligner",
}

_EVIDENCE: Mapping[str, str] = {
    "given": "paired by hand",
    "link": "paired by the page’s own link to its original",
    "stem": "paired by the same file name",
    "similar": "paired by likeness of the texts",
}

# Characters that steer the direction of the text around them, and controls that no page should hold.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with controls, which HTML cannot hold, shown as the replacement character."""
    return _CONTROL.sub("\ufffd", text)


def plain(text: str) -> str:
    """The text for places that cannot isolate a direction (a window's title): one line, no steering characters."""
    return " ".join(_STEERING.sub("", clean(text)).split())


def count(n: int, noun: str, plural: str = "") -> str:
    """`1 sentence`, `3,000 articles`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def of_them(n: int, total: int) -> str:
    """`none of 40`, `2 of 40`, `all 40`."""
    if n == total and n > 1:
        return f"all {total:,}"
    return f"{f'{n:,}' if n else 'none'} of {total:,}"


def percent(share: float | None) -> str:
    """A share from 0 to 1 as people write it: `8%`, `under 1%`; a dash where there is none."""
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return "under 1%"
    return f"{share:.0%}" if share < 0.995 or share >= 1 else "99%"


def decimal(value: float | None, digits: int = 1) -> str:
    """A number with few digits, a true minus and a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def long_date(iso: str) -> str:
    """`6 August 2022`; what is no ISO date stays as it is."""
    parts = _ymd(iso)
    return f"{parts[2]} {_MONTHS[parts[1] - 1]} {parts[0]}" if parts else iso


def short_date(iso: str) -> str:
    """`6 Aug 2022`, for tables and axes."""
    parts = _ymd(iso)
    return f"{parts[2]} {_MONTHS[parts[1] - 1][:3]} {parts[0]}" if parts else iso


def date_span(first: str, last: str) -> str:
    """`6 August 2022`, or `6 August to 8 September 2022`."""
    a, b = _ymd(first), _ymd(last)
    if a is None or b is None or a == b:
        return long_date(first or last)
    if a[0] == b[0]:
        return f"{a[2]} {_MONTHS[a[1] - 1]} to {long_date(last)}"
    return f"{long_date(first)} to {long_date(last)}"


def _ymd(iso: str) -> tuple[int, int, int] | None:
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", iso)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    return int(found[1]), int(found[2]), int(found[3])


def language_name(code: str) -> str:
    """The English name of a language, or its code."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def direction(code: str) -> str:
    """`rtl` or `ltr`; an unknown language leaves it to the browser (`auto`)."""
    return LANGUAGES[code].dir if code in LANGUAGES else "auto"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def flag_words(flag: str) -> str:
    """What a translation check found, as a clause; a flag that is not known here by its own name."""
    name, _, detail = flag.partition(":")
    key = re.sub(r"[\s_]+", "-", name.strip().lower())
    words = _FLAGS.get(key, key.replace("-", " "))
    return f"{words} ({detail.strip()})" if detail.strip() else words


def evidence_words(evidence: str, confidence: float | None) -> str:
    """How an article's original was found; likeness with its confidence."""
    words = _EVIDENCE.get(evidence, f"paired by {evidence}")
    return f"{words} (confidence {confidence:.2f})" if evidence == "similar" and confidence is not None else words


def bead_words(bead: str) -> str:
    """`2-1` as `two sentences to one`; a kind without counterpart by what it means."""
    if bead in _ALONE:
        return _ALONE[bead]
    left, _, right = bead.partition("-")
    words = [_NUMERALS[int(n)] if n.isdigit() and int(n) < len(_NUMERALS) else n for n in (left, right)]
    return f"{words[0]} {'sentence' if left == '1' else 'sentences'} to {words[1]}"


def metric_words(name: str, score: float, signature: str, n: int | None) -> str:
    """Everything that belongs to a score: what it is, its value, over how many segments, its signature."""
    parts = [f"{name} {score:.2f}" + (f" over {count(n, 'segment')}" if n is not None else "")]
    if name in METRICS:
        parts.append(METRICS[name])
    if signature:
        parts.append(f"signature {signature}")
    return "; ".join(parts)


def scored(metrics: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """(metric, score for people, everything about it), the most telling for Korean first: chrF++, BLEU, TER."""
    order = ("chrF++", "chrF", "BLEU", "TER")
    names = [name for name in order if name in metrics] + sorted(name for name in metrics if name not in order)
    return tuple(
        (
            name,
            decimal(metrics[name]["score"]),
            metric_words(
                name, metrics[name]["score"], metrics[name].get("signature") or "", metrics[name].get("n")
            ),
        )
        for name in names
        if metrics[name] and metrics[name].get("score") is not None
    )


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Consecutive numbers gathered: 5, 9, 10 -> (5, 5), (9, 10)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def web_address(url: str) -> str:
    """The address if it leads to the web (http or https), else empty: a page's link is hostile text too."""
    if re.search(r"[\x00-\x20\x7f]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
