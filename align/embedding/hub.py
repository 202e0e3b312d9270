"""Where a sentence-transformers model lies: a directory, the local cache of the hub, or, online, the hub."""

from __future__ import annotations

from pathlib import Path

from align.errors import ModelError
from align.hub import from_hub, is_hub_name

_FILES = ("*.json", "*.txt", "*.model", "*.spm")
# The repositories also hold the same weights for other runtimes, several GB of them.
_OTHER_RUNTIMES = ("onnx/*", "openvino/*")


def find_model(name: str, *, online: bool = False) -> Path:
    """The directory of the model `name`: an existing directory, or a hub name (owner/model).

    A hub name is looked up in the local Hugging Face cache, and fetched only if `online`. Raises ModelError
    where nothing is found, or where what is found is no whole sentence-transformers model.
    """
    directory = Path(name).expanduser()
    if directory.is_dir():
        return _whole(directory)
    if directory.exists():
        raise ModelError(f"embedder '{name}' is a file; give the directory that holds modules.json")
    if is_hub_name(name):
        return _whole(
            from_hub(
                name,
                "embedder",
                online=online,
                files=_FILES,
                weights="*.safetensors",
                older_weights="*pytorch_model*.bin",
                left_out=_OTHER_RUNTIMES,
            )
        )
    raise ModelError(f"embedder '{name}': there is no such directory; check the path")


def _whole(path: Path) -> Path:
    """`path` if it has the looks of a sentence-transformers model; loading tells the rest."""
    if not (path / "modules.json").is_file():
        # Without that file any language model would load, with a pooling that it was never trained for.
        raise ModelError(
            f"{path}: is no sentence-transformers model, for it lacks modules.json; "
            "download or copy the whole model again, or name another"
        )
    if not any(file.suffix in {".safetensors", ".bin"} for file in path.rglob("*")):
        raise ModelError(f"{path}: holds no weights (model.safetensors); download or copy the whole model again")
    return path
