"""Anchors: numbers, names and marks in a form that can be compared across languages and scripts.

Numbers are compared by value, months by their number. Names are compared by folded letters: without accents and
case between Latin scripts (which finds cognates too), through transliteration for Cyrillic, and for Korean through
a key that Northern and Southern romanisations share (Kim Jong Un = 김정은, Hwangju = 황주). Marks are those that
translators keep: questions, exclamations, colons, quotations, brackets, the dash of a list.
"""

from __future__ import annotations

import re
import unicodedata

from align.language.months import MONTH_OF, ONLY_CAPITAL

_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:[., ][0-9]{3})+(?![0-9])")
_SCALES = {
    10**2: "백 百",
    10**3: "천 千 thousand mil mille tausend тысяч тысячи",
    10**4: "만 万 萬",
    10**6: "million millions millón millones milhão milhões millionen milione milioni миллион миллионов",
    10**8: "억 億 亿",
    10**9: "billion billions milliard milliards milliarde milliarden miliardo miliardi миллиард миллиардов",
}
_FACTOR = {unit: factor for factor, units in _SCALES.items() for unit in units.split()}
_EASTERN = "".join(unit for unit in _FACTOR if len(unit) == 1)
_WESTERN = "|".join(unit for unit in _FACTOR if len(unit) > 1)
_NUMBER = re.compile(rf"([0-9]+(?:[.,][0-9]+)?)(?:([{_EASTERN}])|\s({_WESTERN})\b)?", re.IGNORECASE)
_JUCHE = re.compile(r"(?:juche|주체|чучхе|主体|主體)\s?([0-9]{1,3})(?![0-9])", re.IGNORECASE)
_JUCHE_ZERO = 1911  # Juche 1 is 1912

_WORD = re.compile(r"[^\W\d_]+")
_LATIN_NAME = re.compile(r"[A-Z][a-z'’]+(?:[ -][A-Z][a-z'’]+)*")
_HANGUL = re.compile(r"[가-힣]{2,}")
_NUMBERED_MONTH = re.compile(r"(?<![0-9])(1[0-2]|[1-9])[월月]")

_CYRILLIC = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True))
_CYRILLIC |= dict(zip("жхцчшщюяъь", ["zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya", "", ""], strict=True))

# Korean letters by what their romanisations have in common: k for ㄱ ㅋ ㄲ, o for ㅓ ㅗ ㅜ ㅡ, ... "-" is none,
# "*" is nk for ng, whose g may be the next syllable's (만경대, Mangyongdae); in the order of Unicode's syllables.
_INITIAL = "kknttlmppss-cccktph"
_VOWEL = "a e a e o e o e o a e e o o o e oi o o oi i".split()
_FINAL = "-kkknnntlkmpllplmpptt*ttktpt"
# The same for romanised names, spelling:letter.
_ROMAN = dict(
    entry.split(":")
    for entry in (
        "ng:nk tch:c jj:c ch:c zh:c j:c kk:k kh:k k:k g:k c:k q:k tt:t th:t t:t d:t pp:p ph:p p:p b:p "
        "ss:s sh:s s:s ll:l rr:l l:l r:l m:m n:n h:h f:f v:v x:x z:z yae:e wae:e ae:e oe:e ye:e we:e e:e "
        "yeo:o eo:o yo:o wo:o yu:o eu:o oo:o o:o u:o ui:oi wi:oi ee:i i:i ya:a wa:a a:a"
    ).split()
)
_SPELLING = re.compile("|".join(sorted(_ROMAN, key=len, reverse=True)))
_MARKS = {mark: mark for mark in "?!:;("} | dict.fromkeys('"“”„«»《》〈〉「」『』', '"') | {"؟": "?", "¿": "?"}
_LIST_DASH = re.compile(r"\s*[-–—•○□]")
_SHORTEST_KEY, _LONGEST_NAME, _STEM = 4, 4, 5


def anchors(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Numbers (months among them) and names of a text, as strings that equal those of a translation."""
    plain = re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), unicodedata.normalize("NFKC", text))
    return frozenset(_numbers(plain)), frozenset(_names(plain))


def marks(text: str) -> frozenset[str]:
    """Marks of a text, each kind once."""
    plain = unicodedata.normalize("NFKC", text)
    found = {_MARKS[mark] for mark in plain if mark in _MARKS}
    return frozenset(found | {"dash"} if _LIST_DASH.match(plain) else found)


def _numbers(text: str) -> set[str]:
    found = {f"month {month}" for month in _NUMBERED_MONTH.findall(text)}
    text = _NUMBERED_MONTH.sub(" ", text)
    for word in _WORD.findall(text):
        month = MONTH_OF.get(word.lower())
        if month and word not in ONLY_CAPITAL:
            found.add(f"month {month}")
    text = _JUCHE.sub(lambda year: f" {_JUCHE_ZERO + int(year[1])} ", text)
    text = _GROUPED.sub(lambda number: re.sub(r"\D", "", number[0]), text)
    total, scale, end = 0.0, 0, -2
    for match in _NUMBER.finditer(text):
        digits, factor = match[1].replace(",", "."), _FACTOR.get((match[2] or match[3] or "").lower(), 0)
        if not factor or len(digits) > 12:
            found.add(_plain(digits))
            continue
        # 3만 5천: units that fall add up to one number.
        joined = match[2] and factor < scale and match.start() - end <= 1
        if joined:
            found.discard(_plain(f"{total:.3f}"))
        total = float(digits) * factor + (total if joined else 0.0)
        scale, end = factor, match.end()
        found.add(_plain(f"{total:.3f}"))
    return found


def _plain(digits: str) -> str:
    """A number without zeros that carry no value."""
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or "0"


def _names(text: str) -> set[str]:
    found = set()
    for word in _WORD.findall(text):
        folded = _fold(word)
        if len(folded) >= 4 and folded.isascii():
            found.add(f"latin {folded[:_STEM]}")
    for name in _LATIN_NAME.findall(_bare(text)):
        parts = re.split(r"[ -]", name)
        for start in range(len(parts)):
            for stop in range(start + 1, min(start + 3, len(parts)) + 1):
                found.add(f"korean {roman_key(''.join(parts[start:stop]))}")
    for word in _HANGUL.findall(text):
        found |= {f"korean {hangul_key(word[:size])}" for size in range(2, min(len(word), _LONGEST_NAME) + 1)}
    return {name for name in found if len(name) >= len("korean ") + _SHORTEST_KEY or name.startswith("latin")}


def _fold(word: str) -> str:
    """Lower case without accents, Cyrillic transliterated."""
    lower = "".join(_CYRILLIC.get(letter, letter) for letter in word.lower())
    return _bare(lower)


def _bare(text: str) -> str:
    """Text without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def hangul_key(word: str) -> str:
    """Comparison key of hangul syllables."""
    parts = []
    for syllable in word:
        code = ord(syllable) - 0xAC00
        parts += [_INITIAL[code // 588], _VOWEL[code % 588 // 28], _FINAL[code % 28]]
    return _squeeze("".join(parts).replace("-", "").replace("*", "nk"))


def roman_key(name: str) -> str:
    """Comparison key of a romanised Korean name, whichever romanisation it is in."""
    return _squeeze("".join(_ROMAN[found] for found in _SPELLING.findall(name.lower())))


def _squeeze(key: str) -> str:
    """Doubled letters once: syllables that meet (압박, Appak) are written either way."""
    return re.sub(r"(.)\1+", r"\1", key)
