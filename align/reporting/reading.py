"""Reads a run directory: pairs one article at a time, and the small files beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.config import read_yaml
from align.errors import InputError
from align.records import Pair
from align.resources import resource

Group = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A translation model of the run. `note` says what it is good for; empty where nothing is known."""

    name: str
    hash: str = ""
    note: str = ""


def read_articles(path: Path) -> Iterator[tuple[str, list[Group]]]:
    """Each article's id and its groups of pairs, one group an original, as pairs.jsonl holds them.

    One article is in memory at a time. Raises InputError where the file is missing, a line is no
    pair, or an article's lines are not consecutive (its page would be written twice).
    """
    seen: set[str] = set()
    current = ""
    groups: dict[tuple[str, str], list[Pair]] = {}
    for number, pair in _read_pairs(path):
        if pair.source.article != current:
            if groups:
                yield current, [tuple(group) for group in groups.values()]
            current, groups = pair.source.article, {}
            if current in seen:
                raise InputError(
                    f"{path}:{number}: the lines of article '{current}' do not stand together; "
                    "run the same `align run` command again to write the file anew"
                )
            seen.add(current)
        groups.setdefault((pair.target.lang, pair.target.article), []).append(pair)
    if groups:
        yield current, [tuple(group) for group in groups.values()]


def _read_pairs(path: Path) -> Iterator[tuple[int, Pair]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _pair(line, path, number)
    except FileNotFoundError:
        raise InputError(
            f"{path}: there is no such file; name the directory of a run that `align run` has finished"
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text; run `align run` again to write the file anew") from None


def _pair(line: str, path: Path, number: int) -> Pair:
    try:
        pair = Pair.from_dict(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}:{number}: is not a pair ({type(error).__name__}: {error}); "
            "run the same `align run` command again to write the file anew"
        ) from None
    if not pair.source.article:
        raise InputError(f"{path}:{number}: the pair names no article; run `align run` again to write it anew")
    return pair


def read_scores(path: Path) -> dict[str, Any]:
    """scores.json, or an empty mapping where there is none; raises InputError where it is not a JSON object."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error}); run `align run` again to write it anew") from None
    if not isinstance(loaded, dict):
        raise InputError(f"{path}: must hold a JSON object; run `align run` again to write it anew")
    return loaded


def article_scores(scores: Mapping[str, Any]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The rows of scores.json by (article, original's language, original); the last is empty without one."""
    rows = scores.get("articles") or []
    return {(row["article"], row.get("lang") or "", row.get("original") or ""): row for row in rows}


def read_dropped(path: Path) -> list[dict[str, str]]:
    """The rows of dropped.jsonl; none where the file is missing. Raises InputError on a bad line."""
    if not path.exists():
        return []
    rows: list[dict[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows.append({key: str(row.get(key) or "") for key in ("path", "where", "reason", "message")})
        except (ValueError, AttributeError):
            raise InputError(f"{path}:{number}: is not a JSON object; run `align run` again") from None
    return rows


def read_run(path: Path) -> dict[str, Any]:
    """run.yaml, or an empty mapping where there is none; raises ConfigError where it is no YAML mapping."""
    return read_yaml(path) if path.exists() else {}


def read_outlet_names() -> dict[str, str]:
    """What the packaged outlets call themselves, by id: the first name in each file of configs/outlets."""
    names: dict[str, str] = {}
    for path in sorted(resource("configs", "outlets").glob("*.yaml")):
        known = read_yaml(path).get("names") or []
        if known:
            names[path.stem] = str(known[0])
    return names


def models_of(run: Mapping[str, Any]) -> dict[str, Model]:
    """The models of run.yaml by direction ("en-ko")."""
    found: dict[str, Model] = {}
    for direction, entry in (run.get("models") or {}).items():
        if isinstance(entry, Mapping):
            found[str(direction)] = Model(
                str(entry.get("name") or direction), str(entry.get("hash") or ""), str(entry.get("note") or "")
            )
        elif entry:
            found[str(direction)] = Model(str(entry))
    return found
