"""The full stop before a capital or digit: an end, or part of an abbreviation, initial or number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from align.segmentation import abbreviations as words
from align.segmentation.marks import OPENERS

if TYPE_CHECKING:
    from align.segmentation.sentences import Place

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}\Z")
_ROMAN = re.compile(r"(?:[IVXLC]+|[Ⅰ-Ⅻ])\Z")
# "Article 21. Service for Tourists"
_HEADING = re.compile(rf"(?:{'|'.join(sorted(words.HEADINGS))}) (?:\d{{1,3}}|[IVXLC]+)\Z", re.IGNORECASE)
_DATE_BEHIND = re.compile(r"\d\.\s?\d{1,2}\Z")
_DATE_AHEAD = re.compile(r"\d{1,2}\.\s?\d{1,2}\b")
_OPENING = "".join(sorted(OPENERS))


def ends_at_full_stop(place: Place) -> bool:
    """Whether the single full stop at `place`, which white space follows, ends a sentence.

    The tables of `abbreviations` decide where they know the word before the stop; elsewhere
    sentencex does.
    """
    behind = place.behind()
    token = behind.rsplit(" ", 1)[-1].lstrip(_OPENING)
    if not token:  # a full stop that stands alone, as in tokenized text
        return True
    first = len(behind) == place.at - place.start and behind.lstrip(_OPENING) == token
    ahead = place.ahead().lstrip(_OPENING + "-–— ")
    digit = ahead[:1].isdigit()
    found = _WORD.match(ahead)
    following = found.group() if found else ""
    initial = len(following) == 1 and ahead[1:2] == "."
    starter = not initial and following in words.of(words.STARTERS, place.lang)
    if len(behind) == place.at - place.start and _HEADING.match(behind):
        return False
    if token.isdigit():
        return _ends_at_number(place, token, first, digit, starter)
    if first and (len(token) == 1 or _ROMAN.match(token)):  # a mark of a list
        return False
    return _ends_at_word(place, token, following, digit, starter)


def _ends_at_number(place: Place, token: str, first: bool, digit: bool, starter: bool) -> bool:
    if len(token) <= 3 and (first or place.behind()[: -len(token)].endswith(": ")):  # "1. The gate"
        return False
    if place.lang in words.ORDINALS and len(token) <= 2:  # "am 3. Oktober"
        return starter
    # A date such as "2024. 6. 18."
    return not digit or not (_DATE_AHEAD.match(place.ahead()) or _DATE_BEHIND.search(place.behind(12)))


def _ends_at_word(place: Place, token: str, following: str, digit: bool, starter: bool) -> bool:
    # A single capital is an initial, not the abbreviation in small letters ("p." for a page).
    lang, word = place.lang, token if len(token) == 1 else token.lower()
    if lang == "en":  # "the Rason-Mt. Kumgang tour", "the Japan-U.S. Security Treaty"
        word = word.rsplit("-", 1)[-1]
    if word in words.of(words.TITLES, lang):
        return False
    if word in words.of(words.NUMBERED, lang):
        # "Oct. 10", "No. 5", "Vol. II", "No. B"; but "in Aug. Since then"
        letter = len(following) == 1 and token[0].isupper() and not starter
        return not digit and not letter and not (_ROMAN.match(following) and len(following) < 5)
    if word in words.of(words.FINAL, lang):
        return following not in words.COMPANY_TAILS
    if starter:
        return True
    if word in words.of(words.EITHER, lang) or _DOTTED.match(token):
        return False
    if len(token) == 1 and token.isupper():  # an initial
        return False
    return place.oracle.ends_before(place.after)
