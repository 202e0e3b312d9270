"""Articles and originals -> pairings, by the best evidence that there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from align.config import MatchSettings
from align.embedding.embedder import Embedder
from align.matching.address import copies, linked, same_stem
from align.matching.confidence import one_to_one, score
from align.matching.documents import Documents, embed_documents
from align.matching.given import GivenPair, resolve
from align.matching.pairing import Evidence, Pairing, Rejected
from align.records import Article

# Set, not measured: a table can hold a slip, a page can link to another story, and files can share a
# stem by accident, in rising order.
CONFIDENCE_GIVEN = 1.0
CONFIDENCE_LINK = 0.99
CONFIDENCE_STEM = 0.95


def match(
    articles: Sequence[Article],
    originals: Sequence[Article],
    *,
    to: Sequence[str],
    settings: MatchSettings,
    embedder: Embedder | None = None,
    given: Sequence[GivenPair] = (),
) -> list[Pairing]:
    """Find each article's original in each language of `to`.

    In this order: what the user gave, the page's own link, the same file stem, the most similar text within
    `settings.window_days` with a confidence of at least `settings.threshold` (needs an embedder). Similar
    texts are paired one-to-one within the articles of an outlet and a language. One and the same document on
    both sides (an equal text, or the one text of a file) is never a pair, whatever its language is said to be.

    Every article stands in the result at least once for each language of `to` that is not its own, every original
    at least once. The result depends on the documents, not on their order: it is sorted by article, then come the
    originals that stayed alone.

    Raises InputError for a given pair that names what isn't there or one text twice, ModelError for an
    embedder that fails.
    """
    state = _State(sorted(articles, key=_key), sorted(originals, key=_key), tuple(dict.fromkeys(to)))
    same = copies(state.articles, state.originals)
    for a, o in resolve(given, state.articles, state.originals, state.to, same):
        state.take(a, o, CONFIDENCE_GIVEN, "given")
    settled = state.settled()
    for a, o in linked(state.articles, state.originals):
        if (a, o) not in same and state.originals[o].lang in state.to and state.is_free(a, o, settled):
            state.take(a, o, CONFIDENCE_LINK, "link")
    for lang in state.to:
        settled = state.settled()
        for other in sorted({article.lang for article in articles} - {lang}):
            for a, o in same_stem(state.articles, state.originals, other, lang, settings.window_days, same):
                if state.is_free(a, o, settled):
                    state.take(a, o, CONFIDENCE_STEM, "stem")
    if embedder is not None:
        _pair_similar(state, settings, embedder, same)
    return state.pairings()


def _key(document: Article) -> tuple[str, ...]:
    return (document.id, document.path, document.lang, document.revision, document.url)


# Within a group of articles an original is used once: the outlet's name, and the language.
Group = tuple[str, str]
Settled = tuple[frozenset[tuple[int, str]], frozenset[tuple[Group, int]]]


@dataclass(slots=True)
class _State:
    """What has been found so far; documents are named by their index in the sorted lists."""

    articles: list[Article]
    originals: list[Article]
    to: tuple[str, ...]
    found: dict[tuple[int, int], tuple[float, Evidence]] = field(default_factory=dict)
    # The most probable candidate that was not taken, of (article, language) and of an original.
    rejected_by_article: dict[tuple[int, str], tuple[float, int]] = field(default_factory=dict)
    rejected_by_original: dict[int, tuple[float, int]] = field(default_factory=dict)

    def take(self, a: int, o: int, confidence: float, evidence: Evidence) -> None:
        self.found.setdefault((a, o), (confidence, evidence))

    def reject(self, a: int, o: int, confidence: float) -> None:
        """Note a candidate that was not taken. The first of equals stays, so call it in a fixed order."""
        best = self.rejected_by_article.get((a, self.originals[o].lang))
        if best is None or confidence > best[0]:
            self.rejected_by_article[a, self.originals[o].lang] = (confidence, o)
        best = self.rejected_by_original.get(o)
        if best is None or confidence > best[0]:
            self.rejected_by_original[o] = (confidence, a)

    def settled(self) -> Settled:
        """Articles that have an original in a language, and originals that a group has used."""
        return (
            frozenset((a, self.originals[o].lang) for a, o in self.found),
            frozenset((self.group(a), o) for a, o in self.found),
        )

    def is_free(self, a: int, o: int, settled: Settled) -> bool:
        """Whether stronger evidence has left both to this one."""
        return (a, self.originals[o].lang) not in settled[0] and (self.group(a), o) not in settled[1]

    def group(self, a: int) -> Group:
        return (self.articles[a].outlet.strip().casefold(), self.articles[a].lang)

    def pairings(self) -> list[Pairing]:
        rows = [self._paired(a, o, *how) for (a, o), how in sorted(self.found.items())]
        have = {(a, self.originals[o].lang) for a, o in self.found}
        for a, article in enumerate(self.articles):
            wanted = [lang for lang in self.to if lang != article.lang] or list(self.to[:1])
            rows += [self._article_alone(a, lang) for lang in wanted if (a, lang) not in have]
        place = {(article.id, article.path): a for a, article in enumerate(self.articles)}
        language = {lang: n for n, lang in enumerate(self.to)}
        rows.sort(key=lambda row: (place[row.article, row.article_path], language[row.lang], row.original))
        used = {o for _, o in self.found}
        return rows + [self._original_alone(o) for o in range(len(self.originals)) if o not in used]

    def _paired(self, a: int, o: int, confidence: float, evidence: Evidence) -> Pairing:
        article, original = self.articles[a], self.originals[o]
        return Pairing(
            article=article.id,
            original=original.id,
            article_path=article.path,
            original_path=original.path,
            lang=original.lang,
            confidence=confidence,
            status="paired",
            evidence=evidence,
            best_rejected=self._rejected_original(a, original.lang),
        )

    def _article_alone(self, a: int, lang: str) -> Pairing:
        article = self.articles[a]
        rejected = self._rejected_original(a, lang)
        return Pairing(article.id, "", article.path, "", lang, 0.0, "unpaired", best_rejected=rejected)

    def _original_alone(self, o: int) -> Pairing:
        original = self.originals[o]
        best = self.rejected_by_original.get(o)
        rejected = Rejected(self.articles[best[1]].id, best[0]) if best else None
        return Pairing("", original.id, "", original.path, original.lang, 0.0, "unpaired", best_rejected=rejected)

    def _rejected_original(self, a: int, lang: str) -> Rejected | None:
        best = self.rejected_by_article.get((a, lang))
        return Rejected(self.originals[best[1]].id, best[0]) if best else None


def _pair_similar(state: _State, settings: MatchSettings, embedder: Embedder, same: Set[tuple[int, int]]) -> None:
    """Pair by similarity what stronger evidence has left: a language and a group of articles at a time."""
    settled = state.settled()
    open_articles = {
        lang: [a for a, d in enumerate(state.articles) if d.lang != lang and (a, lang) not in settled[0]]
        for lang in state.to
    }
    # What is free for one article of a group is free for all that are open.
    one_a_group = {lang: list({state.group(a): a for a in rows}.values()) for lang, rows in open_articles.items()}
    open_originals = {
        lang: [
            o
            for o, d in enumerate(state.originals)
            if d.lang == lang and any(state.is_free(a, o, settled) for a in one_a_group[lang])
        ]
        for lang in state.to
    }
    left = _Pool(
        state.articles, [a for lang in state.to if open_originals[lang] for a in open_articles[lang]], embedder
    )
    right = _Pool(state.originals, [o for lang in state.to for o in open_originals[lang]], embedder)
    copies_of: dict[int, list[int]] = defaultdict(list)
    for a, o in sorted(same):
        copies_of[a].append(o)
    for lang in state.to:
        groups: dict[Group, list[int]] = defaultdict(list)
        for a in open_articles[lang]:
            groups[state.group(a)].append(a)
        for _, rows in sorted(groups.items()):
            columns = [o for o in open_originals[lang] if state.is_free(rows[0], o, settled)]
            if not columns:
                continue
            place_of = {o: place for place, o in enumerate(columns)}
            barred = {(place, place_of[o]) for place, a in enumerate(rows) for o in copies_of[a] if o in place_of}
            i, j, found = score(left.take(rows), right.take(columns), settings.window_days, barred)
            taken = {place for place in one_to_one(i, j, found) if found[place] >= settings.threshold}
            for place in range(len(found)):
                a, o, confidence = rows[int(i[place])], columns[int(j[place])], float(found[place])
                if place in taken:
                    state.take(a, o, confidence, "similar")
                else:
                    state.reject(a, o, confidence)


class _Pool:
    """Documents embedded once, a language at a time, and found again by their index."""

    def __init__(self, documents: Sequence[Article], wanted: Sequence[int], embedder: Embedder) -> None:
        by_lang: dict[str, list[int]] = defaultdict(list)
        for index in dict.fromkeys(wanted):
            by_lang[documents[index].lang].append(index)
        self._lang = {index: lang for lang, rows in by_lang.items() for index in rows}
        self._place = {index: place for rows in by_lang.values() for place, index in enumerate(rows)}
        self._documents: dict[str, Documents] = {
            lang: embed_documents([documents[index] for index in rows], embedder) for lang, rows in by_lang.items()
        }

    def take(self, indexes: Sequence[int]) -> Documents:
        """The documents at `indexes`, all of one language."""
        return self._documents[self._lang[indexes[0]]].take([self._place[index] for index in indexes])
