"""What is done to the records of a source without asking the database: read, freed of staff names, digested, described.

It is the greater part of the work of an import, and a process of its own can do it (`import_reader`). What it hands on
are plain texts and tuples, made once and written as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from library.db.record_rows import Derived, derived
from library.domain.errors import N_, Message
from library.domain.marc import Dialect, MarcRecord
from library.marc import codec, dialects, reading
from library.marc.dialects.irbis import without_staff_names
from library.marc.source import ReadRecord, RejectedRecord, Source

# A batch is a transaction, whose commit waits for the disk; and it is held in memory whole, by both processes.
BATCH_RECORDS = 2000
BATCH_CHARACTERS = 8 << 20


class PreparedRecord(NamedTuple):
    """A record ready to be written; `derived` is the reason instead where it can't be described.

    `marc` and `earlier` are MARC-in-JSON; all others are as in `ReadRecord`. Equal `digest`s mean equal content.
    """

    number: int
    offset: int
    key: str
    digest: str
    deleted: bool
    marc: str
    earlier: tuple[str, ...]
    derived: Derived | Message
    warnings: tuple[Message, ...]


@dataclass(slots=True)
class PreparedBatch:
    """Some records of a source, in their order; `number` and `offset` are those of the last one."""

    records: list[PreparedRecord] = field(default_factory=list)
    rejected: list[RejectedRecord] = field(default_factory=list)
    staff_names: int = 0
    number: int = 0
    offset: int = 0


def prepared(source: Source, *, keep_staff_names: bool, batch_records: int) -> Generator[PreparedBatch, None, None]:
    """The records of a source in batches that are small in number and in size; `UnreadableSource` as `reading.read`."""
    batch = PreparedBatch()
    size = 0
    for item in reading.read(source):
        batch.number, batch.offset = item.number, item.offset
        if isinstance(item, RejectedRecord):
            batch.rejected.append(item)
            size += len(item.raw)
        else:
            read, names = (item, 0) if keep_staff_names else _without_names(source, item)
            record = prepared_record(source, read)
            batch.records.append(record)
            batch.staff_names += names
            size += len(record.marc) + sum(map(len, record.earlier))
        if len(batch.records) + len(batch.rejected) >= batch_records or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = PreparedBatch(), 0
    if batch.records or batch.rejected:
        yield batch


def prepared_record(source: Source, read: ReadRecord) -> PreparedRecord:
    """A record of this source ready to be written; only name and dialect of the source count."""
    encoded = codec.to_json(read.marc)
    content = f"{source.dialect} {'deleted' if read.deleted else 'live'} {encoded}"
    return PreparedRecord(
        number=read.number,
        offset=read.offset,
        key=read.key,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        deleted=read.deleted,
        marc=encoded,
        earlier=tuple([codec.to_json(marc) for marc in read.earlier]),
        derived=_derived(source.dialect, read.marc),
        warnings=read.warnings,
    )


def _derived(dialect: Dialect, marc: MarcRecord) -> Derived | Message:
    try:
        return derived(dialects.describe(dialect, marc))
    except Exception as error:  # noqa: BLE001  (one odd record must not cost the others; it is reported)
        return Message.of(N_("The record can't be described: {reason}."), reason=f"{type(error).__name__}: {error}")


def _without_names(source: Source, read: ReadRecord) -> tuple[ReadRecord, int]:
    if source.dialect is not Dialect.IRBIS:
        return read, 0
    marc, count = without_staff_names(read.marc)
    earlier = []
    for version in read.earlier:
        cleaned, names = without_staff_names(version)
        earlier.append(cleaned)
        count += names
    return (replace(read, marc=marc, earlier=tuple(earlier)) if count else read), count
