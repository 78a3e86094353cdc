"""What both sides of OAI-PMH 2.0 speak of: who a repository is, what is asked of it, and the records it gives.

Every moment here is in UTC and of whole seconds, for a datestamp of the protocol has nothing finer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Verb(StrEnum):
    """The six requests."""

    IDENTIFY = "Identify"
    LIST_METADATA_FORMATS = "ListMetadataFormats"
    LIST_SETS = "ListSets"
    GET_RECORD = "GetRecord"
    LIST_IDENTIFIERS = "ListIdentifiers"
    LIST_RECORDS = "ListRecords"


class ErrorCode(StrEnum):
    """The eight ways in which a provider declines."""

    BAD_ARGUMENT = "badArgument"
    BAD_RESUMPTION_TOKEN = "badResumptionToken"  # noqa: S105
    BAD_VERB = "badVerb"
    CANNOT_DISSEMINATE_FORMAT = "cannotDisseminateFormat"
    ID_DOES_NOT_EXIST = "idDoesNotExist"
    NO_METADATA_FORMATS = "noMetadataFormats"
    NO_RECORDS_MATCH = "noRecordsMatch"
    NO_SET_HIERARCHY = "noSetHierarchy"


class Granularity(StrEnum):
    """How exact the datestamps of a repository are."""

    DAY = "YYYY-MM-DD"
    SECOND = "YYYY-MM-DDThh:mm:ssZ"


class DeletedRecords(StrEnum):
    """How long a repository remembers what it has deleted."""

    NO = "no"
    TRANSIENT = "transient"
    PERSISTENT = "persistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a repository is. `descriptions` are elements in the form of `OaiRecord.metadata`."""

    name: str
    base_url: str
    admin_emails: tuple[str, ...]
    earliest: datetime
    deleted_records: DeletedRecords
    granularity: Granularity
    compressions: tuple[str, ...] = ()
    descriptions: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataFormat:
    """A form in which records are given: its name in requests, the address of its schema, its namespace."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiSet:
    """A part of the repository. The specification of a part of it begins with its own and a colon: `a`, `a:b`.

    `description` is empty, or an element in the form of `OaiRecord.metadata`.
    """

    spec: str
    name: str
    description: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records are wanted, in which format: those from one moment until another, both included, of a set.

    An end that is None is open; an empty `set_spec` is the whole repository. A set contains what its parts contain.
    """

    prefix: str
    from_: datetime | None = None
    until: datetime | None = None
    set_spec: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the order of all lists: by datestamp, and by identifier among those of one second.

    In which order identifiers stand is the repository's own affair, if only it is always the same.
    """

    datestamp: datetime
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiRecord:
    """A record: its header, its metadata in one format, and what is said about the metadata.

    `metadata`, and each of `abouts`, is one element in UTF-8 that declares all namespaces it uses, without an XML
    declaration. A deleted record has none, nor has one of which only the header was asked.
    """

    identifier: str
    datestamp: datetime
    sets: tuple[str, ...] = ()
    deleted: bool = False
    metadata: bytes = b""
    abouts: tuple[bytes, ...] = ()

    @property
    def position(self) -> Position:
        """Its place in the order of all lists."""
        return Position(datestamp=self.datestamp, identifier=self.identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiPage:
    """Some records in the order of their positions, and whether others follow them."""

    records: tuple[OaiRecord, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a harvested record came from: one `originDescription` of a provenance container.

    `datestamp` is as the source wrote it, in its own granularity. `altered` says that the metadata was changed since.
    `earlier` is where the source had harvested it itself.
    """

    base_url: str
    identifier: str
    datestamp: str
    namespace: str
    harvested_at: datetime
    altered: bool
    earlier: Origin | None = None


Datestamp: TypeAlias = tuple[datetime, Granularity]


class NotADatestamp(ValueError):
    """The text is no datestamp in one of the two granularities, or there is no such day or second."""


def read_datestamp(text: str) -> Datestamp:
    """The moment that a datestamp names, the first second of a day, and its granularity; or `NotADatestamp`."""
    granularity = Granularity.DAY if _DAY.fullmatch(text) else Granularity.SECOND
    if granularity is Granularity.SECOND and not _SECOND.fullmatch(text):
        raise NotADatestamp(text)
    try:
        return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC), granularity
    except ValueError as error:
        raise NotADatestamp(text) from error


def write_datestamp(moment: datetime, granularity: Granularity = Granularity.SECOND) -> str:
    """A moment in UTC as a datestamp; fractions of a second are cut off."""
    text = moment.isoformat()
    return text[:10] if granularity is Granularity.DAY else text[:19] + "Z"


def end_of(moment: datetime, granularity: Granularity) -> datetime:
    """The last second that a datestamp covers, for a day as the upper end of a window counts whole."""
    return moment.replace(hour=23, minute=59, second=59) if granularity is Granularity.DAY else moment
