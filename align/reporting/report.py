"""Writes the report of a run: reads the pairs twice, article by article, and leaves only the run's own pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from align.errors import InputError
from align.files import replacing
from align.records import text_hash
from align.reporting.article import article_page
from align.reporting.index import colophon, index_view
from align.reporting.pages import MARK, Pages
from align.reporting.reading import (
    Group,
    article_scores,
    models_of,
    read_articles,
    read_dropped,
    read_outlet_names,
    read_run,
    read_scores,
)
from align.reporting.summary import Row, summarise

# Names that Windows keeps for devices, and our own.
_TAKEN = {"index", "con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


def report(run_dir: Path | str, out: Path | str | None = None) -> Path:
    """Write the report of the run in `run_dir` into `out` (default: `run_dir/report`); return its index.html.

    Reads pairs.jsonl, scores.json, dropped.jsonl and run.yaml; only pairs.jsonl must be there. At any
    time the pairs of one article are in memory, and a row an article. The same run gives the same
    bytes. Pages of an earlier report whose articles the run no longer holds are removed, other files are
    left alone.
    Raises InputError where the run cannot be read or `out` is no directory.
    """
    run_dir = Path(run_dir)
    out = run_dir / "report" if out is None else Path(out)
    pairs = run_dir / "pairs.jsonl"
    scores = read_scores(run_dir / "scores.json")
    run = read_run(run_dir / "run.yaml")
    models = models_of(run)
    by_article = article_scores(scores)

    outlets = read_outlet_names()
    rows: dict[str, list[Row]] = {}
    for article, groups in read_articles(pairs):
        rows[article] = [
            summarise(article, number, group, by_article.get((article, *_target(group)), {}), outlets)
            for number, group in enumerate(groups, 1)
        ]
    order = [row for of_article in rows.values() for row in of_article]
    order.sort(key=lambda row: (row.gone, -row.suspicion, row.date, row.article, row.original))
    names = page_names(list(dict.fromkeys(row.article for row in order)))

    _make(out)
    pages = Pages()
    foot = colophon(run, models)
    neighbours = _neighbours(list(names))
    for article, groups in read_articles(pairs):
        before, after = neighbours[article]
        view = {
            "page": article_page(article, groups, rows[article], models),
            "before": (names[before], rows[before][0]) if before else None,
            "after": (names[after], rows[after][0]) if after else None,
            "colophon": foot,
        }
        with replacing(out / names[article]) as file:
            file.write(pages.article(view))
    index = out / "index.html"
    dropped = read_dropped(run_dir / "dropped.jsonl")
    with replacing(index) as file:
        file.write(pages.index(index_view(order, names, scores, dropped, models, foot)))
    _remove_stale(out, {"index.html", *names.values()})
    return index


def _target(group: Group) -> tuple[str, str]:
    return group[0].target.lang, group[0].target.article


def page_names(articles: Sequence[str]) -> dict[str, str]:
    """A file name for each article's page: its id where that is a safe name, else a safe form with a hash."""
    names: dict[str, str] = {}
    for article in articles:
        safe = re.sub(r"[^a-z0-9._-]+", "-", article.lower()).strip("-.")[:80]
        if safe != article or safe.partition(".")[0] in _TAKEN:
            safe = f"{safe or 'article'}-{text_hash(article)}"
        names[article] = f"{safe}.html"
    return names


def _neighbours(articles: Sequence[str]) -> dict[str, tuple[str, str]]:
    before = ["", *articles[:-1]]
    after = [*articles[1:], ""]
    return {article: (a, b) for article, a, b in zip(articles, before, after, strict=False)}


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{out}: is a file; name a directory for the report") from None


def _remove_stale(out: Path, current: set[str]) -> None:
    for path in out.glob("*.html"):
        if path.name not in current and path.is_file() and _is_ours(path):
            path.unlink()


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode("ascii") in file.read(1024)
