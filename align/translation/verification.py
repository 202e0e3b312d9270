"""The canary with both engines: a model that translates, and whose conversion does the same, is verified."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version

from align.config import TranslateSettings
from align.errors import ModelError
from align.translation.cache import Translated
from align.translation.canary import Canary, Judgement, agree, agreement, chrf, judge, shortened
from align.translation.conversion import converted_path
from align.translation.hardware import Placement, place
from align.translation.models import ModelFiles
from align.translation.registry import EngineRun, Verification
from align.translation.translator import Translator

Watch = Callable[[str, int, int], None]
_EXAMPLES = 3


class Refused(ModelError):
    """A model was tried and found wanting; other errors say nothing about it."""


def engine_versions() -> dict[str, str]:
    """Versions of the engines that are installed."""
    return {name: version(name) for name in ("ctranslate2", "transformers")}


def verify(
    files: ModelFiles, source: str, target: str, canary: Canary, *, date: str, watch: Watch | None = None
) -> Verification:
    """Try a model in both engines, searching as a run does by default but without second attempts.

    The reference is hf in float32. ct2 in float32 must agree with it, but for ties; and ct2 in the precision that
    it takes by default here must come through the canary, as the reference must. `date` is that of the
    verification; `watch` is told the stage, and how many sentences of how many are done.

    Raises Refused, which says why, with examples, where the model fails, and ModelError where it cannot be run or
    the canary does not know a language. What was converted for the comparison alone, or for a model that fails, is
    removed again.
    """
    canary.texts(source), canary.texts(target)  # raises before anything is loaded
    usual = TranslateSettings(retry=False)
    reference, exact = (
        usual.model_copy(update={"engine": engine, "precision": "float32"}) for engine in ("hf", "ct2")
    )
    precision = place(usual).precision

    def run(settings: TranslateSettings) -> tuple[Placement, Judgement, list[Translated]]:
        translator = Translator(files, settings, source, target)
        placed = translator.placement
        made: list[Translated] = []

        def translate(texts: Sequence[str]) -> list[Translated]:
            stage, done = f"canary, {placed.engine} {placed.precision}", 0

            def progress(ready: int) -> None:
                nonlocal done
                done += ready
                if watch:
                    watch(stage, done, len(texts))

            progress(0)
            made.extend(translator.translate(texts, progress))
            return made

        return placed, judge(canary, source, target, translate), made

    with _conversions(files, precision):
        runs = [run(reference)]
        _refuse_unless_good(files, source, target, runs[0])
        compared = run(exact)
        _refuse_unless_same(files, canary.texts(source), runs[0][2], compared[2])
        runs.append(compared if precision == "float32" else run(usual))
        _refuse_unless_good(files, source, target, runs[1])
    return Verification(
        date=date,
        model_hash=files.model_hash,
        versions=engine_versions(),
        sentences=len(canary.sentences),
        runs=tuple(_summary(placed, judgement) for placed, judgement, _ in runs),
        agreement=agreement(runs[0][2], compared[2]),
        precision_chrf=chrf([t.text for t in runs[1][2]], [t.text for t in runs[0][2]]),
    )


def _refuse_unless_good(
    files: ModelFiles, source: str, target: str, run: tuple[Placement, Judgement, list[Translated]]
) -> None:
    placed, judgement, _ = run
    if judgement.reasons:
        examples = "; ".join(map(str, judgement.examples))
        raise Refused(
            f"{files.path}: is refused, for it does not come through the canary from {source} into {target} "
            f"({placed.engine} {placed.precision}): {'; '.join(judgement.reasons)}. {examples}. Get the model "
            "again, or take another; --unverified adds it all the same"
        )


def _refuse_unless_same(
    files: ModelFiles, texts: Sequence[str], reference: Sequence[Translated], other: Sequence[Translated]
) -> None:
    same, of = agreement(reference, other)
    if not agree(same, of):
        differing = [row for row in zip(texts, reference, other, strict=True) if row[1].text != row[2].text]
        examples = "; ".join(
            f"'{text}': hf writes '{shortened(a.text)}', ct2 writes '{shortened(b.text)}'"
            for text, a, b in differing[:_EXAMPLES]
        )
        raise Refused(
            f"{files.path}: is refused for a broken conversion: in float32 hf and ct2 agree in {same} of {of} "
            f"sentences only. {examples}. --unverified adds it all the same; then use it with the engine hf"
        )


def _summary(placed: Placement, judgement: Judgement) -> EngineRun:
    return EngineRun(
        placed.engine,
        placed.precision,
        placed.device,
        judgement.names,
        judgement.numbers,
        judgement.recognised,
        judgement.faulty,
        judgement.chrf,
    )


@contextmanager
def _conversions(files: ModelFiles, precision: str) -> Iterator[None]:
    """Leave no conversion behind that was not there before, but that in `precision` where all goes well."""
    new = {
        each: partial(shutil.rmtree, converted_path(files, each), ignore_errors=True)
        for each in ("float32", precision)
        if not converted_path(files, each).exists()
    }
    try:
        yield
        new.pop(precision, None)
    finally:
        for remove in new.values():
            remove()
