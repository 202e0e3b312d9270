"""How models name languages: a token in front of the text (>>kor<<), or codes such as ko and kor_Hang."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from align.errors import ModelError
from align.language.codes import LANGUAGES, script_of

# ISO 639-3 codes, and the individual ones that models use for a macrolanguage, of our ISO 639-1 codes.
_ISO3: dict[str, tuple[str, ...]] = {
    "af": ("afr",), "ar": ("ara", "arb"), "be": ("bel",), "bg": ("bul",), "bn": ("ben",), "ca": ("cat",),
    "cs": ("ces",), "cy": ("cym",), "da": ("dan",), "de": ("deu",), "el": ("ell",), "en": ("eng",),
    "eo": ("epo",), "es": ("spa",), "et": ("est",), "eu": ("eus",), "fa": ("fas", "pes"), "fi": ("fin",),
    "fr": ("fra",), "ga": ("gle",), "gl": ("glg",), "he": ("heb",), "hi": ("hin",), "hr": ("hrv",),
    "hu": ("hun",), "hy": ("hye",), "id": ("ind",), "is": ("isl",), "it": ("ita",), "ja": ("jpn",),
    "ka": ("kat",), "kk": ("kaz",), "km": ("khm",), "ko": ("kor",), "la": ("lat",), "lo": ("lao",),
    "lt": ("lit",), "lv": ("lav", "lvs"), "mk": ("mkd",), "mn": ("mon", "khk"), "ms": ("msa", "zsm"),
    "mt": ("mlt",), "my": ("mya",), "nl": ("nld",), "no": ("nor", "nob"), "pl": ("pol",), "pt": ("por",),
    "ro": ("ron",), "ru": ("rus",), "sk": ("slk",), "sl": ("slv",), "sq": ("sqi", "als"), "sr": ("srp",),
    "sv": ("swe",), "sw": ("swa", "swh"), "th": ("tha",), "tl": ("tgl",), "tr": ("tur",), "uk": ("ukr",),
    "ur": ("urd",), "uz": ("uzb", "uzn"), "vi": ("vie",), "zh": ("zho", "cmn"),
}  # fmt: skip


def target_token(vocab: Iterable[str], target: str, model: str) -> str | None:
    """The token for `target` (ISO 639-1) among the pieces of a vocabulary, or None where it has no such tokens.

    Multilingual MarianMT models want it in front of each text. A token without a script comes before one with a
    script (>>kor<< before >>kor_Hang<<), and those of the language's usual script before others. Raises ModelError
    that lists the known tokens when none fits.
    """
    known = sorted(piece for piece in vocab if piece.startswith(">>") and piece.endswith("<<"))
    if not known:
        return None
    found = _best((token[2:-2] for token in known), target)
    if found is not None:
        return f">>{found}<<"
    raise ModelError(
        f"model '{model}' does not translate into '{target}'; the targets it knows are {' '.join(known)}"
    )


def language_code(codes: Mapping[str, int], language: str, model: str, side: Literal["from", "into"]) -> str:
    """The code that a model has for `language` (ISO 639-1): M2M100's ko, NLLB's kor_Hang, arb_Arab, zho_Hans.

    Raises ModelError that lists the languages which the model knows, by our codes, where there is none.
    """
    found = _best(codes, language)
    if found is not None:
        return found
    known = [code for code in LANGUAGES if _best(codes, code) is not None]
    raise ModelError(
        f"model '{model}' does not translate {side} '{language}'; "
        f"the languages it knows are {' '.join(known) or ' '.join(sorted(codes))}"
    )


def _best(codes: Iterable[str], language: str) -> str | None:
    """The first of `codes` for a language: without a script, then in its usual script, then in another."""
    names = (*_ISO3.get(language, ()), language)
    script = script_of(language)
    ranked = []
    for code in codes:
        name, _, variant = code.partition("_")
        if name in names:
            rank = 0 if not variant else 1 if _same_script(variant, script) else 2
            ranked.append((rank, names.index(name), code))
    return min(ranked)[2] if ranked else None


def _same_script(variant: str, script: str) -> bool:
    # Chinese has two written forms of one script.
    return variant == script or (script == "Hani" and variant in {"Hans", "Hant"})
