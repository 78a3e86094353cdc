"""A record as the search engine sees it."""

from __future__ import annotations

from indexer.model import Entry
from library.domain.description import CopyStatus, CreatorRole, Description

ON_THE_SHELF = "on-the-shelf"
ONLINE = "online"


def entry_key(record_id: int) -> str:
    """The key of a record in the index."""
    return str(record_id)


def record_number(key: str) -> int:
    """The number of the record with this key in the index."""
    return int(key)


def search_entry(
    record_id: int,
    description: Description,
    source: str,
    body: tuple[str, ...] = (),
    read: tuple[str, ...] = (),
    collection: str = "",
) -> Entry:
    """What can be found of a record.

    `source` is the name of the source it came from, or empty; `body` are the pages of its full texts, `read` the
    `ways_to_read` them. `collection` is the name of the one it was put into with all of its source.
    """
    host = description.host
    people = tuple(creator.name for creator in description.creators if creator.role is not CreatorRole.REVIEWER)
    return Entry(
        key=entry_key(record_id),
        title=description.title,
        other_titles=_filled(
            description.remainder, *description.parallel_titles, *description.series, host.title if host else ""
        ),
        creators=people,
        subjects=(*description.subjects, *description.keywords),
        publishers=description.publishers,
        text=_filled(
            description.responsibility,
            description.edition,
            description.abstract,
            *description.places,
            *description.contents,
            *description.notes,
        ),
        numbers=_numbers(description),
        udc=description.udc,
        bbk=description.bbk,
        year=description.year,
        languages=description.languages,
        material=description.material.value,
        availability=(*read, *_availability(description)),
        collections=_filled(collection, *(copy.collection for copy in description.copies)),
        source=source,
        body=body,
    )


def _filled(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _numbers(description: Description) -> tuple[str, ...]:
    of_host = (description.host.isbn, description.host.issn) if description.host else ()
    of_copies = (number for copy in description.copies for number in (copy.inventory_number, copy.barcode))
    numbers = (*description.isbns, *description.issns, *of_host, *of_copies)
    return tuple(dict.fromkeys(number for number in numbers if number))


def _availability(description: Description) -> tuple[str, ...]:
    ways = []
    if any(copy.status is CopyStatus.AVAILABLE for copy in description.copies):
        ways.append(ON_THE_SHELF)
    if description.links:
        ways.append(ONLINE)
    return tuple(ways)
