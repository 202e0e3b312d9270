"""Names of the files in a run directory, and reading its pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from align.errors import InputError
from align.records import Pair

PAIRS = "pairs.jsonl"
SCORES = "scores.json"
DROPPED = "dropped.jsonl"
MATCHES = "matches.jsonl"
REVIEWS = "reviews.jsonl"
SETTINGS = "run.yaml"
SHARDS = "shards"


def check_run(run_dir: Path) -> None:
    """Raise InputError where a directory holds no finished run."""
    if not (run_dir / PAIRS).is_file():
        raise InputError(f"{run_dir}: is no finished run (it has no {PAIRS}); make or finish it with align run")


def read_pairs(run_dir: Path) -> Iterator[Pair]:
    """Stream the pairs of a finished run; raises InputError where there is none, naming the line of a bad row."""
    check_run(run_dir)
    path = run_dir / PAIRS
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield Pair.from_dict(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:  # bytes that are no UTF-8 among them
                raise InputError(f"{path}, line {number}: is no pair ({error!r}); run align run again") from None
