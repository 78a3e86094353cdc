"""The files of a record that everybody may take, as machines are told of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from library.domain.document import Document
from library.projections.licences import licence_url
from storage.names import fit_name

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file without any condition: its full address, kind, size in bytes, and the address of its licence if any."""

    url: str
    media_type: str
    size: int
    licence_url: str


def file_path(document: Document) -> str:
    """Where the bytes of a file are asked for, below the address of the portal, with the name for people."""
    return f"/files/{document.id}/{quote(fit_name(document.name), safe='')}"


def open_file(document: Document, portal: str) -> OpenFile:
    """A file that everybody may take; `portal` is the public address without a slash at its end."""
    return OpenFile(
        url=portal + file_path(document),
        media_type=document.media_type,
        size=document.size,
        licence_url=licence_url(document.rights.licence),
    )
