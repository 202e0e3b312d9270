"""A page or an article saved as plain text -> a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from align.loading.bodies import paragraphs
from align.loading.cleaning import clean, split_lines
from align.loading.dates import date_line, parse_date
from align.loading.drafts import Draft, Unusable
from align.loading.outlets import Carrier, Outlet, Outlets
from align.loading.unwrapping import columns, is_wrapped

_HEADER_WITHIN = 60  # lines with text above which a carrier's header stands
_HEADER_LINES = 4  # lines on which a header may be broken up
_DATE_WITHIN = 4  # lines with text below the title in which a date line is looked for
_LONGEST_TITLE = 200  # columns; a longer first line that ends as a sentence is text


def read_text(text: str, outlets: Outlets) -> Draft:
    """Draft of a text: a carrier's page if one of its first lines is a carrier's header, else a plain article.

    A plain article is a title on the first line, perhaps a date line, and paragraphs. Raises Unusable
    ("empty", "no-text").
    """
    lines = split_lines(text)
    if not any(map(clean, lines)):
        raise Unusable("empty", "is empty; save the article again")
    return read_carried(lines, outlets) or _read_plain(lines, outlets)


def read_carried(lines: Sequence[str], outlets: Outlets) -> Draft | None:
    """Draft of the article on a carrier's page, given as lines; None where no line is a carrier's header.

    The title is what stands above the header; the article ends where the carrier's own matter begins.
    """
    for carrier in outlets.carriers:
        found = _find_header(lines, carrier)
        if found is None:
            continue
        start, end, header = found
        outlet, lang = outlets.source(header["source"])
        body = lines[end : _end_of_article(lines, end, carrier, header["source"])]
        title = _title_above(lines[:start], wrapped=is_wrapped(body))
        original = header.groupdict().get("original")
        return _with_text(
            Draft(
                outlet=outlet,
                title=title,
                paragraphs=_without_title(paragraphs(body, outlet, carrier.furniture), title),
                date=parse_date(header["date"]),
                lang=lang,
                lang_hints=(outlet.lang,),
                original_urls=(original,) if original else (),
            )
        )
    return None


def _cut_lines(carrier: Carrier, source: str) -> re.Pattern[str]:
    """What matches a whole line with which a carrier's page goes on after an article of `source`."""
    name = re.escape(clean(source))
    return re.compile(
        "|".join(f"(?:{p.replace('{source}', name)})" for p in carrier.cut_from) or r"(?!)", re.IGNORECASE
    )


def _find_header(lines: Sequence[str], carrier: Carrier) -> tuple[int, int, re.Match[str]] | None:
    """First line, line after the last, and match of a carrier's header, which may be broken into a few lines."""
    pattern = re.compile(carrier.header, re.IGNORECASE)
    places = [(n, clean(line)) for n, line in enumerate(lines) if clean(line)][: _HEADER_WITHIN + _HEADER_LINES]
    for first in range(min(len(places), _HEADER_WITHIN)):
        longest: tuple[int, int, re.Match[str]] | None = None
        for count in range(1, min(_HEADER_LINES, len(places) - first) + 1):
            match = pattern.fullmatch(" ".join(text for _, text in places[first : first + count]))
            # A longer match is the header only if the added line is a part of it, not a title or a paragraph.
            if match and (longest is None or match["source"] == longest[2]["source"]):
                longest = (places[first][0], places[first + count - 1][0] + 1, match)
        if longest and parse_date(longest[2]["date"]):
            return longest
    return None


def _end_of_article(lines: Sequence[str], start: int, carrier: Carrier, source: str) -> int:
    pattern = _cut_lines(carrier, source)
    return next((n for n in range(start, len(lines)) if pattern.fullmatch(clean(lines[n]))), len(lines))


def _title_above(lines: Sequence[str], *, wrapped: bool) -> str:
    """The last line above a header; all lines of its block where the text is hard-wrapped."""
    block: list[str] = []
    for line in map(clean, reversed(lines)):
        if line:
            block.insert(0, line)
        elif block:
            break
    return " ".join(block) if wrapped else "".join(block[-1:])


def _read_plain(lines: Sequence[str], outlets: Outlets) -> Draft:
    kept = list(lines)
    filled = [n for n, line in enumerate(lines) if clean(line)]
    date, title, first = "", "", 0
    while first < len(filled) and (found := date_line(clean(lines[filled[first]]))):
        date, first = date or found, first + 1
    if first < len(filled):
        line = clean(lines[filled[first]])
        if columns(line) <= _LONGEST_TITLE or not re.search(r"[.!?。][\"'”’)]*$", line):
            title, first = line, first + 1
    start = filled[first - 1] + 1 if first else 0
    for n in filled[first : first + _DATE_WITHIN]:
        if found := date_line(clean(lines[n])):
            date, kept[n] = date or found, ""
    body = [clean(line) for line in kept[start:] if clean(line)]
    outlet = outlets.signed(body[0], body[-1]) if body else outlets.generic
    return _with_text(
        Draft(
            outlet=outlet,
            title=title,
            paragraphs=paragraphs(kept[start:], outlet),
            date=date,
            lang_hints=(outlet.lang,),
        )
    )


def _with_text(draft: Draft) -> Draft:
    if draft.paragraphs:
        return draft
    raise no_text(draft.title, draft.outlet)


def no_text(title: str, outlet: Outlet) -> Unusable:
    """The drop of a headline without an article."""
    of = f" of {outlet.names[0]}" if outlet.names else ""
    return Unusable(
        "no-text",
        f"holds the title '{title[:80]}'{of} but no text below it; save the whole article"
        if title
        else "holds no text; save the whole article",
    )


def _without_title(body: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Pages repeat the title as the first line of the text."""
    return body[1:] if title and body[:1] == (title,) else body
