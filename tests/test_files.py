"""Files are written whole or not at all, and nothing else is harmed."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from align.errors import InputError
from align.files import remove_parts, replacing


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def fail_halfway() -> None:
        with replacing(path) as file:
            file.write("half of the new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_users_own_file_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "out.tmp").write_text("mine")
    with replacing(tmp_path / "out") as file:
        file.write("new")
    assert (tmp_path / "out.tmp").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link") as file:
        file.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in the file system")
def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with replacing(pipe) as file:
        file.write("through")
    reader.join()
    assert read == ["through"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("place", [".", "nowhere/out"])
def test_places_that_will_not_do(place: str, tmp_path: Path) -> None:
    with pytest.raises(InputError), replacing(tmp_path / place):
        raise AssertionError("nothing is opened")


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".out.4711.part", "out.part", ".hidden", "out"):
        (tmp_path / name).write_text("x")
    remove_parts(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".hidden", "out", "out.part"]
