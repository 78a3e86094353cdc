"""Where lists of readers come from: a table of text, or an IRBIS base or export of readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from library.domain.errors import N_, UnreadableSource
from library.domain.marc import Dialect
from library.domain.readers import Incoming
from library.marc import reading
from library.marc.irbis import readers as irbis_readers
from library.marc.irbis.readers import Reading
from library.services import readers_csv

TABLES = frozenset({".csv", ".tsv", ".txt"})
LARGEST_TABLE = 64 * 1024 * 1024


def read(path: Path, wanted: Reading) -> Iterator[Incoming]:
    """The readers of a list; `UnreadableSource` in plain words where it can't be read as one.

    A file that ends in .csv, .tsv or .txt is a table unless it is an IRBIS export; every other one is from IRBIS.
    """
    if path.suffix.lower() in TABLES and not _is_irbis_text(path):
        return readers_csv.read(_bytes(path))
    source = reading.inspect(path, dialect=Dialect.IRBIS)
    return irbis_readers.readers(reading.read(source), wanted)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise UnreadableSource(N_("{path} is too large for a list of readers."), path=str(path))
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSource(
            N_("{path} can't be read: {reason}."), path=str(path), reason=error.strerror or str(error)
        ) from error


def _is_irbis_text(path: Path) -> bool:
    """Whether the first line is a field of an IRBIS export, such as `#10: Karimov`."""
    try:
        with path.open("rb") as stream:
            return stream.readline(200).lstrip(b"\xef\xbb\xbf").startswith(b"#")
    except OSError:
        return False
