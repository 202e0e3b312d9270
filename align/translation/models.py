"""Where a translation model lies, whether its directory is whole, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.errors import ModelError
from align.hub import from_hub, is_hub_name
from align.resources import resource

# What MarianTokenizer reads; the names are those of its own class.
_TOKENIZER = ("source.spm", "target.spm", "vocab.json")
# Weights in the order in which transformers prefers them.
_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
# Read when they are there, and able to change the output.
_GENERATION = "generation_config.json"
_OPTIONAL = (
    _GENERATION,
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "target_vocab.json",
)
STARTER_NOTE = (
    "A packaged starter model, for trying the tool out and for fine-tuning; it is weak, "
    "and its translations are not to be relied on."
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A whole model directory. `name` is what records show; `model_hash` has 12 hex digits."""

    name: str
    path: Path
    config: dict[str, Any]
    generation: dict[str, Any]
    vocab: dict[str, int]
    model_hash: str
    note: str | None

    @property
    def kind(self) -> str:
        """The model's type as transformers names it: "marian"."""
        return str(self.config["model_type"])

    @property
    def positions(self) -> int:
        """The longest source or translation that the model takes, in pieces."""
        return int(self.config["max_position_embeddings"])

    @property
    def eos(self) -> int:
        """Id of the end of a text."""
        return self._id("eos_token_id", 0)

    @property
    def pad(self) -> int:
        """Id that fills rows up."""
        return self._id("pad_token_id", self.eos)

    @property
    def start(self) -> int:
        """Id from which the decoder starts."""
        return self._id("decoder_start_token_id", self.pad)

    @property
    def unknown(self) -> int:
        """Id of what the vocabulary does not know."""
        return self.vocab.get("<unk>", self.eos)

    @property
    def banned(self) -> tuple[tuple[int, ...], ...]:
        """Sequences of ids that a translation must not have: padding, and what the model's own settings name."""
        own = self.generation.get("bad_words_ids") or self.config.get("bad_words_ids") or []
        listed = [(self.pad,), *(tuple(ids) for ids in own)]
        return tuple(dict.fromkeys(ids for ids in listed if ids != (self.eos,)))

    def _id(self, name: str, default: int) -> int:
        for values in (self.generation, self.config):
            found = values.get(name)
            if isinstance(found, list):  # several ends: the first is the model's own
                found = found[0] if found else None
            if found is not None:
                return int(found)
        return default


def packaged_models() -> list[str]:
    """Names of the models that came with the installation."""
    try:
        root = resource("models")
    except FileNotFoundError:
        return []
    return sorted(folder.name for folder in root.iterdir() if (folder / "config.json").is_file())


def find_model(name: str, *, online: bool = False) -> Path:
    """The directory of the model `name`: a directory, a packaged model or a hub name.

    An existing directory comes first, then a packaged model, then a name of the form owner/model,
    which is looked for in the local Hugging Face cache only, unless `online`. Raises ModelError when
    nothing is found, or when what is found lacks files.
    """
    directory = Path(name).expanduser()
    if directory.is_dir():
        return _whole(directory)
    if name in packaged_models():
        return _whole(resource("models", name))
    if directory.exists():
        raise ModelError(f"model '{name}' is a file; give the directory that holds config.json and the weights")
    if is_hub_name(name):
        return _whole(
            from_hub(
                name,
                "model",
                online=online,
                files=("*.json", "*.spm"),
                weights="model*.safetensors",
                older_weights="pytorch_model*.bin",
                elsewhere="no packaged model has this name",
            )
        )
    if re.search(r"[/\\]", name) or name.startswith(("~", ".")):
        raise ModelError(f"model '{name}': there is no such directory; check the path")
    raise ModelError(
        f"model '{name}' is neither a directory nor a packaged model "
        f"(packaged: {', '.join(packaged_models()) or 'none'}); a model of the hub is written owner/model"
    )


def read_model(name: str, *, online: bool = False) -> ModelFiles:
    """Find the model `name` and read all but its weights; raises ModelError where it is no MarianMT model.

    The hash runs over names and bytes of the files that decide the output (SHA-256).
    """
    path = find_model(name, online=online)
    config = _read_json(path / "config.json")
    kind = config.get("model_type")
    if kind != "marian":
        raise ModelError(
            f"{path}: is a model of type '{kind}'; only MarianMT models (model_type 'marian') run here"
        )
    positions = config.get("max_position_embeddings")
    if not isinstance(positions, int) or positions < 16:
        raise ModelError(f"{path}/config.json: max_position_embeddings is {positions!r}; it must be 16 or more")
    packaged = not Path(name).expanduser().is_dir() and name in packaged_models()
    return ModelFiles(
        # A record must not carry a path of this machine: a directory goes by its own name.
        name=path.resolve().name if Path(name).expanduser().is_dir() else name,
        path=path,
        config=config,
        generation=_read_json(path / _GENERATION) if (path / _GENERATION).is_file() else {},
        vocab=_read_json(path / "vocab.json"),
        model_hash=_hash(path),
        note=STARTER_NOTE if packaged or path.parent == _packaged_root() else _card(path),
    )


def _packaged_root() -> Path | None:
    try:
        return resource("models")
    except FileNotFoundError:
        return None


def _whole(path: Path) -> Path:
    """Return `path` if it holds all files of a MarianMT model; else raise ModelError that names what lacks."""
    lacking = [file for file in ("config.json", *_TOKENIZER) if not (path / file).is_file()]
    if not any((path / file).is_file() for file in _WEIGHTS):
        lacking.insert(1 if "config.json" in lacking else 0, "model.safetensors (or pytorch_model.bin)")
    if lacking:
        raise ModelError(
            f"{path}: is no complete MarianMT model; it lacks {', '.join(lacking)}. "
            "Copy or download the whole model directory again"
        )
    return path


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as JSON ({error}); download the model again") from None
    if not isinstance(loaded, dict):
        raise ModelError(f"{path}: must hold a JSON object; download the model again")
    return loaded


def _hash(path: Path) -> str:
    weights = next(file for file in _WEIGHTS if (path / file).is_file())
    shards = sorted(file.name for file in path.glob("*-of-*")) if weights.endswith(".index.json") else []
    total = hashlib.sha256()
    for file in sorted({"config.json", *_TOKENIZER, *_OPTIONAL, weights, *shards}):
        if (path / file).is_file():
            with (path / file).open("rb") as stream:
                total.update(f"{file} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()[:12]


def _card(path: Path) -> str | None:
    """First paragraph of prose in the model's own MODEL.md or README.md, at most 300 characters."""
    for file in ("MODEL.md", "README.md"):
        if (path / file).is_file():
            text = (path / file).read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
            text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
            for paragraph in re.split(r"\n\s*\n", text):
                flat = " ".join(paragraph.split())
                if flat[:1].isalnum():
                    return flat if len(flat) <= 300 else f"{flat[:299].rsplit(' ', 1)[0]}…"
    return None
