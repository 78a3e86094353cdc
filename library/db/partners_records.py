"""Records that came from partners, and pairs that may be of one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, cast, func, insert, literal, select, update

from library.db.duplicate_keys import KeyKind
from library.db.tables import (
    duplicate_keys,
    origins,
    partner_records,
    partner_twins,
    partners,
    records,
)
from library.domain.errors import N_, NotFound
from library.domain.partners import TwinState
from library.domain.record import Status

CHUNK = 5_000


class Mark(IntEnum):
    """What the partner said of a record: nothing, that it is deleted; or that it is to be hidden."""

    NONE = 0
    DELETED = 1
    TO_HIDE = 2


DELETED, TWIN, REMOVED = "deleted", "twin", "removed"
"""Why a partner's record is hidden: deleted there; the same as one of ours, a person said; the partner is removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRecord:
    """A record of ours that came from a partner; `identifier` is its name there."""

    record_id: int
    partner_id: int
    identifier: str
    datestamp: str
    harvested_at: datetime
    version: int = 0
    mark: Mark = Mark.NONE
    hidden: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A partner's record and another one; `sameness` is that of `services.duplicates`."""

    record_id: int
    other_id: int
    sameness: int
    state: TwinState


class ReadPartnerRecords:
    """What came from partners, as it stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_records(self, record_ids: Sequence[int]) -> dict[int, PartnerRecord]:
        """Those of these records that came from partners, by number: one query."""
        query = _joined().where(partner_records.c.record_id.in_(record_ids))
        return {row.record_id: _record(row) for row in self._connection.execute(query)}

    def withheld(self, record_ids: Sequence[int]) -> set[int]:
        """Those of these records that came from partners and are not passed on to those who harvest us: one query."""
        query = (
            select(partner_records.c.record_id)
            .join(partners, partners.c.id == partner_records.c.partner_id)
            .where(partner_records.c.record_id.in_(record_ids), partners.c.expose.is_(False))
        )
        return set(self._connection.execute(query).scalars())

    def collections(self, record_ids: Sequence[int]) -> dict[int, str]:
        """The codes of the collections into which those of these records that came from partners are put: one query."""
        query = (
            select(partner_records.c.record_id, partners.c.collection)
            .join(partners, partners.c.id == partner_records.c.partner_id)
            .where(partner_records.c.record_id.in_(record_ids), partners.c.collection != "")
        )
        return {row.record_id: row.collection for row in self._connection.execute(query)}

    def after(self, partner_id: int, record_id: int, limit: int) -> list[PartnerRecord]:
        """The records of a partner that are not hidden, with numbers above this one."""
        return self._some(partner_id, limit, partner_records.c.record_id > record_id)

    def to_hide(self, partner_id: int, limit: int) -> list[PartnerRecord]:
        """The records of a partner that are to be hidden."""
        return self._some(partner_id, limit, partner_records.c.mark == Mark.TO_HIDE)

    def _some(self, partner_id: int, limit: int, condition: Any) -> list[PartnerRecord]:
        query = (
            _joined()
            .where(partner_records.c.partner_id == partner_id, partner_records.c.hidden == "", condition)
            .order_by(partner_records.c.record_id)
            .limit(limit)
        )
        return [_record(row) for row in self._connection.execute(query)]

    def visible(self, partner_id: int) -> int:
        """How many records of a partner readers see."""
        return self._count(partner_records.c.partner_id == partner_id, partner_records.c.hidden == "")

    def marked(self, partner_id: int) -> int:
        """How many of these would be hidden as the partner deleted them."""
        return self._count(
            partner_records.c.partner_id == partner_id, partner_records.c.hidden == "", partner_records.c.mark != 0
        )

    def unticked(self, partner_id: int) -> int:
        """How many of these the comparison did not meet."""
        return self._count(
            partner_records.c.partner_id == partner_id,
            partner_records.c.hidden == "",
            partner_records.c.ticked.is_(False),
        )

    def _count(self, *conditions: Any) -> int:
        query = select(func.count()).select_from(partner_records).where(*conditions)
        return self._connection.execute(query).scalar_one()

    def twins(self, after: tuple[int, int], limit: int) -> list[Twin]:
        """Pairs that wait for a person and of which both are shown to readers."""
        other = records.alias()
        table = partner_twins
        query = (
            select(table)
            .join(records, records.c.id == table.c.record_id)
            .join(other, other.c.id == table.c.other_id)
            .where(
                table.c.state == TwinState.OPEN,
                records.c.status == Status.PUBLISHED,
                other.c.status == Status.PUBLISHED,
                (table.c.record_id > after[0]) | ((table.c.record_id == after[0]) & (table.c.other_id > after[1])),
            )
            .order_by(table.c.record_id, table.c.other_id)
            .limit(limit)
        )
        return [_twin(row) for row in self._connection.execute(query)]

    def same(self, after: tuple[int, int], limit: int) -> list[Twin]:
        """Pairs that a person said to be one document, and of which the partner's record is hidden for it."""
        table = partner_twins
        query = (
            select(table)
            .join(partner_records, partner_records.c.record_id == table.c.record_id)
            .where(
                table.c.state == TwinState.SAME,
                partner_records.c.hidden == TWIN,
                (table.c.record_id > after[0]) | ((table.c.record_id == after[0]) & (table.c.other_id > after[1])),
            )
            .order_by(table.c.record_id, table.c.other_id)
            .limit(limit)
        )
        return [_twin(row) for row in self._connection.execute(query)]

    def twin(self, record_id: int, other_id: int) -> Twin:
        """The pair of these; `NotFound` where they are none."""
        table = partner_twins
        query = select(table).where(table.c.record_id == record_id, table.c.other_id == other_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("There is nothing to compare here any more."))
        return _twin(row)

    def same_as(self, record_id: int) -> int | None:
        """The record that a person said this one of a partner is, if any."""
        query = select(partner_twins.c.other_id).where(
            partner_twins.c.record_id == record_id, partner_twins.c.state == TwinState.SAME
        )
        return self._connection.execute(query.limit(1)).scalar_one_or_none()

    def sharing(self, kind: KeyKind, keys: Sequence[int], partner_id: int) -> Iterator[tuple[int, int]]:
        """Keys, and published records that have them and are not this partner's: one query for some thousand keys."""
        for start in range(0, len(keys), CHUNK):
            query = (
                select(duplicate_keys.c.key, duplicate_keys.c.record_id)
                .join(records, records.c.id == duplicate_keys.c.record_id)
                .outerjoin(partner_records, partner_records.c.record_id == duplicate_keys.c.record_id)
                .where(
                    duplicate_keys.c.kind == kind,
                    duplicate_keys.c.key.in_(keys[start : start + CHUNK]),
                    records.c.status == Status.PUBLISHED,
                    func.coalesce(partner_records.c.partner_id, 0) != partner_id,
                )
                .order_by(duplicate_keys.c.record_id)
            )
            for row in self._connection.execute(query):
                yield row[0], row[1]


