"""Numbers of a text and the other forms that a translation may give them."""

from __future__ import annotations

import math
import re
import unicodedata

from align.language.months import MONTH_OF, ONLY_CAPITAL

# Digits with grouping marks or a decimal: 1,000 / 1 000 / 3.5. The DPRK's print groups thousands with a space.
_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3}){1,5}(?![, ]?\d{3})(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)*")
_UNITS = {
    **dict.fromkeys("백百", 10**2),
    **dict.fromkeys("천千", 10**3),
    **dict.fromkeys("만万萬", 10**4),
    **dict.fromkeys("억亿億", 10**8),
    **dict.fromkeys("조兆", 10**12),
}
# 조 is a unit, but not in 조선; 여 says "more than".
_UNIT = f"(?:조(?!선)|[{''.join(_UNITS).replace('조', '')}])"
# Bounded and possessive, so that long rows of figures take no more time than others.
_COMPOUND = re.compile(rf"(?:\d[\d,. ]{{0,24}}+여?{_UNIT}+\s?)+(\d[\d, ]{{0,24}}+)?")
_COMPOUND_PART = re.compile(rf"(\d[\d,. ]*+)여?({_UNIT}*)")
_DIGITS = 30  # of longer ones nobody writes another form
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALE = re.compile(rf"[\s-]*({'|'.join(_SCALES)})s?\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
# A month in words, where it is a date's and no other word's ("Arduous March").
_MONTH_OF = MONTH_OF | {"mar": 3, "jun": 6, "jul": 7}  # elsewhere these are too often other words
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DATED = re.compile(
    rf"\b(?:in|since|until|till|early|late|from|mid)[ -](?:(?:early|late|mid)[ -])?({_MONTH})\b"
    rf"|\d(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?({_MONTH})\b|\b({_MONTH})\.?\s+\d",
    re.IGNORECASE,
)
_MONTH_NAME = re.compile(rf"\b(?:{_MONTH})\b")
# Words for round and small numbers: Korean, English, Chinese. Meant to be lenient.
_WORDS: dict[int, tuple[str, str, str]] = {
    1: ("하나|한|첫", "one|first|once|single", "一"),
    2: ("둘|두", "two|second|twice|both", "二|两"),
    3: ("셋|세|석", "three|third|triple", "三"),
    4: ("넷|네|넉", "four", "四"),
    5: ("다섯", "five|fifth", "五"),
    6: ("여섯|륙|육", "six", "六"),
    7: ("일곱|칠", "seven", "七"),
    8: ("여덟|팔", "eight", "八"),
    9: ("아홉", "nine|ninth", "九"),
    10: ("열|십", "ten|decade", "十"),
    11: ("열한|열하나|십일", "eleven", "十一"),
    12: ("열두|열둘|십이", "twelve|twelfth|dozen", "十二"),
    20: ("스무|스물|이십", "twent", "二十"),
    30: ("서른|삼십", "thirt", "三十"),
    40: ("마흔|사십", "fort", "四十"),
    50: ("쉰|오십|절반", "fift|half", "五十"),
    60: ("예순|륙십|육십", "sixt", "六十"),
    70: ("일흔|칠십", "sevent", "七十"),
    80: ("여든|팔십", "eight", "八十"),
    90: ("아흔|구십", "ninet", "九十"),
    100: ("백|세기", "hundred|cent", "百"),
    1000: ("천", "thousand|millen", "千"),
    10000: ("만", "ten thousand", "万|萬"),
}
_SPELLED = re.compile(
    rf"\b(?:({'|'.join(words[1].split('|')[0] for n, words in _WORDS.items() if n <= 12)})|"
    rf"({'|'.join(words[1].split('|')[0] for n, words in _WORDS.items() if 20 <= n <= 90)})\w*)"
    rf"[\s-]({'|'.join(_SCALES)})",
    re.IGNORECASE,
)
_SPELLED_VALUE = {words[1].split("|")[0]: n for n, words in sorted(_WORDS.items(), reverse=True)}
# Behind a small figure in Korean: what one counts or dates by. Before other syllables the figure makes a word
# (3자회담, 2모작), which a translation may well write without a number.
_COUNTED = re.compile(r"[월일시분년명개톤호]|[^가-힣]|$")
_ONE = re.compile(r"월|[^가-힣]|$")  # 1년동안 is "during the past year"
_JUCHE = 1911  # Juche 1 is 1912
_NEAR = 16  # characters beside a figure that may say what it counts


def lost_numbers(source: str, translation: str) -> tuple[str, ...]:
    """Numbers in digits, and months of dates, in `source` of which `translation` shows no form, as written.

    Accepted forms: other grouping and decimal marks; 만 and 억 or million and billion; words for small
    numbers; a month's name for its figure and the reverse; Juche years for years of our era and the
    reverse; two-digit years; afternoon hours; the parts of a date written with points (4.15). Zero is
    not looked for: "-0-" is the agency's end mark.
    """
    source, translation = (
        _ADDRESS.sub(" ", unicodedata.normalize("NFKC", text)) for text in (source, translation)
    )
    there = _values(translation)
    lowered = translation.lower()
    compounds = [(found.span(), _compound(found)) for found in _COMPOUND.finditer(source)]
    as_written = {found.group() for found in _NUMBER.finditer(translation)}
    lost = []
    for match in _NUMBER.finditer(source):
        written = match.group()
        if written in as_written:
            continue
        if len(written) == 1 and not (_ONE if written == "1" else _COUNTED).match(source, match.end()):
            continue
        before = source[max(0, match.start() - _NEAR) : match.start()].rstrip().lower()
        after = source[match.end() : match.end() + _NEAR].lstrip().lower()
        values = _readings(written) | _scaled(source, match)
        values = values.union(*(found for (start, end), found in compounds if start <= match.start() < end))
        parts = [float(part) for part in re.findall(r"\d+", written)]
        if not any(_shown(value, there, lowered, before, after) for value in values) and not (
            len(parts) > 1 and all(_shown(part, there, lowered, before, after) for part in parts)
        ):
            lost.append(written)
    for found in _DATED.finditer(source):
        name = next(filter(None, found.groups()))
        if (name[0].isupper() or name not in ONLY_CAPITAL) and _MONTH_OF[name.lower()] not in there:
            lost.append(name)
    return tuple(lost)


def _shown(value: float, there: set[float], translation: str, before: str, after: str) -> bool:
    if value == 0 or value in there:
        return True
    if not math.isfinite(value) or value != int(value):
        return False
    number = int(value)
    if number in _WORDS:
        korean, english, chinese = _WORDS[number]
        if re.search(rf"(?<![가-힣])(?:{korean})|\b(?:{english})|(?:{chinese})", translation):
            return True
    if 1900 <= number <= 2100:
        return number - _JUCHE in there or number % 100 in there
    if re.search(r"(?:juche|주체)$", before):
        return number + _JUCHE in there
    if number < 100 and re.match(r"년|年|'?s\b", after):
        return bool({1900 + number, 2000 + number} & there)
    if number < 12 and re.match(r"(?::\d\d\s*)?p\.?\s?m\b", after):
        return number + 12 in there
    return False


def _values(text: str) -> set[float]:
    """All numbers that `text` may be said to show, in every reading; months' names count as figures."""
    found: set[float] = set()
    for match in _NUMBER.finditer(text):
        # A date such as 4.15, and figures that a space only seems to group, show their parts.
        found |= {float(part) for part in re.findall(r"\d+", match.group())}
        found |= _readings(match.group()) | _scaled(text, match)
    for match in _COMPOUND.finditer(text):
        found |= _compound(match)
    for small, tens, scale in _SPELLED.findall(text):
        found.add(float(_SPELLED_VALUE[(small or tens).lower()] * _SCALES[scale.lower()]))
    return found | {float(_MONTH_OF[name]) for name in _MONTH_NAME.findall(text.lower())}


def _readings(written: str) -> set[float]:
    """Values of a figure with marks: "1,000" may be a thousand, or one with a decimal comma."""
    bare = written.replace(" ", "")
    found: set[float] = set()
    if len(bare) > _DIGITS:
        return found
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        found.add(float(bare.replace(",", "")))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare):
        found.add(float(bare.replace(".", "").replace(",", ".")))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", bare):
        found.add(float(bare.replace(",", ".")))
    return found


def _scaled(text: str, match: re.Match[str]) -> set[float]:
    scale = _SCALE.match(text, match.end())
    return {value * _SCALES[scale.group(1).lower()] for value in _readings(match.group())} if scale else set()


def _compound(match: re.Match[str]) -> set[float]:
    """Values of a figure with Korean or Chinese units, "3억 2 000만": with and without bare digits behind it."""
    total = 0.0
    for digits, units in _COMPOUND_PART.findall(match.group()):
        bare = re.sub(r"[, ]|\.\s*$", "", digits)
        value = float(bare) if re.fullmatch(r"\d+(?:\.\d+)?", bare) else 0.0
        for unit in units:
            value *= _UNITS[unit]
        total += value
    behind = re.sub(r"[, ]", "", match.group(1) or "")
    return {total, total - float(behind)} if behind else {total}
