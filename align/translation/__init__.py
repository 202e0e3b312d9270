"""Segments -> translations: find a MarianMT model, run it, and check what it wrote."""

from align.translation.checks import FLAGS, check
from align.translation.models import find_model
from align.translation.translator import Translated, Translator, load_translator, translate

__all__ = ["FLAGS", "Translated", "Translator", "check", "find_model", "load_translator", "translate"]
