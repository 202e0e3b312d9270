"""`align translate`: one line in, one line out."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from align.cli.texts import OutFile

_FLAGGED = "any flag"

if TYPE_CHECKING:
    from align.config import TranslateSettings
    from align.translation import Translated


def translate(
    file: Annotated[
        Path | None, typer.Argument(metavar="[IN]", help="Text, one segment a line [standard input].")
    ] = None,
    source: Annotated[str, typer.Option("--from", help="Language of the text.")] = "en",
    target: Annotated[str, typer.Option("--to", help="Language of the translation.")] = "ko",
    model: Annotated[
        str | None, typer.Option(help="A directory, a name that align models lists, or a hub name [the starter].")
    ] = None,
    out: OutFile = None,
    config: Annotated[Path | None, typer.Option(help="Settings, a YAML file: its part 'translate'.")] = None,
    running_text: Annotated[
        bool, typer.Option("--segment", help="Lines are running text: translate them sentence by sentence.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines: source, translation, flags.")] = False,
    n_best: Annotated[
        int | None, typer.Option("--n-best", min=1, help="So many alternatives, as Moses writes them, or in JSON.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="ct2 (CTranslate2) or hf (transformers) [ct2].")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda [auto].")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, int8, float16 or float32 [auto].")] = None,
    beam: Annotated[int | None, typer.Option(min=1, help="Beam size [4].")] = None,
    length_penalty: Annotated[float | None, typer.Option(help="Above 1: longer translations [1].")] = None,
    repetition_penalty: Annotated[float | None, typer.Option(help="Above 1: fewer repetitions [1].")] = None,
    no_repeat_ngram: Annotated[
        int | None, typer.Option("--no-repeat-ngram", min=0, help="No n-gram of this length twice; 0: off [4].")
    ] = None,
    batch_tokens: Annotated[
        int | None, typer.Option(min=0, help="Source tokens a batch; 0: by device [0].")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="Batches side by side; 0: one a core [0].")] = None,
    retry: Annotated[
        bool | None, typer.Option("--retry/--no-retry", help="Try again where a check finds fault [yes].")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="File of known translations [in the user's cache folder].")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Know nothing, keep nothing.")] = False,
    online: Annotated[bool, typer.Option(help="The model may be fetched from a hub.")] = False,
) -> None:
    """Translate line by line: one line in, one line out.

    \b
      align translate english.txt -o korean.txt
      align translate --from ko --to en --model opus-mt-ko-en korean.txt -o english.txt
      align translate --json english.txt > checked.jsonl
      align translate --segment paragraphs.txt -o translated.txt

    What was translated is remembered, by text, model and settings: the same command after an interruption goes on
    where it stopped, and a changed file costs what is new in it. --no-cache does without. Every translation is
    checked; how many were found wanting is told at the end, and --json says which and why (docs/models.md).

    With --n-best N each line becomes up to N: its number (from 0) ||| a translation ||| its score. They are the
    best of one search, so nothing is then tried again.
    """
    from align import __version__
    from align.cli.guarding import resumable
    from align.cli.io import output, read_lines
    from align.cli.progress import watching
    from align.errors import ConfigError, ModelError
    from align.language.codes import check_language
    from align.resources import kept
    from align.translation import Cutting, load_translator, open_cache

    for code in (source, target):
        check_language(code)
    if cache and no_cache:
        raise ConfigError("--cache names a file and --no-cache wants none; leave one of them away")
    overrides = {
        "engine": engine,
        "device": device,
        "precision": precision,
        "beam": beam,
        "n_best": n_best,
        "length_penalty": length_penalty,
        "repetition_penalty": repetition_penalty,
        "no_repeat_ngram": no_repeat_ngram,
        "batch_tokens": batch_tokens,
        "threads": threads,
        "retry": retry,
        "models": None if model is None else {f"{source}-{target}": model},
    }
    settings = _settings(config, {key: value for key, value in overrides.items() if value is not None})
    cut = Cutting(f"align {__version__} {source}", partial(_sentences, lang=source)) if running_text else None
    translator = load_translator(settings, source, target, online=online, cut=cut)
    if translator is None:
        raise ModelError(
            f"there is no model for {source}-{target} here; name one with --model (align models lists them)"
        )
    where = None if no_cache else cache or kept("translations.sqlite")
    form = _json_line if as_json else _moses_lines if settings.n_best > 1 else _plain_line
    flags: Counter[str] = Counter()
    read: deque[str] = deque()
    done, total = 0, _count_lines(file)

    def lines() -> Iterator[str]:
        for line in read_lines(file):
            read.append(line)
            yield line

    keeping = resumable("what is translated is kept, and the same command goes on from here")
    with nullcontext() if no_cache else keeping, watching() as (watch, tell), open_cache(where) as known:

        def progress(ready: int) -> None:
            nonlocal done
            done += ready
            watch("lines", done, total)

        with output(out) as result, closing(translator.stream(lines(), progress, known)) as stream:
            number = 0
            for number, translated in enumerate(stream, 1):
                line = read.popleft()
                if line.strip():
                    flags.update([*translated.flags, *([_FLAGGED] if translated.flags else [])])
                result.write(form(number - 1, line, translated))
        if flagged := flags.pop(_FLAGGED, 0):
            listed = ", ".join(f"{flag} {count}" for flag, count in flags.most_common())
            which = "" if as_json else "; --json shows which"
            tell(f"{flagged} of {number} translations are flagged: {listed}{which}")


def _settings(config: Path | None, overrides: dict[str, Any]) -> TranslateSettings:
    from align.config import TranslateSettings, load_settings, parse_settings

    values = load_settings(config).translate.model_dump()
    models = {**values["models"], **overrides.pop("models", {})}
    return parse_settings(TranslateSettings, {**values, **overrides, "models": models}, "options")


def _sentences(text: str, lang: str) -> list[str]:
    import align

    return [text[start:end] for start, end in align.segment_text(text, lang)]


def _plain_line(_number: int, _line: str, found: Translated) -> str:
    return found.text + "\n"


def _json_line(_number: int, line: str, found: Translated) -> str:
    row: dict[str, Any] = {"source": line, "translation": found.text, "flags": list(found.flags)}
    if found.alternatives:
        row["alternatives"] = [asdict(alternative) for alternative in found.alternatives]
    return json.dumps(row, ensure_ascii=False) + "\n"


def _moses_lines(number: int, _line: str, found: Translated) -> str:
    listed = [(a.text, a.score) for a in found.alternatives] or [(found.text, 0.0)]
    return "".join(f"{number} ||| {text} ||| {score:.4f}\n" for text, score in listed)


def _count_lines(file: Path | None) -> int:
    """Lines of a file, for the progress bar; 0, which is not known, for a pipe."""
    if file is None or not file.is_file():
        return 0
    with file.open("rb") as stream:
        pieces = iter(lambda: stream.read(1 << 20), b"")
        return sum(piece.count(b"\n") for piece in pieces)
