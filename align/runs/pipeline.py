"""The main job: inputs -> articles, matches, segments, translations, beads, pairs; resumable at any instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from align import __version__
from align.config import RunSettings
from align.errors import InputError
from align.files import write_lines
from align.loading import load
from align.matching import match, read_given
from align.records import Match
from align.runs import finishing
from align.runs.files import SHARDS, STORE
from align.runs.guard import check_settings, fingerprint
from align.runs.plan import Shard, enrol, shards
from align.runs.shard import do_shard
from align.runs.store import RunStore, content_key
from align.runs.tools import Tools
from align.translation import find_model

# What a caller may watch: the stage, how much of it is done, and of how much (0: not known).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run left: its directory and report, counts, and whether there was nothing to do."""

    out: Path
    report: Path
    articles: int
    matched: int
    pairs: int
    dropped: int
    unchanged: bool
    notes: tuple[str, ...] = ()


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    originals: Sequence[Path] = (),
    given: Path | None = None,
    settings: RunSettings | None = None,
    update: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Run the main job into the directory `out`, going on where an earlier call stopped.

    `given` is a table of pairs (TSV). Raises InputError for a missing input, ConfigError when `out` holds a run
    with other settings and `update` is not set, ModelError for a model that is named and not here.
    """
    settings = settings or RunSettings()
    watch = progress or _unwatched
    inputs, originals = [Path(p) for p in inputs], [Path(p) for p in originals]
    for path in (*inputs, *originals, *([given] if given else [])):
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder; check the path")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file, and a run needs a directory; name another --out")
    if out.is_dir() and not (out / STORE).exists() and any(out.iterdir()):
        raise InputError(f"{out}: holds other files and no run; name a new or empty directory with --out")
    out.mkdir(parents=True, exist_ok=True)
    (out / SHARDS).mkdir(exist_ok=True)
    with RunStore(out / STORE) as store:
        check_settings(store, settings, update)
        tools = Tools(settings)
        models = [find_model(name, online=settings.online) for name in settings.translate.models.values()]
        roles = {"articles": inputs, "originals": originals, "given": [given] if given else [], "models": models}
        mark = fingerprint(roles, settings)
        if store.get("finished") == mark and finishing.is_whole(out):
            return _result(tools, out, unchanged=True)
        store.put("finished", "")
        for count in store.replace_inputs(
            load(inputs, default_lang=settings.source_lang), load(originals, default_lang=settings.to[0])
        ):
            watch("loading", count, 0)
        matches = _match(store, tools, given, watch)
        enrol(store, settings.shard_articles)
        plan = shards(store, matches, tools, __version__)
        _work(store, plan, matches, tools, out, watch)
        watch("writing the report", 0, 0)
        finishing.finish(store, plan, matches, tools, out)
        store.put("finished", mark)
        return _result(tools, out, unchanged=False)


def _unwatched(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _result(tools: Tools, out: Path, unchanged: bool) -> RunResult:
    summary = finishing.summary(out)
    missing = [direction for direction, found in tools.models().items() if found is None]
    notes = tuple(
        f"no model for {direction}, so nothing is translated that way; give one with --model {direction}=DIR"
        for direction in missing
    )
    return RunResult(
        out=out,
        report=out / "report" / "index.html",
        articles=summary["articles"],
        matched=summary["matched"],
        pairs=summary["pairs"],
        dropped=summary["dropped"],
        unchanged=unchanged,
        notes=notes,
    )


def _match(store: RunStore, tools: Tools, given: Path | None, watch: Progress) -> dict[str, list[Match]]:
    """Pair articles with originals, unless the store holds the pairing of exactly these."""
    articles = [stored.article for stored in store.articles("article")]
    originals = [stored.article for stored in store.articles("original")]
    table = read_given(given) if given else []
    key = content_key(
        __version__,
        tools.settings.match.model_dump(),
        list(tools.settings.to),
        [[a.id, a.revision, a.date, a.path] for a in (*articles, *originals)],
        [[row.article, row.original] for row in table],
    )
    if store.get("matched") != key:
        watch("matching", 0, len(articles))
        pairings = match(
            articles,
            originals,
            to=tools.settings.to,
            settings=tools.settings.match,
            embedder=tools.embedder if originals else None,
            given=table,
        )
        store.replace_matches([pairing.to_dict() for pairing in pairings])
        store.put("matched", key)
        watch("matching", len(articles), len(articles))
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for row in store.matches():
        if row["status"] == "paired":
            found[row["article"]].append(
                Match(row["article"], row["original"], row["lang"], row["confidence"], row["evidence"])
            )
    return {article: sorted(rows, key=lambda m: (m.lang, m.original)) for article, rows in found.items()}


def _work(
    store: RunStore,
    plan: Sequence[Shard],
    matches: Mapping[str, Sequence[Match]],
    tools: Tools,
    out: Path,
    watch: Progress,
) -> None:
    """Do the shards that are not done, each committed whole: first its file, then its row in the store."""
    done = store.shard_keys()
    waiting = [s for s in plan if done.get(s.number) != s.key or not (out / SHARDS / s.file_name).is_file()]
    total = sum(len(shard.articles) for shard in plan)
    count = total - sum(len(shard.articles) for shard in waiting)
    for shard in waiting:
        watch("translating and aligning", count, total)
        result = do_shard(shard, store, matches, tools)
        write_lines(out / SHARDS / shard.file_name, (pair.to_dict() for pair in result.pairs))
        store.commit_shard(shard.number, shard.key, result.translations)
        count += len(shard.articles)
    watch("translating and aligning", total, total)
