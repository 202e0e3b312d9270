"""Ids of articles, and what happens when one id comes twice."""

from __future__ import annotations

from dataclasses import replace

from align.loading.drafts import Draft, Unusable
from align.records import Article, text_hash


def article_id(draft: Draft, lang: str, stem: str) -> str:
    """`<outlet>-<lang>-<YYYYMMDD or nodate>-<8 hex>`; the digits are a hash of outlet, date and address.

    The address is the article's own; without one the file's stem and the title; where an outlet puts
    several articles at one address, address and title. So an id outlives changes of the text.
    """
    if not draft.url:
        address = f"{stem}\n{draft.title}"
    elif draft.outlet.shared_addresses:
        address = f"{draft.url}\n{draft.title}"
    else:
        address = draft.url
    day = draft.date.replace("-", "") or "nodate"
    digits = text_hash(f"{draft.outlet.id}\n{draft.date}\n{address}")
    return f"{draft.outlet.id}-{lang}-{day}-{digits}"


class Register:
    """The ids given out so far, with the revisions and places of their articles."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, str]] = {}

    def admit(self, article: Article, place: str) -> Article:
        """`article` under an id of its own. `place` says where it stands, for messages.

        The same id with another text gets `-<revision>`; with the same text it raises Unusable ("duplicate").
        """
        revision = article.revision
        places = self._places.setdefault(article.id, {})
        if revision in places:
            raise Unusable(
                "duplicate", f"is the same article as {places[revision]} ({article.id}); remove one of them"
            )
        renamed = replace(article, id=f"{article.id}-{revision}") if places else article
        places[revision] = place
        if renamed is not article:
            # The new id may come back in another file, where this article was written out.
            self._places.setdefault(renamed.id, {})[revision] = place
        return renamed
