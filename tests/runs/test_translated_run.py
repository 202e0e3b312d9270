"""A run gives its translations to the aligner, unless its settings say no or there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

import align
from align.alignment import Aligner
from align.config import RunSettings
from align.errors import ConfigError
from align.records import Bead
from align.runs.files import read_pairs

Folders = tuple[Path, Path]
Given = list[tuple[list[str], list[str | None] | None]]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Source segments and translations of each call of the aligner."""
    calls: Given = []
    plain = Aligner.align

    def watched(
        self: Aligner,
        source: list[str],
        target: list[str],
        source_lang: str,
        target_lang: str,
        translations: list[str | None] | None = None,
    ) -> list[Bead]:
        calls.append((source, translations))
        return plain(self, source, target, source_lang, target_lang, translations)

    monkeypatch.setattr(Aligner, "align", watched)
    return calls


def settings_with(quick: RunSettings, block: str, **values: object) -> RunSettings:
    return quick.model_copy(update={block: getattr(quick, block).model_copy(update=values)})


def test_the_aligner_sees_each_segment_with_its_own_translation(
    inputs: Folders, quick: RunSettings, given: Given, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)
    single = {p.source.text: p.translation for p in read_pairs(out) if len(p.source.segments) == 1}
    assert len(given) == 2
    for source, translations in given:
        assert translations is not None
        assert len(source) == len(translations) >= 2
        assert all(translations)
        assert [t for s, t in zip(source, translations, strict=True) if single.get(s, t) != t] == []
    assert any(text in single for source, _ in given for text in source)


def test_the_settings_may_say_no(inputs: Folders, quick: RunSettings, given: Given, tmp_path: Path) -> None:
    out = tmp_path / "run"
    off = settings_with(quick, "align", translations=False)
    align.run([inputs[0]], out, originals=[inputs[1]], settings=off)
    assert [translations for _, translations in given] == [None, None]
    with pytest.raises(ConfigError, match=r"align\.translations was False and is now True"):
        align.run([inputs[0]], out, originals=[inputs[1]], settings=quick)


def test_without_a_model_there_is_nothing_to_give(
    inputs: Folders, quick: RunSettings, given: Given, tmp_path: Path
) -> None:
    without = settings_with(quick, "translate", models={})
    align.run([inputs[0]], tmp_path / "run", originals=[inputs[1]], settings=without)
    assert len(given) == 2
    assert all(text is None for _, translations in given for text in translations or ())
