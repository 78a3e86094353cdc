"""Transfers of files and their papers: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from library.db.tables import documents, transfer_papers, transfers
from library.domain.errors import N_, NotFound, StaleVersion
from library.domain.holdings import Source
from library.domain.transfer import Paper, PaperKind, Transfer

_HUNDREDTHS = 100


class ReadTransfers:
    """Transfers as they were entered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, transfer_id: int) -> Transfer:
        """The transfer with this number; `NotFound` where there is none."""
        found = self.some([transfer_id])
        if transfer_id not in found:
            raise NotFound(N_("There is no transfer {id}."), id=transfer_id)
        return found[transfer_id]

    def some(self, transfer_ids: Collection[int]) -> Mapping[int, Transfer]:
        """Those of these that exist: two queries."""
        rows = self._connection.execute(select(transfers).where(transfers.c.id.in_(transfer_ids)))
        return {one.id: one for one in self._with_papers(rows.all())}

    def latest(self, limit: int, offset: int = 0) -> list[Transfer]:
        """The newest first: two queries."""
        query = (
            select(transfers).order_by(transfers.c.taken_on.desc(), transfers.c.id.desc()).limit(limit).offset(offset)
        )
        return self._with_papers(self._connection.execute(query).all())

    def count(self) -> int:
        """How many there are."""
        return self._connection.execute(select(func.count()).select_from(transfers)).scalar_one()

    def ending(self, first: date, last: date) -> list[Transfer]:
        """Subscriptions whose term ends on one of these days, the soonest first: two queries."""
        query = (
            select(transfers)
            .where(transfers.c.term_ends >= first, transfers.c.term_ends <= last)
            .order_by(transfers.c.term_ends, transfers.c.id)
        )
        return self._with_papers(self._connection.execute(query).all())

    def _with_papers(self, rows: Collection[Row[*tuple[Any, ...]]]) -> list[Transfer]:
        papers: dict[int, list[Paper]] = {}
        query = (
            select(transfer_papers)
            .where(transfer_papers.c.transfer_id.in_([row.id for row in rows]))
            .order_by(transfer_papers.c.transfer_id, transfer_papers.c.position)
        )
        for row in self._connection.execute(query):
            papers.setdefault(row.transfer_id, []).append(
                Paper(kind=PaperKind(row.kind), number=row.number, date=row.date)
            )
        return [_transfer(row, tuple(papers.get(row.id, ()))) for row in rows]


class Transfers(ReadTransfers):
    """Transfers that can be entered and changed."""

    def add(self, transfer: Transfer) -> Transfer:
        """Keep a new one; it comes back with its number."""
        key = self._connection.execute(insert(transfers).values(transfer_row(transfer))).inserted_primary_key
        assert key is not None, "the row was written"
        added = replace(transfer, id=int(key[0]))
        self.add_papers(added)
        return added

    def save(self, transfer: Transfer) -> Transfer:
        """Write the next version of a transfer as it was read and changed; `StaleVersion` if somebody was quicker."""
        statement = (
            update(transfers)
            .where(transfers.c.id == transfer.id, transfers.c.version == transfer.version)
            .values({**transfer_row(transfer), "version": transfer.version + 1})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("This transfer was changed by somebody else meanwhile. Look at it again."))
        self._connection.execute(delete(transfer_papers).where(transfer_papers.c.transfer_id == transfer.id))
        # The sidecars of its files tell of it.
        of_it = update(documents).where(documents.c.transfer_id == transfer.id)
        self._connection.execute(of_it.values(sidecar_due=True))
        self.add_papers(transfer)
        return replace(transfer, version=transfer.version + 1)

    def add_papers(self, transfer: Transfer) -> None:
        """Write the papers of a transfer that has none yet."""
        rows = [
            {
                "transfer_id": transfer.id,
                "position": position,
                "kind": paper.kind.value,
                "number": paper.number,
                "date": paper.date,
            }
            for position, paper in enumerate(transfer.papers)
        ]
        if rows:
            self._connection.execute(insert(transfer_papers), rows)


def _transfer(row: Row[*tuple[Any, ...]], papers: tuple[Paper, ...]) -> Transfer:
    return Transfer(
        id=row.id,
        source=Source(row.source),
        partner=row.partner,
        taken_on=row.taken_on,
        papers=papers,
        price=Decimal(row.price) / _HUNDREDTHS,
        licence=row.licence,
        term_ends=row.term_ends,
        note=row.note,
        entered_by=row.entered_by,
        entered_by_name=row.entered_by_name,
        entered_at=row.entered_at,
        version=row.version,
    )


def transfer_row(transfer: Transfer) -> dict[str, object]:
    """The row of a transfer, without its number."""
    return {
        "source": transfer.source.value,
        "partner": transfer.partner,
        "taken_on": transfer.taken_on,
        "price": int(transfer.price * _HUNDREDTHS),
        "licence": transfer.licence,
        "term_ends": transfer.term_ends,
        "note": transfer.note,
        "entered_by": transfer.entered_by,
        "entered_by_name": transfer.entered_by_name,
        "entered_at": transfer.entered_at,
        "version": transfer.version,
    }
