"""A model's weights, read with transformers, and whether all of them are there."""

from __future__ import annotations

from typing import Any

from align.errors import ModelError
from align.hub import no_loading_bar
from align.translation.models import ModelFiles


def load_weights(files: ModelFiles) -> Any:
    """The transformers model in 32-bit floats, ready for inference.

    Half-precision weights, such as the starter's, are slow on a CPU. Raises ModelError where the weights are
    broken or incomplete.
    """
    import torch
    from transformers import AutoModelForSeq2SeqLM

    # transformers' types do not know that output_loading_info makes a pair.
    loader: Any = AutoModelForSeq2SeqLM.from_pretrained
    try:
        with no_loading_bar():
            model, report = loader(
                str(files.path), local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
    except Exception as error:  # whatever a broken file makes the libraries raise
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(
            f"{files.path}: transformers cannot load this model: {reason}. Get the model again"
        ) from error
    faulty = sorted(str(key) for key in [*report["missing_keys"], *report["mismatched_keys"]])
    if faulty:
        # transformers would fill them with random numbers, and the model would write nonsense.
        raise ModelError(
            f"{files.path}: the weights lack {len(faulty)} tensors that config.json asks for, or hold them in "
            f"another shape ({faulty[0]} is one); get the model again"
        )
    return model.eval()
