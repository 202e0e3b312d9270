"""Models of sentence-transformers as embedders: vectors, names, where they are found, and what is said if not."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.embedding import Embedder, load_embedder
from align.errors import ConfigError, ModelError

TEXTS = st.lists(st.text("abcdefg. 가나", min_size=1, max_size=30), max_size=8)


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> Embedder:
    return load_embedder(str(tiny_model), threads=1)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_model: Path) -> Path:
    """A cache of the hub that holds one model, owner/tiny, as huggingface_hub lays it out."""
    from huggingface_hub import constants

    commit = "0123456789abcdef0123456789abcdef01234567"
    stored = tmp_path / "cache" / "models--owner--tiny"
    shutil.copytree(tiny_model, stored / "snapshots" / commit)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(commit)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_vectors_have_length_1_and_do_not_depend_on_order(
    tiny: Embedder, texts: list[str], random: Random
) -> None:
    found = tiny.embed(texts)
    assert found.shape == (len(texts), 16)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    order = list(range(len(texts)))
    random.shuffle(order)
    assert np.array_equal(tiny.embed([texts[k] for k in order]), found[order])
    twice = tiny.embed([*texts, *texts])
    assert np.array_equal(twice[: len(texts)], twice[len(texts) :])


def test_neighbours_change_no_more_than_the_last_digits(tiny: Embedder) -> None:
    texts = ["a", "b c.", "가나다라 " * 9, "abc " * 12]
    alone = np.concatenate([tiny.embed([text]) for text in texts])
    assert np.allclose(tiny.embed(texts), alone, atol=1e-5)


def test_vectors_are_the_librarys_own(tiny: Embedder, tiny_model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["abc.", "가나", "z"]
    theirs = SentenceTransformer(str(tiny_model), device="cpu").encode(texts, normalize_embeddings=True)
    assert np.allclose(tiny.embed(texts), theirs, atol=1e-5)


def test_threads_are_given_back(tiny_model: Path) -> None:
    import torch

    before = torch.get_num_threads()
    load_embedder(str(tiny_model), threads=before + 1).embed(["a"])
    assert torch.get_num_threads() == before


def test_a_directory_goes_by_its_own_name(tiny: Embedder) -> None:
    assert tiny.name == "tiny"


@pytest.mark.usefixtures("no_network", "cache")
def test_a_hub_name_is_found_in_the_cache_without_network(tiny: Embedder) -> None:
    found = load_embedder("owner/tiny")
    assert found.name == "owner/tiny"
    assert np.array_equal(found.embed(["abc"]), tiny.embed(["abc"]))


@pytest.mark.usefixtures("no_network", "cache")
@pytest.mark.parametrize(
    ("name", "hub_name"),
    [("labse", "sentence-transformers/LaBSE"), ("bge-m3", "BAAI/bge-m3"), ("owner/other", "owner/other")],
)
def test_an_absent_model_is_told_without_network_with_the_remedy(name: str, hub_name: str, cache: Path) -> None:
    with pytest.raises(ModelError) as told:
        load_embedder(name)
    for part in (f"'{hub_name}'", str(cache), f"hf download {hub_name} --local-dir DIR", "--online"):
        assert part in str(told.value)


def test_an_absent_package_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"pip install 'align-bitext\[sentence-transformers\]'"):
        load_embedder("labse")


@pytest.mark.parametrize(
    ("lacking", "message"),
    [
        ("modules.json", "lacks modules.json"),
        ("model.safetensors", "holds no weights"),
        ("config.json", "cannot be loaded as a sentence-transformers model"),
    ],
)
def test_an_incomplete_directory_is_told(lacking: str, message: str, tiny_model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    (broken / lacking).unlink()
    with pytest.raises(ModelError, match=message) as told:
        load_embedder(str(broken))
    assert str(broken) in str(told.value)


def test_weights_that_are_no_weights_are_told(tiny_model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    (broken / "model.safetensors").write_text("version https://git-lfs.example/spec\n")
    with pytest.raises(ModelError, match="Download or copy it again"):
        load_embedder(str(broken))


def test_a_path_that_is_not_there_or_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such directory"):
        load_embedder(str(tmp_path / "nowhere"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="is a file"):
        load_embedder(str(tmp_path / "file"))


@pytest.mark.parametrize(
    ("name", "hint"), [("LaBSE", "did you mean 'labse'"), ("usem", "did you mean 'usem3'"), ("x", "owner/model")]
)
def test_an_unknown_name_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=hint):
        load_embedder(name)
