"""Full texts kept beside an index, for snippets: one SQLite file, so that no merge of segments has to move them."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from indexer.search_index import IndexUnavailable


class Bodies:
    """The pages of the entries that have any, by key. May be used by several threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the file; raises `IndexUnavailable` when it is missing or is no database."""
        self._lock = threading.Lock()
        try:
            mode = "rwc" if create else "rw"
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            self._database = sqlite3.connect(uri, uri=True, timeout=10, check_same_thread=False)
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be opened: {error}") from error
        self._close = weakref.finalize(self, self._database.close)
        try:
            if create:
                self._database.execute("PRAGMA journal_mode=WAL")
                self._database.execute(
                    "CREATE TABLE IF NOT EXISTS bodies (key TEXT PRIMARY KEY, pages BLOB NOT NULL) WITHOUT ROWID"
                )
                self._database.commit()
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute("SELECT 1 FROM bodies LIMIT 1").fetchone()
        except sqlite3.Error as error:
            self._close()
            raise IndexUnavailable(f"The texts beside the index cannot be read: {error}") from error

    def replace(self, pages: Mapping[str, Sequence[str]], removed: Iterable[str] = ()) -> None:
        """Keep these pages and forget those of `removed`, in one transaction."""
        kept = [(key, zlib.compress(json.dumps(body).encode(), 3)) for key, body in pages.items() if body]
        gone = [(key,) for key, body in pages.items() if not body] + [(key,) for key in removed]
        with self._lock, self._database:
            self._database.executemany("DELETE FROM bodies WHERE key = ?", gone)
            self._database.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?)", kept)

    def pages(self, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The pages of those of these entries that have a body. Raises `IndexUnavailable` when they cannot be read."""
        marks = ",".join("?" * len(keys))
        try:
            with self._lock:
                rows = self._database.execute(
                    f"SELECT key, pages FROM bodies WHERE key IN ({marks})",  # noqa: S608 - question marks only
                    list(keys),
                ).fetchall()
            return {key: tuple(json.loads(zlib.decompress(blob))) for key, blob in rows}
        except (sqlite3.Error, zlib.error, ValueError) as error:
            raise IndexUnavailable(f"The texts beside the index cannot be read: {error}") from error

    def close(self) -> None:
        """Close the file; it is closed without asking when nobody uses it any more."""
        with self._lock:
            self._close()
