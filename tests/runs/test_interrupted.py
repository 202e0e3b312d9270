"""A run that is stopped in the middle of a shard keeps what is translated, and ends with the same bytes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from gossip import Gossip

import align
from align.config import RunSettings, TranslateSettings
from align.runs.files import read_pairs
from align.runs.store import RunStore
from align.translation import Translated, TranslationCache, Translator

Folders = tuple[Path, Path]
Put = dict[str, Translated]
# Texts that are planned together are 64 with so small batches: a shard of these inputs takes several goes.
BATCH_TOKENS = 64


@pytest.fixture
def long_inputs(tmp_path: Path) -> Folders:
    """Two articles of one shard, the first with an original; both long, and they share sentences."""
    folders = tmp_path / "en", tmp_path / "ko"
    titles = (("First Report", "Second Report"), ("첫 소식",))
    sentences = (
        "Farm No. {} has delivered {} tons of rice.",
        "{}호농장에서 벼 {}t을 바쳤다.",
    )
    for folder, names, sentence in zip(folders, titles, sentences, strict=True):
        folder.mkdir()
        for number, title in enumerate(names):
            lines = [sentence.format(n, 7 * n) for n in range(60 * number + 1, 60 * number + 101)]
            text = f"{title}\n2024-05-0{number + 1}\n" + "\n".join(lines) + "\n"
            (folder / f"report{number}.txt").write_text(text, encoding="utf-8")
    return folders


def contents(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "run.sqlite")
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_stopped_at_every_step_within_a_shard(
    long_inputs: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gossip = Gossip()
    monkeypatch.setattr(Translator, "engine", lambda _: gossip)
    translate = TranslateSettings(
        models={"en-ko": "starter-en-ko", "ko-en": "starter-en-ko"}, batch_tokens=BATCH_TOKENS, beam=2
    )
    settings = RunSettings(back="all", translate=translate)
    puts: list[tuple[str, Put]] = []
    plain = TranslationCache.put
    left = [1_000_000]

    def put(self: TranslationCache, key: str, made: Mapping[str, Translated]) -> None:
        if made:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            puts.append((key, dict(made)))
        plain(self, key, made)

    monkeypatch.setattr(TranslationCache, "put", put)

    def run(out: Path) -> None:
        align.run([long_inputs[0]], out, originals=[long_inputs[1]], settings=settings)

    run(tmp_path / "undisturbed")
    undisturbed, stops = [*puts], 0
    assert len({key for key, _ in undisturbed}) == 2, "both ways"
    assert len(undisturbed) == 5, "160 different sentences and two titles one way, 100 and a title the other"
    puts.clear()
    # One step is kept each time, and the next one is lost.
    for left[0] in [1] * len(undisturbed):
        try:
            run(tmp_path / "stopped")
        except KeyboardInterrupt:
            stops += 1
    assert stops == len(undisturbed) - 1
    assert puts == undisturbed, "what is kept is not translated again, and the rest runs together as it did"
    assert contents(tmp_path / "stopped") == contents(tmp_path / "undisturbed")


KILLED = """
import os, signal
from align.cli.main import main
from align.translation import TranslationCache

put, left = TranslationCache.put, 4

def killed(self, key, made):
    global left
    put(self, key, made)
    left -= bool(made)
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

TranslationCache.put = killed
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_in_the_middle_of_a_shard(long_inputs: Folders, models: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "settings.yaml"
    chosen = {direction: models[direction] for direction in ("en-ko", "ko-en")}
    translate = {"models": chosen, "beam": 1, "retry": False, "batch_tokens": BATCH_TOKENS}
    config.write_text(yaml.safe_dump({"back": "all", "translate": translate}))

    def command(*start: str, out: Path) -> list[str]:
        paths = [str(long_inputs[0]), "--originals", str(long_inputs[1]), "--config", str(config), "-o", str(out)]
        return [sys.executable, *start, "run", *paths]

    whole, out = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(command("-m", "align", out=whole), check=True, capture_output=True)
    killed = subprocess.run(command("-c", KILLED, out=out), capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with sqlite3.connect(out / "run.sqlite") as store:
        kept = store.execute("SELECT count(*) FROM translated").fetchone()
        done = store.execute("SELECT count(*) FROM shards").fetchone()
    store.close()
    assert (kept, done) == ((162 + 64,), (0,)), "all of one way, and the first go of the other"
    subprocess.run(command("-m", "align", out=out), check=True, capture_output=True)
    assert contents(out) == contents(whole)
    assert all(pair.back is not None for pair in read_pairs(out) if pair.target.segments)


def test_a_store_of_an_earlier_version_opens_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with sqlite3.connect(path) as earlier:
        earlier.execute(
            "CREATE TABLE translations (key TEXT PRIMARY KEY, text TEXT NOT NULL, flags TEXT NOT NULL)"
        )
        earlier.execute("INSERT INTO translations VALUES ('k', 't', '[]')")
    earlier.close()
    with RunStore(path) as store:
        store.translations.put("settings", {"One.": Translated("하나.", ("numbers",))})
        assert store.translations.get("settings", ["One.", "k"]) == {"One.": Translated("하나.", ("numbers",))}
    with sqlite3.connect(path) as later:
        assert later.execute("SELECT * FROM translations").fetchall() == [("k", "t", "[]")]
    later.close()
