"""The command for all tests of this folder."""

from __future__ import annotations

import pytest
from calling import Caller


@pytest.fixture
def align(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(monkeypatch, capsys)
