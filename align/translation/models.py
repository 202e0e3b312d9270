"""Where a translation model lies, whether its directory is whole, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from align.errors import ModelError
from align.hub import from_hub, is_hub_name
from align.resources import resource
from align.translation.registry import read_registry, registered

Tokenizer = Literal["marian", "m2m100", "nllb"]
# What each kind of tokenizer reads. The names are those of transformers' classes; of several, the first counts.
_TOKENIZER: dict[Tokenizer, tuple[tuple[str, ...], ...]] = {
    "marian": (("source.spm",), ("target.spm",), ("vocab.json",)),
    "m2m100": (("sentencepiece.bpe.model",), ("vocab.json",)),
    "nllb": (("tokenizer.json", "sentencepiece.bpe.model"),),
}
_KINDS: dict[Tokenizer, str] = {"marian": "MarianMT", "m2m100": "M2M100", "nllb": "NLLB"}
_RUNNING = "marian (MarianMT: opus-mt, opus-mt-tc-big) and m2m_100 (M2M100, NLLB)"
_TOKENIZER_CONFIG = "tokenizer_config.json"
_TARGET_VOCAB = "target_vocab.json"
# Id of <unk> in the vocabularies of M2M100 and NLLB, which begin as fairseq's do.
_FAIRSEQ_UNKNOWN = 3
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
    _TOKENIZER_CONFIG,
    "special_tokens_map.json",
    "added_tokens.json",
    _TARGET_VOCAB,
)
STARTER_NOTE = (
    "A packaged starter model, for trying the tool out and for fine-tuning; it is weak, "
    "and its translations are not to be relied on."
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A whole model directory. `name` is what records show; `model_hash` has 12 hex digits.

    `config`, `generation` and `tokenizer_config` are what the files of these names hold, `vocab` what vocab.json
    holds: ids of pieces, with separate vocabularies those of the source. It is empty where the kind has no such
    file (NLLB). `tokenizer` is the kind of tokenizer, which tells M2M100 from NLLB.
    """

    name: str
    path: Path
    tokenizer: Tokenizer
    config: dict[str, Any]
    generation: dict[str, Any]
    tokenizer_config: dict[str, Any]
    vocab: dict[str, int]
    model_hash: str
    note: str | None

    @property
    def kind(self) -> str:
        """The model's type as transformers names it: "marian" or "m2m_100"."""
        return str(self.config["model_type"])

    @property
    def sizes(self) -> tuple[int, int]:
        """Sizes of the vocabularies of encoder and decoder, as the weights have them."""
        size = int(self.config["vocab_size"])
        return size, int(self.config.get("decoder_vocab_size") or size) if self.kind == "marian" else size

    @property
    def target_vocab(self) -> Path | None:
        """The file with the target's pieces where source and target have separate vocabularies (MarianMT)."""
        path = self.path / _TARGET_VOCAB
        # Conversions of opus-mt-tc-big on the hub say so in one of these two places, not always in both.
        separate = self.tokenizer_config.get("separate_vocabs") or not self.config.get(
            "share_encoder_decoder_embeddings", True
        )
        return path if separate and self.tokenizer == "marian" and path.is_file() else None

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
        return self.vocab.get("<unk>", self.eos if self.kind == "marian" else _FAIRSEQ_UNKNOWN)

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
    """The directory of the model `name`: a directory, a packaged or added model, or a hub name.

    An existing directory comes first, then a packaged model, then one that was added (`align models add`), then a
    name of the form owner/model, which is looked for in the local Hugging Face cache only, unless `online`. Raises
    ModelError when nothing is found, or when what is found lacks files or is of a kind that does not run here.
    """
    directory = Path(name).expanduser()
    if directory.is_dir():
        return _whole(directory)
    if name in packaged_models():
        return _whole(resource("models", name))
    if (added := registered(name)) is not None:
        return _whole(added)
    if directory.exists():
        raise ModelError(f"model '{name}' is a file; give the directory that holds config.json and the weights")
    if is_hub_name(name):
        return _whole(
            from_hub(
                name,
                "model",
                online=online,
                files=("*.json", "*.spm", "sentencepiece.bpe.model", "README.md"),
                weights="model*.safetensors",
                older_weights="pytorch_model*.bin",
                elsewhere="no packaged model has this name",
            )
        )
    if re.search(r"[/\\]", name) or name.startswith(("~", ".")):
        raise ModelError(f"model '{name}': there is no such directory; check the path")
    raise ModelError(
        f"model '{name}' is neither a directory nor a model that came along or was added "
        f"({', '.join([*packaged_models(), *read_registry()])}); a model of the hub is written owner/model"
    )


