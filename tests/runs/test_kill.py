"""A run killed at five instants and resumed ends with the same bytes as one that was left alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

# Killed as soon as the line appears on standard error.
INSTANTS = (
    "loading",
    "matching",
    "translating and aligning: 0 of 3",
    "translating and aligning: 1 of 3",
    "writing the report",
)


def command(inputs: tuple[Path, Path], config: Path, out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "align", "run", str(inputs[0]), "--originals", str(inputs[1])),
        *("--config", str(config), "--out", str(out)),
    ]


def killed_at(line: str, arguments: list[str]) -> bool:
    """Start the command and kill it at the line; False if it ended before it printed that."""
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr
        for said in process.stderr:
            if said.startswith(line):
                process.kill()
                process.wait()
                assert process.returncode == -signal.SIGKILL
                return True
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_at_five_instants_same_bytes(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    config = tmp_path / "quick.yaml"
    config.write_text(yaml.safe_dump({"shard_articles": 1, "translate": {"beam": 1}}))
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "killed"
    subprocess.run(command(inputs, config, undisturbed), check=True, capture_output=True)
    for instant in INSTANTS:
        assert killed_at(instant, command(inputs, config, out)), f"never reached: {instant}"
        assert not (out / "report" / "index.html").exists()
    last = subprocess.run(command(inputs, config, out), check=True, capture_output=True, text=True)
    assert "translating and aligning: 0 of" not in last.stderr, "finished shards are not done again"
    files = {
        run: {
            str(path.relative_to(run)): path.read_bytes()
            for path in run.rglob("*")
            if path.is_file() and path.name != "run.sqlite"
        }
        for run in (undisturbed, out)
    }
    assert files[undisturbed] == files[out]
