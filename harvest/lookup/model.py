"""What a search of partners' catalogues is made of, whichever protocol carries it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from harvest.errors import N_, InvalidTarget, NothingToSearch, PartnerError

MOST_RECORDS = 50  # that are asked for at once
_LONGEST_FIELD = 500
# Blanks, and the characters that mean something in one query language or the other and nothing in a catalogue.
_BETWEEN_WORDS = re.compile(r'[\s\x00-\x1f\x7f-\x9f"\\*?^<>=/()\[\]{};«»„“”]+')
_AROUND_WORDS = ".,:!&|%@$~`_"
_NOT_IN_NUMBERS = re.compile("[^0-9Xx]")
_SRU_VERSIONS = ("1.1", "1.2", "2.0")
# What may stand in a command or query as it is.
_PLAIN_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/-]{0,199}")
_PLAIN_DATABASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/?=&-]{0,199}")
_CQL_INDEX = re.compile(r"[A-Za-z][0-9A-Za-z_-]{0,50}(?:\.[A-Za-z][0-9A-Za-z_-]{0,50})?")
_USE_ATTRIBUTE = re.compile(r"[0-9]{1,5}")


class Protocol(StrEnum):
    """How a catalogue is asked."""

    SRU = "sru"
    Z3950 = "z3950"


class Dialect(StrEnum):
    """What the records of a catalogue are written in; RUSMARC is UNIMARC here."""

    MARC21 = "marc21"
    UNIMARC = "unimarc"


class Form(StrEnum):
    """What the bytes of a record are: an element of XML in UTF-8, or one record of ISO 2709."""

    XML = "xml"
    ISO2709 = "iso2709"


class SearchField(StrEnum):
    """What can be searched for."""

    TITLE = "title"
    AUTHOR = "author"
    ISBN = "isbn"
    YEAR = "year"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A partner's catalogue; an entry that can't be right is `InvalidTarget`.

    `address` is for SRU the base address (http or https), for Z39.50 `host` or `host:port` (210 when it has none), and
    `database` is then the name of the base. `version` is that of SRU: 1.1, 1.2 or 2.0. `record_format` is the schema
    (SRU) or syntax (Z39.50) to ask for; empty means MARCXML, or USMARC or UNIMARC by the dialect. `query_charset` is
    the encoding in which a Z39.50 server expects words (SRU is always UTF-8); `record_charset` a hint for whoever reads
    its records, empty when they say it themselves. `indexes` replaces, for single fields, the index of CQL (`dc.title`)
    or the use attribute of Bib-1 (`4`) that is searched.
    """

    name: str
    protocol: Protocol
    address: str
    database: str = ""
    version: str = "1.2"
    record_format: str = ""
    dialect: Dialect = Dialect.MARC21
    query_charset: str = "utf-8"
    record_charset: str = ""
    indexes: Mapping[SearchField, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what can't be right; the address is judged when it is used."""
        if self.version not in _SRU_VERSIONS:
            raise InvalidTarget(N_("“{text}” is no version of SRU. Choose 1.1, 1.2 or 2.0."), text=self.version)
        if self.record_format and not _PLAIN_NAME.fullmatch(self.record_format):
            raise InvalidTarget(N_("“{text}” is no name of a record format."), text=self.record_format)
        if self.protocol is Protocol.Z3950 and not _PLAIN_DATABASE.fullmatch(self.database):
            raise InvalidTarget(
                N_("“{text}” is no name of a database. A Z39.50 server needs one; many are called Default."),
                text=self.database,
            )
        index = _CQL_INDEX if self.protocol is Protocol.SRU else _USE_ATTRIBUTE
        for text in self.indexes.values():
            if not index.fullmatch(text):
                raise InvalidTarget(
                    N_("“{text}” is no index: SRU has names such as dc.title, Z39.50 numbers such as 4."), text=text
                )
        try:
            "".encode(self.query_charset)
        except (LookupError, ValueError) as error:
            raise InvalidTarget(N_("“{text}” is no known character set."), text=self.query_charset) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What is looked for, as it was typed: all of the fields that are not empty must match, each in all its words."""

    title: str = ""
    author: str = ""
    isbn: str = ""
    year: str = ""
    words: str = ""

    def terms(self) -> tuple[tuple[SearchField, tuple[str, ...]], ...]:
        """The fields that have words, and their words, without what query languages take for an operator.

        An ISBN has one word, its digits. Raises `NothingToSearch` without any word, or with too many.
        """
        found: list[tuple[SearchField, tuple[str, ...]]] = []
        for place in fields(self):
            text: str = getattr(self, place.name)
            if len(text) > _LONGEST_FIELD:
                raise NothingToSearch(
                    N_("More than {limit} characters are too many to search for. Leave some words out."),
                    limit=_LONGEST_FIELD,
                )
            wanted = SearchField(place.name)
            words = (_NOT_IN_NUMBERS.sub("", text).upper(),) if wanted is SearchField.ISBN else _words(text)
            if any(words):
                found.append((wanted, words))
        if not found:
            raise NothingToSearch(N_("Enter a title, an author, an ISBN, a year or some words to search for."))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """One record as the partner gave it: its place in the result (from 1), and its bytes untouched."""

    position: int
    form: Form
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A record that the partner found but could not deliver, and why; position 0 is a remark on the whole answer."""

    position: int
    error: PartnerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many records match, and those that were asked for as far as there are any."""

    total: int
    records: tuple[FoundRecord, ...] = ()
    faults: tuple[Fault, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    words = (word.strip(_AROUND_WORDS) for word in _BETWEEN_WORDS.split(text))
    return tuple(word for word in words if any(character.isalnum() for character in word))
