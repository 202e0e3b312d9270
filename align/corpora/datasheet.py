"""The corpus's datasheet (after Gebru et al. 2021, "Datasheets for Datasets"), short, in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from align import __version__
from align.corpora.selection import Selection
from align.corpora.tally import Tally
from align.language.codes import LANGUAGES
from align.records import text_hash

_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")


def signature(about: Mapping[str, Any]) -> str:
    """What `about` calls its signature, else a hash of all that it says."""
    if about.get("signature"):
        return str(about["signature"])
    return f"settings {text_hash(json.dumps(about, sort_keys=True, ensure_ascii=False, default=str))}"


def render(
    tally: Tally,
    files: Sequence[tuple[str, tuple[str, str]]],
    selection: Selection,
    about: Mapping[str, Any],
    notes: Iterable[str],
) -> str:
    """The datasheet's text. `files` holds names with their direction, `notes` their sentences in Markdown."""
    directions = ", ".join(
        f"{_language(source)} to {_language(target)}" for source, target in sorted(tally.directions)
    )
    lines = [
        f"# Parallel corpus: {directions or 'empty'}",
        "",
        f"{tally.selected} pairs of text. The source is an outlet's article, the target the outlet's own original "
        "of it, aligned by machine. The target is never a model's output; a machine translation, where there is "
        "one, stands in fields named so.",
        "",
        "The original is an independently edited text: what stands beside a sentence may say more, less or "
        "something else. It isn't a reference translation.",
        "",
        "## Files",
        "",
        *_table(
            ("file", "pairs", "of them titles", "source characters", "target characters"),
            [
                (name, count.pairs, count.titles, count.source_chars, count.target_chars)
                for name, direction in files
                for count in (tally.directions[direction],)
            ],
        ),
        *(f"- {note}" for note in notes),
        "- A segment's id is `article@revision:start-end`, character offsets in the article's text, or "
        "`article@revision:title`. The ids of pairs and segments are the same in every format.",
        "",
        "## What was taken and what was left out",
        "",
        f"Taken: kinds {', '.join(selection.kinds)}; confidence from {selection.min_confidence:g} "
        "(pairs of two titles whatever theirs); "
        f"titles {'kept, and marked' if selection.titles else 'left out'}; "
        f"pairs of inputs that are gone {'kept, and marked' if selection.gone else 'left out'}.",
        "",
        *_table(("kind", "pairs"), sorted(tally.kinds.items())),
        *_table(("bead (source-target segments)", "pairs"), _by_count(tally.beads)),
        *_table(("left out because of", "pairs"), _by_count(tally.left_out) or [("(nothing was left out)", 0)]),
        "## Sources",
        "",
        *_table(
            ("outlet", "pairs", "articles", "originals", "first date", "last date"),
            [
                (
                    outlet or "(not named)",
                    n.pairs,
                    len(n.articles),
                    len(n.originals),
                    n.first or "-",
                    n.last or "-",
                )
                for outlet, n in sorted(tally.outlets.items())
            ],
        ),
        "## Confidence",
        "",
        "Of a bead: the aligner's probability that it is exactly right. Titles are not aligned and are counted "
        "apart: a pair of titles has the confidence with which article and original were matched, a set value "
        "unless they were matched by likeness.",
        "",
        *_table(
            ("confidence", "beads", "titles"),
            [
                (name, tally.confidences[name], tally.title_confidences[name])
                for name in sorted({*tally.confidences, *tally.title_confidences}, reverse=True)
            ],
        ),
        "## Machine translations",
        "",
        *(
            _table(("model", "pairs translated"), _by_count(tally.models))
            if tally.models
            else ["No pair holds a machine translation.", ""]
        ),
        *(
            [f"Pairs with the target translated back: {tally.back_translated}.", ""]
            if tally.back_translated
            else []
        ),
        "## How it was made",
        "",
        f"align-bitext {__version__}; {_plain(signature(about))}.",
        "",
        *_table(
            ("setting", "value"), [(key, _value(value)) for key, value in about.items() if key != "signature"]
        ),
        "## Rights",
        "",
        "The texts belong to the outlets that published them. This corpus grants no right to them: find out "
        "what the law where you are allows before you pass them on. Ids and offsets alone can often be shared.",
        "",
        "## How to cite",
        "",
        f"Name the outlets and dates above, align-bitext {__version__}, "
        f"the signature ({_plain(signature(about))}) and the corpus's fingerprint ({tally.fingerprint}: "
        "SHA-256 of the pairs' ids in order).",
    ]
    return "\n".join(lines) + "\n"


def _language(code: str) -> str:
    return LANGUAGES[code].name if code in LANGUAGES else code


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> list[str]:
    rows = list(rows)
    if not rows:
        return []
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(_plain(str(cell)) for cell in row)} |" for row in rows),
        "",
    ]
