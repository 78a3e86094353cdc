"""What the row of a record is made of; without SQLAlchemy, so that a process that only reads sources is quick to start.

Plain tuples, since millions of them go from the reading process of an import to the writing one.
"""

from __future__ import annotations

from typing import NamedTuple

from library.db import descriptions
from library.db.duplicate_keys import first_author
from library.db.title_keys import title_key
from library.domain.description import Description
from library.domain.doi import dois

# Raised when the rules of description change, so that descriptions made by the former ones can be told and made again.
DESCRIPTION_VERSION = 5
COPY_COLUMNS = ("inventory_number", "barcode", "place", "shelfmark", "status", "count")

CopyRow = tuple[str, str, str, str, str, int]
"""The values of `COPY_COLUMNS`."""


class Derived(NamedTuple):
    """What was derived from a record, as its columns and its copies hold it.

    `author`, `isbns` and `dois` are for its keys, which are made where they are written: an import reads slower than it
    writes.
    """

    description: str
    title: str
    title_key: str
    year: int | None
    material: str
    copies: tuple[CopyRow, ...]
    author: str
    isbns: tuple[str, ...]
    dois: tuple[str, ...] = ()


def derived(description: Description) -> Derived:
    """What is kept of this description."""
    return Derived(
        description=descriptions.to_json(description),
        title=description.title,
        title_key=title_key(description.title, description.languages),
        year=description.year,
        material=description.material.value,
        copies=tuple(
            [
                (copy.inventory_number, copy.barcode, copy.place, copy.shelfmark, copy.status.value, copy.count)
                for copy in description.copies
            ]
        ),
        author=first_author(description),
        isbns=description.isbns,
        dois=dois(description),
    )
