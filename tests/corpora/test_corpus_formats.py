"""The contract of every corpus format, read back by readers that are not ours."""

from __future__ import annotations

import csv
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from align.corpora import FORMATS, TsvOptions, corpus, unescape_cell
from align.records import Pair, Side

XML_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def make_pair(source: str, target: str, number: int = 0, lang: str = "ko", **more: Any) -> Pair:
    def side(role: Any, code: str, text: str) -> Side:
        name = f"{code}-2024-06-18-{number}"
        return Side(role, code, name, ((f"{name}@0a1b2c3d:{number}-{number + 9}", number, number + 9),), text)

    values: dict[str, Any] = {
        "kind": "translated",
        "confidence": 0.9,
        "source": side("article", "en", source),
        "target": side("original", lang, target),
        "translation": "기계가 만든 문장",
        "model": "starter-en-ko",
        "url": "https://example.org/1?a=1&b=2",
        "date": "2024-06-18",
        "outlet": "Example Daily",
    }
    return Pair(**(values | more))


@dataclass(frozen=True)
class Row:
    """What a reader found for one pair."""

    id: str
    source: str
    target: str
    segments: tuple[str, ...]
    machine: str


HOSTILE = [
    'He said "no",\tand left',
    '"',
    "a\nb\r\nc\rd",
    "back\\slash \\n \\t \\\\",
    "=HYPERLINK(1)",
    "'quoted'",
    "<seg>&amp;</seg> ]]> <!-- -->",
    "\u2028line\u2029ends\x85here\x0b\x0c",
    "\ufeffmark",
    "مرحبا بالعالم \u200f!",
    "𠮷野家 🚀 𝒳",
    "조선중앙통신은 《보도》하였다",
    "ᄒᆞᆫ글 한글",
    "%s {0} ${x}",
    "  spaces  ",
]


class FormatContract(ABC):
    """Inherited by one class a format: `name`, and how an independent reader sees a file of it."""

    name: ClassVar[str]

    @abstractmethod
    def read(self, path: Path) -> Sequence[Row]: ...

    def held(self, text: str) -> str:
        """A text as the format can hold it."""
        return text

    def write(self, pairs: Sequence[Pair], out: Path) -> Path:
        corpus(pairs, out, [self.name])
        lang = pairs[0].target.lang if pairs else "ko"
        return out / f"corpus.en-{lang}.{self.name}"

    def check(self, pairs: Sequence[Pair], out: Path) -> None:
        expected = [
            Row(
                pair.id,
                self.held(pair.source.text),
                self.held(pair.target.text),
                tuple(segment[0] for side in (pair.source, pair.target) for segment in side.segments),
                self.held(pair.translation or ""),
            )
            for pair in pairs
        ]
        assert list(self.read(self.write(pairs, out))) == expected

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_comes_back(self, text: str, tmp_path: Path) -> None:
        self.check([make_pair(text, f"x{text}", 1, translation=text), make_pair("after", text, 2)], tmp_path)

    @pytest.mark.parametrize("lang", ["ko", "ar", "zh", "ru"])
    def test_many_pairs_of_a_language(self, lang: str, tmp_path: Path) -> None:
        self.check([make_pair(f"s{n}", f"t{n}", n, lang) for n in range(30)], tmp_path)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(texts=st.lists(st.tuples(*[st.text(st.characters(codec="utf-8"), min_size=1)] * 2), max_size=4))
    def test_any_text_comes_back(self, texts: list[tuple[str, str]], tmp_path: Path) -> None:
        pairs = [make_pair(f"{s}.", f"{t}.", n) for n, (s, t) in enumerate(texts)]
        if pairs:
            self.check(pairs, tmp_path)

    def test_no_translation_and_several_segments(self, tmp_path: Path) -> None:
        pair = make_pair("s", "t", translation=None, model=None, is_title=True, confidence=1.0)
        double = replace(pair.target, segments=(("a@1:0-1", 0, 1), ("a@1:2-3", 2, 3)))
        self.check([replace(pair, target=double)], tmp_path)

    def test_a_direction_without_pairs_is_a_valid_file(self, tmp_path: Path) -> None:
        pair = make_pair("s", "t", kind="unaligned")
        assert list(self.read(self.write([pair], tmp_path))) == []

    def test_same_pairs_same_bytes(self, tmp_path: Path) -> None:
        pairs = [make_pair(text, text, n) for n, text in enumerate(HOSTILE)]
        first = self.write(pairs, tmp_path / "a").read_bytes()
        assert first == self.write(pairs, tmp_path / "b").read_bytes()
        assert first == self.write(pairs, tmp_path / "a").read_bytes()


