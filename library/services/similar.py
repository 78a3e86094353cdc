"""Records like another one: by the same people, on the same subjects, of the same class."""

from __future__ import annotations

from indexer.model import Query
from indexer.queries import InField, Node, Or, Phrase, SearchField, Words
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.description import CreatorRole, Description
from library.domain.record import Status
from library.projections.search_entry import record_number

MOST_SIMILAR = 6
MOST_AUTHORS = 3
MOST_SUBJECTS = 4
# A longer heading names something so special that nothing else has it.
LONGEST_HEADING = 120
# A wider class than this has a tenth of the catalogue in it: it says little and costs the index much.
NARROW_CLASS_FIGURES = 3


class Similar:
    """Asks the index once and the database once."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def to(self, record_id: int, description: Description) -> tuple[ListedRecord, ...]:
        """At most six published records, the most alike first, never the record itself.

        Nothing when the record names no author, subject or class, or when the index can't be used.
        """
        nodes = _likeness(description)
        if not nodes:
            return ()
        try:
            results = self._index.search(Query(match=Or(nodes), size=MOST_SIMILAR + 1))
        except IndexUnavailable:
            return ()
        numbers = [number for hit in results.hits if (number := record_number(hit.key)) != record_id][:MOST_SIMILAR]
        if not numbers:
            return ()
        with self._database.reading() as view:
            rows = view.records.listed(numbers)
        found = (rows[number] for number in numbers if number in rows)
        return tuple(record for record in found if record.status is Status.PUBLISHED)


def _likeness(description: Description) -> tuple[Node, ...]:
    authors = [one.name for one in description.creators if one.role is CreatorRole.AUTHOR][:MOST_AUTHORS]
    subjects = (*description.subjects, *description.keywords)[:MOST_SUBJECTS]
    wanted: list[Node] = [InField(SearchField.AUTHOR, Phrase(name)) for name in authors if _fits(name)]
    wanted += [InField(SearchField.SUBJECT, Phrase(subject)) for subject in subjects if _fits(subject)]
    wanted += [InField(SearchField.UDC, Words(index)) for index in description.udc[:1] if _is_narrow(index)]
    wanted += [InField(SearchField.BBK, Words(index)) for index in description.bbk[:1] if _is_narrow(index)]
    return tuple(wanted)


def _is_narrow(index: str) -> bool:
    return _fits(index) and sum(map(str.isdigit, index)) >= NARROW_CLASS_FIGURES


def _fits(text: str) -> bool:
    return any(map(str.isalnum, text)) and len(text) <= LONGEST_HEADING
