"""Segments -> translations: find a model, run it in either engine, check what it wrote, and remember it."""

from align.translation.cache import Alternative, Translated, TranslationCache, open_cache
from align.translation.checks import FLAGS, check
from align.translation.models import find_model
from align.translation.translator import Cutting, Translator, load_translator, translate

__all__ = [
    "FLAGS",
    "Alternative",
    "Cutting",
    "Translated",
    "TranslationCache",
    "Translator",
    "check",
    "find_model",
    "load_translator",
    "open_cache",
    "translate",
]
