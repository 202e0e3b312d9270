"""Sentences of one paragraph: find where one might end, and ask the rules of the language whether it does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from align.language.codes import LANGUAGES
from align.segmentation import east_asian, korean
from align.segmentation.full_stops import ends_at_full_stop
from align.segmentation.marks import BRACKETS, CLOSERS, MAX_PAIR, OPENERS, TERMINATORS, WIDE, find_pairs
from align.segmentation.oracle import Oracle

_SPACE = re.compile(r"\s")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")
# "Pyongyang, August 6 (KCNA) --", "(평양 8월 6일발 조선중앙통신)", "Пхеньян, 6 августа. /ЦТАК/ --"
_DATELINE = re.compile(
    r"[^()/\n]{2,60}(?:\([^()\n]{2,30}\)\s?){0,2}(?:\([^()\n]{2,40}\)|/[^/\n]{2,40}/)\.?\s*(?:--?|[–—―=])"
    r"|[(\[【（][^()\[\]【】（）\n]{2,60}(?:통신|일보|신문|뉴스)[)\]】）]"
)
# What stands after the last sentence and is none of its words: end marks and the agency's name.
_TAIL = re.compile(
    r"(?:-\s?0\s?-|(?:[(\[（]\s?)?끝\s?[)\]）]?|[(\[]\s?(?:End|END)\s?[)\]]"
    r"|[\[【(（](?:조선중앙통신|KCNA|[^\[\]【】()（）\s]{2,10}통신)[\]】)）])\.?\s*\Z"
)
_GOES_ON = TERMINATORS | frozenset(",;:，、；：)]}）］】")
_INVERTED = re.compile(r"[!?]+[^\W\d_]")
_DOTTED_END = re.compile(r"[A-Z]\.[A-Z]\Z")
_HAS_WORD = re.compile(r"\w")
_TAIL_LENGTH = 24


@dataclass(slots=True)
class Place:
    """A place where a sentence might end.

    `at` is the first terminator, `end` the end of the run of terminators and closing marks,
    `after` the next character that is not white space, `start` the start of the sentence.
    """

    text: str
    lang: str
    at: int
    end: int
    after: int
    start: int
    oracle: Oracle

    @property
    def run(self) -> str:
        """Terminators and closing marks, as in `."`."""
        return self.text[self.at : self.end]

    @property
    def closed(self) -> bool:
        """Whether a closing mark stands in the run."""
        return any(mark in CLOSERS for mark in self.run)

    @property
    def gap(self) -> bool:
        """Whether white space follows."""
        return self.after > self.end

    @property
    def next(self) -> str:
        """The next character that is not white space."""
        return self.text[self.after]

    def behind(self, length: int = 40) -> str:
        """Up to `length` characters of the sentence before the terminator."""
        return self.text[max(self.start, self.at - length) : self.at]

    def ahead(self, length: int = 40) -> str:
        """Up to `length` characters from `after` on."""
        return self.text[self.after : self.after + length]


@dataclass(slots=True)
class _Scan:
    """One paragraph, with what is found in it once: pairs of marks, and the stretches that stay whole."""

    text: str
    lang: str
    openers: set[int] = field(default_factory=set)
    whole: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        pairs = find_pairs(self.text)
        self.openers = {start for start, _ in pairs}
        dateline = _DATELINE.match(self.text)
        if dateline:
            self.whole.append((0, dateline.end()))
        self.whole += [pair for pair in pairs if pair[1] - pair[0] <= MAX_PAIR and self._embedded(*pair)]
        self.whole = _merged(self.whole)

    def whole_until(self, at: int) -> int:
        """End of the stretch around a position that is not cut: a dateline, an embedded quotation; else `at`."""
        place = bisect_right(self.whole, (at, len(self.text))) - 1
        return max(at, self.whole[place][1]) if place >= 0 else at

    def _embedded(self, start: int, end: int) -> bool:
        """Whether a quotation or bracket is a part of a sentence, so that no sentence ends in it."""
        before = self.text[max(0, start - 3) : start].rstrip()
        opens = not before or before[-1] in TERMINATORS or before[-1] in ":："
        if self.text[start] in BRACKETS:
            return not opens
        after = self.text[end + 1 : end + 16]
        if self.lang == "ko":
            return korean.goes_on(after, alone=opens and self.text[end - 1] == ".")
        if self.lang in ("ja", "zh"):
            return east_asian.goes_on(after, self.lang)
        return not opens and before[-1] != "," and after.lstrip()[:1].islower()


def sentence_spans(text: str, lang: str) -> list[tuple[int, int]]:
    """Spans of the sentences of one paragraph; `text` begins and ends with no white space.

    Line breaks in it count as spaces. The spans are in order, not empty, and leave out only white
    space. What holds no letter or digit stays with the sentence before it.
    """
    flat = _SPACE.sub(" ", text)
    spans: list[tuple[int, int]] = []
    start = begin = 0  # of the sentence; of what was not yet searched for a letter or digit
    for end, after in [*_ends(flat, lang), (len(flat), len(flat))]:
        if _HAS_WORD.search(flat, begin, end):
            spans.append((start, end))
            start = after
        elif spans and start < end:
            spans[-1] = (spans[-1][0], end)
            start = after
        begin = after
    if start < len(flat):  # no letter or digit anywhere
        spans.append((start, len(flat)))
    return spans


def _ends(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """(end of a sentence, start of the next), but for the last one."""
    scan, oracle = _Scan(text, lang), Oracle(text, lang)
    tail = _tail(text)
    start = 0
    for first, end in _candidates(text, lang, scan):
        until = scan.whole_until(first)
        # "(It was so.)." ends at the full stop behind the bracket.
        at = next((i for i in range(until, end) if text[i] in TERMINATORS), -1) if until > first else first
        if at < start:
            continue
        if end >= tail:
            break
        after = end
        while text[after] == " ":
            after += 1
        place = Place(text, lang, at, end, after, start, oracle)
        if after == tail or _ends_at(place):
            yield end, after
            start = after
    if start < tail < len(text):
        yield len(text[:tail].rstrip()), tail


def _tail(text: str) -> int:
    """Where the end mark begins; the length of the text where there is none."""
    offset = max(0, len(text) - _TAIL_LENGTH)
    found = _TAIL.search(text, offset)
    if not found or not _HAS_WORD.search(text, 0, found.start()):
        return len(text)
    # A word that merely ends in "끝" is none, nor is a last word "끝" of a sentence without a full stop.
    before = text[: found.start()].rstrip()[-1]
    finished = before in TERMINATORS or before in CLOSERS
    parted = finished or text[found.start() - 1] == " "
    return found.start() if parted and (finished or found.group()[0] != "끝") else len(text)


def _candidates(text: str, lang: str, scan: _Scan) -> Iterator[tuple[int, int]]:
    """(first terminator, end of the run of terminators and closing marks) of every place to ask about."""
    terminators = TERMINATORS | ({";", "\u037e"} if lang == "el" else set())
    at, length = 0, len(text)
    endings = korean.unmarked_ends(text) if lang == "ko" else set()
    while at < length:
        if text[at] not in terminators:
            if at in endings:
                yield at, at
            at += 1
            continue
        end = at + 1
        while end < length:
            if text[end] in terminators or (text[end] in CLOSERS and end not in scan.openers):
                end += 1
            elif (
                text[end] in " \u00a0\u202f"
                and text[end + 1 : end + 2] in ("»", "…")
                and end + 1 not in scan.openers
            ):
                end += 2
            elif footnote := _FOOTNOTE.match(text, end):
                end = footnote.end()
            else:
                break
        yield at, end
        at = end


def _ends_at(place: Place) -> bool:
    """Whether a sentence ends at a place."""
    # "!" and "?" stand for the inverted marks in Spanish texts that are kept in ASCII.
    inverted = place.lang == "es" and place.gap and _INVERTED.match(place.text, place.after)
    if place.next in _GOES_ON and not inverted:
        return False
    if place.lang == "ko":
        return korean.ends_at(place)
    if place.lang in ("ja", "zh") and (WIDE & set(place.run) or not place.gap):
        return east_asian.ends_at(place)
    first = _first_letter(place)
    if first.islower() and not WIDE & set(place.run):
        return False
    if not place.gap:
        if WIDE & set(place.run) or set(place.run) & set("։।॥۔။"):
            return True
        return _glued(place)
    possessive = place.run in (".'", ".’") and _DOTTED_END.search(place.behind(8))  # "the U.S.' Pacific policy"
    if "." not in place.run or (place.at + 1 < place.end and not possessive) or not LANGUAGES[place.lang].spaced:
        # "!", "?", "...", or a full stop that a mark closes off: the capital after it tells.
        return True
    return ends_at_full_stop(place)


def _first_letter(place: Place) -> str:
    """The first letter or digit after a place; empty where a mixed-case name such as iPhone stands there."""
    for at in range(place.after, min(len(place.text), place.after + 6)):
        letter = place.text[at]
        if letter.isalnum():
            following = place.text[at + 1 : at + 2]
            return "" if letter.islower() and following.isupper() else letter
        if letter not in OPENERS and letter not in "-–—―… ":
            return ""
    return ""


def _glued(place: Place) -> bool:
    """A full stop with a capital straight after it: an end where the space was forgotten ("ties.The")."""
    if place.run not in (".", "!", "?", '."', ".”"):
        return False
    behind = re.search(r"(?:[^\W\d_]{3,}|\d{4}|\))\Z", place.behind(16))
    ahead = re.match(r"[^\W\d_][^\W\d_A-Z]+", place.ahead(16))
    token = place.behind(60).rsplit(" ", 1)[-1] + place.ahead(40).split(" ", 1)[0]
    if not behind or not ahead or re.search(r"www|://|@|/", token):
        return False
    return place.next.isupper() and not behind.group()[-1:].isupper() and place.lang != "de"


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
