"""Bytes -> text, or the reason why they are none."""

from __future__ import annotations

import codecs
import re

from align.loading.drafts import Unusable

_MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document of the old kind"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip file inside a gzip file, or one without the ending .gz"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
# Browsers read these labels as the larger set (WHATWG Encoding Standard).
_WIDER = {
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
}
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_FOREIGN_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")


def byte_order_mark(data: bytes) -> tuple[str, int]:
    """Encoding and length of the byte-order mark that `data` begins with, or ("", 0)."""
    return next(((name, len(bom)) for bom, name in _BOMS if data.startswith(bom)), ("", 0))


def refuse_binary(head: bytes) -> None:
    """Raise Unusable ("binary") where the first bytes of a file show that it is no text."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Unusable("binary", f"is {what}, not text; save the article as text or HTML")
    if b"\0" in head and not byte_order_mark(head)[0]:
        raise Unusable("binary", "holds NUL bytes, so it is no text, or UTF-16 without its mark; save it as UTF-8")


def decode(data: bytes, *, html: bool = False) -> str:
    """Text of a file's bytes, without byte-order mark.

    Tried in turn: a byte-order mark (UTF-8, -16, -32), UTF-8, for `html` the charset that the page declares,
    CP949 where that makes Korean. Raises Unusable ("empty", "binary" or "encoding").
    """
    if not data.strip():
        raise Unusable("empty", "is empty; save the article again")
    refuse_binary(data)
    encoding, length = byte_order_mark(data)
    if encoding:
        try:
            return data[length:].decode(encoding)
        except UnicodeDecodeError as error:
            raise Unusable("encoding", f"begins as {encoding} but is not ({_fault(error)}); {_REMEDY}") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = _fault(error)
    declared = _declared(data) if html else ""
    for candidate in filter(None, (declared, "cp949")):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if candidate == declared or _is_korean(text):
            return text
    also = f" and not the {declared} that it declares" if declared else ""
    raise Unusable("encoding", f"is not UTF-8 ({fault}){also}; {_REMEDY}")


_REMEDY = "save it as UTF-8"


def _declared(data: bytes) -> str:
    match = _CHARSET.search(data[:8192])
    if match is None:
        return ""
    label = match[1].decode("ascii").lower()
    if label.startswith("ks_c_5601") or label in ("ksc5601", "windows-949"):
        return "cp949"
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    # UTF-8 has failed already, and a page that names UTF-16 in plain bytes is not in it.
    return "" if name.startswith("utf") else _WIDER.get(name, name)


def _is_korean(text: str) -> bool:
    """Whether decoding as CP949 made Korean: any bytes make some Hangul, Korean ones make hardly anything else.

    The Hangul must be those 2,350 of KS X 1001 that are in use; other encodings' bytes give the rare ones too.
    """
    letters = _FOREIGN_LETTER.findall(text)
    hangul = _HANGUL.findall(text)
    usual = sum(1 for ch in hangul if _in_ksx1001(ch))
    return bool(letters) and len(hangul) >= 0.8 * len(letters) and usual >= 0.95 * len(hangul)


def _in_ksx1001(ch: str) -> bool:
    try:
        ch.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    # Python's euc_kr spells other syllables out in eight bytes.
    return len(ch.encode("euc_kr")) == 2


def _fault(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
