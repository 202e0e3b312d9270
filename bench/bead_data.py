"""Gold bead sets for the aligner's benchmarks, read from the folder of real data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from align.alignment import read_beads
from align.records import Bead


@dataclass(frozen=True)
class GoldDocument:
    """Two segmented texts, their languages, and the gold beads over them."""

    source: list[str]
    target: list[str]
    source_lang: str
    target_lang: str
    gold: list[Bead]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _pairs(folder: Path, source: str, target: str) -> list[GoldDocument]:
    return [
        GoldDocument(
            lines(gold.with_suffix(f".{source}")),
            lines(gold.with_suffix(f".{target}")),
            source,
            target,
            read_beads(gold),
        )
        for gold in sorted(folder.glob("*.gold"))
    ]


def development_sets(data: Path) -> dict[str, list[GoldDocument]]:
    """The four sets that the aligner is tuned on, by name."""
    berg = data / "textberg-dev"
    return {
        "Text+Berg dev (de-fr)": [
            GoldDocument(lines(berg / "dev.de"), lines(berg / "dev.fr"), "de", "fr", read_beads(berg / "dev.defr"))
        ],
        "state media (en-ko)": _pairs(data / "ko-en-gold" / "dev", "en", "ko"),
        "state media (en-es)": _pairs(data / "en-es-gold" / "dev", "en", "es"),
        "editorial (es-ko)": _pairs(data / "es-ko-editorial", "es", "ko"),
    }


def training_set(data: Path) -> list[GoldDocument]:
    """84 English-Spanish stories with gold beads, for fitting."""
    return _pairs(data / "en-es-gold" / "train", "en", "es")
