"""A small set of inputs that a run takes seconds for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from align.config import RunSettings, TranslateSettings
from align.resources import resource
from bench.random_marian import random_marian

TINY: dict[str, Any] = {
    "d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2,
    "decoder_attention_heads": 2, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "max_position_embeddings": 64,
}  # fmt: skip

ENGLISH = {
    "bridge": (
        "New Bridge Opened\n2024-08-06\nA new bridge has been opened in Sinwon County. It is 120 metres long.\n"
        "Officials and citizens walked across it.\n"
    ),
    "farm": (
        "Farm Reaps Good Harvest\n2024-09-10\nThe Unhung Farm has finished the harvest of maize. "
        "The farmers sent the first trucks to the granary on September 9.\n"
    ),
    "alone": "Weather Forecast\n2024-09-12\nIt will be fine on Friday. Rain is expected on Sunday.\n",
}
KOREAN = {
    "bridge": (
        "새 다리 개통\n2024-08-06\n신원군에 새 다리가 개통되였다. 다리의 길이는 120m이다.\n"
        "다리의 기둥은 자체의 세멘트로 세워졌다.\n일군들과 주민들이 다리를 걸어서 건넜다.\n"
    ),
    "farm": (
        "농장에서 풍작을 이룩\n2024-09-10\n운흥농장에서 강냉이수확을 끝냈다. "
        "농장원들은 9월 9일 첫 자동차들을 량곡창고로 떠나보냈다.\n"
    ),
}


@pytest.fixture(scope="session")
def quick() -> RunSettings:
    """Settings of a run that is fast and has several shards."""
    return RunSettings(shard_articles=1, translate=TranslateSettings(beam=1))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Directories of tiny random models by direction; what they write is noise, and each writes its own."""
    starter = resource("models", "starter-en-ko")
    folder = tmp_path_factory.mktemp("models")
    directions = enumerate(("en-ko", "ko-en", "ru-en"))
    return {
        name: str(random_marian(folder / f"tiny-{name}", starter, TINY, seed=seed)) for seed, name in directions
    }


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    """Folders of three English articles and two Korean originals, paired by file stem."""
    folders = tmp_path / "en", tmp_path / "ko"
    for folder, texts in zip(folders, (ENGLISH, KOREAN), strict=True):
        folder.mkdir()
        for stem, text in texts.items():
            (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
    return folders
