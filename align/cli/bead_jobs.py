"""Which files `align beads` aligns with which, and where the beads of each pair go."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from align.errors import ConfigError, InputError

# Ending of the files of a format.
ENDINGS = {"index": ".beads", "tsv": ".tsv", "jsonl": ".jsonl", "tmx": ".tmx"}
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Job:
    """Two texts that are to be aligned. `name` is that of the output, without its ending."""

    source: Path
    target: Path
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a call. `many` says that they go into a folder, however many they are."""

    jobs: tuple[Job, ...]
    many: bool


def in_pairs(files: Sequence[Path], order: str) -> list[tuple[Path, Path]]:
    """The files two by two; raises InputError for an odd number."""
    if len(files) % 2:
        raise InputError(f"{len(files)} files were given; give them in pairs, {order}")
    return list(zip(files[::2], files[1::2], strict=True))


def plan_jobs(files: Sequence[Path]) -> Plan:
    """Pairs of files, of folders (paired by stem, subfolders too) or of patterns (by what their * is).

    Raises InputError for a file that is missing or has no partner, and where two outputs would have one name.
    """
    pairs = in_pairs(files, "source then target")
    _refuse_halves(files)
    jobs: list[Job] = []
    many = len(pairs) > 1
    for source, target in pairs:
        left, right = _several(source), _several(target)
        if left is None and right is None:
            jobs.append(Job(_there(source), _there(target), source.name))
        elif left is None or right is None:
            raise InputError(f"{source} and {target}: one is a file, the other several; give two of a kind")
        else:
            many = True
            jobs += _partners(source, left, target, right)
    names: dict[str, Job] = {}
    for job in jobs:
        other = names.setdefault(job.name, job)
        if other is not job:
            raise InputError(f"{other.source} and {job.source}: two sources are called {job.name}; rename one")
    return Plan(tuple(jobs), many)


def places(plan: Plan, formats: Sequence[str], out: Path | None) -> list[dict[str, Path | None]]:
    """For each job, the file of each format; None is standard output. Folders are not made here.

    Raises ConfigError where a folder is needed and none is named, and where an input would be overwritten.
    """
    if out is not None and str(out) == "-":
        out = None
    if out is None:
        if plan.many or len(formats) > 1:
            what = "several pairs of files need" if plan.many else "several formats need"
            raise ConfigError(f"{what} a folder for the beads; name one with --out")
        return [{formats[0]: None}]
    found: list[dict[str, Path | None]]
    if plan.many or len(formats) > 1 or out.is_dir():
        if out.exists() and not out.is_dir():
            raise ConfigError(f"{out}: is a file; several outputs need a folder, so name one with --out")
        found = [{name: out / f"{job.name}{ENDINGS[name]}" for name in formats} for job in plan.jobs]
    else:
        found = [{formats[0]: out}]
    inputs = {path.resolve() for job in plan.jobs for path in (job.source, job.target)}
    for each in found:
        for place in each.values():
            if place is not None and place.resolve() in inputs:
                raise ConfigError(f"{place}: is one of the inputs and would be overwritten; name another --out")
    return found


def is_done(job: Job, outputs: dict[str, Path | None]) -> bool:
    """Whether all outputs of a job are there and none is older than its inputs."""
    files = [place for place in outputs.values() if place is not None]
    if not all(file.is_file() for file in files) or not (job.source.is_file() and job.target.is_file()):
        return False
    newest = max(path.stat().st_mtime_ns for path in (job.source, job.target))
    return all(file.stat().st_mtime_ns >= newest for file in files)


def _there(path: Path) -> Path:
    if str(path) != "-" and not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")
    return path


def _refuse_halves(files: Sequence[Path]) -> None:
    """Refuse `de/*.txt fr/*.txt` as a shell expands it: all sources, then all targets."""
    half = len(files) // 2
    if half < 2 or any(path.is_dir() for path in files):
        return
    stems = [path.stem for path in files]
    if stems[:half] == stems[half:] and stems[::2] != stems[1::2]:
        raise InputError(
            "all sources stand before all targets, but files are paired two by two; "
            "give the two folders, or two patterns in quotes such as 'de/*.txt' 'fr/*.txt'"
        )


def _several(path: Path) -> dict[str, Path] | None:
    """The files of a folder by stem, or of a pattern by what its * stands for; None for a single file."""
    if path.is_dir():
        inside = [(file, file.relative_to(path)) for file in sorted(path.rglob("*")) if file.is_file()]
        shown = [(file, name) for file, name in inside if not any(part.startswith(".") for part in name.parts)]
        return _by_key(path, [(name.with_suffix("").as_posix(), file) for file, name in shown])
    if "*" in str(path) and not path.exists():
        prefix, *rest = str(path).split("*")
        if len(rest) != 1:
            raise InputError(f"{path}: a pattern holds one *, which stands for what the partners share")
        # Path.glob takes no pattern that begins at the root.
        files = sorted(glob.glob(f"{glob.escape(prefix)}*{glob.escape(rest[0])}"))  # noqa: PTH207
        keys = [(file[len(prefix) : len(file) - len(rest[0])], Path(file)) for file in files]
        return _by_key(path, [(key or file.stem, file) for key, file in keys if file.is_file()])
    return None


def _by_key(path: Path, found: Sequence[tuple[str, Path]]) -> dict[str, Path]:
    if not found:
        raise InputError(f"{path}: no file is there; check the path")
    files: dict[str, Path] = {}
    for key, file in found:
        if files.setdefault(key, file) is not file:
            raise InputError(f"{files[key]} and {file} have the same stem; rename one, or give patterns in quotes")
    return files


def _partners(source: Path, left: dict[str, Path], target: Path, right: dict[str, Path]) -> list[Job]:
    alone = [
        (path, sorted(mine.keys() - its)) for path, mine, its in ((source, left, right), (target, right, left))
    ]
    if any(keys for _, keys in alone):
        told = "; ".join(f"only in {path}: {_listed(keys)}" for path, keys in alone if keys)
        raise InputError(
            f"files without a partner: {sum(len(keys) for _, keys in alone)} ({told}); add or move them, or pair "
            "files by two patterns in quotes such as 'de/*.de.txt' 'fr/*.fr.txt'"
        )
    return [Job(left[key], right[key], key) for key in sorted(left)]


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return f"{', '.join(keys[:_SHOWN])}{more}"
