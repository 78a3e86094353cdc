"""Records in the form of answers; one that can't be written is left out and logged, and costs no other."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from harvest.model import OaiRecord, Verb
from harvest.provider import envelope
from harvest.provider.fragments import Fragments, Unsound

log = logging.getLogger(__name__)


class Writer:
    """Writes what comes from the repository; to be made for each answer."""

    def __init__(self) -> None:
        self._fragments = Fragments()

    def written(self, verb: Verb, prefix: str, records: Iterable[OaiRecord]) -> list[bytes]:
        """The records as elements, or their headers alone for ListIdentifiers."""
        if verb is Verb.LIST_IDENTIFIERS:
            return [envelope.header(record) for record in records]
        elements = []
        for record in records:
            try:
                elements.append(self._element(record))
            except Unsound as error:
                log.error("%s can't be given as %s and is left out: %s", record.identifier, prefix, error)
        return elements

    def descriptions(self, of_what: str, fragments: Iterable[bytes]) -> list[bytes]:
        """The descriptions of the repository or of a set, but for unsound ones."""
        elements = []
        for fragment in fragments:
            try:
                elements.append(self._fragments.sound(fragment))
            except Unsound as error:
                log.error("A description of %s is left out: %s", of_what, error)
        return elements

    def _element(self, record: OaiRecord) -> bytes:
        header = envelope.header(record)
        if record.deleted:
            return envelope.tombstone(header)
        metadata = self._fragments.sound(record.metadata)
        return envelope.record(header, metadata, [self._fragments.sound(about) for about in record.abouts])
