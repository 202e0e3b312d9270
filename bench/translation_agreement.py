"""Do the two engines write the same, what does int8 change, and do the neighbours in a batch matter?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from align.config import TranslateSettings
from align.translation import Translated, Translator
from align.translation.canary import chrf
from align.translation.models import ModelFiles
from align.translation.search import Search
from bench.translation_peers import generate_loop

_SHOWN = 5
# Engine and precision of what is compared.
SYSTEMS = {"hf float32": ("hf", "float32"), "ct2 float32": ("ct2", "float32"), "ct2 int8": ("ct2", "int8")}


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence that two translate differently.

    `rank` is the place of the other's text among the one's own hypotheses, from 1, or None where it is not
    among them; `gap` is by how much the one scores it lower than its own, in log probability a token.
    """

    source: str
    one: str
    other: str
    rank: int | None
    gap: float


def folded(text: str) -> str:
    """White space of any kind is the same: tokenizers differ in it."""
    return " ".join(text.split())


def share_same(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of texts that are the same in both."""
    same = [folded(a) == folded(b) for a, b in zip(one, other, strict=True)]
    return sum(same) / max(1, len(same))


def differences(
    sources: Sequence[str], one: Sequence[Translated], other: Sequence[Translated]
) -> Iterator[Difference]:
    """The sentences that two translate differently, in order, with the one's opinion of the other's text."""
    for source, a, b in zip(sources, one, other, strict=True):
        if folded(a.text) == folded(b.text):
            continue
        listed = [folded(alternative.text) for alternative in a.alternatives]
        rank = listed.index(folded(b.text)) + 1 if folded(b.text) in listed else None
        gap = a.alternatives[0].score - a.alternatives[rank - 1].score if rank else 0.0
        yield Difference(source, a.text, b.text, rank, gap)


def translator(files: ModelFiles, **settings: Any) -> Translator:
    return Translator(files, TranslateSettings(device="cpu", **settings), "en", "ko")


def print_engines(files: ModelFiles, texts: Sequence[str], beam: int) -> None:
    """The engines in 32-bit floats against each other, and int8 against both: without retries."""
    made = {
        name: translator(files, engine=engine, precision=precision, beam=beam, n_best=beam, retry=False).translate(
            texts
        )
        for name, (engine, precision) in SYSTEMS.items()
    }
    print(f"\nAgreement, beam {beam}, without retries, {len(texts)} sentences")
    print(f"{'':<14}{'against':<14}{'same texts':>11}{'chrF':>8}")
    for one, other in (("ct2 float32", "hf float32"), ("ct2 int8", "ct2 float32"), ("ct2 int8", "hf float32")):
        a, b = ([found.text for found in made[name]] for name in (one, other))
        print(f"{one:<14}{other:<14}{share_same(a, b):>11.1%}{chrf(a, b):>8.1f}", flush=True)
    found = list(differences(texts, made["hf float32"], made["ct2 float32"]))
    if found:
        ranked = [each.gap for each in found if each.rank]
        print(
            f"{len(found)} differ between the engines in float32; in {len(ranked)} of them ct2's text is among "
            f"hf's {beam} best" + (f", at most {max(ranked):.4f} a token behind" if ranked else "")
        )
    for each in found[:_SHOWN]:
        opinion = f"hf's number {each.rank}, {each.gap:.4f} a token behind" if each.rank else "not among hf's best"
        print(f"  {each.source}\n    hf:  {each.one}\n    ct2: {each.other} ({opinion})")


def print_references(files: ModelFiles, pairs: Sequence[tuple[str, str]], beam: int) -> None:
    """chrF of each against human-made translations, with and without retries."""
    sources, references = [source for source, _ in pairs], [target for _, target in pairs]
    print(f"\nQuality, beam {beam}, chrF against one reference, {len(pairs)} sentences of train/dev-kcna.tsv")
    print(f"{'':<14}{'no retries':>11}{'flagged':>9}{'retries':>11}{'flagged':>9}")
    loop = generate_loop(files.path, Search(beam=beam, no_repeat_ngram=4))
    print(f"{'generate loop':<14}{chrf(loop(sources), references):>11.2f}", flush=True)
    for name, (engine, precision) in SYSTEMS.items():
        row = f"{name:<14}"
        for retry in (False, True):
            found = translator(files, engine=engine, precision=precision, beam=beam, retry=retry).translate(
                sources
            )
            # "retried" tells of a fault that is mended.
            flagged = sum(bool(set(each.flags) - {"retried"}) for each in found)
            row += f"{chrf([each.text for each in found], references):>11.2f}{flagged:>9}"
        print(row, flush=True)


def print_neighbours(files: ModelFiles, texts: Sequence[str], beam: int) -> None:
    """Whether a text's translation depends on which others run with it, and on the number of threads."""
    print(f"\nNeighbours in a batch, ct2, beam {beam}, {len(texts)} sentences: texts the same as by default")
    print(f"{'':<22}{'float32':>9}{'int8':>9}")
    backwards = list(reversed(texts))
    cases: dict[str, dict[str, int]] = {
        "batch_tokens 300": {"batch_tokens": 300},
        "batch_tokens 4000": {"batch_tokens": 4000},
        "one thread": {"threads": 1},
        "lines reversed": {},
    }
    rows: dict[str, list[float]] = {name: [] for name in cases}
    for precision in ("float32", "int8"):
        default = [found.text for found in translator(files, precision=precision, beam=beam).translate(texts)]
        for name, settings in cases.items():
            turned = name == "lines reversed"
            found = translator(files, precision=precision, beam=beam, **settings).translate(
                backwards if turned else texts
            )
            made = [each.text for each in (reversed(found) if turned else found)]
            rows[name].append(share_same(made, default))
    for name, shares in rows.items():
        print(f"{name:<22}" + "".join(f"{share:>9.1%}" for share in shares), flush=True)
