"""Extracted text by the digest of its original. It is a derivative: what is lost or damaged is extracted again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.content_store import place_of
from storage.durable import make_directories, write_all, written
from storage.errors import NoText, told_plainly
from storage.model import Digest

_MODE = 0o640
_FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line of the table of contents: its page counts from 1, its level from 0."""

    title: str
    page: int
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The pages of a text, the first at 0, as they stand in the original; `made_by` names what read them.

    `outline` is the table of contents that the original has in itself.
    """

    pages: tuple[str, ...]
    made_by: str
    outline: tuple[Heading, ...] = ()


class TextStore:
    """The texts in one directory. All methods raise `StoreFull` or `StorageFailed` when the disk fails them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, digest: Digest, pages: Sequence[str], *, made_by: str, outline: Sequence[Heading] = ()) -> Text:
        """Keep the text of an original in place of a former one."""
        text = Text(pages=tuple(pages), made_by=made_by, outline=tuple(outline))
        lines = [[line.title, line.page, line.level] for line in text.outline]
        body = json.dumps({"format": _FORMAT, "made_by": made_by, "pages": text.pages, "outline": lines}).encode()
        path = place_of(self._directory, digest)
        with told_plainly():
            make_directories(path.parent, 0o750)
            with written(path, _MODE) as handle:
                write_all(handle, zlib.compress(body))
        return text

    def read(self, digest: Digest) -> Text:
        """The text of an original. Raises `NoText` where there is none or it can't be read any more."""
        with told_plainly():
            try:
                body = json.loads(zlib.decompress(place_of(self._directory, digest).read_bytes()))
            except (FileNotFoundError, zlib.error, ValueError):
                raise NoText from None
        if body.get("format") != _FORMAT:
            raise NoText
        return Text(
            pages=tuple(body["pages"]),
            made_by=body["made_by"],
            outline=tuple(Heading(title=title, page=page, level=level) for title, page, level in body["outline"]),
        )

    def forget(self, digest: Digest) -> None:
        """Remove a text; what is not there is no error."""
        with told_plainly(), suppress(FileNotFoundError):
            place_of(self._directory, digest).unlink()

    def sweep(self, known: Collection[Digest]) -> int:
        """Remove the texts of all other originals and what was left unfinished; gives their number."""
        names = {digest.hex for digest in known}
        gone = 0
        with told_plainly():
            for path in self._directory.glob("*/*/*"):
                # What was left unfinished bears no digest alone.
                if path.name not in names:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone
