"""Scores equal sacrebleu's own to the last digit, and nothing that is no score comes out as a number."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from align.errors import InputError
from align.scoring import bleu_tokenizer, score, segment_chrf
from align.scoring.metrics import Metric

FLORES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "flores-dev-en-ko"
SYSTEMS = ("argos", "bergamot-base", "bergamot-base-memory", "google", "microsoft", "nllb")

HYPOTHESES = ["The plant was built last year.", "He visited a farm and a mine .", "Nothing to say"]
REFERENCES = ["The factory was built last year.", "He visited a mine and a farm.", ""]


def test_equal_to_sacrebleus_own_functions() -> None:
    found = score(HYPOTHESES, REFERENCES, "en")
    assert found["BLEU"].score == sacrebleu.corpus_bleu(HYPOTHESES, [REFERENCES]).score
    assert found["chrF++"].score == sacrebleu.corpus_chrf(HYPOTHESES, [REFERENCES], word_order=2).score
    assert found["chrF"].score == sacrebleu.corpus_chrf(HYPOTHESES, [REFERENCES]).score
    assert found["TER"].score == sacrebleu.corpus_ter(HYPOTHESES, [REFERENCES]).score
    assert {metric.n for metric in found.values()} == {3}


def test_equal_to_the_sacrebleu_command(tmp_path: Path) -> None:
    (tmp_path / "ref").write_text("\n".join(REFERENCES) + "\n", encoding="utf-8")
    (tmp_path / "hyp").write_text("\n".join(HYPOTHESES) + "\n", encoding="utf-8")
    options = ["-m", "bleu", "chrf", "ter", "--chrf-word-order", "2", "-f", "json", "-w", "12", "--force"]
    command = [sys.executable, "-m", "sacrebleu", "ref", "-i", "hyp", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = score(HYPOTHESES, REFERENCES, "en")
    rows = json.loads(done.stdout)
    names = ("BLEU", "chrF++", "TER")
    assert [row["score"] for row in rows] == [round(found[name].score, 12) for name in names]
    assert [row["signature"] for row in rows] == [found[name].signature for name in names]


@pytest.mark.parametrize(
    ("lang", "tokenizer"), [("en", "13a"), ("ru", "13a"), ("zh", "zh"), ("th", "char"), ("xx", "13a")]
)
def test_the_tokenizer_follows_the_language_and_stands_in_the_signature(lang: str, tokenizer: str) -> None:
    assert bleu_tokenizer(lang) == tokenizer
    assert f"tok:{tokenizer}|" in score(["a"], ["a"], lang)["BLEU"].signature


def test_korean_has_mecab_or_else_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("align.scoring.metrics.find_spec", lambda _: None)
    assert bleu_tokenizer("ko") == bleu_tokenizer("ja") == "char"
    assert "tok:char|" in score(["가"], ["가"], "ko")["BLEU"].signature
    monkeypatch.setattr("align.scoring.metrics.find_spec", lambda name: name)
    assert (bleu_tokenizer("ko"), bleu_tokenizer("ja")) == ("ko-mecab", "ja-mecab")


def test_chrf_comes_first_where_bleu_is_weak() -> None:
    assert list(score(["가"], ["가"], "ko")) == ["chrF++", "chrF", "BLEU", "TER"]
    assert list(score(["a"], ["a"], "en")) == ["BLEU", "chrF++", "TER", "chrF"]


def test_ter_counts_characters_in_chinese() -> None:
    found = score(["矿山工人完成计划"], ["矿山工人完成任务"], "zh")["TER"]
    assert found.score == pytest.approx(25)
    assert "asian:yes" in found.signature


@pytest.mark.parametrize(
    ("hypotheses", "references", "message"),
    [
        (["a", "b"], ["a"], "2 translations stand against 1 references"),
        ([], ["a"], "0 translations stand against 1 references"),
        ([], [], "no translations to score"),
    ],
)
def test_unequal_or_nothing_is_an_error_and_no_number(
    hypotheses: list[str], references: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        score(hypotheses, references, "en")
    if hypotheses or references:
        with pytest.raises(InputError, match=message):
            segment_chrf(hypotheses, references)


TEXTS = st.text(alphabet="ab 가.\n", max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4), st.sampled_from(["en", "zh", "xx"]))
def test_any_lines_even_empty_ones_get_scores_within_bounds(rows: list[tuple[str, str]], lang: str) -> None:
    hypotheses, references = [h for h, _ in rows], [r for _, r in rows]
    found = score(hypotheses, references, lang)
    assert found["TER"].score >= 0
    assert all(0 <= found[name].score <= 100.0000001 for name in ("BLEU", "chrF++", "chrF"))
    segments = segment_chrf(hypotheses, references)
    assert len(segments) == len(rows)
    assert all(value == round(value, 4) and 0 <= value <= 100 for value in segments)


def test_segment_chrf_is_sacrebleus_in_order_and_rounded() -> None:
    expected = [round(CHRF().sentence_score(h, [r]).score, 4) for h, r in zip(HYPOTHESES, REFERENCES, strict=True)]
    assert segment_chrf(HYPOTHESES, REFERENCES) == expected
    assert segment_chrf([], []) == []


def test_a_metric_as_stored() -> None:
    assert Metric("chrF", 12.345678, "sig", 7).to_dict() == {"score": 12.3457, "signature": "sig", "n": 7}


def flores(name: str) -> list[str]:
    return (FLORES / f"flores-dev.{name}").read_text(encoding="utf-8").splitlines()


@pytest.mark.data
@pytest.mark.skipif(not FLORES.is_dir(), reason="shared data are not here")
def test_a_thousand_lines_equal_sacrebleu() -> None:
    hypotheses, references = flores("nllb.ko"), flores("ko")
    found = score(hypotheses, references, "ko")
    metrics = {
        "BLEU": BLEU(tokenize=bleu_tokenizer("ko")),
        "chrF++": CHRF(word_order=2),
        "chrF": CHRF(),
        "TER": TER(),
    }
    for name, metric in metrics.items():
        assert found[name].score == metric.corpus_score(hypotheses, [references]).score
        assert found[name].signature == str(metric.get_signature())


@pytest.mark.data
@pytest.mark.skipif(not FLORES.is_dir(), reason="shared data are not here")
@pytest.mark.skipif(bleu_tokenizer("ko") != "ko-mecab", reason="needs mecab-ko (pip install sacrebleu[ko])")
@pytest.mark.parametrize("system", SYSTEMS)
def test_published_bleu_of_six_systems(system: str) -> None:
    found = score(flores(f"{system}.ko"), flores("ko"), "ko")
    (published,) = flores(f"{system}.ko.bleu")
    assert round(found["BLEU"].score, 1) == float(published)
