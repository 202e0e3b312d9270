"""Parallel corpora: selected pairs in several formats, with a datasheet."""

from align.corpora.build import CorpusSummary, corpus
from align.corpora.formats import FORMATS, Writer, check_formats
from align.corpora.selection import Selection
from align.corpora.tsv import TsvOptions, unescape_cell

__all__ = [
    "FORMATS",
    "CorpusSummary",
    "Selection",
    "TsvOptions",
    "Writer",
    "check_formats",
    "corpus",
    "unescape_cell",
]
