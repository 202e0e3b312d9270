"""The stage itself: an article becomes segments; a text becomes spans."""

from __future__ import annotations

from align.language.codes import check_language
from align.records import Article, Segment
from align.segmentation.paragraphs import paragraph_spans
from align.segmentation.sentences import sentence_spans


def segment_text(text: str, lang: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, in order, as (start, end) offsets in characters.

    Every character outside the spans is white space, and no span is empty. A line is a
    paragraph, and no sentence crosses its end, except in hard-wrapped text, where a blank line
    parts paragraphs (see `align.segmentation.paragraphs`). Raises ConfigError for an unknown
    language.
    """
    check_language(lang)
    return [
        (start + a, start + b)
        for start, end in paragraph_spans(text)
        for a, b in sentence_spans(text[start:end], lang)
    ]


def segment(article: Article) -> list[Segment]:
    """The segments of an article: its title, where it has one, then the sentences of its text.

    For a segment of the text `article.text[start:end] == segment.text`; between two of them
    there is only white space. `paragraph` is the number of the line of `article.text` in which
    the segment starts, from 0. The title counts from its own start: `article.title[start:end]`.
    Raises ConfigError for an unknown language.
    """
    revision = article.revision

    def made(start: int, end: int, text: str, paragraph: int, is_title: bool = False) -> Segment:
        return Segment(article.id, revision, article.lang, start, end, text, paragraph, is_title)

    segments = []
    if article.title.strip():
        segments.append(made(0, len(article.title), article.title, -1, is_title=True))
    line = at = 0
    for start, end in segment_text(article.text, article.lang):
        line += article.text.count("\n", at, start)
        at = start
        segments.append(made(start, end, article.text[start:end], line))
    return segments
