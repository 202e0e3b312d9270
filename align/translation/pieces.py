"""Text to a model's ids and back: the protocol, and MarianMT's, as MarianTokenizer does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from align.errors import ModelError
from align.translation.models import read_vocab

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

_SPECIAL = ("</s>", "<pad>", "<unk>")


class Pieces(Protocol):
    """What a model's vocabulary knows. `first` is an id that each translation begins with, or None."""

    first: int | None
    specials: int
    """Ids that `frame` adds to a row."""

    def encode(self, text: str) -> list[int]:
        """Ids of a text, without special ones: "</s>" in a text is plain text."""
        ...

    def frame(self, ids: Sequence[int]) -> list[int]:
        """A row for the model: `ids` with the special ids around them."""
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """Text of the ids of a translation, special ones left out, on one line."""
        ...


class MarianPieces:
    """SentencePiece models and vocabularies of a MarianMT directory.

    `vocab` is vocab.json's, `token` the target-language token that stands in front of each text, or None.
    `target_vocab` is the file with the target's pieces where source and target have separate vocabularies.
    """

    first: int | None = None

    def __init__(
        self,
        path: Path,
        vocab: dict[str, int],
        token: str | None,
        eos: int,
        pad: int,
        target_vocab: Path | None = None,
    ) -> None:
        """Raises ModelError where a file cannot be read as what it should be."""
        self._source, self._target = load_spm(path / "source.spm"), load_spm(path / "target.spm")
        if "<unk>" not in vocab:
            raise ModelError(f"{path / 'vocab.json'}: has no piece <unk>; get the model again")
        self._ids = {piece: index for piece, index in vocab.items() if not _is_special(piece)}
        self._unknown = vocab["<unk>"]
        written = vocab if target_vocab is None else read_vocab(target_vocab)
        self._pieces = {
            index: piece for piece, index in written.items() if not _is_special(piece) and index not in (eos, pad)
        }
        self._prefix = [] if token is None else [vocab[token]]
        self._eos = eos
        self.specials = len(self._prefix) + 1

    def encode(self, text: str) -> list[int]:
        # Straight through SentencePiece: MarianTokenizer would take "</s>" or ">>fra<<" in a page's text
        # for a special token. On other text it gives the same pieces.
        return [self._ids.get(piece, self._unknown) for piece in self._source.encode(text, out_type=str)]

    def frame(self, ids: Sequence[int]) -> list[int]:
        return [*self._prefix, *ids, self._eos]

    def decode(self, ids: Iterable[int]) -> str:
        text = self._target.decode_pieces([self._pieces[index] for index in ids if index in self._pieces])
        return one_line(text.replace("▁", " "))


def _is_special(piece: str) -> bool:
    return piece in _SPECIAL or (piece.startswith(">>") and piece.endswith("<<"))


def one_line(text: str) -> str:
    """White space of any kind as single spaces: a model may write a line feed, and a line must stay one."""
    return " ".join(text.split())


def load_spm(path: Path) -> SentencePieceProcessor:
    """A SentencePiece model; raises ModelError where the file is none, or only the beginning of one."""
    from sentencepiece import SentencePieceProcessor

    try:
        written = path.read_bytes()
        model = SentencePieceProcessor(model_proto=written)
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"{path}: is no SentencePiece model ({reason}); get the model again") from None
    if _NORMALIZER not in _fields(written):
        raise ModelError(f"{path}: is no whole SentencePiece model, its end is missing; get the model again")
    return model


# Number of the field in sentencepiece_model.proto that every writer puts behind the pieces.
_NORMALIZER = 3


def _fields(message: bytes) -> set[int]:
    """Numbers of the fields in a protocol-buffers message, all of which are messages themselves.

    SentencePiece takes the beginning of a model, cut off between two pieces, for a smaller model.
    """
    numbers = set()
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        length, at = _varint(message, at)
        numbers.add(key >> 3)
        at += length
    return numbers


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, least significant first, and where it ends."""
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
    return value | message[at] << shift, at + 1
