"""What can be seen to be wrong with a translation without knowing the right one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache

from align.language.codes import script_of
from align.translation.numerals import lost_numbers

# What each flag says, for reports and documentation. The last three are set by the translator.
FLAGS: dict[str, str] = {
    "empty": "there is no translation",
    "copy": "the source was copied, not translated",
    "loop": "words are repeated over and over",
    "length": "much shorter or longer than the source would lead one to expect",
    "script": "not written in the script of the target language",
    "numbers": "a number of the source is missing",
    "split": "the source was too long for the model and was translated in parts",
    "unfinished": "the model was stopped at its limit before it came to an end",
    "retried": "the first translation failed a check, and this is a better one of further attempts",
}
# Latin letters that one letter of a script is worth, from the sizes of translations of the same text.
_WEIGHT = {"Hang": 2.1, "Hani": 3.3, "Jpan": 2.4}
_WINDOW = 200  # words that are looked at together for repetition
_SLACK = 12  # letters that do not count: a headline of two words may well become one of five
_RATIO = 2.4  # how many times longer or shorter than expected is out of proportion
# Unicode names of characters begin with their script's name.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "Latn": ("LATIN",), "Hang": ("HANGUL",), "Hani": ("CJK",), "Jpan": ("CJK", "HIRAGANA", "KATAKANA"),
    "Cyrl": ("CYRILLIC",), "Grek": ("GREEK",), "Arab": ("ARABIC",), "Hebr": ("HEBREW",), "Deva": ("DEVANAGARI",),
    "Beng": ("BENGALI",), "Armn": ("ARMENIAN",), "Geor": ("GEORGIAN",), "Thai": ("THAI",), "Khmr": ("KHMER",),
    "Laoo": ("LAO",), "Mymr": ("MYANMAR",),
}  # fmt: skip


def check(source: str, translation: str, source_lang: str, target_lang: str) -> tuple[str, ...]:
    """Flags of a translation, in the order of `FLAGS`: what looks wrong; () where nothing does.

    A flag is a finding, not a failure. Languages are ISO 639-1 codes; an unknown one is taken to be
    written in Latin letters.
    """
    if not any(c.isalnum() for c in translation):
        # Dots and dashes only translate dots and dashes.
        return ("empty",) if any(c.isalnum() for c in source) or not translation.strip() else ()
    scripts = script_of(source_lang, "Latn"), script_of(target_lang, "Latn")
    found = {
        "copy": source_lang != target_lang and _copied(source, translation),
        "loop": _loops(translation) and not _loops(source),
        "length": _out_of_proportion(source, translation, *scripts),
        "script": _wrong_script(source, translation, scripts[1]),
        "numbers": bool(lost_numbers(source, translation)),
    }
    return tuple(flag for flag in FLAGS if found.get(flag))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _copied(source: str, translation: str) -> bool:
    """Word for word the same, and more than a name or an acronym."""
    words = _words(translation)
    return words == _words(source) and len(words) > 1 and sum(c.isalpha() for w in words for c in w) > 10


def _loops(text: str) -> bool:
    """The same word 4 times or phrase 3 times in a row, the same letters over and over, or few different words."""
    words = _words(text)
    for size in range(1, min(8, len(words) // 3) + 1):
        needed = 4 if size == 1 else 3
        run = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] and not words[place].isdigit() else 0
            if run >= size * (needed - 1):
                return True
    letters = "".join(words)
    if any(not m.group(1).isdigit() for m in re.finditer(r"(.{2,12}?)\1{4,}", letters)):
        return True
    if re.search(r"([^\W\d])\1{9,}", letters):
        return True
    # By windows: in a text of some thousand words most of them stand there before.
    windows = (
        words[start : start + _WINDOW] for start in range(0, max(1, len(words) - _WINDOW // 2), _WINDOW // 2)
    )
    return any(len(some) >= 16 and len(set(some)) / len(some) < 0.4 for some in windows)


def _out_of_proportion(source: str, translation: str, source_script: str, target_script: str) -> bool:
    """Length against the expected one, in letters of a Latin text (after the idea of Gale and Church 1993)."""
    expected = _size(source, source_script) + _SLACK
    actual = _size(translation, target_script) + _SLACK
    return abs(math.log(actual / expected)) > math.log(_RATIO)


def _size(text: str, script: str) -> float:
    weight = _WEIGHT.get(script)
    letters = len("".join(text.split()))
    return letters if weight is None else letters + (weight - 1) * _of_script(text, _SCRIPTS[script])


def _wrong_script(source: str, translation: str, script: str) -> bool:
    """Under 60 % of the letters are of the target's script; capitals such as KCNA or AK-47 do not count."""
    text = re.sub(r"\b[A-Z][A-Z0-9.-]*\b", "", translation) if script != "Latn" else translation
    letters = [c for c in text if c.isalpha()]
    if not letters or (len(letters) < 4 and translation.strip() in source):
        return False
    names = _SCRIPTS.get(script)
    return names is not None and _of_script("".join(letters), names) < 0.6 * len(letters)


def _of_script(text: str, names: tuple[str, ...]) -> int:
    """How many characters of `text` have Unicode names that begin with one of `names`."""
    return sum(times for character, times in Counter(text).items() if _name(character).startswith(names))


@cache
def _name(character: str) -> str:
    return unicodedata.name(character, "")
