"""A page put before the pages of a PDF, in a child process; the file itself is never changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader, PdfWriter

from indexer.extraction import sandbox
from indexer.extraction.sandbox import Done, Limits

LARGEST = 32 << 20
LIMITS = Limits(processor=10, clock=20, output=2 * LARGEST)


def with_title_page(original: Path, page: bytes) -> bytes | None:
    """The PDF with the first page of another PDF before its own.

    None for what can't be joined: encrypted, signed or broken files, and those above `LARGEST` bytes.
    """
    if original.stat().st_size > LARGEST:
        return None
    with tempfile.NamedTemporaryFile(suffix=".pdf") as front:
        front.write(page)
        front.flush()
        arguments = {"front": front.name}
        ended = sandbox.call("indexer.extraction.title_page:join", arguments, LIMITS, source=original)
    return ended.output if isinstance(ended, Done) and ended.output else None


def join(stream: BinaryIO, *, front: str) -> Iterator[bytes]:
    """Both as one PDF; nothing where the file is locked, or signed: a signature would no longer hold."""
    reader = PdfReader(stream)
    if reader.is_encrypted or "/Sig" in {field.get("/FT") for field in (reader.get_fields() or {}).values()}:
        return
    writer = PdfWriter(clone_from=reader)
    writer.insert_page(PdfReader(front).pages[0], 0)
    # They number the pages from the first one on, which is another now.
    writer.root_object.pop("/PageLabels", None)
    joined = BytesIO()
    writer.write(joined)
    yield joined.getvalue()
