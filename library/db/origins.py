"""Where records came from: the names they bore in the sources they were imported from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from library.db.tables import origins


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A record's name in one source, what was imported, and the version of ours which that became.

    `base` (in capitals) and `mfn` are those of an IRBIS database, else empty and 0.
    """

    source: str
    key: str
    record_id: int
    digest: str
    imported_version: int
    base: str = ""
    mfn: int = 0


class ReadOrigins:
    """Origins, by what is known of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_record(self, record_id: int) -> tuple[Origin, ...]:
        """The origins of a record, by the names of the sources."""
        query = select(origins).where(origins.c.record_id == record_id).order_by(origins.c.source, origins.c.key)
        return tuple(_origin(row) for row in self._connection.execute(query))

    def of_records(self, record_ids: Sequence[int]) -> dict[int, Origin]:
        """The first origin of each of these records that has one."""
        query = (
            select(origins)
            .where(origins.c.record_id.in_(record_ids))
            .order_by(origins.c.source.desc(), origins.c.key.desc())
        )
        return {row.record_id: _origin(row) for row in self._connection.execute(query)}

    def of_source(self, source: str, keys: Sequence[str]) -> dict[str, Origin]:
        """Those of these keys of a source that were imported before, by key."""
        query = select(origins).where(origins.c.source == source, origins.c.key.in_(keys))
        return {row.key: _origin(row) for row in self._connection.execute(query)}

    def record_of_mfn(self, base: str, mfn: int) -> int | None:
        """The number of the record that had this MFN in the IRBIS database of this name, in whatever case."""
        query = (
            select(origins.c.record_id)
            .where(origins.c.base == base.upper(), origins.c.mfn == mfn)
            .order_by(origins.c.record_id)
            .limit(1)
        )
        return self._connection.execute(query).scalar_one_or_none()


class Origins(ReadOrigins):
    """Origins that can be written."""

    def add(self, new: Sequence[Origin]) -> None:
        """Write origins of records that are new in their sources."""
        if new:
            self._connection.execute(insert(origins), [_row(origin) for origin in new])

    def replace(self, changed: Sequence[Origin]) -> None:
        """Write what was imported of records that are known already."""
        if changed:
            query = (
                update(origins)
                .where(origins.c.source == bindparam("of_source"), origins.c.key == bindparam("of_key"))
                .values(digest=bindparam("new_digest"), imported_version=bindparam("new_version"))
            )
            self._connection.execute(
                query,
                [
                    {
                        "of_source": origin.source,
                        "of_key": origin.key,
                        "new_digest": origin.digest,
                        "new_version": origin.imported_version,
                    }
                    for origin in changed
                ],
            )

    def set_back(self, source: str, records: Sequence[tuple[int, str, int]]) -> None:
        """Note of records of a source what was imported before: their numbers, digests and versions of ours.

        An empty digest is like no other: the record comes in again with the next import of its source.
        """
        if records:
            query = (
                update(origins)
                .where(origins.c.source == source, origins.c.record_id == bindparam("of_record"))
                .values(digest=bindparam("new_digest"), imported_version=bindparam("new_version"))
            )
            self._connection.execute(
                query,
                [
                    {"of_record": number, "new_digest": digest, "new_version": version}
                    for number, digest, version in records
                ],
            )


def _origin(row: Row[*tuple[Any, ...]]) -> Origin:
    return Origin(
        source=row.source,
        key=row.key,
        record_id=row.record_id,
        digest=row.digest,
        imported_version=row.imported_version,
        base=row.base or "",
        mfn=row.mfn or 0,
    )


def _row(origin: Origin) -> dict[str, object]:
    return {
        "source": origin.source,
        "key": origin.key,
        "record_id": origin.record_id,
        "digest": origin.digest,
        "imported_version": origin.imported_version,
        "base": origin.base or None,
        "mfn": origin.mfn or None,
    }
