"""Models that users bring: opus-mt of both kinds, M2M100 and NLLB, in both engines, on tiny random weights."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from model_classes import ENGLISH, KINDS, change, load, make_all, make_m2m100, rows_of

from align.translation.ct2 import Ct2Engine
from align.translation.hf import HfEngine
from align.translation.models import read_model
from align.translation.search import Hypothesis, Search
from align.translation.vocabulary import load_pieces


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A directory of each kind."""
    return make_all(tmp_path_factory.mktemp("classes"))


@pytest.mark.parametrize(
    "search",
    [
        Search(beam=1),
        Search(beam=1, repetition_penalty=1.3, no_repeat_ngram=1),
        Search(beam=4, hypotheses=4),
        Search(beam=3, hypotheses=2, repetition_penalty=1.4, length_penalty=0.6),
        Search(beam=4, hypotheses=4, repetition_penalty=0.8, no_repeat_ngram=3),
        Search(beam=2, no_repeat_ngram=1),
    ],
    ids=lambda search: f"beam{search.beam}-penalty{search.repetition_penalty}-ngram{search.no_repeat_ngram}",
)
@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_find_the_same(kind: str, search: Search, models: dict[str, Path]) -> None:
    rows = rows_of(read_model(str(models[kind])))
    fast, reference = (load(models[kind], engine).engine().run(rows, search, 30) for engine in ("ct2", "hf"))
    agreeing = 0
    for left, right in zip(fast, reference, strict=True):
        assert len(left) == len(right) == search.hypotheses
        agreeing += [(h.ids, h.finished) for h in left] == [(h.ids, h.finished) for h in right]
        assert [h.score for h in left] == pytest.approx([h.score for h in right], abs=1e-3)
        assert [h.score for h in left] == sorted((h.score for h in left), reverse=True)
    assert agreeing >= 19
    assert len({found[0].ids for found in fast}) >= 10  # what is always the same agrees always


def test_some_translations_end_and_some_do_not(models: dict[str, Path]) -> None:
    search = Search(beam=4, repetition_penalty=1.4)
    for kind in KINDS:
        found = load(models[kind], "ct2").engine().run(rows_of(read_model(str(models[kind]))), search, 30)
        assert {hypotheses[0].finished for hypotheses in found} == {True, False}, kind


