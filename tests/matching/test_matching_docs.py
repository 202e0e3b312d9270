"""The Python in the manual's page on matching runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_snippets_run_and_find_the_pairs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^```python\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(first, names)
    assert len(names["found"]) >= 8
    assert capsys.readouterr().out.count("\n") == len(names["pairings"])
    exec(second, names)
    assert sum(pairing.evidence == "given" for pairing in names["pairings"]) == len(names["given"]) > 0
