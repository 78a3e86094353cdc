"""The items of the open archive in the order of its lists: rows to values and back.

Items follow their records, files and settings in the transaction that changes them (see `OpenArchive.follow`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, tuple_

from library.db.configuration import ReadConfigurations
from library.db.tables import (
    archive_conversions,
    archive_items,
    archive_places,
    partner_records,
    partners,
    records,
)
from library.domain.configuration import Divisions, Section
from library.domain.marc import Dialect
from library.domain.open_archive import RULES, Format, Places
from library.domain.record import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item as its header tells it; the datestamp is of whole seconds."""

    record_id: int
    datestamp: datetime
    deleted: bool
    formats: Format
    sets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items: those in one format, of a set (empty: of any), in a window of which both ends count."""

    format: Format
    set_spec: str = ""
    from_: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconverted:
    """A record that is to be converted to MARC 21, as it was read."""

    record_id: int
    version: int
    dialect: Dialect
    marc: str


class ReadOpenArchive:
    """Items, by position and by number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def item(self, record_id: int) -> Item | None:
        """The item of this record, if it ever was published."""
        query = select(*_ITEM).where(archive_items.c.record_id == record_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _item(row)

    def page(self, wanted: Wanted, after: tuple[datetime, int] | None, limit: int) -> list[Item]:
        """The first items, or those behind a datestamp and number, by datestamp and number: one query."""
        table = archive_places if wanted.set_spec else archive_items
        place = (table.c.datestamp, table.c.record_id)
        query: Select[Any] = select(*_ITEM).where(*_conditions(wanted)).order_by(*place).limit(limit)
        if wanted.set_spec:
            query = query.join(archive_places, archive_places.c.record_id == archive_items.c.record_id)
        if after is not None:
            query = query.where(tuple_(*place) > tuple_(seconds_of(after[0]), after[1]))
        return [_item(row) for row in self._connection.execute(query)]

    def size(self, wanted: Wanted) -> int:
        """How many items these are: one query."""
        table = archive_places if wanted.set_spec else archive_items
        query = select(func.count()).select_from(table).where(*_conditions(wanted))
        return self._connection.execute(query).scalar_one()

    def earliest(self) -> datetime | None:
        """The lowest datestamp, that of deleted items included; None where there is none."""
        lowest = self._connection.execute(select(func.min(archive_items.c.datestamp))).scalar_one()
        return None if lowest is None else _moment(lowest)

    def sets(self) -> list[str]:
        """The sets that items are in, and those that contain them, in the order of their names."""
        # From each one to the next one through the index: the rows themselves are many.
        found = select(func.min(archive_places.c.set_spec).label("set_spec")).cte("found", recursive=True)
        following = (
            select(func.min(archive_places.c.set_spec))
            .where(archive_places.c.set_spec > found.c.set_spec)
            .scalar_subquery()
        )
        found = found.union_all(select(following).where(found.c.set_spec.is_not(None)))
        return list(self._connection.execute(select(found.c.set_spec).where(found.c.set_spec.is_not(None))).scalars())

    def conversions(self, record_ids: Sequence[int]) -> dict[int, bytes]:
        """MARC 21 as XML of those of these records of which it is ready and up to date: one query."""
        query = (
            select(archive_conversions.c.record_id, archive_conversions.c.element)
            .join(records, records.c.id == archive_conversions.c.record_id)
            .where(
                archive_conversions.c.record_id.in_(record_ids),
                archive_conversions.c.version == records.c.version,
                archive_conversions.c.rules == RULES,
            )
        )
        return {row.record_id: zlib.decompress(row.element) for row in self._connection.execute(query)}

    def places(self) -> Places:
        """The collections and faculties as they are in force."""
        sections = ReadConfigurations(self._connection).newest()
        collections, faculties = sections[Section.COLLECTIONS].content, sections[Section.FACULTIES].content
        assert isinstance(collections, Divisions)
        assert isinstance(faculties, Divisions)
        return Places(collections, faculties)

    def due(self, today: date, limit: int) -> list[int]:
        """The records whose items change on this day, or were to change before it, though nobody changes them."""
        query = select(archive_items.c.record_id).where(archive_items.c.due_on <= today)
        return list(self._connection.execute(query.order_by(archive_items.c.due_on).limit(limit)).scalars())

    def behind(self, fingerprint: str, after: int, limit: int) -> list[int]:
        """Published records without an item, or with one by other collections, faculties or rules than these.

        Those with numbers above `after`, by number.
        """
        is_behind = or_(
            and_(records.c.status == Status.PUBLISHED, archive_items.c.record_id.is_(None)),
            and_(archive_items.c.deleted.is_(False), archive_items.c.rules != fingerprint),
        )
        query = (
            select(records.c.id)
            .outerjoin(archive_items, archive_items.c.record_id == records.c.id)
            .where(is_behind, records.c.id > after, records.c.id.not_in(_WITHHELD))
            .order_by(records.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def unconverted(self, limit: int) -> list[Unconverted]:
        """Records that are to be converted to MARC 21."""
        query = (
            select(records.c.id, records.c.version, records.c.dialect, records.c.marc)
            .join(archive_items, archive_items.c.record_id == records.c.id)
            .where(archive_items.c.conversion_due.is_(True))
            .order_by(archive_items.c.record_id)
            .limit(limit)
        )
        return [
            Unconverted(record_id=row.id, version=row.version, dialect=Dialect(row.dialect), marc=row.marc)
            for row in self._connection.execute(query)
        ]


# Records of partners that did not agree to their being passed on.
_WITHHELD = (
    select(partner_records.c.record_id)
    .join(partners, partners.c.id == partner_records.c.partner_id)
    .where(partners.c.expose.is_(False))
)
_ITEM = (
    archive_items.c.record_id,
    archive_items.c.datestamp,
    archive_items.c.deleted,
    archive_items.c.formats,
    archive_items.c.sets,
)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    table = archive_places if wanted.set_spec else archive_items
    yield table.c.formats.bitwise_and(wanted.format.value) != 0
    if wanted.set_spec:
        yield archive_places.c.set_spec == wanted.set_spec
    if wanted.from_ is not None:
        yield table.c.datestamp >= seconds_of(wanted.from_)
    if wanted.until is not None:
        yield table.c.datestamp <= seconds_of(wanted.until)


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    return Item(
        record_id=row.record_id,
        datestamp=_moment(row.datestamp),
        deleted=row.deleted,
        formats=Format(row.formats),
        sets=tuple(row.sets.split()),
    )


def seconds_of(moment: datetime) -> int:
    """A moment as datestamps are kept: seconds since 1970; fractions are cut off."""
    return (moment - _BEGINNING) // _SECOND


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
