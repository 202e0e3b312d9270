"""Files -> Articles, and what was dropped on the way, with reasons."""

from __future__ import annotations

import codecs
import gzip
import json
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from align.language.codes import check_language
from align.loading.cleaning import clean
from align.loading.decoding import byte_order_mark, decode, refuse_binary
from align.loading.drafts import Draft, Unusable
from align.loading.html_page import read_html
from align.loading.identity import Register, article_id
from align.loading.languages import choose_language
from align.loading.outlets import Outlets, read_outlets
from align.loading.rows import read_row
from align.loading.text_page import read_text
from align.loading.walking import check_paths, format_of, shown, walk
from align.records import Article, Dropped

# One thing that a file held, with the place within the file: an article so far, or why there is none.
_Found = tuple[Draft | Article | Unusable, str]
_HEAD = 4096


def load(
    paths: Iterable[Path], *, default_lang: str = "en", latin_lang: str = "en", outlets: Iterable[Path] = ()
) -> Iterator[Article | Dropped]:
    """Articles of files and folders (with their subfolders, in sorted order), and what was dropped.

    Read are .txt, .html, .htm, .json and .jsonl, and .gz of these; JSON lines one at a time. `default_lang` is
    taken where neither page, outlet nor script tells the language; `latin_lang` is taken for a text in Latin
    script where `default_lang` is written in another (English, where `latin_lang` is so too). `outlets` are
    folders of outlet files besides the packaged ones. Each Article's id is unique within one call.

    Raises, before anything is read, InputError for a path that does not exist and ConfigError for an
    unknown language or a faulty outlet file. Whatever is wrong with a file becomes a Dropped.
    """
    paths = [Path(path) for path in paths]
    check_language(default_lang)
    check_language(latin_lang)
    known = read_outlets(outlets)
    check_paths(paths)
    return _load(paths, default_lang, latin_lang, known)


def _load(
    paths: Iterable[Path], default_lang: str, latin_lang: str, outlets: Outlets
) -> Iterator[Article | Dropped]:
    register = Register()
    for path in walk(paths):
        if isinstance(path, Dropped):
            yield path
            continue
        for found, where in _read(path, outlets):
            try:
                if isinstance(found, Unusable):
                    raise found
                article = _finish(found, path, default_lang, latin_lang) if isinstance(found, Draft) else found
                yield register.admit(article, f"{shown(path)} {where}".strip())
            except Unusable as fault:
                yield Dropped(shown(path), fault.reason, fault.message, fault.where or where)


def _finish(draft: Draft, path: Path, default_lang: str, latin_lang: str) -> Article:
    text = "\n".join(draft.paragraphs)
    lang = choose_language(draft.lang, draft.lang_hints, text, default_lang, latin_lang)
    return Article(
        id=article_id(draft, lang, _stem(path)),
        lang=lang,
        title=draft.title,
        date=draft.date,
        outlet=draft.outlet.id,
        url=draft.url,
        text=text,
        original_urls=draft.original_urls,
        path=shown(path),
    )


def _stem(path: Path) -> str:
    """File name without endings; composed, since some systems store Korean names in parts."""
    name = path.name.removesuffix(".gz")
    return unicodedata.normalize("NFC", shown(Path(Path(name).stem)))


def _read(path: Path, outlets: Outlets) -> Iterator[_Found]:
    """Everything a file holds. What goes wrong on the way ends the file, not the work."""
    try:
        with _open(path) as stream:
            match format_of(path):
                case "jsonl":
                    yield from _read_lines(stream, outlets)
                case "json":
                    yield from _read_json(stream.read(), outlets)
                case kind:
                    yield _read_page(stream.read(), outlets, html=kind == "html"), ""
    except Unusable as fault:
        yield fault, ""
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield Unusable("bad-archive", f"is no whole gzip file ({error}); compress or download it again"), ""
    except OSError as error:
        yield (
            Unusable(
                "unreadable", f"cannot be read ({error.strerror or error}); check the file and its permissions"
            ),
            "",
        )


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _read_page(data: bytes, outlets: Outlets, *, html: bool) -> Draft:
    markup = html or data[:_HEAD].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(
        (b"<!doctype html", b"<html")
    )
    text = decode(data, html=markup)
    if not clean(text):
        raise Unusable("empty", "is empty; save the article again")
    return read_html(text, outlets) if markup else read_text(text, outlets)


def _read_json(data: bytes, outlets: Outlets) -> Iterator[_Found]:
    text = decode(data)
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            # Several values: JSON lines under the other name.
            yield from _read_rows(text.encode().split(b"\n"), outlets)
            return
        raise Unusable("bad-json", f"is no valid JSON ({_json_fault(error)}); export it again") from None
    if isinstance(loaded, list):
        if not loaded:
            raise Unusable("empty", "is an empty list; nothing to load")
        for number, row in enumerate(loaded, start=1):
            yield _read_row(row, outlets), f"row {number}"
    else:
        yield _read_row(loaded, outlets), ""


def _read_lines(stream: BinaryIO, outlets: Outlets) -> Iterator[_Found]:
    """Rows of JSON lines, one in memory at a time; an empty line is no row."""
    head = stream.read(_HEAD)
    refuse_binary(head)
    encoding, length = byte_order_mark(head)
    if head[length:].lstrip()[:1] == b"[" and encoding in ("", "utf-8"):
        # An array under the other name.
        yield from _read_json(head + stream.read(), outlets)
        return
    lines = (
        _lines(head, stream) if encoding in ("", "utf-8") else decode(head + stream.read()).encode().splitlines()
    )
    yield from _read_rows(lines, outlets)


def _read_rows(lines: Iterable[bytes], outlets: Outlets) -> Iterator[_Found]:
    filled = False
    for number, line in enumerate(lines, start=1):
        if not line.removeprefix(codecs.BOM_UTF8).strip():
            continue
        filled = True
        yield _read_line(line.removeprefix(codecs.BOM_UTF8), outlets), f"line {number}"
    if not filled:
        raise Unusable("empty", "is empty; nothing to load")


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a stream of which `head` has been read."""
    *whole, rest = head.split(b"\n")
    yield from whole
    first = rest + stream.readline()
    if first:
        yield first
    yield from stream


def _read_line(line: bytes, outlets: Outlets) -> Draft | Article | Unusable:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Unusable("encoding", f"is not UTF-8 (byte 0x{line[error.start]:02x}); save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return Unusable("bad-json", f"is no valid JSON ({_json_fault(error)}); mend or remove the line")
    return _read_row(row, outlets)


def _read_row(row: object, outlets: Outlets) -> Draft | Article | Unusable:
    try:
        return read_row(row, outlets)
    except Unusable as fault:
        return fault


def _json_fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)
