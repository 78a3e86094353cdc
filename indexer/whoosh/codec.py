"""How Whoosh writes a segment for us, and two files more: which documents have each word, and how often, in one row.

A prefix stands for thousands of words. Their postings, unpickled one by one, would take a second; here those of any
number of words are read from the memory of the kernel in a few steps of numpy.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.filedb.filestore import FileStorage

from indexer.whoosh.strings import Codes

Frequencies = npt.NDArray[np.uint16]

# Postings are read whole, so that large blocks and little packing are quicker than Whoosh's own choice.
_BLOCK, _COMPRESSION = 4096, 1
_MOST_OFTEN = 65_535


class Codec(W3Codec):
    """Whoosh's own, with a writer that keeps the documents."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=_COMPRESSION)

    def field_writer(self, storage: FileStorage, segment: Segment) -> _FieldWriter:
        """The writer of all fields of a segment."""
        return _FieldWriter(self, storage, segment)


class _FieldWriter(W3FieldWriter):
    def __init__(self, codec: Codec, storage: FileStorage, segment: Segment) -> None:
        super().__init__(codec, storage, segment)
        self._rows = (array("i"), array("H"))
        self._paths = _paths(storage, segment)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        super().add(docnum, weight, vbytes, length)
        documents, frequencies = self._rows
        documents.append(docnum)
        frequencies.append(min(int(weight), _MOST_OFTEN))

    def close(self) -> None:
        super().close()
        for row, path in zip(self._rows, self._paths, strict=True):
            with path.open("wb") as file:
                row.tofile(file)


def open_rows(storage: FileStorage, segment: Segment, count: int) -> tuple[Codes, Frequencies]:
    """The documents of all words of a segment in the order of fields and words, and how often they have them.

    `count` is how many there must be. Raises `FileNotFoundError`, and `ValueError` when a file is cut.
    """
    if not count:
        return np.zeros(0, np.int32), np.zeros(0, np.uint16)
    documents, frequencies = _paths(storage, segment)
    return (
        np.asarray(np.memmap(documents, np.int32, "r", shape=(count,))),
        np.asarray(np.memmap(frequencies, np.uint16, "r", shape=(count,))),
    )


def _paths(storage: FileStorage, segment: Segment) -> tuple[Path, Path]:
    """Whoosh removes the files with the segment because their names begin with the segment's."""
    directory, name = Path(storage.folder), segment.segment_id()
    return directory / f"{name}.documents", directory / f"{name}.frequencies"
