"""Text to ids and back for models whose rows bear codes of languages: M2M100 (__ko__) and NLLB (kor_Hang)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from align.errors import ModelError
from align.translation.models import ModelFiles
from align.translation.pieces import load_spm, one_line
from align.translation.targets import language_code

# The vocabularies of both begin as fairseq's do: <s>, <pad>, </s>, <unk>.
_SPECIAL = 4
_UNKNOWN = 3
# SentencePiece has <unk>, <s>, </s> in front: in fairseq's vocabulary each piece stands one place further on.
_SHIFT = 1
_NLLB_CODE = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")


class _Coder(Protocol):
    """Plain text to ids and back, without special ids and codes."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


class CodedPieces:
    """Rows of a source language's code, pieces and the end; translations begin with the target language's code.

    So M2M100Tokenizer and NllbTokenizer make them; a NLLB model with `legacy_behaviour` wants the code behind the
    end. In a page's text "</s>", "__ko__" or "kor_Hang" is plain text.
    """

    specials = 2

    def __init__(self, files: ModelFiles, source: str, target: str) -> None:
        """Raises ModelError where a file is broken or does not fit, or the model lacks one of the languages."""
        nllb = files.tokenizer == "nllb"
        self._coder: _Coder
        if nllb:
            self._coder, languages = _nllb(files)
        else:
            self._coder, languages = _VocabCoder(files), _m2m100_languages(files)
        highest = max(languages.values(), default=0)
        if highest >= files.sizes[0]:
            raise ModelError(
                f"{files.path}: the vocabulary has {highest + 1} ids, languages included, but config.json says "
                f"that the weights know {files.sizes[0]}; these are not the files of one model, get it again"
            )
        self.first: int | None = languages[language_code(languages, target, files.name, "into")]
        self._source = languages[language_code(languages, source, files.name, "from")]
        self._languages = frozenset(languages.values())
        self._legacy = nllb and bool(files.tokenizer_config.get("legacy_behaviour"))
        self._eos = files.eos

    def encode(self, text: str) -> list[int]:
        return self._coder.encode(text)

    def frame(self, ids: Sequence[int]) -> list[int]:
        return [*ids, self._eos, self._source] if self._legacy else [self._source, *ids, self._eos]

    def decode(self, ids: Iterable[int]) -> str:
        plain = [index for index in ids if index >= _SPECIAL and index not in self._languages]
        return one_line(self._coder.decode(plain))


class _VocabCoder:
    """M2M100: pieces of a SentencePiece model, ids of vocab.json."""

    def __init__(self, files: ModelFiles) -> None:
        self._spm = load_spm(files.path / "sentencepiece.bpe.model")
        self._ids = {piece: index for piece, index in files.vocab.items() if index >= _SPECIAL}
        self._pieces = {index: piece for piece, index in self._ids.items()}

    def encode(self, text: str) -> list[int]:
        return [self._ids.get(piece, _UNKNOWN) for piece in self._spm.encode(text, out_type=str)]

    def decode(self, ids: Sequence[int]) -> str:
        pieces = [self._pieces[index] for index in ids if index in self._pieces]
        return str(self._spm.decode_pieces(pieces))


class _ShiftedCoder:
    """NLLB without tokenizer.json: a SentencePiece model's own ids, shifted to make room for <pad>."""

    def __init__(self, path: Path) -> None:
        self._spm = load_spm(path)
        self.size = int(self._spm.get_piece_size())

    def encode(self, text: str) -> list[int]:
        return [index + _SHIFT if index >= _SPECIAL - _SHIFT else _UNKNOWN for index in self._spm.encode(text)]

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._spm.decode([index - _SHIFT for index in ids if index < self.size + _SHIFT]))


class _FastCoder:
    """NLLB with tokenizer.json: what transformers would read too, in the library that wrote it."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing more special
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{path}: is no tokenizer ({reason}); get the model again") from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # that is: as plain text
        self.added = {token.content: index for index, token in self._tokenizer.get_added_tokens_decoder().items()}

    def encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        return self._tokenizer.decode(list(ids), skip_special_tokens=True)


def _nllb(files: ModelFiles) -> tuple[_Coder, dict[str, int]]:
    """Coder of a NLLB model, and the ids of its languages' codes."""
    path = files.path / "tokenizer.json"
    if path.is_file():
        fast = _FastCoder(path)
        return fast, _codes(fast.added)
    shifted = _ShiftedCoder(files.path / "sentencepiece.bpe.model")
    written: Mapping[str, Any] = files.tokenizer_config.get("added_tokens_decoder") or {}
    known = _codes({str(token.get("content")): int(index) for index, token in written.items()})
    # Without a list of its own a model has NLLB-200's, behind the pieces.
    return shifted, known or {code: shifted.size + _SHIFT + at for at, code in enumerate(_nllb_languages())}


def _codes(tokens: Mapping[str, int]) -> dict[str, int]:
    return {token: index for token, index in tokens.items() if _NLLB_CODE.fullmatch(token)}


def _nllb_languages() -> list[str]:
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    return list(FAIRSEQ_LANGUAGE_CODES)


def _m2m100_languages(files: ModelFiles) -> dict[str, int]:
    """Ids of the languages' codes, which stand behind the pieces in the order that M2M100Tokenizer gives them."""
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    # Named in tokenizer_config.json: those of M2M100, or of the models that WMT 2021 saw.
    named = files.tokenizer_config.get("language_codes") or "m2m100"
    if named not in FAIRSEQ_LANGUAGE_CODES:
        raise ModelError(
            f"{files.path}: language_codes in tokenizer_config.json is {named!r}; those that run here are "
            f"{', '.join(FAIRSEQ_LANGUAGE_CODES)}"
        )
    return {code: len(files.vocab) + at for at, code in enumerate(FAIRSEQ_LANGUAGE_CODES[named])}
