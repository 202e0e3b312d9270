"""Where a sentence-transformers model lies: a directory, the local cache of the hub, or, online, the hub."""

from __future__ import annotations

import re
from pathlib import Path

from align.errors import ModelError

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
# The repositories also hold the same weights for other runtimes, several GB of them.
_ELSEWHERE = ["onnx/*", "openvino/*"]
_NEEDED = ["*.json", "*.txt", "*.model", "*.spm", "*.safetensors"]
_OLDER_WEIGHTS = "*pytorch_model*.bin"


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
    if _HUB_NAME.fullmatch(name):
        return _whole(_from_hub(name, online))
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


def _from_hub(name: str, online: bool) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        path = Path(
            snapshot_download(
                name, local_files_only=not online, allow_patterns=_NEEDED, ignore_patterns=_ELSEWHERE
            )
        )
        if online and not any(path.rglob("*.safetensors")):
            path = Path(snapshot_download(name, allow_patterns=[_OLDER_WEIGHTS], ignore_patterns=_ELSEWHERE))
    except LocalEntryNotFoundError:
        tried = "could not be fetched from the hub, and is not in" if online else "is not on this machine, in"
        raise ModelError(
            f"embedder '{name}' {tried} the cache {constants.HF_HUB_CACHE}. Download it where there is a network "
            f"(hf download {name} --local-dir DIR), put DIR anywhere on this machine and give its path as the "
            "embedder" + ("" if online else ", or allow the network with --online")
        ) from None
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(
            f"embedder '{name}' cannot be fetched from the hub: {' '.join(str(error).split())}"
        ) from None
    return path
