"""Records, their earlier states and their copies: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, text, update

from library.db import descriptions
from library.db.duplicate_keys import KeyKind, WorkKeys, doi_keys, isbn_keys
from library.db.record_rows import COPY_COLUMNS, DESCRIPTION_VERSION, Derived, derived
from library.db.tables import copies, documents, duplicate_keys, record_revisions, records
from library.domain.description import Description
from library.domain.errors import N_, RecordNotFound, StaleVersion
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.marc import codec

_STATE = (
    "id",
    "dialect",
    "marc",
    "status",
    "version",
    "created_at",
    "changed_at",
    "changed_by",
    "approved_by",
    "withdrawal_reason",
)
_STATE_COLUMNS = tuple(records.c[name] for name in _STATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedRecord:
    """A record together with what was derived from it."""

    record: CatalogueRecord
    description: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of a record as its row holds it: its MARC is the text of its MARC-in-JSON."""

    id: int
    dialect: Dialect
    marc: str
    status: Status
    version: int
    created_at: datetime
    changed_at: datetime
    changed_by: str
    approved_by: str = ""
    withdrawal_reason: str = ""

    @classmethod
    def of(cls, record: CatalogueRecord) -> State:
        """The state this record is in."""
        return cls(
            id=record.id,
            dialect=record.dialect,
            marc=codec.to_json(record.marc),
            status=record.status,
            version=record.version,
            created_at=record.created_at,
            changed_at=record.changed_at,
            changed_by=record.changed_by,
            approved_by=record.approved_by,
            withdrawal_reason=record.withdrawal_reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecord:
    """What a list shows of a record."""

    id: int
    dialect: Dialect
    status: Status
    description: Description


class ReadRecords:
    """Records as they are now, and as they were."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, record_id: int) -> CatalogueRecord:
        """The record with this number, withdrawn or not; `RecordNotFound` where there is none."""
        row = self._connection.execute(select(*_STATE_COLUMNS).where(records.c.id == record_id)).one_or_none()
        if row is None:
            raise _not_found(record_id)
        return _record(row)

    def described(self, record_id: int) -> DescribedRecord:
        """The record with its description; `RecordNotFound` where there is none."""
        query = select(*_STATE_COLUMNS, records.c.description).where(records.c.id == record_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise _not_found(record_id)
        return DescribedRecord(record=_record(row), description=descriptions.from_json(row.description))

    def many(self, record_ids: Sequence[int]) -> dict[int, CatalogueRecord]:
        """Those of these records that exist, by number."""
        query = select(*_STATE_COLUMNS).where(records.c.id.in_(record_ids))
        return {row.id: _record(row) for row in self._connection.execute(query)}

    def states(self, record_ids: Sequence[int]) -> dict[int, State]:
        """The states of those of these records that exist, by number."""
        query = select(*_STATE_COLUMNS).where(records.c.id.in_(record_ids))
        return {row.id: _state(row) for row in self._connection.execute(query)}

    def listed(self, record_ids: Sequence[int]) -> dict[int, ListedRecord]:
        """What lists show of those of these records that exist, by number: one query."""
        query = select(*_LISTED_COLUMNS).where(records.c.id.in_(record_ids))
        return {row.id: _listed(row) for row in self._connection.execute(query)}

    def by_title(self, after: int | None, limit: int) -> list[ListedRecord]:
        """Published records in the order of their titles, from the one after record `after`."""
        query = (
            select(*_LISTED_COLUMNS)
            .where(records.c.status == Status.PUBLISHED)
            .order_by(records.c.title_key, records.c.id)
            .limit(limit)
        )
        if after is not None:
            key = select(records.c.title_key).where(records.c.id == after).scalar_subquery()
            query = query.where(records.c.title_key >= key, or_(records.c.title_key > key, records.c.id > after))
        return [_listed(row) for row in self._connection.execute(query)]

    def listed_page(self, after: int, limit: int) -> list[ListedRecord]:
        """What lists show of the records with numbers above `after`, of any status, in the order of their numbers."""
        query = select(*_LISTED_COLUMNS).where(records.c.id > after).order_by(records.c.id).limit(limit)
        return [_listed(row) for row in self._connection.execute(query)]

    def page(self, after: int, limit: int) -> list[CatalogueRecord]:
        """The records with numbers above `after`, of any status, in the order of their numbers."""
        query = select(*_STATE_COLUMNS).where(records.c.id > after).order_by(records.c.id).limit(limit)
        return [_record(row) for row in self._connection.execute(query)]

    def earlier(self, record_id: int) -> list[CatalogueRecord]:
        """The earlier states of a record, oldest first; each bears the record's own time of creation."""
        query = (
            select(record_revisions, records.c.created_at)
            .join(records, records.c.id == record_revisions.c.record_id)
            .where(record_revisions.c.record_id == record_id)
            .order_by(record_revisions.c.version)
        )
        return [_record(row) for row in self._connection.execute(query.add_columns(records.c.id))]

    def at_versions(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], CatalogueRecord]:
        """These states of records, by number and version: two queries."""
        numbers = sorted({number for number, _ in wanted})
        now = {(record.id, record.version): record for record in self.many(numbers).values()}
        former = (
            select(record_revisions, records.c.created_at, records.c.id)
            .join(records, records.c.id == record_revisions.c.record_id)
            # Pairs of columns in a list would have SQLite read the whole table.
            .where(
                record_revisions.c.record_id.in_(numbers),
                record_revisions.c.version.in_({version for _, version in wanted}),
            )
        )
        found = {(row.id, row.version): _record(row) for row in self._connection.execute(former)}
        return {key: record for key, record in (now | found).items() if key in set(wanted)}

    def counts(self) -> dict[Status, int]:
        """How many records there are in each status."""
        query = select(records.c.status, func.count()).group_by(records.c.status)
        return {Status(status): count for status, count in self._connection.execute(query)}

    def newest(self) -> datetime | None:
        """When a record was last changed; None in an empty catalogue."""
        return self._connection.execute(
            select(records.c.changed_at).order_by(records.c.changed_at.desc(), records.c.id.desc()).limit(1)
        ).scalar_one_or_none()


