"""Full texts as things to be looked after: what is to be scanned again, and rows that come back under their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, func, insert, or_, select, text, update

from library.db.documents import document_row
from library.db.tables import documents, records, transfers
from library.db.transfers import Transfers, transfer_row
from library.domain.document import Document, DocumentState
from library.domain.transfer import Transfer

_IN_STORE = (DocumentState.KEPT, DocumentState.CLOSED, DocumentState.WITHDRAWN)


class ReadCustody:
    """What has to be looked after next."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def scanned_by_others(self, engine: str, signatures: str, limit: int) -> list[str]:
        """Digests of the store that another engine or other signatures scanned last, the longest ago first."""
        query = (
            select(documents.c.digest)
            .where(
                documents.c.state.in_(_IN_STORE),
                or_(documents.c.engine != engine, documents.c.signatures != signatures),
            )
            .group_by(documents.c.digest)
            .order_by(func.min(documents.c.scanned_at), documents.c.digest)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def waiting_since_before(self, at: datetime) -> int:
        """How many documents in quarantine came before this time and are tried again by themselves."""
        query = (
            select(func.count())
            .select_from(documents)
            .where(
                documents.c.state == DocumentState.QUARANTINED,
                documents.c.next_try_at.is_not(None),
                documents.c.received_at < at,
            )
        )
        return self._connection.execute(query).scalar_one()

    def is_vacant(self) -> bool:
        """Whether there is neither a record nor a transfer nor a document."""
        return not any(
            self._connection.execute(select(table.c.id).limit(1)).first() for table in (records, transfers, documents)
        )


class Custody(ReadCustody):
    """Rows that are put back as they were."""

    def try_again(self, at: datetime) -> int:
        """Let all documents that wait for another try have it now; how many did. Their versions do not rise."""
        waiting = (documents.c.state == DocumentState.QUARANTINED, documents.c.next_try_at > at)
        return self._connection.execute(update(documents).where(*waiting).values(next_try_at=at)).rowcount

    def put_back(self, former_transfers: Sequence[Transfer], former_documents: Sequence[Document]) -> None:
        """Write transfers and documents under the numbers and versions that they had; their records are there."""
        if former_transfers:
            rows = [{**transfer_row(one), "id": one.id, "version": one.version} for one in former_transfers]
            self._connection.execute(insert(transfers), rows)
            for one in former_transfers:
                Transfers(self._connection).add_papers(one)
        if former_documents:
            rows = [{**document_row(one), "id": one.id} for one in former_documents]
            self._connection.execute(insert(documents), rows)

    def number_on(self) -> None:
        """See to it that no number that was put back is given again."""
        if self._connection.dialect.name != "postgresql":
            return  # SQLite goes on after the largest by itself
        for table in (records, transfers, documents):
            self._advance(table)

    def _advance(self, table: Table) -> None:
        largest = self._connection.execute(select(func.max(table.c.id))).scalar_one()
        if largest is not None:
            # The name of the table is one of ours.
            sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), :largest)"
            self._connection.execute(text(sequence), {"largest": largest})
