"""What the page of a record is and where else the record is told, for programs that read headers (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from library.domain.description import Description
from library.projections.open_files import OpenFile
from library.projections.schema_org import type_name

PAGE_TYPE = "https://schema.org/AboutPage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """An address at which a program finds the record's description, and what it gets there."""

    url: str
    media_type: str


def link_header(
    description: Description, address: str, told_at: Iterable[Metadata], files: Iterable[OpenFile] = ()
) -> str:
    """The value of the header `Link`: the permanent address to cite, the types, the descriptions, the open files.

    Addresses are those of our own routes: they have no characters that would have to be quoted.
    """
    links = [
        f'<{address}>; rel="cite-as"',
        f'<{PAGE_TYPE}>; rel="type"',
        f'<https://schema.org/{type_name(description.material)}>; rel="type"',
        *(f'<{metadata.url}>; rel="describedby"; type="{metadata.media_type}"' for metadata in told_at),
        *(f'<{file.url}>; rel="item"; type="{file.media_type}"' for file in files),
    ]
    return ", ".join(links)
