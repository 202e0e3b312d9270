"""The run store: state of a run and what it has translated, in SQLite, written by the driving process alone."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from align.errors import InputError
from align.records import Article, Dropped
from align.translation import TranslationCache

Group = Literal["article", "original"]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    role TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, gone INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (role, id));
CREATE TABLE IF NOT EXISTS dropped (place INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS matches (place INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (article TEXT PRIMARY KEY, shard INTEGER NOT NULL, place INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS shards (number INTEGER PRIMARY KEY, key TEXT NOT NULL, digest TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article in the store; `gone` marks one whose input is no longer given."""

    article: Article
    gone: bool


class RunStore:
    """Access to one run.sqlite. Holds an exclusive lock while open: one process works on a run at a time.

    `translations` holds what the run has translated; what is put there is safe at once.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
        try:
            # Exclusive locks end with the process that holds them, however it ends.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("BEGIN EXCLUSIVE")
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self.translations = TranslationCache(self._db)
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._db.close()
            if "locked" not in str(error):
                raise InputError(f"{path}: cannot be opened as a run store ({error})") from None
            raise InputError(f"{path.parent}: another process is working on this run; wait for it") from None
        except sqlite3.DatabaseError:
            self._db.close()
            raise InputError(
                f"{path.parent}: its run.sqlite is damaged; remove the folder, or name another --out"
            ) from None

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> RunStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str) -> str | None:
        """A value of the run's state, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def replace_inputs(
        self, articles: Iterable[Article | Dropped], originals: Iterable[Article | Dropped]
    ) -> Iterator[int]:
        """Take in what was loaded, in one transaction; yields how many records came so far.

        Articles that came earlier and are not among these stay, marked as gone.
        """
        self._db.execute("BEGIN")
        try:
            self._db.execute("UPDATE articles SET gone = 1")
            self._db.execute("DELETE FROM dropped")
            count = 0
            for role, records in (("article", articles), ("original", originals)):
                for record in records:
                    count += 1
                    text = json.dumps(record.to_dict(), ensure_ascii=False)
                    if isinstance(record, Dropped):
                        self._db.execute("INSERT INTO dropped (record) VALUES (?)", (text,))
                    else:
                        self._db.execute(
                            "INSERT INTO articles VALUES (?, ?, ?, 0, ?) ON CONFLICT (role, id) DO UPDATE "
                            "SET gone = 0, record = excluded.record",
                            (role, record.id, count, text),
                        )
                    yield count
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def forget_superseded(self, holds_one: Callable[[str], bool]) -> None:
        """Remove records that are gone because their file now holds another one, such as a corrected headline.

        `holds_one` tells of a path whether its file holds one record: of several, one may really be gone.
        """
        self._db.execute("BEGIN")
        for role in ("article", "original"):
            rows = [(s.article.path, s.article.id, s.gone) for s in self.articles(role)]
            live = {path for path, _, gone in rows if not gone and holds_one(path)}
            for path, article, gone in rows:
                if gone and path in live:
                    self._db.execute("DELETE FROM articles WHERE role = ? AND id = ?", (role, article))
                    if role == "article":
                        self._db.execute("DELETE FROM members WHERE article = ?", (article,))
        self._db.execute("COMMIT")

    def articles(self, role: Group) -> Iterator[Stored]:
        """All articles of a role in the order in which they first came."""
        rows = self._db.execute("SELECT record, gone FROM articles WHERE role = ? ORDER BY place, id", (role,))
        for record, gone in rows:
            yield Stored(Article.from_dict(json.loads(record)), bool(gone))

    def ids(self, role: Group) -> list[str]:
        """Ids of all articles of a role in the order in which they first came."""
        rows = self._db.execute("SELECT id FROM articles WHERE role = ? ORDER BY place, id", (role,))
        return [article for (article,) in rows]

    def article(self, role: Group, article_id: str) -> Stored:
        """One article; raises KeyError where there is none."""
        row = self._db.execute(
            "SELECT record, gone FROM articles WHERE role = ? AND id = ?", (role, article_id)
        ).fetchone()
        if row is None:
            raise KeyError(article_id)
        return Stored(Article.from_dict(json.loads(row[0])), bool(row[1]))

    def dropped(self) -> Iterator[dict[str, str]]:
        for (record,) in self._db.execute("SELECT record FROM dropped ORDER BY place"):
            yield json.loads(record)

    def replace_matches(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store the pairings (rows of `Pairing.to_dict()`) in place of the earlier ones."""
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM matches")
        texts = ((json.dumps(row, ensure_ascii=False),) for row in rows)
        self._db.executemany("INSERT INTO matches (record) VALUES (?)", texts)
        self._db.execute("COMMIT")

    def matches(self) -> Iterator[dict[str, Any]]:
        for (record,) in self._db.execute("SELECT record FROM matches ORDER BY place"):
            yield json.loads(record)

    def members(self) -> dict[str, int]:
        """The shard of each article, in the order of the plan."""
        return dict(self._db.execute("SELECT article, shard FROM members ORDER BY shard, place"))

    def add_members(self, rows: Iterable[tuple[str, int, int]]) -> None:
        """Note (article, shard, place) for articles that had no shard."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO members VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def shards_done(self) -> dict[int, tuple[str, str]]:
        """Content key, and digest of the file, of each shard that is done."""
        rows = self._db.execute("SELECT number, key, digest FROM shards")
        return {number: (key, digest) for number, key, digest in rows}

    def forget_shard(self, number: int) -> None:
        """Note that a shard is not done, before its file is replaced."""
        self._db.execute("DELETE FROM shards WHERE number = ?", (number,))

    def commit_shard(self, number: int, key: str, digest: str) -> None:
        """Note a shard as done: what decided its pairs, and the digest of its file."""
        self._db.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?)", (number, key, digest))


def content_key(*parts: Any) -> str:
    """SHA-256 of JSON-able parts: the same content gives the same key."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
