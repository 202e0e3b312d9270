"""What the index shows: the run in sentences, pictures, the table of articles, scores, what was dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from align.reporting import charts, words
from align.reporting.reading import Model
from align.reporting.summary import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table, with its page and what it can be filtered by."""

    row: Row
    page: str
    chrf: float | None
    chrf_words: str
    traits: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the table: its value in the address, its words, how many articles it leaves."""

    value: str
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class LanguageScores:
    """Scores of one language of originals: (metric, for people, everything about it), or why there are none."""

    language: str
    coverage: str
    model: str
    metrics: tuple[tuple[str, str, str], ...]
    absent: str

    def metric(self, name: str) -> tuple[str, str, str] | None:
        return next((found for found in self.metrics if found[0] == name), None)


_TRAITS: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("cut", "with passages left out", lambda row: bool(row.cut)),
    ("added", "with passages added", lambda row: bool(row.added)),
    ("unaligned", "with passages not placed", lambda row: bool(row.unaligned)),
    ("flagged", "with doubtful translations", lambda row: bool(row.flagged)),
    ("unmatched", "without an original", lambda row: not row.matched),
)
# A row that is gone has this trait alone: the filters find what the sentences count.
_GONE, _PRESENT = "gone", "present"


def index_view(
    rows: Sequence[Row],
    names: Mapping[str, str],
    scores: Mapping[str, Any],
    dropped: Sequence[Mapping[str, str]],
    models: Mapping[str, Model],
    foot: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Everything the template of the index needs. `rows` stand most suspicious first.

    Rows that are gone stand in the table, and nowhere else.
    """

    def page(row: Row) -> str:
        return names[row.article] + ("" if row.section == 1 else f"#text{row.section}")

    languages = _language_scores(scores)
    present = [row for row in rows if not row.gone]
    return {
        "title": _title(present or rows),
        "standfirst": _standfirst(present, len(rows) - len(present), len(dropped)),
        "notes": [model for model in models.values() if model.note],
        "charts": _charts(present, page, languages, scores),
        "entries": [_entry(row, page(row)) for row in rows],
        "choices": _choices(rows),
        "languages": _languages(rows),
        "scores": languages,
        "metrics": list(dict.fromkeys(found[0] for entry in languages for found in entry.metrics)),
        "full": charts.share_ceiling(
            max((max(row.share_cut or 0, row.share_added or 0) for row in rows), default=0)
        ),
        "beads": _beads(present),
        "dropped": dropped,
        "colophon": foot,
    }


