"""A record of a JSON dump -> a draft, or an Article unchanged where one was written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from align.language.codes import LANGUAGES
from align.loading.bodies import paragraphs
from align.loading.cleaning import clean, split_lines
from align.loading.dates import parse_date
from align.loading.drafts import Draft, Unusable
from align.loading.html_page import html_lines, web_address
from align.loading.languages import language_code
from align.loading.outlets import Outlet, Outlets
from align.records import Article

# What dumps call a field, most telling first. A day as text goes before a moment: it needs no time zone.
TITLE = ("headline", "title")
TEXT = ("story_text", "text", "body", "content", "article_text", "articlebody")
URL = ("link", "url", "href", "permalink", "source_url")
LANG = ("lang", "language", "inlanguage")
OUTLET = ("outlet", "source", "publisher", "newspaper", "agency")
ORIGINALS = ("original_urls", "original_url", "original_link")
DATE = ("date_str", "date", "published", "published_at", "publishedat", "datepublished", "pub_date", "pubdate")

_ARTICLE_FIELDS = frozenset(("id", "revision", "lang", "title", "date", "outlet", "url", "text"))
_MARKUP = re.compile(r"</?(?:p|br|div)\b[^<>]*>", re.IGNORECASE)


def read_row(row: object, outlets: Outlets) -> Draft | Article:
    """Draft of one record; an `Article.to_dict()` comes back as that Article. Field names count in any case.

    Raises Unusable ("bad-row", "no-text", "language").
    """
    if not isinstance(row, Mapping):
        raise Unusable("bad-row", f"is {_kind(row)}, not an object with fields such as headline and story_text")
    if row.keys() >= _ARTICLE_FIELDS:
        return _article(row)
    fields = {str(key).lower(): value for key, value in row.items()}
    lines = _text_lines(fields)
    url = next((web_address(value) for value in _values(fields, URL) if isinstance(value, str)), "")
    outlet, suffix_lang = _outlet(fields, url, outlets)
    body = paragraphs(lines, outlet)
    if not body:
        raise Unusable("no-text", f"has no text: none of {', '.join(TEXT)} holds any (it has {_names(row)})")
    return Draft(
        outlet=outlet,
        title=next((clean(value) for value in _values(fields, TITLE) if isinstance(value, str)), ""),
        paragraphs=body,
        date=next((date for date in map(parse_date, _values(fields, DATE)) if date), ""),
        lang=_language(fields) or suffix_lang,
        lang_hints=(outlet.lang_of(url),),
        url=url,
        original_urls=_originals(fields),
    )


def _article(row: Mapping[str, Any]) -> Article:
    if not isinstance(row.get("original_urls", []), list):
        raise Unusable("bad-row", "has original_urls that are no list; write articles with `align load`")
    article = Article.from_dict(row)
    texts = (article.id, article.lang, article.title, article.date, article.outlet, article.url, article.text)
    if not all(isinstance(value, str) for value in (*texts, article.path, *article.original_urls)):
        raise Unusable("bad-row", "has a field that is no text; write articles with `align load`")
    if not all(value.isascii() or _is_utf8(value) for value in texts):
        raise Unusable("bad-row", "holds half a character (a lone surrogate); write articles with `align load`")
    if not article.id or not article.text.strip():
        lacking = "id" if not article.id else "text"
        raise Unusable("bad-row" if not article.id else "no-text", f"is an article with an empty {lacking}")
    if article.lang not in LANGUAGES:
        raise _unknown_language(article.lang)
    return article


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text_lines(fields: Mapping[str, Any]) -> list[str]:
    for value in _values(fields, TEXT):
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return [line for part in value for line in split_lines(part)]
        if isinstance(value, str) and value.strip():
            return html_lines(value) if _MARKUP.search(value) else split_lines(value)
    return []


def _outlet(fields: Mapping[str, Any], url: str, outlets: Outlets) -> tuple[Outlet, str]:
    for value in _values(fields, OUTLET):
        said = clean(value) if isinstance(value, str) else ""
        if web_address(said):
            return outlets.at(said), ""
        if said and not outlets.is_carrier(said):
            return outlets.source(said)
    return outlets.at(url), ""


def _language(fields: Mapping[str, Any]) -> str:
    for value in _values(fields, LANG):
        code = language_code(value) if isinstance(value, str) else None
        if code is None:
            raise _unknown_language(str(value))
        if code:
            return code
    return ""


def _unknown_language(said: str) -> Unusable:
    return Unusable(
        "language", f"is in language '{said[:20]}', which is not known here; use a code such as en, ko or ru"
    )


def _originals(fields: Mapping[str, Any]) -> tuple[str, ...]:
    said: list[str] = []
    for value in _values(fields, ORIGINALS):
        said += [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]
    return tuple(dict.fromkeys(address for address in map(web_address, said) if address))


def _values(fields: Mapping[str, Any], names: Iterable[str]) -> list[Any]:
    return [fields[name] for name in names if fields.get(name) not in (None, "", [])]


def _names(row: Mapping[str, Any]) -> str:
    return ", ".join(clean(str(name))[:30] for name in list(row)[:8]) or "no fields"


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number"}
    return names.get(type(value), "nothing (null)")