_LISTED_COLUMNS = (records.c.id, records.c.dialect, records.c.status, records.c.description)


class Records(ReadRecords):
    """Records that can be written; the caller's transaction holds them together."""

    def reserve(self, count: int) -> Sequence[int]:
        """`count` numbers that no record has or has ever had; a rollback may give them again."""
        if self._connection.dialect.name == "sqlite":
            # One writer at a time: nobody else can take these before this transaction ends. Rows are never deleted.
            last = self._connection.execute(select(func.coalesce(func.max(records.c.id), 0))).scalar_one()
            return range(last + 1, last + count + 1)
        sequence = text("SELECT nextval(pg_get_serial_sequence('records', 'id')) FROM generate_series(1, :count)")
        return self._connection.execute(sequence, {"count": count}).scalars().all()

    def add(self, new: Sequence[DescribedRecord]) -> None:
        """Write new records under the numbers they were given by `reserve`."""
        self.add_states([(State.of(one.record), derived(one.description)) for one in new])

    def add_states(self, new: Sequence[tuple[State, Derived]]) -> None:
        """Write new records, as `add`, of which the rows are at hand."""
        if new:
            self._connection.execute(
                insert(records), [{**_state_row(state), **_derived_row(facts)} for state, facts in new]
            )
            self._write_followers([(state.id, facts) for state, facts in new])

    def replace(self, changed: Sequence[tuple[CatalogueRecord, DescribedRecord]]) -> None:
        """Write the next states of records and keep the states before them; pairs of before and after.

        Raises `StaleVersion` when a record isn't in the state before any more.
        """
        self.replace_states(
            [(State.of(before), State.of(after.record), derived(after.description)) for before, after in changed]
        )

    def replace_states(self, changed: Sequence[tuple[State, State, Derived]]) -> None:
        """Write the next states, as `replace`, of which the rows are at hand; before, after, and what follows of it."""
        if not changed:
            return
        guarded = (
            update(records)
            .where(records.c.id == bindparam("of_id"), records.c.version == bindparam("of_version"))
            .values({name: bindparam(name) for name in _CHANGING})
        )
        # Row by row: only so does every driver tell which row was not there to be changed.
        for before, after, facts in changed:
            row = {**_state_row(after), **_derived_row(facts)}
            values = {name: row[name] for name in _CHANGING}
            done = self._connection.execute(guarded, {**values, "of_id": before.id, "of_version": before.version})
            if done.rowcount != 1:
                self.get(before.id).expecting(before.version)
                raise StaleVersion(N_("Record {id} was saved by somebody else meanwhile."), id=before.id)
        # The sidecars of its files tell of a record.
        files = update(documents).where(documents.c.record_id.in_([after.id for _, after, _ in changed]))
        self._connection.execute(files.values(sidecar_due=True))
        self.keep_earlier([before for before, _, _ in changed])
        self._replace_followers([(after.id, facts) for _, after, facts in changed])

    def keep_earlier(self, states: Sequence[State]) -> None:
        """Write former states; there is no way to change or remove one."""
        if states:
            self._connection.execute(insert(record_revisions), [_revision_row(state) for state in states])

    def describe_again(self, described: Sequence[tuple[int, Description]]) -> None:
        """Replace what was derived from these records; their states and versions stay."""
        if not described:
            return
        names = ("description", "description_version", "title", "title_key", "year", "material")
        again = (
            update(records).where(records.c.id == bindparam("of_id")).values({name: bindparam(name) for name in names})
        )
        facts = [(record_id, derived(description)) for record_id, description in described]
        self._connection.execute(again, [{**_derived_row(one), "of_id": record_id} for record_id, one in facts])
        self._replace_followers(facts)

    def described_by_former_rules(self, after: int, limit: int) -> list[CatalogueRecord]:
        """Records with numbers above `after` whose description was derived by other rules than today's."""
        query = (
            select(*_STATE_COLUMNS)
            .where(records.c.id > after, records.c.description_version != DESCRIPTION_VERSION)
            .order_by(records.c.id)
            .limit(limit)
        )
        return [_record(row) for row in self._connection.execute(query)]

    def _replace_followers(self, of_records: Sequence[tuple[int, Derived]]) -> None:
        numbers = [number for number, _ in of_records]
        for table in (copies, duplicate_keys):
            self._connection.execute(delete(table).where(table.c.record_id.in_(numbers)))
        self._write_followers(of_records)

    def _write_followers(self, of_records: Sequence[tuple[int, Derived]]) -> None:
        """The rows that follow from records in other tables: copies, and the keys that duplicates are found by."""
        rows = [
            {"record_id": number, "position": position, **dict(zip(COPY_COLUMNS, copy, strict=True))}
            for number, facts in of_records
            for position, copy in enumerate(facts.copies, start=1)
        ]
        if rows:
            self._connection.execute(insert(copies), rows)
        keys = list(_key_rows(of_records))
        if keys:
            self._connection.execute(insert(duplicate_keys), keys)


