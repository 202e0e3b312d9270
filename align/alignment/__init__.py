"""Segments x segments -> beads with confidence, and beads against gold."""

from align.alignment.aligner import Aligner, beads, load_aligner
from align.alignment.crossing import Crossing, find_crossings
from align.alignment.gold import (
    Evaluation,
    Quality,
    check_hypothesis,
    evaluate,
    format_bead,
    parse_beads,
    read_beads,
)

__all__ = [
    "Aligner",
    "Crossing",
    "Evaluation",
    "Quality",
    "beads",
    "check_hypothesis",
    "evaluate",
    "find_crossings",
    "format_bead",
    "load_aligner",
    "parse_beads",
    "read_beads",
]
