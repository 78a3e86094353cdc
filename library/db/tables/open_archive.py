"""What harvesters see: one row for each item, its places in the lists of sets, and MARC 21 that was made ready."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.schema import SORTED_TEXT, metadata

# `datestamp` is in seconds since 1970: the protocol has nothing finer, nor has the column. `seen` tells
# apart what harvesters are told; `sets` are the item's own, parted by spaces; `rules` says by what they were found.
archive_items = Table(
    "archive_items",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Column("datestamp", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("formats", Integer, nullable=False),
    Column("sets", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("rules", String(32), nullable=False),
    Column("due_on", Date),
    Column("conversion_due", Boolean, nullable=False),
    Index(None, "datestamp", "record_id", "formats"),
    Index(None, "due_on"),
    Index(None, "conversion_due", "record_id"),
)

# A row for each set of an item and for each set that contains one of them, in the order of the lists.
archive_places = Table(
    "archive_places",
    metadata,
    Column("set_spec", SORTED_TEXT, primary_key=True),
    Column("datestamp", BigInteger, primary_key=True),
    Column("record_id", Integer, ForeignKey(archive_items.c.record_id), primary_key=True),
    Column("formats", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# A derivative: `element` is the record of this version as MARCXML, packed by zlib; it may be missing, or out of date.
archive_conversions = Table(
    "archive_conversions",
    metadata,
    Column("record_id", Integer, ForeignKey(archive_items.c.record_id), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("rules", Integer, nullable=False),
    Column("element", LargeBinary, nullable=False),
)
