"""Punctuation that segmentation knows: terminators, quotation marks, brackets; which of them pair up."""

from __future__ import annotations

# Sentence terminators of the languages in align.language.codes. The full stop alone needs rules.
TERMINATORS = frozenset(".!?…。！？．｡‼⁇⁈⁉։।॥؟۔။")
# Those that end a sentence without white space after them.
WIDE = frozenset("。！？．｡")
ELLIPSES = ("…", "...", "..", "‥")

PAIRS = {
    "“": "”", "„": "“", "«": "»", "《": "》", "≪": "≫", "〈": "〉", "「": "」", "『": "』", "＂": "＂",
    "(": ")", "（": "）", "[": "]", "［": "］", "【": "】", "〔": "〕", "{": "}",
}  # fmt: skip
BRACKETS = frozenset("(（[［【〔{")
# ‘ and ’ are left out of the pairs: the second is an apostrophe too.
OPENERS = frozenset(PAIRS) | frozenset("‘¿¡\"'")
CLOSERS = frozenset(PAIRS.values()) | frozenset("’\"'")
# A quotation longer than this is cut inside, whatever stands around it: no translator takes it whole.
MAX_PAIR = 300


def find_pairs(text: str) -> list[tuple[int, int]]:
    """(opening, closing) positions of the quotation marks and brackets that pair up, by closing position.

    Marks without a partner are left out. Straight double quotation marks open before a word and
    close after one.
    """
    pairs: list[tuple[int, int]] = []
    waiting: dict[str, list[int]] = {}
    straight = -1
    for at, mark in enumerate(text):
        if mark == '"':
            if straight < 0:
                straight = at
            else:
                pairs.append((straight, at))
                straight = -1
            continue
        # „...“ closes with the mark that elsewhere opens: closing goes first.
        if waiting.get(mark):
            pairs.append((waiting[mark].pop(), at))
        elif mark in PAIRS:
            waiting.setdefault(PAIRS[mark], []).append(at)
    return pairs
