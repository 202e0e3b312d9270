"""One text in, one translation out, always, in the order given: MarianMT behind the interface that stays."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from align.config import TranslateSettings
from align.errors import InputError, ModelError
from align.language.codes import check_language, joiner
from align.translation.checks import check
from align.translation.marian import Marian, Part
from align.translation.models import ModelFiles, read_model
from align.translation.targets import target_token

# Raise it whenever the same model and settings would give another text or other flags than before:
# it is part of `settings_key`, so that nothing stale comes out of a cache.
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, and what is to be said of it: flags as in `align.translation.FLAGS`."""

    text: str
    flags: tuple[str, ...] = ()


class Translator:
    """A MarianMT model for one direction. Its weights are loaded at the first text, not before.

    `name` is fit for records (no path of this machine), `model_hash` a fingerprint of the model's files,
    `settings_key` one of all that decides a translation (model, direction, beam, n-gram, length penalty;
    not the batch size, which changes no more than the last digit of a float, nor the number of threads, which
    changes nothing), `note` what is to be said of the model, or None.

    While it translates, torch works with one thread a batch in the whole process, and several batches run
    side by side (`TranslateSettings.threads`); afterwards torch's setting is as it was. It serves one call at
    a time.
    """

    def __init__(self, files: ModelFiles, settings: TranslateSettings, source: str, target: str) -> None:
        self.name = files.name
        self.model_hash = files.model_hash
        self.note = files.note
        self.source = source
        self.target = target
        self._files = files
        self._settings = settings
        self._token = target_token(files.vocab, target, files.name)
        decisive = {
            "version": _VERSION,
            "model": files.model_hash,
            "direction": f"{source}-{target}",
            "beam": settings.beam,
            "no_repeat_ngram": settings.no_repeat_ngram,
            "length_penalty": settings.length_penalty,
        }
        self.settings_key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]
        self._model: Marian | None = None

    def translate(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Translated]:
        """Translations of `texts`, as many and in the same order; equal texts are computed once.

        `progress` is called with the number of texts that have become ready since its last call; its
        numbers add up to len(texts). Raises ModelError when the model cannot be loaded.
        """
        times = Counter(texts)
        done = {text: Translated("", ("empty",)) for text in times if not text.strip()}
        if progress and done:
            progress(sum(times[text] for text in done))
        waiting = [text for text in times if text not in done]
        if waiting:
            if self._model is None:
                self._model = Marian(self._files.path, self._settings, self._files.positions, self._token)
            with closing(self._model.run(waiting)) as results:
                for text, parts in results:
                    done[text] = self._join(text, parts)
                    if progress:
                        progress(times[text])
        return [done[text] for text in texts]

    def _join(self, source: str, parts: Sequence[Part]) -> Translated:
        text = joiner(self.target).join(part for part, _ in parts if part)
        flags = [*check(source, text, self.source, self.target)]
        if len(parts) > 1:
            flags.append("split")
        if not all(finished for _, finished in parts):
            flags.append("unfinished")
        return Translated(text, tuple(flags))


def load_translator(
    settings: TranslateSettings, source: str, target: str, *, online: bool = False
) -> Translator | None:
    """The translator for a direction, or None where the settings name no model for it.

    Reads and hashes the model's files but loads no weights. Raises ModelError when the model that is named
    is missing, incomplete, no MarianMT model, or does not translate into `target`.
    """
    name = settings.models.get(f"{source}-{target}")
    if name is None:
        return None
    return Translator(read_model(name, online=online), settings, source, target)


def translate(
    texts: Sequence[str],
    source: str,
    target: str,
    *,
    model: str | None = None,
    settings: TranslateSettings | None = None,
    online: bool = False,
) -> list[Translated]:
    """Translations of `texts` from language `source` into `target`, as many and in the same order.

    `model` is a directory, a packaged model or a hub name; without it the model that `settings` name for the
    direction. Each call loads the model anew: for many calls keep a `Translator` (`load_translator`).
    Raises ConfigError for an unknown language, InputError where `texts` is one string, and ModelError where
    there is no model for the direction, or what is named cannot be used.
    """
    if isinstance(texts, str):
        raise InputError("the texts to translate are one string; give a list of strings, one a segment")
    direction = f"{check_language(source)}-{check_language(target)}"
    settings = settings or TranslateSettings()
    if model is not None:
        settings = settings.model_copy(update={"models": {**settings.models, direction: model}})
    translator = load_translator(settings, source, target, online=online)
    if translator is None:
        known = ", ".join(sorted(settings.models)) or "none"
        raise ModelError(
            f"there is no model for {direction} (the settings name models for: {known}); give a directory, a "
            "packaged model or a hub name as the model"
        )
    return translator.translate(texts)
