"""Reading full texts: who visits, what the rights let them do with each file, and the bytes of those they may have.

The rules themselves stand in `domain.access`, here they are asked; nothing here decides.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import BinaryIO
from zoneinfo import ZoneInfo

from library.db.unit_of_work import Database
from library.domain.access import GUEST, REFUSALS, Action, Actor, Rule, Ruling, Use, Visit, may, require_reading, ruling
from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.domain.errors import N_, NotFound, ReadingRefused, RecordWithdrawn, StorageUnreadable
from library.domain.record import Status
from library.services.stored import told
from storage.content_store import ContentStore
from storage.errors import NotClean, NotKept
from storage.model import Digest

PERSON = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file, and what the rights say to each use of it by one visitor."""

    document: Document
    rulings: Mapping[Use, Ruling]

    def may(self, use: Use) -> bool:
        """Whether this visitor may use it so."""
        return self.rulings[use].allowed

    @property
    def is_for_readers(self) -> bool:
        """Whether readers are told that it is there, read it or not."""
        return self.rulings[Use.DOWNLOAD].rule is not Rule.NOT_PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The bytes of a file for somebody who may have them; whoever takes it closes `file`.

    `rule` is the one that allowed it. `size` is in bytes, `digest` the SHA-256 that also tells versions apart.
    """

    document: Document
    rule: Rule
    file: BinaryIO
    size: int
    media_type: str
    digest: str
    modified_at: datetime


class Reading:
    """Rulings for visitors. `campus_networks` are in CIDR form; days begin and end in `time_zone`."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        clock: Callable[[], datetime],
        campus_networks: Sequence[str],
        time_zone: str,
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._campus = tuple(ip_network(network, strict=False) for network in campus_networks)
        self._zone = ZoneInfo(time_zone)

    def visit(self, actor: Actor, address: str, document: Document | None = None) -> Visit:
        """Who asks, from which address and today; one query at most, for a signed-in person.

        It is for a view-only file, or for one that is not published and may be a deposit of theirs.
        """
        return Visit(
            actor=actor,
            on_campus=self._is_on_campus(address),
            today=self._clock().astimezone(self._zone).date(),
            has_text_grant=document is not None and self._has_text_grant(actor, document),
            has_deposit=document is not None and self._has_deposit(actor, document),
        )

    def document(self, document_id: int) -> Document:
        """The file with this number in whatever state: one query. Raises `NotFound`."""
        with self._database.reading() as view:
            return view.documents.get(document_id)

    def allowed(self, document_id: int, use: Use, actor: Actor, address: str) -> tuple[Document, Rule]:
        """The file and the rule that lets this visitor use it so.

        Raises `ReadingRefused` with the rule and the remedy; `RecordWithdrawn` for what was read until its record was
        withdrawn; for what readers are not told of `NotFound`, in the words for a number that never was.
        """
        document = self.document(document_id)
        try:
            return document, require_reading(document, use, self.visit(actor, address, document))
        except ReadingRefused as refused:
            if refused.rule != Rule.NOT_PUBLISHED:
                raise
        withdrawn = document.record_status is Status.WITHDRAWN
        if withdrawn and replace(document, record_status=Status.PUBLISHED).is_published:
            raise RecordWithdrawn(document.record_id)
        raise NotFound(N_("There is no file {id}."), id=document_id)

    def open(self, document_id: int, actor: Actor, address: str) -> Download:
        """The bytes for whoever may download them. Raises as `allowed`, and never opens what was not found clean."""
        document, rule = self.allowed(document_id, Use.DOWNLOAD, actor, address)
        assert document.kept_at is not None, "only what is kept is read"
        file = self._bytes_of(document)
        return Download(
            document=document,
            rule=rule,
            file=file,
            size=os.fstat(file.fileno()).st_size,
            media_type=document.media_type,
            digest=document.digest,
            modified_at=document.kept_at,
        )

    def of_record(self, record_id: int, visit: Visit) -> tuple[ReadFile, ...]:
        """The files of a record in the order in which they came: one query.

        Readers are given those they are told of, staff all of them.
        """
        with self._database.reading() as view:
            found = view.documents.of_record(record_id)
        return ruled(found, visit)

    def of_records(self, record_ids: Sequence[int], visit: Visit) -> Mapping[int, tuple[ReadFile, ...]]:
        """The files of these records that readers are told of, by the numbers of the records: one query for 500."""
        with self._database.reading() as view:
            found = view.documents.of_records(record_ids)
        files = {record_id: ruled(some, visit) for record_id, some in found.items()}
        readable = {record_id: tuple(file for file in some if file.is_for_readers) for record_id, some in files.items()}
        return {record_id: some for record_id, some in readable.items() if some}

    def open_to_all(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """Those of these files that anybody anywhere may download today: what machines are told the addresses of."""
        nobody = self.visit(GUEST, "")
        return tuple(one for one in documents if ruling(one, Use.DOWNLOAD, nobody).allowed)

    def _bytes_of(self, document: Document) -> BinaryIO:
        with told():
            try:
                return self._store.open(Digest(document.digest))
            except NotClean:
                # The scan that found it is newer than what the catalogue knows.
                raise ReadingRefused(
                    REFUSALS[Rule.CLOSED], rule=Rule.CLOSED.value, record_id=document.record_id
                ) from None
            except NotKept as missing:
                raise StorageUnreadable(missing.template) from missing

    def _has_text_grant(self, actor: Actor, document: Document) -> bool:
        if document.rights.level is not AccessLevel.VIEW_ONLY or not actor.key.startswith(PERSON):
            return False
        with self._database.reading() as view:
            return view.reading.has_text_grant(int(actor.key.removeprefix(PERSON)), document.id)

    def _has_deposit(self, actor: Actor, document: Document) -> bool:
        if document.is_published or not actor.key.startswith(PERSON) or may(actor, Action.SEE_WORK):
            return False
        with self._database.reading() as view:
            deposit = view.deposits.of_record(document.record_id)
        return deposit is not None and deposit.is_shown_to(actor)

    def _is_on_campus(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address):
            parsed = parsed.ipv4_mapped or parsed
        return any(parsed in network for network in self._campus)


def ruled(documents: Iterable[Document], visit: Visit) -> tuple[ReadFile, ...]:
    """These files with their rulings, without those that this visitor is not told of."""
    files = (
        ReadFile(document=document, rulings={use: ruling(document, use, visit) for use in Use})
        for document in documents
    )
    sees_work = may(visit.actor, Action.SEE_WORK)
    return tuple(file for file in files if sees_work or file.is_for_readers)
