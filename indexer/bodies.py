"""Full texts kept beside an index, for snippets: one SQLite file, so that no merge of segments has to move them."""

from __future__ import annotations

import sqlite3
import threading
import weakref
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.search_index import IndexUnavailable

# The name of the file beside an index.
BODIES = "bodies.sqlite"
MOST_PAGES, _PAGES_AT_ONCE = 200, 16
# Pages are no longer than a leaf of a table with row numbers; without them each would spill into one of its own.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS bodies (key TEXT PRIMARY KEY, starts BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    key TEXT NOT NULL, number INTEGER NOT NULL, text BLOB NOT NULL, PRIMARY KEY (key, number)
);
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a full text; `number` counts from 1."""

    number: int
    text: str


class Bodies:
    """The pages of the entries that have any, by key. May be used by several threads.

    Every method raises `IndexUnavailable` when the file cannot be read or written.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
                uri=True,
                timeout=10,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be opened: {error}") from error
        self.close = weakref.finalize(self, self._database.close)
        try:
            if create:
                self._database.execute("PRAGMA journal_mode=WAL")
                self._database.executescript(_SCHEMA)
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute("SELECT 1 FROM bodies, pages LIMIT 1").fetchone()
        except sqlite3.Error as error:
            self.close()
            raise IndexUnavailable(f"The texts beside the index cannot be read: {error}") from error

    def replace(self, pages: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[int]]) -> None:
        """Keep these pages in place of all the former ones of these keys, in one transaction; none removes them.

        `words` says how many words each page has.
        """
        texts = [
            (key, number, zlib.compress(text.encode("utf-8", "surrogatepass"), 3))
            for key, body in pages.items()
            for number, text in enumerate(body, 1)
        ]
        starts = [(key, _starts(words[key])) for key, body in pages.items() if body]
        try:
            with self._lock, self._database:
                self._database.executemany("DELETE FROM pages WHERE key = ?", [(key,) for key in pages])
                self._database.executemany("DELETE FROM bodies WHERE key = ?", [(key,) for key in pages])
                self._database.executemany("INSERT INTO bodies VALUES (?, ?)", starts)
                self._database.executemany("INSERT INTO pages VALUES (?, ?, ?)", texts)
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be written: {error}") from error

    def page_with(self, key: str, place: int) -> Page | None:
        """The page on which the word with this number (from 0) stands."""
        rows = self._rows("SELECT 0, starts FROM bodies WHERE key = ?", (key,))
        if not rows:
            return None
        starts = array("I", rows[0][1])
        return next(self._pages("AND number = ?", (key, bisect_right(starts, place))), None)

    def pages(self, key: str) -> Iterator[Page]:
        """The pages of an entry, of a very long text the first `MOST_PAGES`."""
        # A match is often among the first.
        for before in range(0, MOST_PAGES, _PAGES_AT_ONCE):
            last = min(before + _PAGES_AT_ONCE, MOST_PAGES)
            number = before
            for page in self._pages("AND number > ? AND number <= ? ORDER BY number", (key, before, last)):
                number = page.number
                yield page
            if number < last:
                return

    def _pages(self, condition: str, values: tuple[str | int, ...]) -> Iterator[Page]:
        for number, blob in self._rows(f"SELECT number, text FROM pages WHERE key = ? {condition}", values):  # noqa: S608
            try:
                yield Page(number, zlib.decompress(blob).decode("utf-8", "surrogatepass"))
            except (zlib.error, ValueError) as error:
                raise IndexUnavailable(f"A text beside the index is damaged: {error}") from error

    def _rows(self, statement: str, values: Iterable[object]) -> list[tuple[int, bytes]]:
        try:
            with self._lock:
                return self._database.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be read: {error}") from error


def _starts(words: Sequence[int]) -> bytes:
    """The number of the first word of each page."""
    starts = array("I")
    before = 0
    for count in words:
        starts.append(before)
        before += count
    return starts.tobytes()
