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

from indexer.page_words import same_length, spellings
from indexer.search_index import IndexUnavailable

# The name of the file beside an index.
BODIES = "bodies.sqlite"
# Pages are no longer than a leaf of a table with row numbers; without them each would spill into one of its own.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS bodies (key TEXT PRIMARY KEY, starts BLOB NOT NULL, new_words BLOB NOT NULL) WITHOUT ROWID;
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
        texts = [(key, number, _packed(text)) for key, body in pages.items() for number, text in enumerate(body, 1)]
        bodies = [(key, _starts(words[key]), _packed(_new_words(body))) for key, body in pages.items() if body]
        try:
            with self._lock, self._database:
                self._database.executemany("DELETE FROM pages WHERE key = ?", [(key,) for key in pages])
                self._database.executemany("DELETE FROM bodies WHERE key = ?", [(key,) for key in pages])
                self._database.executemany("INSERT INTO bodies VALUES (?, ?, ?)", bodies)
                self._database.executemany("INSERT INTO pages VALUES (?, ?, ?)", texts)
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be written: {error}") from error

    def page_with(self, key: str, place: int) -> Page | None:
        """The page on which the word with this number (from 0) stands."""
        for (blob,) in self._rows("SELECT starts FROM bodies WHERE key = ?", (key,)):
            return self.page(key, bisect_right(array("I", blob), place))
        return None

    def page(self, key: str, number: int) -> Page | None:
        """The page with this number."""
        for (blob,) in self._rows("SELECT text FROM pages WHERE key = ? AND number = ?", (key, number)):
            return Page(number, _unpacked(blob))
        return None

    def new_words(self, key: str) -> Iterator[frozenset[str]]:
        """For each page of an entry the words that stand on it and on none before, as they are spelled."""
        for (blob,) in self._rows("SELECT new_words FROM bodies WHERE key = ?", (key,)):
            for line in _unpacked(blob).split("\n"):
                yield frozenset(line.split())

    def _rows(self, statement: str, values: Iterable[object]) -> list[tuple[bytes]]:
        try:
            with self._lock:
                return self._database.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise IndexUnavailable(f"The texts beside the index cannot be read: {error}") from error


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def _unpacked(blob: bytes) -> str:
    """Raises `IndexUnavailable`."""
    try:
        return zlib.decompress(blob).decode("utf-8", "surrogatepass")
    except (zlib.error, ValueError) as error:
        raise IndexUnavailable(f"A text beside the index is damaged: {error}") from error


def _new_words(body: Sequence[str]) -> str:
    """A line for each page with the words that stand on none before: a book of 300 pages has few on the last ones."""
    met: set[str] = set()
    lines = []
    for text in body:
        words = spellings(same_length(text))
        lines.append(" ".join(sorted(words - met)))
        met |= words
    return "\n".join(lines)


def _starts(words: Sequence[int]) -> bytes:
    """The number of the first word of each page."""
    starts = array("I")
    before = 0
    for count in words:
        starts.append(before)
        before += count
    return starts.tobytes()