def colophon(run: Mapping[str, Any], models: Mapping[str, Model]) -> list[tuple[str, str]]:
    """The run's main facts, as (what, words)."""
    facts: list[tuple[str, str]] = []
    for direction, model in models.items():
        name = f"{model.name} ({model.hash[:12]})" if model.hash else model.name
        facts.append((f"Translator {direction}", f"{name}. {model.note}" if model.note else name))
    settings = run.get("settings") if isinstance(run.get("settings"), Mapping) else run
    assert settings is not None
    translate, align = settings.get("translate") or {}, settings.get("align") or {}
    if translate.get("beam"):
        facts.append(("Search", f"beam {translate['beam']}"))
    if align.get("embedder"):
        facts.append(("Aligned by", f"embeddings of {align['embedder']}"))
    versions = run.get("versions") or {}
    if versions:
        facts.append(("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())))
    return facts


def _title(rows: Sequence[Row]) -> str:
    languages = [words.language_name(code) for code in dict.fromkeys(row.lang for row in rows)]
    languages += [
        words.language_name(code) for code, _ in Counter(row.original_lang for row in rows).most_common()
    ]
    return f"{words.listed(list(dict.fromkeys(languages)))}, side by side" if rows else "An empty run"


def _standfirst(rows: Sequence[Row], gone: int, dropped: int) -> str:
    """The run in sentences; `gone` rows of the table are not among `rows`."""
    if not gone:
        return _sentences(rows, dropped)
    marked = (
        f"{words.count(gone, 'row')} of the table {'is' if gone == 1 else 'are'} no longer among the inputs: "
        "marked there, and not counted here."
    )
    return (
        f"{_sentences(rows, dropped)} {marked}"
        if rows
        else f"Nothing of this run is among its inputs now. {marked}"
    )


def _sentences(rows: Sequence[Row], dropped: int) -> str:
    if not rows:
        return "No article came through in this run." + (" What was dropped is listed below." if dropped else "")
    outlets = sorted({words.plain(row.outlet) for row in rows if row.outlet})
    dates = sorted(row.date for row in rows if row.date)
    of = (
        f" of {words.listed(outlets)}"
        if 0 < len(outlets) <= 4
        else f" of {len(outlets)} outlets"
        if outlets
        else ""
    )
    when = f", {words.date_span(dates[0], dates[-1])}" if dates else ""
    matched = [row for row in rows if row.matched]
    articles = len({row.article for row in rows})
    sentences = [f"{words.count(articles, 'article')}{of}{when}."]
    if not matched:
        return f"{sentences[0]} None has an original here: the translations stand alone."
    with_original = len({row.article for row in matched})
    verb = "has" if with_original == 1 else "have"
    sentences.append(f"{words.of_them(with_original, articles).capitalize()} {verb} an original.")
    cut, total = sum(row.cut for row in matched), sum(row.original_sentences for row in matched)
    added, of_article = sum(row.added for row in matched), sum(row.sentences for row in matched)
    article = words.listed(sorted({words.language_name(row.lang) for row in matched}))
    each = ", counted anew for each original," if len(matched) > with_original else ""
    sentences.append(
        f"{words.of_them(cut, total).capitalize()} sentences of the originals "
        f"{'is' if cut == 1 else 'are'} not in the {article}; "
        f"{words.of_them(added, of_article)} of the {article}{each} "
        f"{'is' if added == 1 else 'are'} not in the originals."
    )
    return " ".join(sentences)


def _charts(
    rows: Sequence[Row], page: Callable[[Row], str], languages: Sequence[LanguageScores], scores: Mapping[str, Any]
) -> list[charts.Chart]:
    if not rows:
        return []
    absent = " ".join(dict.fromkeys(entry.absent for entry in languages if entry.absent))
    if not scores:
        absent = "The run has no scores.json, so nothing was scored."
    return [
        charts.left_out(rows, page),
        charts.scores_over_time(rows, page, absent),
        charts.confidence(rows),
    ]


def _entry(row: Row, page: str) -> Entry:
    found = row.metrics.get("chrF++") or {}
    score = found.get("score")
    everything = (
        words.metric_words("chrF++", score, found.get("signature") or "", found.get("n"))
        if score is not None
        else "no score: "
        + ("nothing of this article was scored" if row.matched else "there is no original to score against")
    )
    traits = _GONE if row.gone else " ".join([_PRESENT, *(value for value, _, holds in _TRAITS if holds(row))])
    return Entry(row, page, score, everything, traits)


def _choices(rows: Sequence[Row]) -> list[Choice]:
    present = [row for row in rows if not row.gone]
    choices = [Choice(value, text, sum(1 for row in present if holds(row))) for value, text, holds in _TRAITS]
    if len(present) < len(rows):
        choices.append(Choice(_PRESENT, "still among the inputs", len(present)))
        choices.append(Choice(_GONE, "no longer among the inputs", len(rows) - len(present)))
    return [choice for choice in choices if choice.n]


def _languages(rows: Sequence[Row]) -> list[Choice]:
    counts = Counter(row.original_lang for row in rows)
    return [Choice(code, words.language_name(code), n) for code, n in sorted(counts.items())]


def _language_scores(scores: Mapping[str, Any]) -> list[LanguageScores]:
    found: list[LanguageScores] = []
    for code, entry in sorted((scores.get("languages") or {}).items()):
        entry = entry or {}
        coverage = entry.get("coverage") or {}
        metrics = entry.get("metrics") or {}
        found.append(
            LanguageScores(
                language=words.language_name(code),
                coverage=(
                    f"{words.of_them(coverage.get('with_original') or 0, coverage['segments'])}"
                    if coverage.get("segments") is not None
                    else "not counted"
                ),
                model=entry.get("model") or "",
                metrics=words.scored(metrics),
                absent=entry.get("absent") or ("" if metrics else "Not scored."),
            )
        )
    return found


def _beads(rows: Sequence[Row]) -> list[tuple[str, str, int, float]]:
    """(type, words, how many, share) of bead types, the most frequent first."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.beads)
    total = sum(counts.values())
    return [
        (bead, words.bead_words(bead), n, n / total)
        for bead, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