class TestTsv(FormatContract):
    name = "tsv"

    def read(self, path: Path) -> Sequence[Row]:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                Row(
                    row["id"],
                    unescape_cell(row["source"]),
                    unescape_cell(row["target"]),
                    tuple(f"{row['source_segments']} {row['target_segments']}".split(" ")),
                    unescape_cell(row["machine_translation"]),
                )
                for row in csv.DictReader(file, delimiter="\t")
            ]

    def test_each_pair_is_one_line_with_equally_many_tabs(self, tmp_path: Path) -> None:
        path = self.write([make_pair(text, text, n) for n, text in enumerate(HOSTILE)], tmp_path)
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1 + len(HOSTILE)
        assert len({line.count("\t") for line in lines}) == 1

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''", "＝1", "plain", "a=b"])
    def test_guard_against_formulas_is_reversible(self, text: str, tmp_path: Path) -> None:
        corpus([make_pair(text, text)], tmp_path, ["tsv"], tsv=TsvOptions(guard=True, bom=True))
        raw = (tmp_path / "corpus.en-ko.tsv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        (row,) = csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter="\t")
        assert not row["source"].startswith(("=", "+", "-", "@", "＝"))
        assert unescape_cell(row["source"], guard=True) == text

    def test_without_options_no_mark_and_no_guard(self, tmp_path: Path) -> None:
        raw = self.write([make_pair("=1", "t")], tmp_path).read_bytes()
        assert raw.startswith(b"id\t")
        assert b"\t=1\t" in raw


class TestJsonl(FormatContract):
    name = "jsonl"

    def read(self, path: Path) -> Sequence[Row]:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [
            Row(
                row["id"],
                row["source"]["text"],
                row["target"]["text"],
                tuple(s["id"] for side in (row["source"], row["target"]) for s in side["segments"]),
                row["machine"]["translation"] or "",
            )
            for row in rows
        ]

    def test_a_models_output_stands_under_machine_only(self, tmp_path: Path) -> None:
        pair = make_pair("s", "t", back="machine English")
        (line,) = self.write([pair], tmp_path).read_text(encoding="utf-8").splitlines()
        row = json.loads(line)
        assert row["machine"]["back"] == "machine English"
        assert not {"translation", "back", "model"} & set(row)
        assert row["target"]["role"] == "original"


def parse_tmx(path: Path, **options: str) -> Any:
    from translate.storage import tmx

    kind: Any = tmx.tmxfile
    return kind.parsestring(path.read_bytes(), **options)


class TestTmx(FormatContract):
    name = "tmx"

    def held(self, text: str) -> str:
        return XML_ILLEGAL.sub("", text)

    def units(self, path: Path) -> list[Any]:
        return list(parse_tmx(path).units)

    def read(self, path: Path) -> Sequence[Row]:
        def props(unit: Any, kind: str) -> list[str]:
            return [p.text or "" for p in unit.xmlelement.iter("prop") if p.get("type") == kind]

        return [
            Row(
                unit.getid(),
                str(unit.xmlelement.findall(".//seg")[0].text or ""),
                str(unit.xmlelement.findall(".//seg")[1].text or ""),
                tuple(props(unit, "x-segment")),
                "".join(props(unit, "x-machine-translation")),
            )
            for unit in self.units(path)
        ]

    def test_translate_toolkit_sees_source_target_and_languages(self, tmp_path: Path) -> None:
        path = self.write([make_pair("The source.", "목표 문장", 3)], tmp_path)
        store = parse_tmx(path, targetlanguage="ko")
        (unit,) = store.units
        assert (str(unit.source), str(unit.target)) == ("The source.", "목표 문장")
        assert store.document.find("header").get("srclang") == "en"
        assert store.translate("The source.") == "목표 문장"

    @pytest.mark.parametrize("code", [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
    def test_control_characters_are_taken_out_and_counted(self, code: int, tmp_path: Path) -> None:
        path = self.write([make_pair(f"a{chr(code)}b", f"{chr(code)}c", outlet=f"o{chr(code)}")], tmp_path)
        (unit,) = self.units(path)
        assert str(unit.source) == "ab"
        assert "3 characters that XML cannot hold" in (tmp_path / "datasheet.md").read_text(encoding="utf-8")

    def test_confidence_and_kind_are_properties(self, tmp_path: Path) -> None:
        (unit,) = self.units(self.write([make_pair("s", "t", confidence=0.12345)], tmp_path))
        props = {p.get("type"): p.text for p in unit.xmlelement.findall("prop")}
        assert props["x-confidence"] == "0.1235"
        assert props["x-kind"] == "translated"
        assert props["x-machine-model"] == "starter-en-ko"


def test_every_format_has_a_contract_class() -> None:
    assert {kind.name for kind in FormatContract.__subclasses__()} == set(FORMATS)
