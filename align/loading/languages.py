"""Which language a text is in, from what was said of it and from its script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from align.language.codes import LANGUAGES

_SAMPLE = 4000  # characters that are looked at
# Names of Unicode characters begin with their script; these are the ISO 15924 codes of language/codes.py.
_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "HANGUL": "Hang",
    "CJK": "Hani",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "THAI": "Thai",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MYANMAR": "Mymr",
}
# The language taken for a script that several share, where nothing else is known.
_USUAL = {"Cyrl": "ru", "Arab": "ar", "Deva": "hi"}
_OTHER_CODES = {
    code: language
    for language, codes in {
        "ar": ("ara",),
        "de": ("deu", "ger"),
        "en": ("eng",),
        "es": ("spa", "sp"),
        "fr": ("fra", "fre"),
        "ja": ("jpn", "jp"),
        "ko": ("kor", "kr", "kp"),
        "ru": ("rus",),
        "zh": ("zho", "chi", "cn"),
    }.items()
    for code in codes
}
_UNSAID = {"", "und", "mul", "zxx", "none", "null", "unknown"}


def language_code(said: str) -> str | None:
    """ISO 639-1 code for what a page or a record calls a language ("en-US", "kor", "Korean"); "" where it
    says nothing, None where the language is not known here."""
    word = said.strip().lower().replace("_", "-")
    if word in _UNSAID:
        return ""
    head = word.split("-", 1)[0]
    if head in LANGUAGES:
        return head
    if head in _OTHER_CODES:
        return _OTHER_CODES[head]
    return next((code for code, language in LANGUAGES.items() if language.name.lower() == word), None)


def script(text: str) -> str:
    """ISO 15924 code of the script that prevails in the letters of `text`; "" without letters."""
    counts: Counter[str] = Counter()
    for ch in text[:_SAMPLE]:
        if ch.isalpha():
            name = "LATIN" if ch.isascii() else unicodedata.name(ch, "").split(" ", 1)[0].split("-", 1)[0]
            counts[_SCRIPTS.get(name, name)] += 1
    total = sum(counts.values())
    if not total:
        return ""
    # Korean and Japanese texts quote Latin and Chinese characters; their own letters in any number tell them.
    if counts["Hang"] >= 0.3 * total:
        return "Hang"
    if counts["Jpan"] >= 0.1 * total:
        return "Jpan"
    return counts.most_common(1)[0][0]


def choose_language(said: str, hints: Iterable[str], text: str, default: str, latin: str) -> str:
    """Language of `text`: what was `said` of it; else the first hint, then `default`, in the text's script; else
    the script's usual language; else, in a script of no known language, `default`. The usual language of Latin
    script is `latin`, or English where `latin` is written in another.

    A hint of another script is not believed: sites keep lang="en" on their Korean pages.
    """
    if said:
        return said
    used = script(text)
    for hint in (*hints, default):
        if hint and (not used or LANGUAGES[hint].script == used):
            return hint
    if used == "Latn":
        return latin if LANGUAGES[latin].script == used else "en"
    by_script = next((language.code for language in LANGUAGES.values() if language.script == used), default)
    return _USUAL.get(used, by_script)
