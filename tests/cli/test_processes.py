"""The command as other programs see it: pipes, signals, bytes on standard input."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ALIGN = [sys.executable, "-m", "align"]
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of another kind")


def test_bytes_that_are_no_utf8_are_named_by_line() -> None:
    shown = subprocess.run([*ALIGN, "translate"], input=b"Hello.\nCaf\xe9.\n", capture_output=True, check=False)
    assert shown.returncode == 2
    assert shown.stderr.decode() == "align: standard input, line 2: is not UTF-8 text; save it as UTF-8\n"


def test_a_reader_that_has_enough_is_no_error() -> None:
    arguments = [*ALIGN, "load", str(ROOT / "examples" / "articles" / "en")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_an_interruption_says_that_the_run_resumes(tmp_path: Path) -> None:
    arguments = [*ALIGN, "demo", "-o", str(tmp_path / "run")]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("translating"):
                process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert said[-1] == "align: interrupted; the same command goes on from here\n"
