"""Language codes, their English names, scripts and writing directions."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from align.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Language:
    """`script` is an ISO 15924 code; `spaced` says whether words and sentences are parted by spaces."""

    code: str
    name: str
    script: str = "Latn"
    spaced: bool = True

    @property
    def dir(self) -> str:
        """Writing direction for HTML: "rtl" or "ltr"."""
        return "rtl" if self.script in {"Arab", "Hebr"} else "ltr"


_LATIN = (
    "af Afrikaans, ca Catalan, cs Czech, cy Welsh, da Danish, de German, en English, eo Esperanto, es Spanish, "
    "et Estonian, eu Basque, fi Finnish, fr French, ga Irish, gl Galician, hr Croatian, hu Hungarian, "
    "id Indonesian, is Icelandic, it Italian, la Latin, lt Lithuanian, lv Latvian, ms Malay, mt Maltese, "
    "nl Dutch, no Norwegian, pl Polish, pt Portuguese, ro Romanian, sk Slovak, sl Slovenian, sq Albanian, "
    "sv Swedish, sw Swahili, tl Tagalog, tr Turkish, uz Uzbek, vi Vietnamese"
)
_OTHERS = (
    Language("ar", "Arabic", "Arab"),
    Language("be", "Belarusian", "Cyrl"),
    Language("bg", "Bulgarian", "Cyrl"),
    Language("bn", "Bengali", "Beng"),
    Language("el", "Greek", "Grek"),
    Language("fa", "Persian", "Arab"),
    Language("he", "Hebrew", "Hebr"),
    Language("hi", "Hindi", "Deva"),
    Language("hy", "Armenian", "Armn"),
    Language("ja", "Japanese", "Jpan", spaced=False),
    Language("ka", "Georgian", "Geor"),
    Language("kk", "Kazakh", "Cyrl"),
    Language("km", "Khmer", "Khmr", spaced=False),
    Language("ko", "Korean", "Hang"),
    Language("lo", "Lao", "Laoo", spaced=False),
    Language("mk", "Macedonian", "Cyrl"),
    Language("mn", "Mongolian", "Cyrl"),
    Language("my", "Burmese", "Mymr", spaced=False),
    Language("ru", "Russian", "Cyrl"),
    Language("sr", "Serbian", "Cyrl"),
    Language("th", "Thai", "Thai", spaced=False),
    Language("uk", "Ukrainian", "Cyrl"),
    Language("ur", "Urdu", "Arab"),
    Language("zh", "Chinese", "Hani", spaced=False),
)

# Country codes and the like that people write for a language.
_SLIPS = {
    "kr": "ko",
    "jp": "ja",
    "cn": "zh",
    "ua": "uk",
    "gr": "el",
    "gb": "en",
    "us": "en",
    "kp": "ko",
    "iw": "he",
}

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in sorted(
        (*(Language(code, name) for code, name in (e.split() for e in _LATIN.split(","))), *_OTHERS),
        key=lambda language: language.code,
    )
}


def check_language(code: str) -> str:
    """Return `code` if it is a known ISO 639-1 code; else raise ConfigError with a hint."""
    if code in LANGUAGES:
        return code
    by_name = {language.name.lower(): known for known, language in LANGUAGES.items()}
    word = code.lower()
    near = _SLIPS.get(word) or by_name.get(word)
    if near is None:
        close = difflib.get_close_matches(word, [*LANGUAGES, *by_name], n=1, cutoff=0.5)
        near = by_name.get(close[0], close[0]) if close else None
    hint = f"did you mean '{near}' ({LANGUAGES[near].name})?" if near else "use a code such as en, ko or ru"
    raise ConfigError(f"unknown language '{code}'; {hint}")


def script_of(code: str, unknown: str = "") -> str:
    """The script (ISO 15924) that a language is written in, or `unknown` for a code that is not known."""
    return LANGUAGES[code].script if code in LANGUAGES else unknown


def joiner(code: str) -> str:
    """What stands between two sentences of a language when they are joined: a space, or nothing."""
    language = LANGUAGES.get(code)
    return " " if language is None or language.spaced else ""
