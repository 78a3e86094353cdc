"""How Whoosh writes a segment for us, and one file more: the documents of all words in one row, for prefixes.

A prefix stands for thousands of words. Their postings, unpickled one by one, would take a second; here the documents
of any number of words are read from the memory of the kernel in a few steps of numpy.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.filedb.filestore import FileStorage

from indexer.whoosh.strings import Codes

# Postings are read whole, so that large blocks and little packing are quicker than Whoosh's own choice.
_BLOCK, _COMPRESSION = 4096, 1


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
        self._documents = array("i")
        self._path = documents_path(storage, segment)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        super().add(docnum, weight, vbytes, length)
        self._documents.append(docnum)

    def close(self) -> None:
        super().close()
        with self._path.open("wb") as file:
            self._documents.tofile(file)


def open_documents(storage: FileStorage, segment: Segment, count: int) -> Codes:
    """The documents of all words of a segment, in the order of fields and words; their number must be this.

    Raises `FileNotFoundError`, and `ValueError` when the file is cut.
    """
    path = documents_path(storage, segment)
    if not count:
        return np.zeros(0, np.int32)
    documents: np.memmap[Any, np.dtype[np.int32]] = np.memmap(path, np.int32, "r", shape=(count,))
    return documents


def documents_path(storage: FileStorage, segment: Segment) -> Path:
    """Whoosh removes the file with the segment because its name begins with the segment's."""
    return Path(storage.folder) / f"{segment.segment_id()}.documents"
