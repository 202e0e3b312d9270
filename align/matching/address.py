"""What two documents share by address: the page's own link, and the file's stem."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from datetime import date
from pathlib import PurePath
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from align.language.codes import LANGUAGES
from align.records import Article

# Query keys that say where a reader came from, not what the page is.
_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid)$")


def normalise_url(url: str) -> str:
    """An address without what does not change the page: scheme, www, default port, letter case of the
    host, trailing slash, fragment, order of the query, tracking keys. Empty where there is no host.
    """
    text = url.strip()
    if "//" not in text:
        text = f"//{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return ""
    if "." not in host:
        return ""
    place = f"{host}:{port}" if port not in (None, 80, 443) else host
    path = unquote(parts.path).rstrip("/")
    query = urlencode(
        sorted(p for p in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(p[0]))
    )
    return f"{place}{path}?{query}" if query else f"{place}{path}"


def copies(articles: Sequence[Article], originals: Sequence[Article]) -> frozenset[tuple[int, int]]:
    """Indexes (article, original) that are one and the same document: an equal text, or one file that holds
    nothing else.

    They come about where the same file stands on both sides, as when a folder holds articles and originals.
    """
    found = set()
    for left, right in (
        ([a.revision for a in articles], [o.revision for o in originals]),
        (_own_files(articles), _own_files(originals)),
    ):
        places: dict[str, list[int]] = defaultdict(list)
        for o, name in enumerate(right):
            places[name].append(o)
        found |= {(a, o) for a, name in enumerate(left) if name for o in places[name]}
    return frozenset(found)


def _own_files(documents: Sequence[Article]) -> list[str]:
    """The path of each document that is alone in its file, "" for the others: a dump may hold both sides."""
    held = Counter(document.path for document in documents)
    return [document.path if held[document.path] == 1 else "" for document in documents]


def linked(articles: Sequence[Article], originals: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """Indexes (article, original) where the article's page links to the original.

    An address under which several originals stand, or which several articles of an outlet and
    language link to (a day's index page), says nothing of one article and is left to other evidence.
    """
    by_url: dict[str, list[int]] = defaultdict(list)
    for index, original in enumerate(originals):
        if address := normalise_url(original.url):
            by_url[address].append(index)
    links = [dict.fromkeys(filter(None, map(normalise_url, a.original_urls))) for a in articles]
    claims = Counter(
        (a.outlet, a.lang, address) for a, row in zip(articles, links, strict=True) for address in row
    )
    for index, (article, row) in enumerate(zip(articles, links, strict=True)):
        for address in row:
            found = by_url.get(address, [])
            if (
                len(found) == 1
                and claims[article.outlet, article.lang, address] == 1
                and originals[found[0]].lang != article.lang
            ):
                yield index, found[0]


def same_stem(
    articles: Sequence[Article],
    originals: Sequence[Article],
    lang: str,
    to: str,
    window_days: int,
    same: Set[tuple[int, int]] = frozenset(),
) -> Iterator[tuple[int, int]]:
    """Indexes (article in `lang`, original in the language `to`) of files with the same stem, that hold one
    article each.

    Where a stem occurs more than once on a side, the folder above decides, then the one above that.
    Files whose dates differ by more than `window_days` are not taken: numbered files of two
    collections share their stems without belonging together. Nor are pairs in `same`, which are one document.
    """
    left = _single_files(articles, [i for i, a in enumerate(articles) if a.lang == lang])
    right = _single_files(originals, [i for i, o in enumerate(originals) if o.lang == to])
    # A copy of an article that stands in `lang` is no text in the language `to`, whatever was made of it.
    for o in {o for a, o in same if a in left and o in right}:
        del right[o]
    depth = 1
    while left and right:
        keys_left, keys_right = _by_key(left, depth), _by_key(right, depth)
        for key in sorted(keys_left.keys() & keys_right.keys()):
            if len(keys_left[key]) == len(keys_right[key]) == 1:
                a, o = keys_left[key][0], keys_right[key][0]
                if _days_apart(articles[a], originals[o]) <= window_days:
                    yield a, o
                del left[a], right[o]
        if depth >= max((len(parts) for parts in (*left.values(), *right.values())), default=0):
            return
        depth += 1


def _single_files(documents: Sequence[Article], wanted: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Path parts, from the stem upwards, of the documents that are alone in their file."""
    own = _own_files(documents)
    return {i: _reversed_parts(documents[i]) for i in wanted if own[i]}


def _reversed_parts(document: Article) -> tuple[str, ...]:
    path = PurePath(document.path.replace("\\", "/"))
    names = (
        [document.lang, LANGUAGES[document.lang].name.lower()] if document.lang in LANGUAGES else [document.lang]
    )
    # The ending of the file goes first; "a.en.txt" then still holds its language.
    stem = re.sub(rf"[._-]({'|'.join(map(re.escape, names))})$", "", path.stem.casefold())
    return (stem, *(part.casefold() for part in reversed(path.parts[:-1])))


def _by_key(files: dict[int, tuple[str, ...]], depth: int) -> dict[tuple[str, ...], list[int]]:
    keys: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, parts in files.items():
        keys[parts[:depth]].append(index)
    return keys


def _days_apart(one: Article, other: Article) -> int:
    """Days between two dates; 0 where either has none."""
    days = [day_number(document.date) for document in (one, other)]
    return abs(days[0] - days[1]) if days[0] is not None and days[1] is not None else 0


def day_number(iso: str) -> int | None:
    """Days since year 1 of an ISO date; None where it is empty or no date."""
    try:
        return date.fromisoformat(iso[:10]).toordinal() if iso else None
    except ValueError:
        return None
