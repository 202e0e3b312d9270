"""The tools of a run get the settings that are meant for them."""

from __future__ import annotations

import pytest

from align.config import AlignSettings, RunSettings
from align.errors import ModelError
from align.runs.tools import Tools


@pytest.mark.parametrize("online", [True, False])
def test_whether_the_network_is_allowed_reaches_the_embedder(
    online: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []

    def load(name: str, *, online: bool = False) -> None:
        asked.append((name, online))
        raise ModelError("seen")

    monkeypatch.setattr("align.runs.tools.load_embedder", load)
    tools = Tools(RunSettings(online=online, align=AlignSettings(embedder="labse")))
    with pytest.raises(ModelError, match="seen"):
        _ = tools.aligner
    assert asked == [("labse", online)]
