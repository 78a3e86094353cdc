"""MARC as a value: records that can be compared, hashed and shared between threads.

One shape serves the three dialects. An IRBIS field is a `DataField` with blank indicators whose text before the first
subfield mark, if it has any, is a subfield with the empty code; its tag may have any number of digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Dialect(StrEnum):
    """The family of rules a record was made by; it decides what each tag means."""

    MARC21 = "marc21"
    UNIMARC = "unimarc"
    IRBIS = "irbis"


@dataclass(frozen=True, slots=True)
class Subfield:
    """One subfield; the code is one character, or empty for the text of an IRBIS field before its first mark."""

    code: str
    value: str


@dataclass(frozen=True, slots=True)
class ControlField:
    """A field of plain text without indicators (ISO 2709, reference and control fields 001-009)."""

    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class DataField:
    """A field of subfields; `indicators` is a string of two characters."""

    tag: str
    indicators: str
    subfields: tuple[Subfield, ...]

    def first(self, codes: str) -> str | None:
        """The value of the first subfield whose code is one of the characters of `codes`."""
        for subfield in self.subfields:
            if subfield.code and subfield.code in codes:
                return subfield.value
        return None

    def values(self, codes: str) -> Iterator[str]:
        """The values of all subfields whose code is one of the characters of `codes`, in their order."""
        return (subfield.value for subfield in self.subfields if subfield.code and subfield.code in codes)

    @property
    def text(self) -> str:
        """The text before the first subfield mark of an IRBIS field; empty where there is none."""
        head = self.subfields[0] if self.subfields else None
        return head.value if head is not None and not head.code else ""


Field = ControlField | DataField


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """One bibliographic record as it was made, fields in their order.

    The leader has 24 characters. Its lengths (positions 0-4 and 12-16) speak of a carrier and not of the record, and
    are always zeros here; position 9 of a MARC 21 leader is always "a", since text is held as Unicode.
    """

    leader: str
    fields: tuple[Field, ...]

    def control(self, tag: str) -> str | None:
        """The value of the first control field with this tag."""
        for field in self.fields:
            if field.tag == tag and isinstance(field, ControlField):
                return field.value
        return None

    def all(self, *tags: str) -> tuple[DataField, ...]:
        """The data fields with one of these tags, in the order of the record."""
        return tuple(field for field in self.fields if field.tag in tags and isinstance(field, DataField))

    def first(self, tag: str, codes: str) -> str | None:
        """The first value of one of these subfields in the data fields with this tag."""
        for field in self.all(tag):
            value = field.first(codes)
            if value is not None:
                return value
        return None

    def with_fields(self, fields: Iterable[Field]) -> MarcRecord:
        """The same record with these fields instead of its own."""
        return MarcRecord(self.leader, tuple(fields))
