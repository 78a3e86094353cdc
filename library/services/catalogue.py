"""Reading the catalogue: records by number, by their old MFN, by title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from library.db.origins import Origin
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.description import Description
from library.domain.errors import N_, RecordNotFound
from library.domain.record import CatalogueRecord, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record, what was derived from it, and where it came from. Withdrawn and draft records are given too.

    `opens_on` is the day on which a closed one opens by itself, if there is one.
    """

    record: CatalogueRecord
    description: Description
    origins: tuple[Origin, ...]
    opens_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsePage:
    """Published records in the order of their titles; `next` is what to give as `after` for the page that follows."""

    records: tuple[ListedRecord, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many records the catalogue shows and how many it keeps as tombstones, and when it last changed."""

    published: int
    withdrawn: int
    changed_at: datetime | None


class Catalogue:
    """What can be read without the index; a small, fixed number of queries each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, record_id: int) -> RecordView:
        """The record with this number, whatever its status: two queries, three for one that is not open.

        Raises `RecordNotFound`.
        """
        with self._database.reading() as view:
            described = view.records.described(record_id)
            record = described.record
            embargo = None if record.status is Status.PUBLISHED else view.embargoes.find(record_id)
            closed = embargo is not None and embargo.holds(record.version, record.status)
            return RecordView(
                record=record,
                description=described.description,
                origins=view.origins.of_record(record_id),
                opens_on=embargo.until if embargo is not None and closed else None,
            )

    def resolve_mfn(self, base: str, mfn: int) -> int:
        """The number of the record that had this MFN in this IRBIS base (in any case). Raises `RecordNotFound`."""
        with self._database.reading() as view:
            record_id = view.origins.record_of_mfn(base, mfn)
        if record_id is None:
            raise RecordNotFound(N_("No record of this catalogue had MFN {mfn} in base {base}."), mfn=mfn, base=base)
        return record_id

    def versions(self, record_id: int) -> tuple[CatalogueRecord, ...]:
        """All states of a record, oldest first, today's last. Raises `RecordNotFound`."""
        with self._database.reading() as view:
            today = view.records.get(record_id)
            return (*view.records.earlier(record_id), today)

    def browse(self, after: int | None = None, limit: int = 50) -> BrowsePage:
        """Published records by title, from the one after record `after`: one query, with or without an index."""
        with self._database.reading() as view:
            found = view.records.by_title(after, limit + 1)
        shown = tuple(found[:limit])
        return BrowsePage(records=shown, next=shown[-1].id if len(found) > limit else None)

    def totals(self) -> Totals:
        """The size of the catalogue: two queries."""
        with self._database.reading() as view:
            counts = view.records.counts()
            return Totals(
                published=counts.get(Status.PUBLISHED, 0),
                withdrawn=counts.get(Status.WITHDRAWN, 0),
                changed_at=view.records.newest(),
            )
