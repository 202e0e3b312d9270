"""The target-language token (>>kor<<) that multilingual Marian models want in front of each text."""

from __future__ import annotations

from collections.abc import Iterable

from align.errors import ModelError
from align.language.codes import LANGUAGES

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

    A token without a script comes before one with a script (>>kor<< before >>kor_Hang<<), and those of the
    language's usual script before others. Raises ModelError that lists the known tokens when none fits.
    """
    known = sorted(piece for piece in vocab if piece.startswith(">>") and piece.endswith("<<"))
    if not known:
        return None
    names = (*_ISO3.get(target, ()), target)
    script = LANGUAGES[target].script if target in LANGUAGES else ""
    ranked = []
    for token in known:
        name, _, variant = token[2:-2].partition("_")
        if name in names:
            rank = 0 if not variant else 1 if _same_script(variant, script) else 2
            ranked.append((rank, names.index(name), token))
    if ranked:
        return min(ranked)[2]
    listed = " ".join(known[:30]) + (f" and {len(known) - 30} more" if len(known) > 30 else "")
    raise ModelError(f"model '{model}' does not translate into '{target}'; the targets it knows are {listed}")


def _same_script(variant: str, script: str) -> bool:
    # Chinese has two written forms of one script.
    return variant == script or (script == "Hani" and variant in {"Hans", "Hant"})
