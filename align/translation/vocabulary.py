"""The pieces of a model, of whichever kind it is, and whether its vocabulary is that of its weights."""

from __future__ import annotations

from pathlib import Path

from align.errors import ModelError
from align.translation.coded import CodedPieces
from align.translation.models import ModelFiles, read_vocab
from align.translation.pieces import MarianPieces, Pieces
from align.translation.targets import target_token


def load_pieces(files: ModelFiles, source: str, target: str) -> Pieces:
    """Pieces for translations from `source` into `target` (ISO 639-1).

    Loads no weights. Raises ModelError where a file is broken, where the vocabulary cannot be that of the weights,
    and where the model does not know one of the languages (it lists those that it knows).
    """
    encoder, decoder = files.sizes
    if files.target_vocab is not None:
        _check_vocab(files.target_vocab, read_vocab(files.target_vocab), decoder, files.eos)
    elif encoder != decoder:
        raise ModelError(
            f"{files.path}: the decoder has a vocabulary of its own ({decoder} ids, the encoder {encoder}), but "
            "target_vocab.json is not there; get the model again, with that file"
        )
    if files.vocab:
        _check_vocab(files.path / "vocab.json", files.vocab, encoder, files.eos)
    for name, index in (("decoder_start_token_id", files.start), ("pad_token_id", files.pad)):
        if index >= decoder:
            raise ModelError(
                f"{files.path}: {name} is {index}, but the decoder knows {decoder} ids; get the model again"
            )
    if files.tokenizer == "marian":
        token = target_token(files.vocab, target, files.name)
        return MarianPieces(files.path, files.vocab, token, files.eos, files.pad, files.target_vocab)
    return CodedPieces(files, source, target)


def _check_vocab(path: Path, vocab: dict[str, int], size: int, eos: int) -> None:
    piece, highest = max(vocab.items(), key=lambda item: item[1], default=("", -1))
    if highest >= size:
        raise ModelError(
            f"{path}: is not this model's: the piece {piece!r} has the id {highest}, but config.json says that "
            f"the weights know {size} ids; get the model again"
        )
    if vocab.get("</s>", eos) != eos:
        raise ModelError(
            f"{path}: is not this model's: </s> has the id {vocab['</s>']}, but eos_token_id in config.json is "
            f"{eos}; get the model again"
        )
