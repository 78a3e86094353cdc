"""Lists of records to look at and to take away: a reader's own list, or what a search finds, up to a stated limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.model import Query
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.errors import N_, SearchUnavailable
from library.domain.marc import Dialect
from library.domain.record import Status
from library.projections import bibtex, ris, table
from library.projections.search_entry import record_number
from library.services import record_formats
from library.services.record_formats import ExportFormat
from library.services.search import SearchRequest, parsed

MOST_LISTED = 100
MOST_EXPORTED = 2_000
PAGE = 500


class ListFormat(StrEnum):
    """How a list is written."""

    CSV = "csv"
    RIS = "ris"
    BIBTEX = "bibtex"
    MARCXML = "marcxml"


MEDIA_TYPES: Mapping[ListFormat, str] = {
    ListFormat.CSV: "text/csv; charset=utf-8",
    ListFormat.RIS: "application/x-research-info-systems; charset=utf-8",
    ListFormat.BIBTEX: "application/x-bibtex; charset=utf-8",
    ListFormat.MARCXML: "application/marcxml+xml",
}
ENDINGS: Mapping[ListFormat, str] = {
    ListFormat.CSV: ".csv",
    ListFormat.RIS: ".ris",
    ListFormat.BIBTEX: ".bib",
    ListFormat.MARCXML: ".xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The numbers of the records a search finds, as many as may be exported, and how many there are in all."""

    numbers: tuple[int, ...]
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether more was found than may be exported at once."""
        return self.total > len(self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The published records of a list in its order; `missing` are numbers that readers can't see any more."""

    records: tuple[ListedRecord, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a file says in the reader's language, and how a record is addressed.

    `note` says that the list is cut; empty for a whole one. `labels` has the words for codes of types and languages.
    """

    headings: tuple[str, ...]
    labels: Mapping[str, str]
    separator: str
    note: str
    address: Callable[[int], str]


class Listing:
    """Reads lists of records and writes them as files; what a search finds, up to a limit."""

    def __init__(self, database: Database, index: SearchIndex, most_exported: int = MOST_EXPORTED) -> None:
        self._database = database
        self._index = index
        self._most_exported = most_exported

    @property
    def limit(self) -> int:
        """How many records of a search may be written at once."""
        return self._most_exported

    def chosen(self, numbers: Sequence[int]) -> Chosen:
        """These records, in this order: one query."""
        rows = self._rows(numbers)
        return Chosen(
            records=tuple(rows[number] for number in numbers if number in rows),
            missing=tuple(number for number in numbers if number not in rows),
        )

    def find(self, request: SearchRequest) -> Found:
        """What a search finds, in its order, up to the limit: one question to the index.

        Raises `SearchUnavailable` and `QueryTooLong`.
        """
        query = Query(
            match=parsed(request.words),
            filters=request.filters,
            years=request.years,
            sort=request.sort,
            size=self._most_exported,
        )
        try:
            results = self._index.search(query)
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
        return Found(numbers=tuple(record_number(hit.key) for hit in results.hits), total=results.total)

    def write(self, numbers: Sequence[int], written_as: ListFormat, wording: Wording) -> bytes:
        """The published ones of these records as a file, in this order; a query for every 500 records.

        The file says the note itself: CSV in its last line, RIS in a note of the first reference, BibTeX and MARCXML
        in a comment at the beginning. MARCXML is in MARC 21 for all.
        """
        writer = {
            ListFormat.CSV: self._csv,
            ListFormat.RIS: self._ris,
            ListFormat.BIBTEX: self._bibtex,
            ListFormat.MARCXML: self._marcxml,
        }[written_as]
        return b"".join(writer(numbers, wording))

    def _csv(self, numbers: Sequence[int], wording: Wording) -> Iterator[bytes]:
        yield (table.BYTE_ORDER_MARK + table.line(wording.headings, wording.separator)).encode()
        for record in self._records(numbers):
            cells = table.row(record.id, record.description, wording.address(record.id), wording.labels)
            yield table.line(cells, wording.separator).encode()
        if wording.note:
            blanks = [""] * (len(wording.headings) - 1)
            yield table.line((wording.note, *blanks), wording.separator).encode()

    def _ris(self, numbers: Sequence[int], wording: Wording) -> Iterator[bytes]:
        note = wording.note
        for record in self._records(numbers):
            reference = ris.encode(record.description, identity=str(record.id))
            if note:
                first, rest = reference.split("\r\n", 1)
                reference = f"{first}\r\nN1  - {note}\r\n{rest}"
                note = ""
            yield reference.encode()

    def _bibtex(self, numbers: Sequence[int], wording: Wording) -> Iterator[bytes]:
        if wording.note:
            yield f"@comment{{{wording.note}}}\n\n".encode()
        for record in self._records(numbers):
            yield (bibtex.encode(record.description, identity=str(record.id)) + "\n").encode()

    def _marcxml(self, numbers: Sequence[int], wording: Wording) -> Iterator[bytes]:
        yield record_formats.begin(ExportFormat.MARCXML, Dialect.MARC21)
        if wording.note:
            # Two hyphens would end a comment.
            yield f"<!-- {wording.note.replace('--', '– ')} -->\n".encode()
        for stretch in _stretches(numbers):
            with self._database.reading() as view:
                found = view.records.many(stretch)
            for number in stretch:
                if number in found and found[number].status is Status.PUBLISHED:
                    yield record_formats.encode(found[number], ExportFormat.MARCXML, Dialect.MARC21)
        yield record_formats.end(ExportFormat.MARCXML)

    def _records(self, numbers: Sequence[int]) -> Iterator[ListedRecord]:
        for stretch in _stretches(numbers):
            yield from self.chosen(stretch).records

    def _rows(self, numbers: Sequence[int]) -> dict[int, ListedRecord]:
        if not numbers:
            return {}
        with self._database.reading() as view:
            rows = view.records.listed(numbers)
        return {number: record for number, record in rows.items() if record.status is Status.PUBLISHED}


def _stretches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + PAGE] for start in range(0, len(numbers), PAGE))
