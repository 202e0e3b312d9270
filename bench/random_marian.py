"""MarianMT models with random weights, of any size: what they write is noise, but it takes the same time."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

from align.hub import no_loading_bar

# The size of Helsinki-NLP's opus-mt models; with this vocabulary 61 million parameters.
OPUS_MT: dict[str, Any] = {
    "d_model": 512, "encoder_layers": 6, "decoder_layers": 6, "encoder_attention_heads": 8,
    "decoder_attention_heads": 8, "encoder_ffn_dim": 2048, "decoder_ffn_dim": 2048,
    "max_position_embeddings": 512, "activation_function": "swish", "scale_embedding": True,
}  # fmt: skip
OPUS_MT_VOCABULARY = 33_000


def random_marian(
    folder: Path, pieces_of: Path, sizes: dict[str, Any], vocabulary: int | None = None, seed: int = 1
) -> Path:
    """Write a model directory whose SentencePiece files are those of the model directory `pieces_of`.

    `vocabulary` counts <pad>, which comes last; without it, that of `pieces_of` is taken. A larger one is filled
    up with pieces that no text has, a smaller one has the first pieces only. `sizes` are MarianConfig's.
    """
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("source.spm", "target.spm", "tokenizer_config.json"):
        if (pieces_of / name).is_file():
            shutil.copy(pieces_of / name, folder / name)
    known: dict[str, int] = json.loads((pieces_of / "vocab.json").read_text(encoding="utf-8"))
    listed = [piece for piece in sorted(known, key=known.__getitem__) if piece != "<pad>"]
    size = (vocabulary or len(known)) - 1
    listed = [*listed, *(f"<made{number}>" for number in range(size))][:size]
    vocab = {piece: index for index, piece in enumerate([*listed, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocab), encoding="utf-8")
    torch.manual_seed(seed)
    own = {
        "vocab_size": len(vocab), "decoder_vocab_size": len(vocab), "pad_token_id": len(vocab) - 1,
        "decoder_start_token_id": len(vocab) - 1, "eos_token_id": vocab["</s>"], "bos_token_id": vocab["</s>"],
        "forced_eos_token_id": None,  # else the last of so many tokens would be an end
    }  # fmt: skip
    model: Any = MarianMTModel(MarianConfig(**{**sizes, **own}))
    with no_loading_bar():
        model.save_pretrained(folder)
    return folder


def parameters(folder: Path) -> int:
    """How many parameters the model of a directory has. Positions are computed and do not count."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="pt") as tensors:
        names = [name for name in tensors.keys() if "embed_positions" not in name]  # noqa: SIM118
        return sum(math.prod(tensors.get_slice(name).get_shape()) for name in names)