@pytest.mark.parametrize("engine", ["ct2", "hf"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_in_one_out_in_order(kind: str, engine: str, models: dict[str, Path]) -> None:
    translator = load(models[kind], engine, retry=engine == "ct2")
    texts = [*ENGLISH[:8], "", ENGLISH[0], "</s>", ">>kor<< __ko__ kor_Hang <pad>"]
    found = translator.translate(texts)
    assert len(found) == len(texts)
    assert found[9] == found[0]
    assert "empty" in found[8].flags
    assert len({one.text for one in found[:8]}) >= 6
    assert translator.translate(texts[::-1]) == found[::-1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_precision_that_is_taken_by_itself(kind: str, models: dict[str, Path]) -> None:
    exact, usual = (load(models[kind], "ct2", precision=p, retry=False) for p in ("float32", "auto"))
    assert usual.placement.precision in {"int8", "float32"}
    found = usual.translate(ENGLISH)
    assert len({one.text for one in found}) >= 10
    # 16 dimensions are few for whole numbers, but the same model must show through.
    same = sum(a.text[:6] == b.text[:6] for a, b in zip(found, exact.translate(ENGLISH), strict=True))
    assert same >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_alternatives_are_the_same_in_both_engines(kind: str, models: dict[str, Path]) -> None:
    values: dict[str, Any] = {"n_best": 3, "beam": 4, "retry": False, "repetition_penalty": 1.2}
    fast, reference = (load(models[kind], engine, **values).translate(ENGLISH) for engine in ("ct2", "hf"))
    agreeing = 0
    for left, right in zip(fast, reference, strict=True):
        assert len(left.alternatives) == len(right.alternatives) == 3
        agreeing += [a.text for a in left.alternatives] == [a.text for a in right.alternatives]
        assert [a.score for a in left.alternatives] == pytest.approx(
            [a.score for a in right.alternatives], abs=1e-3
        )
    assert agreeing >= 19


@pytest.mark.parametrize(
    ("kind", "others", "expected"),
    [
        ("multilingual", ("fr", "ko"), [8001, 8002]),
        # Behind 301 pieces, as 128052, 128028 and 128102 stand behind 128004 in facebook's M2M100.
        ("m2m100", ("ko", "fr", "zh"), [301 + 48, 301 + 24, 301 + 98]),
        # As 256098, 256200 and 256011 stand behind 256001 in facebook's NLLB-200.
        ("nllb-spm", ("ko", "zh", "ar"), [301 + 97, 301 + 199, 301 + 10]),
    ],
)
def test_the_target_language_decides_one_id(
    kind: str, others: tuple[str, ...], expected: list[int], models: dict[str, Path]
) -> None:
    files = read_model(str(models[kind]))
    found = []
    written = set()
    for target in others:
        pieces = load_pieces(files, "en", target)
        row = pieces.frame(pieces.encode(ENGLISH[0]))
        found.append(row[0] if pieces.first is None else pieces.first)
        for engine in ("ct2", "hf"):
            hypotheses = load(models[kind], engine, target=target).engine().run([row], Search(beam=2), 30)
            written.add(hypotheses[0][0].ids)
    assert found == expected
    assert len(written) == len(others)  # the engines agree, the languages differ
    assert all(ids[0] != first for ids, first in zip(written, expected, strict=True))


@pytest.mark.parametrize("engine", [Ct2Engine, HfEngine])
@pytest.mark.parametrize("kind", ["tc-big", "multilingual", "m2m100", "nllb"])
def test_no_row_is_longer_than_the_models_positions(
    kind: str, engine: type[Ct2Engine] | type[HfEngine], models: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    run = engine.run

    def spying(self: Any, rows: Any, search: Search, limit: int) -> list[list[Hypothesis]]:
        found = run(self, rows, search, limit)
        longest = max(len(h.ids) + 1 for hypotheses in found for h in hypotheses)
        seen.append((max(map(len, rows)), longest))
        return found

    monkeypatch.setattr(engine, "run", spying)
    text = " ".join(f"word{n}" + ("," if n % 9 == 8 else "") for n in range(90)) + "x" * 300
    (found,) = load(models[kind], "ct2" if engine is Ct2Engine else "hf", beam=2, retry=False).translate([text])
    assert "split" in found.flags
    assert 30 < max(length for length, _ in seen) <= 40  # 5/8 of 64
    assert max(length for _, length in seen) <= 64


def test_positions_are_used_to_the_last(models: dict[str, Path]) -> None:
    row = [[9] * 62 + [2], [9] * 63 + [2]]
    for kind in ("m2m100", "opus-mt"):
        search = Search(shortest=62, beam=2)
        fast, reference = (load(models[kind], e).engine().run(row, search, 63) for e in ("ct2", "hf"))
        assert [h[0].ids for h in fast] == [h[0].ids for h in reference]
        assert {len(h[0].ids) for h in fast} <= {62, 63}


def test_positions_begin_behind_the_pad_wherever_it_stands(tmp_path: Path) -> None:
    make_m2m100(tmp_path, pad_token_id=7)
    rows = [[5, *range(20 + n, 40 + n), 2] for n in range(10)]
    search = Search(beam=2, repetition_penalty=1.3)
    fast, reference = (load(tmp_path, engine).engine().run(rows, search, 63) for engine in ("ct2", "hf"))
    assert [h[0].ids for h in fast] == [h[0].ids for h in reference]
    assert len({h[0].ids for h in fast}) > 5


def test_separate_vocabularies_whichever_file_says_so(models: dict[str, Path], tmp_path: Path) -> None:
    expected = load(models["tc-big"], "ct2").translate(ENGLISH[:4])
    copy = shutil.copytree(models["tc-big"], tmp_path / "copy")
    change(copy, "tokenizer_config.json", separate_vocabs=False)
    assert [t.text for t in load(copy, "ct2").translate(ENGLISH[:4])] == [t.text for t in expected]
    # A file that is left over from something else is not read.
    joint = shutil.copytree(models["opus-mt"], tmp_path / "joint")
    (joint / "target_vocab.json").write_text('{"<unk>": 1}', encoding="utf-8")
    assert load(joint, "ct2").translate(ENGLISH[:2]) == load(models["opus-mt"], "ct2").translate(ENGLISH[:2])
