"""Models of the hub by name: what is fetched where the network is allowed, what is said where nothing is had."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from align.errors import ModelError
from align.hub import from_hub, is_hub_name

Hub = Callable[..., list[bool]]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Hub:
    """Makes a hub that holds one model of these files; returned: True for each call without network."""

    def make(*files: str) -> list[bool]:
        calls: list[bool] = []

        def snapshot_download(
            _name: str, *, local_files_only: bool, allow_patterns: list[str], ignore_patterns: list[str]
        ) -> str:
            calls.append(local_files_only)
            for file in files:
                allowed, ignored = (
                    any(fnmatch(file, pattern) for pattern in patterns)
                    for patterns in (allow_patterns, ignore_patterns)
                )
                if allowed and not ignored:
                    (tmp_path / file).parent.mkdir(exist_ok=True)
                    (tmp_path / file).touch()
            return str(tmp_path)

        monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
        return calls

    return make


def ask(**options: Any) -> Path:
    known = {"files": ("*.json",), "weights": "*.safetensors", "older_weights": "*.bin", "left_out": ("onnx/*",)}
    return from_hub("owner/model", "embedder", **{"online": True, **known, **options})


@pytest.mark.parametrize(
    ("there", "fetched"),
    [
        (["a.json", "m.safetensors", "m.bin", "x.h5", "onnx/m.bin"], ["a.json", "m.safetensors"]),
        (["a.json", "0/m.safetensors", "m.bin"], ["0/m.safetensors", "a.json"]),
        (["a.json", "m.bin", "onnx/m.bin"], ["a.json", "m.bin"]),
    ],
)
def test_older_weights_are_fetched_only_where_there_are_no_others(
    there: list[str], fetched: list[str], hub: Hub
) -> None:
    hub(*there)
    path = ask()
    assert sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()) == fetched


def test_offline_no_call_may_use_the_network(hub: Hub) -> None:
    calls = hub("a.json", "m.bin")
    ask(online=False)
    assert calls == [True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"online": False}, "embedder 'owner/model' is not on this machine: the cache CACHE has no copy. "),
        (
            {"online": False, "elsewhere": "no folder is"},
            "embedder 'owner/model' is not on this machine: no folder is, and the cache CACHE has no copy. ",
        ),
        ({"online": True}, "embedder 'owner/model' could not be fetched from the hub, and the cache CACHE has "),
    ],
)
def test_an_absent_model_is_told_with_the_remedy(
    options: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub.errors import LocalEntryNotFoundError

    def absent(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("absent")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", "CACHE")
    monkeypatch.setattr("huggingface_hub.snapshot_download", absent)
    with pytest.raises(ModelError) as told:
        ask(**options)
    assert str(told.value).startswith(message)
    assert "(hf download owner/model --local-dir DIR), bring DIR here and give DIR as the embedder" in str(
        told.value
    )
    assert ("--online" in str(told.value)) != options["online"]


def test_a_failure_of_the_hub_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise OSError("no space\nleft")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    with pytest.raises(
        ModelError, match=r"^embedder 'owner/model' cannot be fetched from the hub: no space left$"
    ):
        ask()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BAAI/bge-m3", True),
        ("owner/a.b_c-1", True),
        ("labse", False),
        ("a/b/c", False),
        ("./a", False),
        ("/a", False),
    ],
)
def test_what_is_a_hub_name(name: str, expected: bool) -> None:
    assert is_hub_name(name) == expected
