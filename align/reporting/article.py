"""What an article's page shows: sections (one an original), and in them beads, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from align.language.codes import joiner
from align.records import Pair, Side, is_remark
from align.reporting import words
from align.reporting.minimap import Minimap, Step, draw
from align.reporting.reading import Group, Model
from align.reporting.summary import Row, back_flags, title_pairs, translation_flags, worth_a_look


@dataclass(frozen=True, slots=True)
class Text:
    """The segments of one side, in order, with their language and direction. Empty where the side is."""

    segments: tuple[str, ...]
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class Flag:
    """What a check found, in words; a remark tells how a translation was made and finds no fault with it."""

    words: str
    remark: bool


@dataclass(frozen=True, slots=True)
class BeadView:
    """One row. `note` says in words what is found or why a side is empty; `back` is the original's text in the
    article's language, None where it was not translated back, and `back_flags` what is doubtful about that.

    `first` is False where the row before is of the same kind with the same side empty, so that the
    note need not be read again; `place` is its height on the minimap, 0 to 1000.
    """

    number: int
    anchor: str
    pair: str
    bead: str
    kind: str
    source: Text
    target: Text
    translation: str
    back: str | None
    flags: tuple[Flag, ...]
    back_flags: tuple[Flag, ...]
    confidence: float | None
    chrf: float | None
    note: str
    paragraph: bool
    look: bool
    first: bool
    place: int = 0

    @property
    def doubtful(self) -> bool:
        """Whether a check found fault with the translation."""
        return not all(flag.remark for flag in self.flags)

    @property
    def back_doubtful(self) -> bool:
        """Whether a check found fault with the translation back."""
        return not all(flag.remark for flag in self.back_flags)


@dataclass(frozen=True, slots=True)
class Title:
    """A headline of the original with what belongs to it."""

    anchor: str
    original: Text
    translation: str
    back: str
    flags: tuple[Flag, ...]
    look: bool


@dataclass(frozen=True, slots=True)
class Links:
    """A sentence with links to beads: `links` are (text, anchor), `more` counts those not listed."""

    words: str
    links: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Section:
    """An article against one original (or none). `back_model` is None where nothing was translated back."""

    row: Row
    anchor: str
    language: str
    title: Title
    beads: tuple[BeadView, ...]
    model: Model | None
    back_model: Model | None
    translated: bool
    facts: tuple[str, ...]
    scores: tuple[tuple[str, str, str], ...]
    findings: tuple[Links, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The whole page; `title` is the article's headline as segments."""

    article: str
    title: Text
    sections: tuple[Section, ...]
    minimap: Minimap

    @property
    def foldable(self) -> bool:
        """Can one fold a translation away and still see two columns?"""
        return any(section.translated and section.row.matched for section in self.sections)

    @property
    def mapped(self) -> bool:
        """Is there a way through two texts to draw?"""
        return any(section.row.matched and len(section.beads) > 1 for section in self.sections)


MOST_LINKS = 30


def article_page(
    article: str, groups: Sequence[Group], rows: Sequence[Row], models: Mapping[str, Model]
) -> ArticlePage:
    """Arrange an article's groups of pairs, each with its row of the index."""
    sections = [
        _section(group, row, number, models)
        for number, (group, row) in enumerate(zip(groups, rows, strict=True), 1)
    ]
    minimap = draw([[_step(bead) for bead in section.beads] for section in sections])
    places = iter(minimap.places)
    placed = tuple(_placed(section, [next(places) for _ in section.beads]) for section in sections)
    source = groups[0][0].source
    title = next((pair.source for group in groups for pair in title_pairs(group) if pair.source.text), None)
    heading = _text(title) if title else Text((), source.lang, words.direction(source.lang))
    return ArticlePage(article, heading, placed, minimap)


def _placed(section: Section, places: Sequence[int]) -> Section:
    beads = tuple(replace(bead, place=place) for bead, place in zip(section.beads, places, strict=True))
    return replace(section, beads=beads)


def _section(group: Group, row: Row, number: int, models: Mapping[str, Model]) -> Section:
    prefix = "b" if number == 1 else f"b{number}-"
    body = [pair for pair in group if not pair.is_title]
    starts = _paragraph_starts(body)
    beads = tuple(
        _bead(pair, before, index, f"{prefix}{index}", index == 1 or start)
        for index, (pair, before, start) in enumerate(zip(body, [None, *body], starts, strict=False), 1)
    )
    return Section(
        row=row,
        anchor="text" if number == 1 else f"text{number}",
        language=words.language_name(row.original_lang),
        title=_title(group, row, number),
        beads=beads,
        model=_model(group, row, models),
        back_model=_back_model(group, row, models),
        translated=any(pair.translation for pair in group),
        facts=_facts(row),
        scores=words.scored(row.metrics),
        findings=_findings(beads, row),
    )


def _model(group: Group, row: Row, models: Mapping[str, Model]) -> Model | None:
    name = next((pair.model for pair in group if pair.model), None)
    if name is None:
        return None
    by_direction = models.get(f"{row.lang}-{row.original_lang}")
    known = [by_direction, *models.values()] if by_direction else list(models.values())
    return next((model for model in known if model.name == name), Model(name))


def _back_model(group: Group, row: Row, models: Mapping[str, Model]) -> Model | None:
    if all(pair.back is None for pair in group):
        return None
    return models.get(f"{row.original_lang}-{row.lang}") or Model("model not named")


