"""The main job: inputs -> articles, matches, segments, translations, beads, pairs; resumable at any instant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from align import __version__
from align.config import RunSettings
from align.errors import ConfigError, InputError
from align.files import RUN_STORE, file_digest, remove_parts, write_lines
from align.loading import format_of, load
from align.matching import read_given
from align.records import Match
from align.runs import finishing
from align.runs.files import SHARDS
from align.runs.guard import check_settings, fingerprint
from align.runs.pairing import match_stored, wanted_articles, wanted_originals
from align.runs.plan import Shard, enrol, shards
from align.runs.shard import do_shard
from align.runs.store import RunStore
from align.runs.tools import Progress, Tools
from align.translation import find_model


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run left: its directory and report, counts, and whether there was nothing to do."""

    out: Path
    report: Path
    articles: int
    matched: int
    pairs: int
    dropped: int
    gone: int
    unchanged: bool


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    originals: Sequence[Path] = (),
    given: Path | None = None,
    settings: RunSettings | None = None,
    update: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
) -> RunResult:
    """Run the main job into the directory `out`, going on where an earlier call stopped.

    `progress` is called with the stage and how far it is; `tell` with what a user should know at once, such as a
    direction without a model.
    `given` is a table of pairs (TSV). Raises InputError for a missing input, ConfigError when `out` holds a run
    with other settings and `update` is not set, or for settings that no run can have (n_best above 1), ModelError
    for a model that is named and not here.
    """
    settings = settings or RunSettings()
    watch = progress or _unwatched
    out, given = Path(out), Path(given) if given else None
    inputs, originals = _paths(inputs), _paths(originals)
    for path in (*inputs, *originals, *([given] if given else [])):
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder; check the path")
    # What can be wrong with the call is found before anything is written.
    if settings.translate.n_best > 1:
        raise ConfigError(
            f"translate.n_best is {settings.translate.n_best}, but a run keeps one translation a segment; "
            "leave it at 1 (alternatives are for align translate --n-best)"
        )
    table = read_given(given) if given else []
    tools = Tools(settings)
    models = [find_model(name, online=settings.online) for name in settings.translate.models.values()]
    if originals:
        _ = tools.embedder
    _make_directory(out)
    with RunStore(out / RUN_STORE) as store:
        check_settings(store, settings, update)
        (out / SHARDS).mkdir(exist_ok=True)
        for folder in (out, out / SHARDS, out / "report"):
            remove_parts(folder)
        roles = {"articles": inputs, "originals": originals, "given": [given] if given else [], "models": models}
        mark = fingerprint(roles, settings)
        if store.get("finished") == mark and store.get("stamp") == finishing.stamp(out):
            _tell_missing(store, tell)
            return _result(out, unchanged=True)
        store.put("finished", "")
        for count in store.replace_inputs(
            wanted_articles(load(inputs, default_lang=settings.source_lang), settings),
            wanted_originals(
                load(originals, default_lang=settings.to[0], latin_lang=settings.source_lang), settings.to
            ),
        ):
            watch("loading", count, 0)
        store.forget_superseded(lambda path: format_of(Path(path)) in {"text", "html"})
        matches = match_stored(store, tools, table, watch)
        enrol(store, settings.shard_articles)
        plan = shards(store, matches, tools, __version__)
        store.put("missing", json.dumps([name for name, found in tools.models().items() if found is None]))
        _tell_missing(store, tell)
        _work(store, plan, matches, tools, out, watch)
        watch("writing the report", 0, 0)
        finishing.finish(store, plan, matches, tools, out)
        watch("writing the report", 1, 1)
        store.put("stamp", finishing.stamp(out))
        store.put("finished", mark)
        return _result(out, unchanged=False)


def _paths(paths: Sequence[Path]) -> list[Path]:
    if isinstance(paths, str | Path):
        raise InputError(f"{paths}: give a list of paths, even for one")
    return [Path(path) for path in paths]


def _make_directory(out: Path) -> None:
    """Make the run's directory; raise InputError where it is a file or holds something else than a run."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file, and a run needs a directory; name another --out")
    out.mkdir(parents=True, exist_ok=True)
    if not (out / RUN_STORE).exists():
        foreign = [
            p for p in out.iterdir() if not p.name.startswith(".") and not (p.name == SHARDS and _is_empty(p))
        ]
        if foreign:
            raise InputError(f"{out}: holds other files and no run; name a new or empty directory with --out")


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _unwatched(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _tell_missing(store: RunStore, tell: Callable[[str], None] | None) -> None:
    """Say once which directions have no model."""
    for name in json.loads(store.get("missing") or "[]"):
        if tell:
            tell(f"no model for {name}, so nothing is translated that way; give one with --model {name}=DIR")


def _result(out: Path, unchanged: bool) -> RunResult:
    summary = finishing.summary(out)
    return RunResult(
        out=out,
        report=out / "report" / "index.html",
        articles=summary["articles"],
        matched=summary["matched"],
        pairs=summary["pairs"] + summary["titles"],
        dropped=summary["dropped"],
        gone=summary["gone"],
        unchanged=unchanged,
    )


def _work(
    store: RunStore,
    plan: Sequence[Shard],
    matches: Mapping[str, Sequence[Match]],
    tools: Tools,
    out: Path,
    watch: Progress,
) -> None:
    """Do the shards that are not done, each committed whole: first its file, then its row in the store."""
    done = store.shards_done()
    waiting = [s for s in plan if done.get(s.number) != (s.key, file_digest(out / SHARDS / s.file_name))]
    total = sum(len(shard.articles) for shard in plan)
    count = total - sum(len(shard.articles) for shard in waiting)
    for shard in waiting:
        watch("translating and aligning", count, total)
        pairs = do_shard(shard, store, matches, tools, watch)
        store.forget_shard(shard.number)
        path = out / SHARDS / shard.file_name
        write_lines(path, (pair.to_dict() for pair in pairs))
        store.commit_shard(shard.number, shard.key, file_digest(path))
        count += len(shard.articles)
    watch("translating and aligning", total, total)
