"""Loading: saved pages, texts and dumps -> Articles."""

from align.loading.load import load

__all__ = ["load"]
