"""A model's directory -> what CTranslate2 loads: made once, and kept under the hash of the model's files."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from align.errors import ModelError
from align.resources import kept
from align.translation.models import ModelFiles
from align.translation.weights import load_weights

# Raise it when a conversion is made in another way than before.
_VERSION = 1
_DAY = 24 * 60 * 60


def converted_path(files: ModelFiles, precision: str) -> Path:
    """Where the conversion of a model lies, or would lie."""
    return kept("ct2", f"{files.model_hash}-{precision}-{_VERSION}")


def converted(files: ModelFiles, precision: str) -> Path:
    """The folder of the converted model, made now where it is not there.

    Whole or not at all, whichever process comes first. Raises ModelError where the model cannot be converted or
    the folder cannot be written.
    """
    folder = converted_path(files, precision)
    if (folder / "model.bin").is_file():
        return folder
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_over(folder.parent)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        _convert(files, precision, temporary)
        if not (folder / "model.bin").is_file():  # else another process was quicker
            shutil.rmtree(folder, ignore_errors=True)  # the rest of one that someone cleared
            temporary.rename(folder)
    except OSError as error:
        if not (folder / "model.bin").is_file():
            raise ModelError(
                f"{error.filename or folder}: a converted model cannot be kept ({error.strerror or error}); name "
                "a folder with the environment variable ALIGN_CACHE, or use the engine hf"
            ) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _remove_left_over(folder: Path) -> None:
    """Remove what processes that were killed left behind; a conversion takes minutes, not a day."""
    for path in folder.glob(".*.part"):
        if path.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(path, ignore_errors=True)


def _convert(files: ModelFiles, precision: str, folder: Path) -> None:
    """Write the model in CTranslate2's form. Its tokens are the ids as decimal numbers.

    So it can be given ids, for any tokenizer. Marian's decoder starts from the embedding of <pad>, as in
    transformers: it is zero in the models that Marian trained, but need not be in others.
    """
    import torch
    from ctranslate2.converters import transformers as converters

    model = load_weights(files)
    config = model.config
    try:
        with torch.no_grad():
            loader: Any
            if files.kind == "marian":
                config.normalize_before = config.normalize_embedding = False
                loader = converters.BartLoader()
            else:
                loader = converters.M2M100Loader()
                for side in (model.model.encoder, model.model.decoder):
                    # The stock converter takes positions to start at 2, but they start behind the id of <pad>.
                    positions = side.embed_positions
                    positions.offset = positions.padding_idx + 1
                    positions.make_weights(
                        files.positions + positions.offset, positions.embedding_dim, positions.padding_idx
                    )
            spec = loader.get_model_spec(model)
            for register, size in zip(
                (spec.register_source_vocabulary, spec.register_target_vocabulary), files.sizes, strict=True
            ):
                register([str(index) for index in range(size)])
            spec.config.eos_token = spec.config.bos_token = str(files.eos)
            spec.config.decoder_start_token = str(files.start)
            spec.config.unk_token = str(files.unknown)
            spec.validate()
            spec.optimize(quantization=precision)
            spec.save(str(folder))
    except OSError:
        raise
    except Exception as error:  # whatever the converter makes of a model that it does not know
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(
            f"{files.path}: cannot be converted for CTranslate2: {reason}. Use the engine hf"
        ) from error
