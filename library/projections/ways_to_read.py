"""How the full texts of a record can be read, as values of the facet of availability."""

from __future__ import annotations

from collections.abc import Iterable

from library.domain.access_level import AccessLevel
from library.domain.document import Document

WAYS_TO_READ = tuple(level.value for level in AccessLevel if level is not AccessLevel.CLOSED)


def ways_to_read(documents: Iterable[Document]) -> tuple[str, ...]:
    """The levels of the files that readers are told of, from the widest on, each once; of closed ones nothing.

    Embargoes and ends of subscriptions are left out: they come and go by the day, and the index does not.
    """
    levels = {document.rights.level for document in documents if document.is_published}
    return tuple(level for level in WAYS_TO_READ if level in levels)
