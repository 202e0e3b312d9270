"""Lines of a text -> the article's paragraphs: what the outlet sets around its text is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from align.loading.cleaning import clean, has_text
from align.loading.outlets import Outlet
from align.loading.unwrapping import unwrap


def paragraphs(lines: Sequence[str], outlet: Outlet, furniture: Iterable[str] = ()) -> tuple[str, ...]:
    """Clean paragraphs of `lines` (as they stand in the file: indents and empty lines help to unwrap).

    Cut: lines without any letter or digit, the outlet's furniture and `furniture` (patterns) anywhere; at the
    end bylines, the outlet's names and end marks.
    """
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in (*outlet.furniture, *furniture)]
    kept = [line for line in lines if not _is_furniture(clean(line), patterns)]
    _cut_tail(kept, outlet)
    return tuple(text for text in unwrap(kept) if has_text(text))


def _is_furniture(line: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    if not line:
        return False  # an empty line parts paragraphs
    return not has_text(line) or any(pattern.fullmatch(line) for pattern in patterns)


def _cut_tail(lines: list[str], outlet: Outlet) -> None:
    bylines = [
        *(re.compile(pattern, re.IGNORECASE) for pattern in outlet.bylines),
        *(re.compile(rf"[(（\[]?{re.escape(clean(name))}[)）\]]?\.?", re.IGNORECASE) for name in outlet.names),
    ]
    while lines:
        last = clean(lines[-1])
        if not last or any(byline.fullmatch(last) for byline in bylines):
            lines.pop()
            continue
        mark = next((mark for mark in outlet.end_marks if last.endswith(clean(mark))), None)
        if mark is None:
            return
        rest = last[: -len(clean(mark))].rstrip()
        # The line keeps its indent: it tells paragraphs apart in wrapped text.
        lines[-1] = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())] + rest
