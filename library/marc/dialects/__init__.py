"""The three dialects: each describes its records, checks them, and maps them to MARC 21."""

from __future__ import annotations

from library.domain.description import Description
from library.domain.errors import Message
from library.domain.marc import Dialect, MarcRecord
from library.marc.dialects import irbis, marc21, unimarc


def describe(dialect: Dialect, marc: MarcRecord) -> Description:
    """What a record of this dialect says; its title is never empty."""
    match dialect:
        case Dialect.MARC21:
            return marc21.describe(marc)
        case Dialect.UNIMARC:
            return unimarc.describe(marc)
        case Dialect.IRBIS:
            return irbis.describe(marc)


def check(dialect: Dialect, marc: MarcRecord) -> tuple[Message, ...]:
    """What breaks the rules of the dialect; an empty answer means that the record can be saved."""
    match dialect:
        case Dialect.MARC21:
            return marc21.check(marc)
        case Dialect.UNIMARC:
            return unimarc.check(marc)
        case Dialect.IRBIS:
            return irbis.check(marc)


def to_marc21(dialect: Dialect, marc: MarcRecord) -> MarcRecord:
    """The record in MARC 21; one that is in MARC 21 already is returned as it is."""
    match dialect:
        case Dialect.MARC21:
            return marc
        case Dialect.UNIMARC:
            return unimarc.to_marc21(marc)
        case Dialect.IRBIS:
            return irbis.to_marc21(marc)
