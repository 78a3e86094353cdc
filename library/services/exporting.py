"""Export: the catalogue, or what a search finds, as a stream that is complete or says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from indexer.model import Query
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.unit_of_work import Database
from library.domain.errors import N_, Message, NotExpressible, RecordNotFound, SearchUnavailable
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.projections.search_entry import record_number
from library.services import record_formats
from library.services.progress import Progress, Step, silent
from library.services.record_formats import Download, ExportFormat
from library.services.search import parsed

PAGE = 500


@dataclass(slots=True)
class LeftOut:
    """Records that could not be written for one kind of reason: how many, and the first of them."""

    record_id: int
    reason: Message
    count: int = 0


@dataclass(slots=True, kw_only=True)
class ExportReport:
    """How many records were written, and which were left out, by the template of the reason."""

    written: int = 0
    left_out: dict[str, LeftOut] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left out."""
        return not self.left_out


class Exporting:
    """Writes published records; memory does not grow with their number."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def write(
        self,
        target: BinaryIO,
        written_as: ExportFormat,
        *,
        dialect: Dialect | None = None,
        words: str | None = None,
        progress: Progress = silent,
    ) -> ExportReport:
        """Write all published records, or those the words find, in the order of their numbers.

        Without a dialect each record is written in its own; with `MARC21` all are converted; with another one those
        of other dialects are left out. What is left out is counted by reason, with the first record as an example.
        Raises `SearchUnavailable`, and `OSError` when the target can't be written.
        """
        report = ExportReport()
        target.write(record_formats.begin(written_as, dialect))
        for record in self._wanted(words, progress):
            try:
                content = record_formats.encode(record, written_as, dialect)
            except NotExpressible as error:
                kind = report.left_out.setdefault(error.message.template, LeftOut(record.id, error.message))
                kind.count += 1
                continue
            target.write(content)
            report.written += 1
        target.write(record_formats.end(written_as))
        return report

    def one(self, record_id: int, written_as: ExportFormat, dialect: Dialect | None = None) -> Download:
        """One published record as a file.

        Raises `RecordNotFound`, also for drafts and tombstones, and `NotExpressible`.
        """
        with self._database.reading() as view:
            record = view.records.get(record_id)
        if record.status is not Status.PUBLISHED:
            raise RecordNotFound(N_("Record {id} is not open to readers."), id=record_id)
        content = record_formats.encode_for_person(record, written_as, dialect)
        return Download(
            content=record_formats.begin(written_as, dialect or record.dialect)
            + content
            + record_formats.end(written_as),
            media_type=record_formats.MEDIA_TYPES[written_as],
            filename=f"record-{record_id}{record_formats.ENDINGS[written_as]}",
        )

    def _wanted(self, words: str | None, progress: Progress) -> Iterator[CatalogueRecord]:
        # One view for all pages: the export shows the catalogue as it was at one moment.
        numbers = None if words is None else self._found(words)
        with self._database.reading() as view:
            if numbers is None:
                total = view.records.counts().get(Status.PUBLISHED, 0)
                pages = _all_pages(view.records.page)
            else:
                total = len(numbers)
                pages = _chosen_pages(view.records.many, numbers)
            done = 0
            for page in pages:
                for record in page:
                    if record.status is Status.PUBLISHED:
                        done += 1
                        yield record
                progress(Step(done, total, done))

    def _found(self, words: str) -> list[int]:
        """The numbers of all records that the words find, in order."""
        numbers: list[int] = []
        page = 1
        try:
            while True:
                results = self._index.search(Query(match=parsed(words), page=page, size=10_000))
                numbers.extend(record_number(hit.key) for hit in results.hits)
                if not results.hits or len(numbers) >= results.total:
                    return sorted(set(numbers))
                page += 1
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index can't be used now. Export without a query, or run: library index rebuild")
            ) from error


def _all_pages(page: Callable[[int, int], Sequence[CatalogueRecord]]) -> Iterator[Sequence[CatalogueRecord]]:
    after = 0
    while records := page(after, PAGE):
        yield records
        after = records[-1].id


def _chosen_pages(
    many: Callable[[Sequence[int]], dict[int, CatalogueRecord]], numbers: Sequence[int]
) -> Iterator[Sequence[CatalogueRecord]]:
    for start in range(0, len(numbers), PAGE):
        found = many(numbers[start : start + PAGE])
        yield [found[number] for number in sorted(found)]