def _title(group: Group, row: Row, number: int) -> Title:
    pairs = title_pairs(group)
    original = next((pair.target for pair in pairs if pair.target.text), None)
    return Title(
        anchor="title" if number == 1 else f"title{number}",
        original=_text(original) if original else Text((), row.original_lang, words.direction(row.original_lang)),
        translation=row.title_translation,
        back=next((pair.back for pair in pairs if pair.back), ""),
        flags=tuple(_flag(flag) for pair in pairs for flag in pair.flags),
        look=any(worth_a_look(pair) for pair in pairs),
    )


def _flag(flag: str) -> Flag:
    return Flag(words.flag_words(flag), is_remark(flag))


def _bead(pair: Pair, before: Pair | None, number: int, anchor: str, paragraph: bool) -> BeadView:
    return BeadView(
        number=number,
        anchor=anchor,
        pair=pair.id,
        bead=pair.bead,
        kind=pair.kind,
        source=_text(pair.source),
        target=_text(pair.target),
        translation=pair.translation or "",
        back=pair.back,
        flags=tuple(map(_flag, translation_flags(pair))),
        back_flags=tuple(map(_flag, back_flags(pair))),
        confidence=pair.confidence,
        chrf=pair.scores.get("chrF"),
        note=_note(pair),
        paragraph=paragraph,
        look=worth_a_look(pair),
        first=before is None or _holes(before) != _holes(pair),
    )


def _holes(pair: Pair) -> tuple[str, bool, bool]:
    """The kind and which sides are empty."""
    return pair.kind, not pair.source.segments, not pair.target.segments


def _note(pair: Pair) -> str:
    article, original = words.language_name(pair.source.lang), words.language_name(pair.target.lang)
    if pair.kind == "cut":
        return f"Left out of the {article}"
    if pair.kind == "added":
        return f"Added in the {article}: not in the original"
    if pair.kind == "unmatched":
        return f"No {original} original was found for this article"
    if pair.kind == "unaligned":
        return "Not placed: the aligner found no sure counterpart"
    return ""


def split_segments(side: Side) -> tuple[str, ...]:
    """The texts of a side's segments, cut out of their joined text by their lengths (`end - start`).

    Where the lengths don't add up (a title, or text that was edited since), the whole text is one piece.
    """
    glue = joiner(side.lang)
    pieces: list[str] = []
    at = 0
    for _, start, end in side.segments:
        pieces.append(side.text[at : at + end - start])
        at += end - start + len(glue)
    fits = glue.join(pieces) == side.text and all(pieces)
    return tuple(pieces) if fits and pieces else ((side.text,) if side.text else ())


def _text(side: Side) -> Text:
    return Text(split_segments(side), side.lang, words.direction(side.lang))


def _paragraph_starts(body: Iterable[Pair]) -> list[bool]:
    """Does a paragraph begin with each pair? The article's side decides; the original's where that is empty."""
    starts: list[bool] = []
    last_source = last_target = -1
    for pair in body:
        if pair.source.segments:
            starts.append(pair.source.paragraph != last_source)
            last_source = pair.source.paragraph
        else:
            starts.append(pair.target.paragraph != last_target)
        if pair.target.segments:
            last_target = pair.target.paragraph
    return starts


def _step(bead: BeadView) -> Step:
    return Step(
        source=sum(map(len, bead.source.segments)),
        height=1 + max(sum(map(len, bead.source.segments)), 2 * sum(map(len, bead.target.segments))) // 40,
        kind=bead.kind,
        flagged=bead.doubtful,
    )


def _facts(row: Row) -> tuple[str, ...]:
    """The line of facts, as phrases."""
    article = words.language_name(row.lang)
    if not row.matched:
        original = words.language_name(row.original_lang)
        return (words.count(row.sentences, "sentence"), f"no {original} original was found")
    left_out = (
        f"{words.of_them(row.cut, row.original_sentences)} sentences of the original "
        f"{'is' if row.cut == 1 else 'are'} not in the {article}"
    )
    added = (
        f"{words.of_them(row.added, row.sentences)} of the {article} "
        f"{'is' if row.added == 1 else 'are'} not in the original"
    )
    facts = [words.count(row.pairs, "bead"), left_out, added]
    if row.confidence is not None:
        facts.append(f"mean confidence {row.confidence:.2f}")
    evidence = row.match.get("evidence")
    if evidence:
        facts.append(words.evidence_words(str(evidence), row.match.get("confidence")))
    return tuple(facts)


def _findings(beads: Sequence[BeadView], row: Row) -> tuple[Links, ...]:
    article = words.language_name(row.lang)
    kinds = (
        (f"Left out of the {article}", [b for b in beads if b.kind == "cut"]),
        ("Not in the original", [b for b in beads if b.kind == "added"]),
        ("Not placed", [b for b in beads if b.kind == "unaligned"]),
        ("Doubtful translation", [b for b in beads if b.doubtful]),
        ("Doubtful translation back", [b for b in beads if b.back_doubtful]),
        (
            "Aligned with little confidence",
            [b for b in beads if b.kind == "translated" and b.look and not b.doubtful],
        ),
    )
    return tuple(_links(name, found) for name, found in kinds if found)


def _links(name: str, beads: Sequence[BeadView]) -> Links:
    anchors = {bead.number: bead.anchor for bead in beads}
    spans = words.runs(anchors)
    shown = tuple((str(a) if a == b else f"{a}–{b}", anchors[a]) for a, b in spans[:MOST_LINKS])
    return Links(name, shown, sum(b - a + 1 for a, b in spans[MOST_LINKS:]))