def read_model(name: str, *, online: bool = False) -> ModelFiles:
    """Find the model `name` and read all but its weights; raises ModelError where it does not run here.

    The hash runs over names and bytes of the files that decide the output (SHA-256).
    """
    path = find_model(name, online=online)
    config = _read_json(path / "config.json")
    tokenizer = _tokenizer(path, config)
    for key, least in (("max_position_embeddings", 16), ("vocab_size", 1)):
        value = config.get(key)
        if not isinstance(value, int) or value < least:
            raise ModelError(f"{path}/config.json: {key} is {value!r}; it must be {least} or more")
    packaged = not Path(name).expanduser().is_dir() and name in packaged_models()
    return ModelFiles(
        # A record must not carry a path of this machine: a directory goes by its own name.
        name=path.resolve().name if Path(name).expanduser().is_dir() else name,
        path=path,
        tokenizer=tokenizer,
        config=config,
        generation=_read_optional(path / _GENERATION),
        tokenizer_config=_read_optional(path / _TOKENIZER_CONFIG),
        vocab={} if tokenizer == "nllb" else read_vocab(path / "vocab.json"),
        model_hash=_hash(path, tokenizer),
        note=STARTER_NOTE if packaged or path.parent == _packaged_root() else _card(path),
    )


def _packaged_root() -> Path | None:
    try:
        return resource("models")
    except FileNotFoundError:
        return None


def _whole(path: Path) -> Path:
    """Return `path` if it holds all files of a model that runs here, or raise ModelError."""
    lacking = [] if (path / "config.json").is_file() else ["config.json"]
    if not any((path / file).is_file() for file in _WEIGHTS):
        lacking.append("model.safetensors (or pytorch_model.bin)")
    kind = ""
    if "config.json" not in lacking:
        tokenizer = _tokenizer(path, _read_json(path / "config.json"))
        kind = f"{_KINDS[tokenizer]} "
        for files in _TOKENIZER[tokenizer]:
            if not any((path / file).is_file() for file in files):
                lacking.append(" (or ".join(files) + ")" * (len(files) - 1))
        separate = _read_optional(path / _TOKENIZER_CONFIG).get("separate_vocabs")
        if tokenizer == "marian" and separate and not (path / _TARGET_VOCAB).is_file():
            lacking.append(_TARGET_VOCAB)
    if lacking:
        raise ModelError(
            f"{path}: is no complete {kind}model; it lacks {', '.join(lacking)}. "
            "Copy or download the whole model directory again"
        )
    return path


def _tokenizer(path: Path, config: dict[str, Any]) -> Tokenizer:
    """The kind of tokenizer of a model; raises ModelError where the model is of a kind that does not run here."""
    kind = config.get("model_type")
    if kind == "marian":
        return "marian"
    if kind != "m2m_100":
        raise ModelError(f"{path}: is a model of type '{kind}'; the types that run here are {_RUNNING}")
    named = _read_optional(path / _TOKENIZER_CONFIG).get("tokenizer_class") or config.get("tokenizer_class") or ""
    if str(named).startswith("M2M100Tokenizer"):
        return "m2m100"
    if str(named).startswith("NllbTokenizer"):
        return "nllb"
    if named in ("", "PreTrainedTokenizerFast", "TokenizersBackend"):  # names that say nothing
        return "m2m100" if (path / "vocab.json").is_file() else "nllb"
    raise ModelError(
        f"{path}: is a model of type 'm2m_100' with a tokenizer of its own, {named}; those that run here have "
        "M2M100Tokenizer or NllbTokenizer"
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as JSON ({error}); download the model again") from None
    if not isinstance(loaded, dict):
        raise ModelError(f"{path}: must hold a JSON object; download the model again")
    return loaded


def _read_optional(path: Path) -> dict[str, Any]:
    return _read_json(path) if path.is_file() else {}


def read_vocab(path: Path) -> dict[str, int]:
    """Ids of pieces, from a JSON file; raises ModelError where it holds something else."""
    vocab = _read_json(path)
    wrong = next((piece for piece, index in vocab.items() if not isinstance(index, int) or index < 0), None)
    if wrong is not None:
        raise ModelError(f"{path}: {vocab[wrong]!r} is no id (of the piece {wrong!r}); download the model again")
    return vocab


def _hash(path: Path, tokenizer: Tokenizer) -> str:
    weights = next(file for file in _WEIGHTS if (path / file).is_file())
    shards = sorted(file.name for file in path.glob("*-of-*")) if weights.endswith(".index.json") else []
    read = [next(file for file in files if (path / file).is_file()) for files in _TOKENIZER[tokenizer]]
    total = hashlib.sha256()
    for file in sorted({"config.json", *read, *_OPTIONAL, weights, *shards}):
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
