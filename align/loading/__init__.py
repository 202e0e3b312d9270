"""Loading: saved pages, texts and dumps -> Articles."""

from align.loading.load import load
from align.loading.walking import format_of, walk

__all__ = ["format_of", "load", "walk"]
