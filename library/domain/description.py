"""What a record says, whatever its dialect: derived from MARC, never edited, and made again at any time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Material(StrEnum):
    """The type of document, as readers choose it."""

    BOOK = "book"
    TEXTBOOK = "textbook"
    VOLUME = "volume"
    ARTICLE = "article"
    DISSERTATION = "dissertation"
    DISSERTATION_ABSTRACT = "dissertation-abstract"
    SERIAL = "serial"
    ISSUE = "issue"
    STANDARD = "standard"
    ELECTRONIC = "electronic"
    MAP = "map"
    SCORE = "score"
    AUDIO = "audio"
    VIDEO = "video"
    IMAGE = "image"
    MANUSCRIPT = "manuscript"
    OTHER = "other"


class CreatorRole(StrEnum):
    """What a person or body did for the document."""

    AUTHOR = "author"
    EDITOR = "editor"
    COMPILER = "compiler"
    TRANSLATOR = "translator"
    ILLUSTRATOR = "illustrator"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    BODY = "body"
    OTHER = "other"


class CopyStatus(StrEnum):
    """Whether a copy can be had (IRBIS 910^A, MARC 21 852/952, RUSMARC 899)."""

    AVAILABLE = "available"
    ON_LOAN = "on-loan"
    EXPECTED = "expected"
    BINDERY = "bindery"
    LOST = "lost"
    UNAVAILABLE = "unavailable"
    WRITTEN_OFF = "written-off"
    ON_THE_WAY = "on-the-way"
    RESERVED = "reserved"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """A person or body with its role; the name is in heading order ("Karimov, I. A."), `orcid` in groups, or empty."""

    name: str
    role: CreatorRole
    dates: str = ""
    orcid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms the document may be used: a licence by its name, its address, or both."""

    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address on the web; only http and https ones are ever given."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy, or `count` copies that are not told apart (IRBIS status U).

    `collection` is the part of the library's stock it belongs to, by name or code (IRBIS 910^Q, RUSMARC 899$b,
    MARC 21 852$b, Koha 952$8).
    """

    inventory_number: str = ""
    barcode: str = ""
    place: str = ""
    shelfmark: str = ""
    status: CopyStatus = CopyStatus.UNKNOWN
    count: int = 1
    collection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostItem:
    """What an article or a volume is part of."""

    title: str
    issn: str = ""
    isbn: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The facts of a record that pages, search and exports need.

    Languages are ISO 639-2/B codes ("uzb", "rus", "kir", "eng"); `year` is the year of publication in digits, where one
    can be told; ISBN and ISSN are normalised (ISBN: digits and X only; ISSN: with its hyphen). `dois` are those of
    standard numbers, without a resolver; `library.domain.doi` knows those in links too. `title` is never empty.
    """

    title: str
    material: Material
    remainder: str = ""
    parallel_titles: tuple[str, ...] = ()
    responsibility: str = ""
    creators: tuple[Creator, ...] = ()
    edition: str = ""
    places: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    year: int | None = None
    languages: tuple[str, ...] = ()
    extent: str = ""
    series: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    udc: tuple[str, ...] = ()
    bbk: tuple[str, ...] = ()
    abstract: str = ""
    contents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    terms: tuple[Terms, ...] = ()
    host: HostItem | None = None
    links: tuple[Link, ...] = ()
    copies: tuple[Copy, ...] = ()
