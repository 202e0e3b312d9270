"""Text to a model's ids and back, as MarianTokenizer does it, from the model's own SentencePiece files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from align.errors import ModelError

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor


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

    `token` is the target-language token that stands in front of each text, or None.
    """

    first: int | None = None

    def __init__(self, path: Path, vocab: dict[str, int], token: str | None, eos: int, pad: int) -> None:
        """Raises ModelError where a file cannot be read as what it should be."""
        self._source, self._target = load_pieces(path / "source.spm"), load_pieces(path / "target.spm")
        self._ids = vocab
        if "<unk>" not in vocab:
            raise ModelError(f"{path / 'vocab.json'}: has no piece <unk>; get the model again")
        self._unknown = vocab["<unk>"]
        separate = path / "target_vocab.json"
        written = json.loads(separate.read_text(encoding="utf-8")) if separate.is_file() else vocab
        special = {eos, pad, written.get("<unk>", self._unknown)}
        self._pieces = {index: piece for piece, index in written.items() if index not in special}
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


def one_line(text: str) -> str:
    """White space of any kind as single spaces: a model may write a line feed, and a line must stay one."""
    return " ".join(text.split())


def load_pieces(path: Path) -> SentencePieceProcessor:
    """A SentencePiece model; raises ModelError where the file is none."""
    from sentencepiece import SentencePieceProcessor

    try:
        return SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"{path}: is no SentencePiece model ({reason}); get the model again") from None
