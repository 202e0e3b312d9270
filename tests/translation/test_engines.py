"""Two engines, one behaviour: the same rows give the same ids, whatever runs beside them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from align.config import TranslateSettings
from align.errors import ConfigError, ModelError
from align.translation import Translator, conversion, hardware, load_translator
from align.translation.conversion import converted, converted_path
from align.translation.ct2 import Ct2Engine
from align.translation.models import ModelFiles, read_model
from align.translation.search import Engine, Search

# Our own sentences: formulas that the starter knows, and things that it does not.
SENTENCES = [
    "The respected Comrade Kim Jong Un gave field guidance to a shoe factory in Wonsan City.",
    "The delegation of the Russian Federation left here by air on Thursday.",
    "The U.S. imperialists should stop at once their joint military rehearsals for aggression.",
    "Floral baskets were laid before the statues of President Kim Il Sung and Chairman Kim Jong Il on Mansu Hill.",
    "The new bakery sells 3,450 loaves a day, 12 percent more than in 2021.",
    "Heavy rain flooded two villages near the river, and 87 families moved into tents.",
    "Scientists found a way to make glass from sea sand.",
    "Message of Greeting to President of Viet Nam",
    "A photo exhibition opened at the People's Palace of Culture on Monday, and officials looked round it.",
    "He said that the country would build 10 000 flats a year until 2026.",
    "Trees were planted along the Taedong River by students of Kim Il Sung University.",
    "No.",
]


def load(engine: str, model: Path | str = "starter-en-ko", **values: Any) -> Translator:
    settings = TranslateSettings.model_validate({"models": {"en-ko": str(model)}, "engine": engine, **values})
    translator = load_translator(settings, "en", "ko")
    assert translator is not None
    return translator


def engine_of(name: str, **values: Any) -> Engine:
    return load(name, precision="float32", **values).engine()


@pytest.fixture(scope="module", params=["ct2", "hf"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_both_engines_write_the_same_in_single_precision() -> None:
    settings: dict[str, Any] = {"precision": "float32", "retry": False}
    fast, reference = (load(engine, **settings).translate(SENTENCES) for engine in ("ct2", "hf"))
    assert fast == reference
    assert len({found.text for found in fast}) == len(SENTENCES)


@pytest.mark.parametrize(
    "search",
    [
        Search(beam=1),
        Search(beam=4, hypotheses=4, no_repeat_ngram=3),
        Search(beam=3, hypotheses=2, length_penalty=0.4),
        Search(beam=2, shortest=12, longest=12),
        Search(beam=2, longest=5),
    ],
)
def test_both_engines_search_alike(search: Search) -> None:
    rows = [[40 + 7 * k + n for n in range(k % 5 + 3)] + [0] for k in range(9)]
    found = [engine_of(engine).run(rows, search, search.limit(8, 256)) for engine in ("ct2", "hf")]
    for fast, reference in zip(*found, strict=True):
        assert len(fast) == search.hypotheses
        assert [(h.ids, h.finished) for h in fast] == [(h.ids, h.finished) for h in reference]
        assert [h.score for h in fast] == pytest.approx([h.score for h in reference], abs=1e-3)
    if search.longest:
        assert max(len(h.ids) for row in found[0] for h in row) <= search.longest
    if search.shortest > 1:
        assert {len(h.ids) for row in found[0] for h in row} == {search.shortest}


def test_the_number_of_threads_changes_no_byte_and_nothing_of_the_process(
    name: str, make_model: Callable[..., Path]
) -> None:
    model = make_model()
    before = torch.get_num_threads()
    texts = [f"sentence {n} " + "word " * (n % 7) for n in range(20)]
    found = [
        load(name, model, threads=threads, batch_tokens=64, retry=False).translate(texts) for threads in (1, 2, 5)
    ]
    assert found[0] == found[1] == found[2]
    assert torch.get_num_threads() == before


def test_rows_of_one_bucket_have_one_limit_and_it_is_the_same_in_any_company(name: str) -> None:
    search = Search(beam=2)
    assert len({search.limit(length, 256) for length in range(17, 33)}) == 1
    assert search.limit(200, 64) == 63
    alone = load(name).translate(SENTENCES[:1])
    assert load(name).translate([*SENTENCES, *reversed(SENTENCES)])[0] == alone[0]


def test_what_the_model_must_not_write_it_does_not(
    name: str, tmp_path: Path, make_model: Callable[..., Path]
) -> None:
    model = shutil.copytree(make_model(), tmp_path / "model")
    first = load(name, model).engine().run([[5, 6, 0]], Search(beam=2), 10)[0][0].ids[0]
    own = f'{{"bad_words_ids": [[{first}], [8000]], "pad_token_id": 8000, "num_beams": 6, "max_length": 512}}'
    (model / "generation_config.json").write_text(own, encoding="utf-8")
    ids = load(name, model).engine().run([[5, 6, 0]], Search(beam=2), 10)[0][0].ids
    assert first not in ids
    assert len(ids) > 1


def test_a_decoder_starts_from_a_pad_that_is_not_zero(tmp_path: Path, make_model: Callable[..., Path]) -> None:
    # The stock converter takes it for zero, as in the models that Marian itself trained.
    from safetensors.torch import load_file, save_file

    model = shutil.copytree(make_model(), tmp_path / "model")
    tensors = load_file(model / "model.safetensors")
    rows = [[n, n + 1, n + 2, 0] for n in range(10, 300, 30)]
    texts = []
    for scale in (0.0, 3.0):
        tensors["model.shared.weight"][8000] = scale
        save_file(tensors, model / "model.safetensors", metadata={"format": "pt"})
        both = [
            [h[0].ids for h in load(e, model, precision="float32").engine().run(rows, Search(beam=1), 12)]
            for e in ("ct2", "hf")
        ]
        assert both[0] == both[1]
        texts.append(both[0])
    assert texts[0] != texts[1]


def test_half_the_weights_are_an_error_and_not_random_numbers(
    name: str, tmp_path: Path, make_model: Callable[..., Path]
) -> None:
    from safetensors.torch import load_file, save_file

    model = shutil.copytree(make_model(), tmp_path / "half")
    tensors = load_file(model / "model.safetensors")
    del tensors["model.decoder.layers.0.fc1.weight"]
    save_file(tensors, model / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lack 1 tensors .*decoder\.layers\.0\.fc1\.weight"):
        load(name, model).translate(["text"])


def test_a_model_is_converted_once(make_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model(seed=11)
    first = load("ct2", model).translate(SENTENCES[:2])
    folder = converted_path(read_model(str(model)), load("ct2", model).placement.precision)
    assert (folder / "model.bin").is_file()

    def refuse(*_: Any) -> None:
        raise AssertionError("converted again")

    monkeypatch.setattr(conversion, "load_weights", refuse)
    assert load("ct2", model).translate(SENTENCES[:2]) == first
    assert [path for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_conversion_that_cannot_be_kept_or_read_says_what_to_do(
    tmp_path: Path, make_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model(seed=12)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="ALIGN_CACHE, or use the engine hf"):
        load("ct2", model).translate(["text"])
    monkeypatch.setenv("ALIGN_CACHE", str(tmp_path / "cache"))
    load("ct2", model).translate(["text"])
    folder = converted_path(read_model(str(model)), load("ct2", model).placement.precision)
    (folder / "model.bin").write_bytes(b"half")
    with pytest.raises(ModelError, match="Remove this folder, so that the model is converted again"):
        load("ct2", model).translate(["text"])


def test_the_hf_engine_stops_in_the_middle_of_a_batch() -> None:
    engine = engine_of("hf")
    search = Search(beam=2, shortest=100, longest=100)
    whole = engine.run([[5, 6, 0]], search, 100)[0][0]
    with engine.session():
        pass  # leaving it tells what still runs that it is not wanted
    cut = engine.run([[5, 6, 0]], search, 100)[0][0]
    assert len(cut.ids) < len(whole.ids) / 2


@pytest.mark.parametrize(
    ("values", "gpu", "expected"),
    [
        ({}, False, ("cpu", "int8", 1000)),
        ({"engine": "hf"}, False, ("cpu", "float32", 1000)),
        ({"precision": "float32", "batch_tokens": 77}, False, ("cpu", "float32", 77)),
        ({"beam": 1}, False, ("cpu", "int8", 2000)),
        ({}, True, ("cuda", "float16", 8000)),
        ({"engine": "hf"}, True, ("cuda", "float16", 8000)),
        ({"device": "cpu"}, True, ("cpu", "int8", 1000)),
        ({"precision": "int8"}, True, ("cuda", "int8", 8000)),
    ],
)
def test_where_and_how_it_runs(
    values: dict[str, Any], gpu: bool, expected: tuple[str, str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "_has_gpu", lambda _: gpu)
    able = {("cpu", "int8"), ("cuda", "float16"), ("cuda", "int8_float16")}
    monkeypatch.setattr(hardware, "_has", lambda device, kind: (device, kind) in able)
    placed = hardware.place(TranslateSettings.model_validate({"threads": 3, **values}))
    assert (placed.device, placed.precision, placed.batch_tokens) == expected
    assert placed.workers == (1 if placed.device == "cuda" else 3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"device": "cuda"}, "ct2 finds no GPU here"),
        ({"engine": "hf", "precision": "int8"}, "the engine hf has none"),
        ({"precision": "float16"}, "a CPU has none"),
        ({"precision": "int8"}, "this CPU has none"),
    ],
)
def test_what_the_machine_cannot_do(values: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_has_gpu", lambda _: False)
    monkeypatch.setattr(hardware, "_has", lambda *_: False)
    with pytest.raises(ConfigError, match=message):
        hardware.place(TranslateSettings.model_validate(values))


def test_where_nothing_else_is_to_be_had_it_takes_single_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_has", lambda *_: False)
    monkeypatch.setattr(hardware, "_has_gpu", lambda _: True)  # one too old for half precision
    assert hardware.place(TranslateSettings(device="cpu")).precision == "float32"
    assert hardware.place(TranslateSettings()).precision == "float32"
    assert hardware.place(TranslateSettings(engine="hf")).precision == "float16"
    with pytest.raises(ConfigError, match="this GPU has none"):
        hardware.place(TranslateSettings(precision="int8"))


@pytest.mark.parametrize(
    ("placement", "compute", "inter"),
    [
        (hardware.Placement("ct2", "cpu", "int8", 1000, 4), "int8_float32", 4),
        (hardware.Placement("ct2", "cpu", "float32", 1000, 2), "float32", 2),
        (hardware.Placement("ct2", "cuda", "float16", 8000, 1), "float16", 1),
        (hardware.Placement("ct2", "cuda", "int8", 8000, 1), "int8_float16", 1),
    ],
)
def test_what_ctranslate2_is_asked_for(
    placement: hardware.Placement, compute: str, inter: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("ctranslate2.Translator", lambda path, **values: asked.append((path, values)))
    Ct2Engine(tmp_path, placement, eos=0, banned=(), first=None)
    values = {"device": placement.device, "compute_type": compute, "inter_threads": inter, "intra_threads": 1}
    assert asked == [(str(tmp_path), values)]


def test_a_conversion_of_a_quicker_process_is_taken(
    make_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_model(str(make_model(seed=13)))
    folder = converted_path(files, "float32")
    convert = conversion._convert

    def slowly(files: ModelFiles, precision: str, temporary: Path) -> None:
        convert(files, precision, temporary)
        folder.mkdir()
        (folder / "model.bin").write_bytes(b"made meanwhile")
        (folder / "vocabulary.json").write_bytes(b"too")

    monkeypatch.setattr(conversion, "_convert", slowly)
    assert converted(files, "float32") == folder
    assert {path.name for path in folder.iterdir()} == {"model.bin", "vocabulary.json"}
    assert [path for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_what_a_killed_conversion_left_is_removed_after_a_day(make_model: Callable[..., Path]) -> None:
    files = read_model(str(make_model(seed=14)))
    beside = converted_path(files, "float32").parent
    beside.mkdir(parents=True, exist_ok=True)
    old, new = beside / ".old.part", beside / ".new.part"
    for path, age in ((old, 100_000), (new, 0)):
        path.mkdir()
        os.utime(path, (time.time() - age,) * 2)
    converted(files, "float32")
    assert (old.exists(), new.exists()) == (False, True)
    new.rmdir()
