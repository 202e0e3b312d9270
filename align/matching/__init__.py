"""Which original belongs to which article, with a confidence and a list of what stayed unpaired."""

from align.matching.given import GivenPair, read_given
from align.matching.matcher import match
from align.matching.pairing import Pairing, Rejected, matches

__all__ = ["GivenPair", "Pairing", "Rejected", "match", "matches", "read_given"]
