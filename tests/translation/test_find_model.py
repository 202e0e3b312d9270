"""Finding models: directories, packaged ones, hub names from the cache only; what is lacking is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from align.errors import ModelError
from align.resources import resource
from align.translation import find_model
from align.translation.models import packaged_models, read_model
from align.translation.registry import register


def test_a_packaged_model_by_its_name() -> None:
    assert "starter-en-ko" in packaged_models()
    assert find_model("starter-en-ko") == resource("models", "starter-en-ko")


def test_an_added_model_by_its_name(
    tmp_path: Path, make_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGN_DATA", str(tmp_path / "data"))
    model = make_model()
    with pytest.raises(ModelError, match="neither a directory nor a model that came along or was added"):
        find_model("my-own")
    register("my-own", model, "en-ko", None)
    assert find_model("my-own") == model
    assert read_model("my-own").name == "my-own"
    (model / "vocab.json").rename(tmp_path / "vocab.json")
    with pytest.raises(ModelError, match=r"lacks vocab\.json"):
        find_model("my-own")


def test_a_directory_comes_before_a_packaged_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_model: Callable[..., Path]
) -> None:
    own = shutil.copytree(make_model(), tmp_path / "starter-en-ko")
    monkeypatch.chdir(tmp_path)
    assert find_model("starter-en-ko").resolve() == own
    assert find_model(str(own)) == own


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("starter-en-kp", r"neither a directory nor a model that came along or was added \(starter-en-ko\)"),
        ("./nowhere/model", "there is no such directory"),
        ("a/b/c", "there is no such directory"),
        ("..", "it lacks .*config.json"),
    ],
)
def test_names_that_lead_nowhere(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    with pytest.raises(ModelError, match=message):
        find_model(name)


def test_a_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="is a file; give the directory"):
        find_model(str(tmp_path / "model.bin"))


@pytest.mark.parametrize("lacking", ["config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"])
def test_the_missing_file_is_named(lacking: str, tmp_path: Path, make_model: Callable[..., Path]) -> None:
    model = shutil.copytree(make_model(), tmp_path / "model")
    (model / lacking).unlink()
    with pytest.raises(ModelError, match=rf"it lacks {lacking}"):
        find_model(str(model))


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("config.json", '{"model_type": "t5"}', r"type 't5'; the types that run here are marian .* and m2m_100"),
        ("config.json", '{"model_type": "m2m_100"}', "with a tokenizer of its own, MarianTokenizer; "),
        ("config.json", '{"model_type": "marian"}', "max_position_embeddings is None"),
        ("config.json", "{", "cannot be read as JSON"),
        ("vocab.json", "[]", "must hold a JSON object"),
    ],
)
def test_files_that_are_there_but_unfit(
    file: str, text: str, message: str, tmp_path: Path, make_model: Callable[..., Path]
) -> None:
    model = shutil.copytree(make_model(), tmp_path / "model")
    (model / file).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        read_model(str(model))


def test_the_hash_is_of_the_content_not_the_place(tmp_path: Path, make_model: Callable[..., Path]) -> None:
    first = make_model()
    second = shutil.copytree(first, tmp_path / "elsewhere")
    assert read_model(str(first)).model_hash == read_model(str(second)).model_hash
    config = json.loads((second / "config.json").read_text())
    (second / "config.json").write_text(json.dumps(config | {"scale_embedding": True}))
    assert read_model(str(first)).model_hash != read_model(str(second)).model_hash
    hashed = read_model(str(second)).model_hash
    (second / "notes.txt").write_text("not read by the model")
    assert read_model(str(second)).model_hash == hashed


def test_a_hub_name_is_looked_for_in_the_cache_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_model: Callable[..., Path]
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelError, match=r"'owner/model' is not on this machine.*hf download.*--local-dir.*--online"
    ):
        find_model("owner/model")
    commit = "0123456789" * 4
    repository = tmp_path / "models--owner--model"
    shutil.copytree(make_model(), repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    assert find_model("owner/model") == repository / "snapshots" / commit
    assert read_model("owner/model").name == "owner/model"