def _key_rows(of_records: Sequence[tuple[int, Derived]]) -> Iterator[dict[str, object]]:
    works = WorkKeys()
    for number, facts in of_records:
        key = works.key(facts.title, facts.author, facts.year)
        if key is not None:
            yield {"kind": KeyKind.WORK.value, "key": key, "record_id": number}
        for key in isbn_keys(facts.isbns):
            yield {"kind": KeyKind.ISBN.value, "key": key, "record_id": number}
        for key in doi_keys(facts.dois):
            yield {"kind": KeyKind.DOI.value, "key": key, "record_id": number}


_CHANGING = (
    "dialect",
    "marc",
    "status",
    "version",
    "changed_at",
    "changed_by",
    "approved_by",
    "withdrawal_reason",
    "description",
    "description_version",
    "title",
    "title_key",
    "year",
    "material",
)


def _not_found(record_id: int) -> RecordNotFound:
    return RecordNotFound(N_("There is no record {id}."), id=record_id)


def _record(row: Row[*tuple[Any, ...]]) -> CatalogueRecord:
    return CatalogueRecord(
        id=row.id,
        dialect=Dialect(row.dialect),
        marc=codec.from_json(row.marc),
        status=Status(row.status),
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        approved_by=row.approved_by,
        withdrawal_reason=row.withdrawal_reason,
    )


def _listed(row: Row[*tuple[Any, ...]]) -> ListedRecord:
    return ListedRecord(
        id=row.id,
        dialect=Dialect(row.dialect),
        status=Status(row.status),
        description=descriptions.from_json(row.description),
    )


def _state(row: Row[*tuple[Any, ...]]) -> State:
    return State(
        id=row.id,
        dialect=Dialect(row.dialect),
        marc=row.marc,
        status=Status(row.status),
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        approved_by=row.approved_by,
        withdrawal_reason=row.withdrawal_reason,
    )


def _derived_row(facts: Derived) -> dict[str, object]:
    return {
        "description": facts.description,
        "description_version": DESCRIPTION_VERSION,
        "title": facts.title,
        "title_key": facts.title_key,
        "year": facts.year,
        "material": facts.material,
    }


def _state_row(state: State) -> dict[str, object]:
    return {
        "id": state.id,
        "dialect": state.dialect.value,
        "marc": state.marc,
        "status": state.status.value,
        "version": state.version,
        "created_at": state.created_at,
        "changed_at": state.changed_at,
        "changed_by": state.changed_by,
        "approved_by": state.approved_by,
        "withdrawal_reason": state.withdrawal_reason,
    }


def _revision_row(state: State) -> dict[str, object]:
    return {
        "record_id": state.id,
        "version": state.version,
        "dialect": state.dialect.value,
        "marc": state.marc,
        "status": state.status.value,
        "changed_at": state.changed_at,
        "changed_by": state.changed_by,
        "approved_by": state.approved_by,
        "withdrawal_reason": state.withdrawal_reason,
    }
