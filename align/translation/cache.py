"""Translations that are known, in SQLite, by content: the text, the model's hash and all settings that decide."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from align.errors import InputError

# Run stores of earlier versions hold another table, by the name of "translations".
_SCHEMA = "CREATE TABLE IF NOT EXISTS translated (key BLOB PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID"
_AT_A_TIME = 500  # below the number of variables that any SQLite takes in one statement


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the hypotheses of a search, with its score (see `Search`)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, and what is to be said of it: flags as in `align.translation.FLAGS`.

    `alternatives` are the best different hypotheses of the first search, in order, where they were asked for
    (n_best); the search may have fewer.
    """

    text: str
    flags: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


class TranslationCache:
    """A table of translations in a SQLite database that the caller opened, with `isolation_level=None`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute(_SCHEMA)

    def get(self, settings_key: str, texts: Iterable[str]) -> dict[str, Translated]:
        """What is known of `texts` under the settings that `settings_key` stands for."""
        keys = {_key(settings_key, text): text for text in texts}
        found: dict[str, Translated] = {}
        listed = list(keys)
        for at in range(0, len(listed), _AT_A_TIME):
            some = listed[at : at + _AT_A_TIME]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT key, record FROM translated WHERE key IN ({marks})", some)
            found |= {keys[key]: _from_record(record) for key, record in rows}
        return found

    def put(self, settings_key: str, made: Mapping[str, Translated]) -> None:
        """Add translations, by their texts: all of them or, whatever happens meanwhile, none.

        They are safe at once, or, in a transaction of the caller's, with its end.
        """
        rows = [(_key(settings_key, text), _to_record(found)) for text, found in made.items()]
        if not rows:
            return
        own = not self._db.in_transaction
        if own:
            self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR IGNORE INTO translated VALUES (?, ?)", rows)
            if own:
                self._db.execute("COMMIT")
        except BaseException:
            if own and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


@contextmanager
def open_cache(path: Path | None) -> Generator[TranslationCache, None, None]:
    """A cache in a file of its own, or, where `path` is None, one that lasts as long as this block.

    What `put` adds is safe at once. Several processes of one machine may share the file. Raises InputError where
    it is no SQLite database or cannot be read or written, also later in the block.
    """
    db: sqlite3.Connection | None = None
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # An empty name is SQLite's own for a database in memory that goes to the disk as it grows.
        db = sqlite3.connect(path or "", isolation_level=None, timeout=60.0)
        if path is not None:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # one wait for the disk in some hundred lines
        yield TranslationCache(db)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, OSError) and db is not None:
            raise  # not of the cache, but of what used it
        where = f"{path}: cannot be used" if path else "the folder for temporary files cannot be used"
        raise InputError(
            f"{where} as a cache of translations ({error}); check rights and free space, remove the file if it is "
            "something else, or name another (--cache FILE, or ALIGN_CACHE for all that is kept; --no-cache: none)"
        ) from None
    finally:
        if db is not None:
            db.close()


def _key(settings_key: str, text: str) -> bytes:
    return hashlib.sha256(f"{settings_key}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def _to_record(found: Translated) -> str:
    alternatives = [[other.text, other.score] for other in found.alternatives]
    return json.dumps([found.text, found.flags, alternatives], ensure_ascii=False, separators=(",", ":"))


def _from_record(record: str) -> Translated:
    text, flags, alternatives = json.loads(record)
    return Translated(text, tuple(flags), tuple(Alternative(*other) for other in alternatives))
