"""The command as other programs see it: pipes, signals, bytes on standard input."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
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
    said = said_when_interrupted(["demo", "-o", str(tmp_path / "run")], at="translating")
    assert said == "align: interrupted; the same command goes on from here\n"


def test_interrupted_beads_of_many_texts_go_on_with_an_option(tmp_path: Path) -> None:
    for k in range(200):
        for lang, text in (("de", f"Am {k}. Tag schneit es.\n"), ("fr", f"Le jour {k}, il neige.\n")):
            (tmp_path / lang).mkdir(exist_ok=True)
            (tmp_path / lang / str(k)).write_text(text, encoding="utf-8")
    folders = [str(tmp_path / name) for name in ("de", "fr")]
    call = ["beads", *folders, "--source-lang", "de", "--target-lang", "fr", "-o", str(tmp_path / "out")]
    said = said_when_interrupted(call, at="aligning")
    assert said == "align: interrupted; the same command with --skip-existing goes on from here\n"


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_translating_goes_on_where_it_was_stopped_and_gives_the_same_bytes(
    tmp_path: Path, kill: signal.Signals
) -> None:
    lines = [
        f"The delegation of factory No. {n} visited {'the big ' * (n % 4)}mine on May {n % 30}."
        for n in range(500)
    ]
    (tmp_path / "in.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def command(name: str) -> list[str]:
        options = ["--batch-tokens", "64", "--no-retry", "--cache", str(tmp_path / f"{name}.sqlite")]
        return [*ALIGN, "translate", str(tmp_path / "in.txt"), "-o", str(tmp_path / f"{name}.txt"), *options]

    subprocess.run(command("whole"), check=True, capture_output=True)
    with subprocess.Popen(command("stopped"), stderr=subprocess.PIPE, text=True, preexec_fn=_heeding) as process:
        assert process.stderr
        for line in process.stderr:
            if line.startswith("lines: ") and int(line.split()[1]) > 100:
                process.send_signal(kill)
                break
        rest = process.stderr.read()
        assert process.wait() == (130 if kill == signal.SIGINT else -kill)
    assert kill == signal.SIGKILL or rest.splitlines()[-1].startswith(
        "align: interrupted; what is translated is kept, and the same command goes on"
    )
    assert not (tmp_path / "stopped.txt").exists()
    with closing(sqlite3.connect(tmp_path / "stopped.sqlite")) as db:
        (kept,) = db.execute("SELECT COUNT(*) FROM translated").fetchone()
    assert 64 <= kept < 300
    subprocess.run(command("stopped"), check=True, capture_output=True)
    assert (tmp_path / "stopped.txt").read_bytes() == (tmp_path / "whole.txt").read_bytes()


def _heeding() -> None:
    """A shell that starts the tests in its background has children ignore this signal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def said_when_interrupted(command: list[str], at: str) -> str:
    """The last line on standard error of a command that is interrupted once a line begins with `at`."""
    with subprocess.Popen(
        [*ALIGN, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeding,
    ) as process:
        assert process.stderr
        said: list[str] = []
        for line in process.stderr:
            if line.startswith(at) and not any(before.startswith(at) for before in said):
                process.send_signal(signal.SIGINT)
            said.append(line)
        assert process.wait() == 130
    return said[-1]
