"""Items follow what they stand for: the one place where datestamps move."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from library.db.documents import ReadDocuments
from library.db.open_archive import ReadOpenArchive, seconds_of
from library.db.partners_records import ReadPartnerRecords
from library.db.tables import archive_conversions, archive_items, archive_places, documents, records
from library.domain.description import CreatorRole, Material
from library.domain.document import Document
from library.domain.doi import doi_in
from library.domain.marc import Dialect
from library.domain.open_archive import RULES, Facts, Places, standing, with_ancestors
from library.domain.record import Status

# So many numbers fit into a query on either database.
CHUNK = 5_000

Values = dict[str, Any]


class OpenArchive(ReadOpenArchive):
    """Items that follow."""

    def __init__(self, connection: Connection, zone: tzinfo = UTC) -> None:
        super().__init__(connection)
        self._zone = zone

    def follow(self, changed: Mapping[int, datetime]) -> None:
        """Bring the items of these records up to date, to be called when all else of the transaction is written.

        The datestamp of an item becomes the time given with its record, but only where something changed that
        harvesters are told. A record that was never published gets no item. A fixed number of queries for 5,000.
        """
        if not changed:
            return
        places, numbers = self.places(), sorted(changed)
        for begin in range(0, len(numbers), CHUNK):
            self._follow(numbers[begin : begin + CHUNK], changed, places)

    def keep_conversions(self, converted: Sequence[tuple[int, int, bytes]]) -> None:
        """Keep MARC 21 of records: number, version and the element; one that was changed meanwhile stays due."""
        numbers = [number for number, _, _ in converted]
        query = select(records.c.id, records.c.version).where(records.c.id.in_(numbers))
        now = {row.id: row.version for row in self._connection.execute(query)}
        current = [
            {"record_id": number, "version": version, "rules": RULES, "element": zlib.compress(element)}
            for number, version, element in converted
            if now.get(number) == version
        ]
        self._write(archive_conversions, current)
        done = update(archive_items).where(archive_items.c.record_id == bindparam("of_record"))
        if current:
            self._connection.execute(
                done.values(conversion_due=False), [{"of_record": row["record_id"]} for row in current]
            )

    def _follow(self, numbers: Sequence[int], changed: Mapping[int, datetime], places: Places) -> None:
        rows = self._rows(numbers)
        of_partners = ReadPartnerRecords(self._connection)
        withheld, collections = of_partners.withheld(numbers), of_partners.collections(numbers)
        files = self._files([row.id for row in rows if row.status == Status.PUBLISHED])
        before, after, silent = [], [], []
        for row in rows:
            at = changed[row.id]
            if row.status != Status.PUBLISHED or row.id in withheld:
                item = _gone(row)
            else:
                facts = _facts(row, collections.get(row.id, ""))
                item = self._next(row, facts, files.get(row.id, ()), places, at)
            if item is None:
                continue
            told = item["seen"], item["deleted"], item["sets"], item["formats"]
            if told == (row.seen, row.deleted, row.sets, row.formats):
                silent.append({"of_record": row.id, "new_rules": item["rules"], "new_day": item["due_on"]})
                continue
            item["datestamp"] = max(seconds_of(at), row.datestamp or 0)
            if row.sets is not None:
                before.append(row)
            after.append(item)
        self._replace(before, after)
        if silent:
            same = update(archive_items).where(archive_items.c.record_id == bindparam("of_record"))
            same = same.values(rules=bindparam("new_rules"), due_on=bindparam("new_day"))
            self._connection.execute(same, silent)

    def _rows(self, numbers: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
        these = records.c.id.in_(numbers)
        if self._connection.dialect.name == "postgresql":
            # What another transaction makes of the same items has to be seen before it is replaced.
            self._connection.execute(select(records.c.id).where(these).order_by(records.c.id).with_for_update())
        item = [column for column in archive_items.c if column.name != "record_id"]
        query = select(*_RECORD, *item).outerjoin(archive_items, archive_items.c.record_id == records.c.id)
        return self._connection.execute(query.where(these).order_by(records.c.id)).all()

    def _files(self, numbers: Sequence[int]) -> Mapping[int, list[Document]]:
        """The files of these records; most records have none, above all those that an import brings."""
        query = select(documents.c.record_id).where(documents.c.record_id.in_(numbers)).distinct()
        with_files = list(self._connection.execute(query).scalars())
        return ReadDocuments(self._connection).of_records(with_files) if with_files else {}

    def _next(
        self, row: Row[*tuple[Any, ...]], facts: Facts, files: Sequence[Document], places: Places, at: datetime
    ) -> Values:
        """The item of a published record as it is to be, but for its datestamp."""
        here = standing(facts, files, places, at.astimezone(self._zone).date())
        return {
            "record_id": row.id,
            "formats": here.formats.value,
            "sets": " ".join(here.sets),
            "seen": f"{RULES} {row.version}.{row.description_version} {here.files}",
            "rules": places.fingerprint,
            "deleted": False,
            "due_on": here.due_on,
            "conversion_due": facts.dialect is not Dialect.MARC21,
        }

    def _replace(self, before: Sequence[Row[*tuple[Any, ...]]], after: Sequence[Values]) -> None:
        if before:
            gone = delete(archive_places).where(
                archive_places.c.set_spec == bindparam("of_set"),
                archive_places.c.datestamp == bindparam("of_datestamp"),
                archive_places.c.record_id == bindparam("of_record"),
            )
            rows = [
                {"of_set": spec, "of_datestamp": row.datestamp, "of_record": row.id}
                for row in before
                for spec in with_ancestors(row.sets.split())
            ]
            self._connection.execute(gone, rows)
        self._write(archive_items, after)
        places = [
            {"set_spec": spec, **{name: item[name] for name in ("datestamp", "record_id", "formats")}}
            for item in after
            for spec in with_ancestors(item["sets"].split())
        ]
        if places:
            self._connection.execute(insert(archive_places), places)

    def _write(self, table: Any, rows: Sequence[Values]) -> None:
        """Write rows of a table by their record's number, over those that are there."""
        if not rows:
            return
        upsert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = upsert(table)
        replaced = {name: statement.excluded[name] for name in rows[0] if name != "record_id"}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[table.c.record_id], set_=replaced), list(rows)
        )


_RECORD = (
    records.c.id,
    records.c.status,
    records.c.dialect,
    records.c.version,
    records.c.description_version,
    records.c.description,
)


def _gone(row: Row[*tuple[Any, ...]]) -> Values | None:
    """The item as a deleted one; None where there is none."""
    if row.sets is None:
        return None
    kept = {name: getattr(row, name) for name in ("formats", "sets", "seen", "rules")}
    return {"record_id": row.id, **kept, "deleted": True, "due_on": None, "conversion_due": False}


def _facts(row: Row[*tuple[Any, ...]], collection: str) -> Facts:
    """What decides on sets and formats, without making a whole description: an import has many.

    `collection` is the code of the one into which it is put with all of its partner, empty for none.
    """
    told: dict[str, Any] = orjson.loads(row.description)
    return Facts(
        dialect=Dialect(row.dialect),
        material=Material(told["material"]),
        udc=told["udc"],
        collections=[name for name in (collection, *(copy.get("collection", "") for copy in told["copies"])) if name],
        bodies=[creator["name"] for creator in told["creators"] if creator["role"] == CreatorRole.BODY],
        has_creator=bool(told["creators"]),
        has_year=told["year"] is not None,
        has_publisher=bool(told["publishers"]),
        has_doi=bool(told.get("dois")) or any(doi_in(link["url"]) for link in told["links"]),
    )
