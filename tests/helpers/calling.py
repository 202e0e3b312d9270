"""Calling the command in this process, and what it showed."""

from __future__ import annotations

import sys

import pytest

from align.cli.main import main


class Shown:
    """What a call of the command left: exit code, standard output and error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Caller:
    """The command as a function of its arguments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> Shown:
        self._monkeypatch.setattr(sys, "argv", ["align", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        shown = self._capsys.readouterr()
        code = stop.value.code
        return Shown(code if isinstance(code, int) else 0, shown.out, shown.err)
