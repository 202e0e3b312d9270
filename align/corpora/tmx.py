"""TMX 1.4b (LISA 2005): translation memories, written as they come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from align import __version__
from align.records import Pair, Side

# The characters that XML 1.0 (fifth edition, section 2.2) has no way to hold.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class TmxWriter:
    """One unit a pair: `tuid` is the pair's id; each side's segment ids are properties of its variant.

    A machine translation is a property of the unit, marked so, never a variant: a tool that
    reads the file takes only the outlet's text for a translation.
    """

    def __init__(self, path: Path, source: str, target: str) -> None:
        self._source = source
        self._target = target
        self._stripped = 0
        with ExitStack() as stack:
            self._xml = stack.enter_context(etree.xmlfile(str(path), encoding="utf-8"))
            self._xml.write_declaration(doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
            stack.enter_context(self._xml.element("tmx", version="1.4"))
            header = etree.Element(
                "header",
                {
                    "creationtool": "align-bitext",
                    "creationtoolversion": __version__,
                    "segtype": "sentence",
                    "o-tmf": "align-pairs",
                    "adminlang": "en",
                    "srclang": source,
                    "datatype": "plaintext",
                },
            )
            self._line(header)
            stack.enter_context(self._xml.element("body"))
            self._xml.write("\n")
            # Kept open until `close`; closed here only where the lines above fail.
            self._stack = stack.pop_all()

    def write(self, pair: Pair) -> None:
        unit = etree.Element("tu", {"tuid": pair.id, "srclang": self._source})
        props = [
            ("kind", pair.kind),
            ("bead", pair.bead),
            ("confidence", "" if pair.confidence is None else f"{pair.confidence:.4f}"),
            ("title", "yes" if pair.is_title else ""),
            ("gone", "yes" if pair.gone else ""),
            ("date", pair.date),
            ("outlet", pair.outlet),
            ("url", pair.url),
            ("machine-translation", pair.translation or ""),
            ("machine-back-translation", pair.back or ""),
            ("machine-model", pair.model or ""),
            ("machine-flags", ",".join(pair.flags)),
        ]
        for name, value in props:
            self._prop(unit, name, value)
        self._variant(unit, self._source, pair.source)
        self._variant(unit, self._target, pair.target)
        self._line(unit)

    def close(self) -> None:
        self._stack.close()

    def notes(self) -> Sequence[str]:
        note = "TMX: ids, confidence and the machine translation are properties (`prop`) whose types begin with x-"
        if self._stripped:
            return (f"{note}; {self._stripped} characters that XML cannot hold were taken out.",)
        return (f"{note}.",)

    def _variant(self, unit: etree._Element, lang: str, side: Side) -> None:
        variant = etree.SubElement(unit, "tuv", {_LANG: lang})
        self._prop(variant, "role", side.role)
        self._prop(variant, "article", side.article)
        for segment, _, _ in side.segments:
            self._prop(variant, "segment", segment)
        etree.SubElement(variant, "seg").text = self._legal(side.text)

    def _prop(self, parent: etree._Element, name: str, value: str) -> None:
        if value:
            etree.SubElement(parent, "prop", {"type": f"x-{name}"}).text = self._legal(value)

    def _legal(self, text: str) -> str:
        legal, stripped = _ILLEGAL.subn("", text)
        self._stripped += stripped
        return legal

    def _line(self, element: etree._Element) -> None:
        self._xml.write(element)
        self._xml.write("\n")
