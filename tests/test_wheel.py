"""The wheel works outside the repository: model, configs and examples are inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel installs, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(target)
    return target


def run_outside(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_demo_runs_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    where = run_outside(installed, tmp_path, "-c", "import align; print(align.__file__)")
    assert where.stdout.startswith(str(installed)), "the wheel's package is the one that runs"
    shown = run_outside(installed, tmp_path, "-m", "align", "demo")
    assert shown.returncode == 0, shown.stderr
    assert (tmp_path / "align-demo" / "report" / "index.html").is_file()


def test_the_wheel_holds_the_data_and_no_tests(installed: Path) -> None:
    for name in ("configs/outlets", "examples/articles/en", "models/starter-en-ko/config.json"):
        assert (installed / "align" / "data" / name).exists(), name
    assert sorted(p.name for p in installed.iterdir() if not p.name.endswith(".dist-info")) == ["align"]
