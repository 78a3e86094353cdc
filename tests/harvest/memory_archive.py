"""An archive that is kept in memory: the simplest thing that can be harvested."""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from harvest.model import (
    DeletedRecords,
    Granularity,
    Identity,
    MetadataFormat,
    OaiPage,
    OaiRecord,
    OaiSet,
    Position,
    Selection,
)
from harvest.provider.repository import FormatNotAvailable, UnknownIdentifier

DUBLIN_CORE = MetadataFormat(
    prefix="oai_dc",
    schema="http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
)
THESES = MetadataFormat(
    prefix="etdms",
    schema="http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd",
    namespace="http://www.ndltd.org/standards/metadata/etdms/1.0/",
)
SETS = (
    OaiSet(spec="faculty", name="Fakultetlar"),
    OaiSet(spec="faculty:law", name="Huquq fakulteti"),
    OaiSet(spec="theses", name="Dissertatsiyalar"),
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BASE_URL = "http://127.0.0.1/oai"


@dataclass(frozen=True)
class Item:
    """An item; `ready` is metadata to be given as it is, in the place of what its title makes."""

    identifier: str
    datestamp: datetime
    title: str
    sets: tuple[str, ...]
    deleted: bool = False
    ready: bytes = b""
    abouts: tuple[bytes, ...] = ()

    @property
    def key(self) -> tuple[datetime, str]:
        return self.datestamp, self.identifier


class MemoryArchive:
    """A repository, and the archive of the contract."""

    def __init__(self, base_url: str = BASE_URL, sets: Sequence[OaiSet] = SETS) -> None:
        self.base_url = base_url
        self.made = 0  # pieces of metadata
        self._sets = tuple(sets)
        self._items: dict[str, Item] = {}
        self._order: list[Item] = []
        self._lock = threading.RLock()
        self.about_it = Identity(
            name="Sinov arxivi",
            base_url=base_url,
            admin_emails=("arxiv@kutubxona.example",),
            earliest=LONG_AGO,
            deleted_records=DeletedRecords.PERSISTENT,
            granularity=Granularity.SECOND,
        )

    @property
    def repository(self) -> MemoryArchive:
        return self

    # What changes it.

    def publish(self, at: datetime, in_set: str = "") -> str:
        identifier = f"oai:kutubxona.example:{len(self._items)}"
        self.put(Item(identifier, at, f"Kitob {len(self._items)} & boshqalar", (in_set,) if in_set else ()))
        return identifier

    def change(self, identifier: str, at: datetime) -> None:
        with self._lock:
            item = self._items[identifier]
            self.put(replace(item, datestamp=at, title=item.title + ", yangi", deleted=False))

    def withdraw(self, identifier: str, at: datetime) -> None:
        with self._lock:
            self.put(replace(self._items[identifier], datestamp=at, deleted=True))

    def put(self, item: Item) -> None:
        """Take an item, in the place of an older one of its identifier."""
        item = replace(item, datestamp=item.datestamp.replace(microsecond=0))
        with self._lock:
            old = self._items.get(item.identifier)
            if old is not None:
                self._order.remove(old)
            self._items[item.identifier] = item
            insort(self._order, item, key=lambda one: one.key)

    def items(self) -> dict[str, Item]:
        with self._lock:
            return dict(self._items)

    # What a harvester sees.

    def identity(self) -> Identity:
        return self.about_it

    def formats(self, identifier: str | None) -> Sequence[MetadataFormat]:
        if identifier is None:
            return (DUBLIN_CORE, THESES)
        return tuple(offered for offered in self.formats(None) if _fits(self._item(identifier), offered.prefix))

    def sets(self) -> Sequence[OaiSet]:
        return self._sets

    def record(self, identifier: str, prefix: str) -> OaiRecord:
        item = self._item(identifier)
        if not _fits(item, prefix):
            raise FormatNotAvailable(prefix)
        return self._record(item, prefix)

    def page(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        items, more = self._some(selection, after, limit)
        return OaiPage(records=tuple(self._record(item, selection.prefix) for item in items), more=more)

    def headers(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        items, more = self._some(selection, after, limit)
        return OaiPage(records=tuple(_header(item) for item in items), more=more)

    def size(self, selection: Selection) -> int:
        return sum(1 for _ in self._selected(selection, None))

    def _item(self, identifier: str) -> Item:
        try:
            return self._items[identifier]
        except KeyError as error:
            raise UnknownIdentifier(identifier) from error

    def _some(self, selection: Selection, after: Position | None, limit: int) -> tuple[list[Item], bool]:
        items: list[Item] = []
        for item in self._selected(selection, after):
            if len(items) == limit:
                return items, True
            items.append(item)
        return items, False

    def _selected(self, selection: Selection, after: Position | None) -> Iterator[Item]:
        with self._lock:
            start = 0
            if after is not None:
                start = bisect_right(self._order, (after.datestamp, after.identifier), key=lambda item: item.key)
            for place in range(start, len(self._order)):
                item = self._order[place]
                if selection.until is not None and item.datestamp > selection.until:
                    return
                if selection.from_ is not None and item.datestamp < selection.from_:
                    continue
                if _fits(item, selection.prefix) and _in_set(item, selection.set_spec):
                    yield item

    def _record(self, item: Item, prefix: str) -> OaiRecord:
        header = _header(item)
        if item.deleted:
            return header
        self.made += 1
        metadata = item.ready or (dublin_core(item.title) if prefix == "oai_dc" else thesis(item.title))
        return replace(header, metadata=metadata, abouts=item.abouts)


def dublin_core(title: str) -> bytes:
    """A title in Dublin Core."""
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{DUBLIN_CORE.namespace} {DUBLIN_CORE.schema}">'
        f"<dc:title>{escape(title)}</dc:title></oai_dc:dc>"
    ).encode("utf-8", "surrogatepass")


def thesis(title: str) -> bytes:
    """A title in ETD-MS."""
    return (
        f'<thesis xmlns="{THESES.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{THESES.namespace} {THESES.schema}"><title>{escape(title)}</title>'
        "<creator>Karimova, Nodira</creator><subject>huquq</subject><date>2026</date><type>thesis</type></thesis>"
    ).encode()


def _header(item: Item) -> OaiRecord:
    return OaiRecord(identifier=item.identifier, datestamp=item.datestamp, sets=item.sets, deleted=item.deleted)


def _fits(item: Item, prefix: str) -> bool:
    return prefix == "oai_dc" or (prefix == "etdms" and "theses" in item.sets)


def _in_set(item: Item, spec: str) -> bool:
    return not spec or any(own == spec or own.startswith(spec + ":") for own in item.sets)
