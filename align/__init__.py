"""Articles, their originals and translations, aligned sentence by sentence."""

__version__ = "0.1.0"