class PartnerRecords(ReadPartnerRecords):
    """What came from partners, written."""

    def came(self, new: Sequence[PartnerRecord], known: Sequence[PartnerRecord]) -> None:
        """Write the facts of records that are new, and of those that came again; all are ticked, none is marked."""
        if new:
            self._connection.execute(
                insert(partner_records), [{**_facts(one), "record_id": one.record_id} for one in new]
            )
        if known:
            names = _facts(known[0])
            statement = update(partner_records).where(partner_records.c.record_id == bindparam("of_record"))
            statement = statement.values({name: bindparam(f"new_{name}") for name in names})
            rows = [
                {"of_record": one.record_id, **{f"new_{name}": value for name, value in _facts(one).items()}}
                for one in known
            ]
            self._connection.execute(statement, rows)

    def mark(self, record_ids: Sequence[int], mark: Mark) -> None:
        """Mark records of partners."""
        self._update(record_ids, mark=mark.value)

    def mark_unticked(self, partner_id: int) -> None:
        """Mark what the comparison did not meet as deleted."""
        self._of_partner(
            partner_id, partner_records.c.ticked.is_(False), partner_records.c.hidden == "", mark=Mark.DELETED.value
        )

    def decide_marks(self, partner_id: int, *, hide: bool) -> None:
        """Let the marked ones be hidden, or take the marks away."""
        mark = Mark.TO_HIDE if hide else Mark.NONE
        self._of_partner(partner_id, partner_records.c.mark == Mark.DELETED, mark=mark.value)

    def tick(self, record_ids: Sequence[int]) -> None:
        """Note that the comparison met these."""
        self._update(record_ids, ticked=True)

    def untick(self, partner_id: int) -> None:
        """Forget what a comparison met."""
        self._of_partner(partner_id, partner_records.c.ticked.is_(True), ticked=False)

    def hide(self, record_ids: Sequence[int], why: str) -> None:
        """Note that these are hidden now, and why; empty when they are shown again."""
        self._update(record_ids, hidden=why, mark=Mark.NONE.value)

    def show(self, record_ids: Sequence[int]) -> None:
        """Note that these are shown again; what the partner said of them meanwhile stays noted."""
        self._update(record_ids, hidden="")

    def suggest(self, pairs: Mapping[tuple[int, int], int]) -> None:
        """Keep pairs with their sameness for a person; those that are known stay as they are."""
        if not pairs:
            return
        numbers = sorted({record_id for record_id, _ in pairs})
        known: set[tuple[int, int]] = set()
        for start in range(0, len(numbers), CHUNK):
            query = select(partner_twins.c.record_id, partner_twins.c.other_id).where(
                partner_twins.c.record_id.in_(numbers[start : start + CHUNK])
            )
            known.update((row[0], row[1]) for row in self._connection.execute(query))
        rows = [
            {
                "record_id": record_id, "other_id": other_id, "sameness": int(sameness),
                "state": TwinState.OPEN.value, "decided_by": "", "decided_at": None,
            }
            for (record_id, other_id), sameness in pairs.items()
            if (record_id, other_id) not in known
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(partner_twins), rows)

    def decide_twin(self, twin: Twin, state: TwinState, by: str, at: datetime) -> None:
        """Note what a person said of a pair, `OPEN` where it was taken back."""
        statement = update(partner_twins).where(
            partner_twins.c.record_id == twin.record_id, partner_twins.c.other_id == twin.other_id
        )
        self._connection.execute(statement.values(state=state.value, decided_by=by, decided_at=at))

    def _update(self, record_ids: Sequence[int], **values: object) -> None:
        for start in range(0, len(record_ids), CHUNK):
            these = partner_records.c.record_id.in_(record_ids[start : start + CHUNK])
            self._connection.execute(update(partner_records).where(these).values(values))

    def _of_partner(self, partner_id: int, *conditions: Any, **values: object) -> None:
        statement = update(partner_records).where(partner_records.c.partner_id == partner_id, *conditions)
        self._connection.execute(statement.values(values))


def _joined() -> Any:
    same = (origins.c.record_id == partner_records.c.record_id) & (
        origins.c.source == literal("oai:") + cast(partner_records.c.partner_id, String)
    )
    return select(partner_records, origins.c.key, origins.c.imported_version).join(origins, same)


def _facts(one: PartnerRecord) -> dict[str, object]:
    return {
        "partner_id": one.partner_id,
        "datestamp": one.datestamp,
        "harvested_at": one.harvested_at,
        "mark": Mark.NONE.value,
        "hidden": one.hidden,
        "ticked": True,
        "earlier": one.earlier,
    }


def _record(row: Row[*tuple[Any, ...]]) -> PartnerRecord:
    return PartnerRecord(
        record_id=row.record_id,
        partner_id=row.partner_id,
        identifier=row.key,
        datestamp=row.datestamp,
        harvested_at=row.harvested_at,
        version=row.imported_version,
        mark=Mark(row.mark),
        hidden=row.hidden,
        earlier=row.earlier,
    )


def _twin(row: Row[*tuple[Any, ...]]) -> Twin:
    return Twin(record_id=row.record_id, other_id=row.other_id, sameness=row.sameness, state=TwinState(row.state))
