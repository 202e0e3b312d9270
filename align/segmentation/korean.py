"""Korean: where a sentence ends, in the spelling and spacing of either state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from align.segmentation.marks import BRACKETS, ELLIPSES, OPENERS

if TYPE_CHECKING:
    from align.segmentation.sentences import Place

# Words that take up a quotation before them and carry the sentence on.
_TAKES_UP = re.compile(
    r"(?:이?라[고는며]|이?란|하[고며는여면였]|하시[며였]|한다|했다|고|는|며|등|와|과|을|를|이|가|의|에|로|도)(?=[\s,])"
)
# The same written together with the quotation, as particles are.
_TAKES_UP_TOGETHER = re.compile(r"이?라|이?란|하[고며는여였]|고(?:\s|[하말썼밝])|[는등와과을를의에로도]|[이가]\s")
_FINAL_SYLLABLES = frozenset("다까가요죠오소자라네지군구나냐니세서함음됨임것")
# -습니다, -입니다, -ㅂ니까 with a space after them; not "-습니다만" or "-습니다 라고".
_FORMAL = re.compile(r"니[다까](?= +(?!(?:이?라[고는며]|하[고며는]|만|고|는|며)[\s,]))")
_DATE = re.compile(r"(?<!\d)\d{2,4}\.\s?\d{1,2}(?:\.\s?\d{1,2})?\Z")
_BARE_NUMBER = re.compile(r"(?:^|[\s(《:])(?:\d{1,2}|[Ⅰ-Ⅻ])\Z")
_LIST_NUMBER = re.compile(r"[(《\"“]?(?:\d{1,3}|[가-힣ㄱ-ㅎ]|[A-Za-z]|[IVX]{1,4})\Z")
_LATIN_SHORT = re.compile(r"(?:(?:^|[\s(《\"“.])[A-Z]|\b(?:No|Nos|Mr|Mrs|Dr|St|Mt|vs|Vol|Co))\Z")


def goes_on(after: str, alone: bool = False) -> bool:
    """Whether the sentence goes on after a quotation; `after` is what follows the closing mark.

    `alone`: the quotation opens the sentence and ends with a full stop, so that a word written
    together with it goes on only if it is a particle or takes the quotation up.
    """
    if not after:
        return False
    if after[0] == " ":
        return bool(_TAKES_UP.match(after.lstrip()))
    if after[0].isalnum():
        return not alone or bool(_TAKES_UP_TOGETHER.match(after))
    return after[0] in ",、，·∙"


def unmarked_ends(text: str) -> set[int]:
    """Positions after formal verb endings (-습니다, -ㅂ니까) that a space follows and no full stop."""
    return {m.end() for m in _FORMAL.finditer(text) if m.start() and _has_final_bieup(text[m.start() - 1])}


def _has_final_bieup(syllable: str) -> bool:
    # A Hangul syllable is 0xAC00 + (initial * 21 + vowel) * 28 + final; the final ㅂ is number 17.
    code = ord(syllable) - 0xAC00
    return 0 <= code < 11172 and code % 28 == 17


def ends_at(place: Place) -> bool:
    """Whether a Korean sentence ends at a place."""
    if place.at == place.end:  # a formal ending without a full stop
        return True
    behind, run = place.behind(), place.run
    final = behind[-1:] in _FINAL_SYLLABLES
    if place.closed:
        alone = "." in run and place.text[place.start] in OPENERS
        return not goes_on(place.text[place.end : place.end + 16], alone)
    if not place.gap:
        if place.next in OPENERS:
            return final or place.next in BRACKETS
        return (final and "가" <= place.next <= "힣") or ("!" in run or "！" in run or run == "。")
    if any(dots in run for dots in ELLIPSES):
        return final
    if run[0] not in ".．":
        return True
    # No Korean sentence ends in a bare number of one or two digits: it is a mark in a list, or a date.
    if _DATE.search(behind) or _BARE_NUMBER.search(behind) or (behind[-1:].isdigit() and place.next.isdigit()):
        return False
    if _LIST_NUMBER.match(behind) and len(behind) == place.at - place.start:
        return False
    return not _LATIN_SHORT.search(behind)
