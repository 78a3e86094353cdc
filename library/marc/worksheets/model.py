"""What a cataloguing form is made of: groups of fields, their parts, and the rules that go beyond one field.

Labels, helps and rules are English sentences marked for translation. The form shows only what its worksheet names;
whatever else a record has is kept as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from library.domain.description import Material
from library.domain.marc import Dialect

LEADER = "LDR"


class InputKind(StrEnum):
    """What is typed into an input, and so how it is drawn and what it is checked for; a mark is no word."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    CODE = "code"
    DATE = "date"
    YEAR = "year"
    NUMBER = "number"
    ISBN = "isbn"
    ISSN = "issn"
    UDC = "udc"
    BBK = "bbk"
    CLASS_MARK = "class-mark"
    MARK = "mark"
    PERSON = "person"
    BODY = "body"
    SUBJECT = "subject"
    SERIES = "series"
    AUTHORITY_NUMBER = "authority-number"
    LINK = "link"
    ADDRESS = "address"


# The inputs that are filled from a list of authority records while typing.
AUTHORITIES = frozenset({InputKind.PERSON, InputKind.BODY, InputKind.SUBJECT, InputKind.SERIES})


class Naming(StrEnum):
    """Where the names of the codes of a list come from: their labels, or the tables of names of CLDR."""

    LABELS = "labels"
    LANGUAGES = "languages"
    COUNTRIES = "countries"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it stands in a record, and its label; or the tag (BCP 47) or country (ISO 3166) that CLDR names."""

    value: str
    label: str = ""
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes to choose from, the usual ones first; into an open list other ones can be typed.

    Codes that are not offered are right if they have the `pattern`; in an open list without one any is.
    """

    name: str
    codes: tuple[Code, ...]
    naming: Naming = Naming.LABELS
    is_open: bool = False
    pattern: str = ""

    def __contains__(self, value: str) -> bool:
        return any(code.value == value for code in self.codes)


@dataclass(frozen=True, slots=True)
class WorksheetSubfield:
    """A subfield to fill in. The code is empty for the text of an IRBIS field before its first mark.

    `embedded` says where the value stands in a UNIMARC field that embeds others: "200a" is $a of the embedded 200,
    "001" the embedded control number.
    """

    code: str
    label: str
    kind: InputKind = InputKind.TEXT
    codes: CodeList | None = None
    help: str = ""
    repeatable: bool = False
    must: bool = False
    default: str = ""
    embedded: str = ""


@dataclass(frozen=True, slots=True)
class WorksheetIndicator:
    """An indicator (1 or 2) that the cataloguer chooses."""

    number: int
    label: str
    codes: CodeList


@dataclass(frozen=True, slots=True)
class WorksheetPosition:
    """Characters at a fixed place of the leader, of a control field, or of coded data; blanks are significant."""

    start: int
    length: int
    label: str
    kind: InputKind = InputKind.CODE
    codes: CodeList | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class WorksheetField:
    """A field to fill in. `indicators` are those of a new field.

    Where there are `positions`, they are places of the leader, of a control field, or of the subfield `coded`;
    `template` is the whole coded text of a new field. A new record has a `begun` field from the beginning, with its
    template or defaults. A `former` field is shown only where a record has it.
    """

    tag: str
    label: str
    subfields: tuple[WorksheetSubfield, ...] = ()
    indicators: str = "  "
    choices: tuple[WorksheetIndicator, ...] = ()
    positions: tuple[WorksheetPosition, ...] = ()
    coded: str = ""
    template: str = ""
    repeatable: bool = False
    must: bool = False
    begun: bool = False
    former: bool = False
    help: str = ""

    def subfield(self, code: str) -> WorksheetSubfield | None:
        """The subfield with this code, if the worksheet has it."""
        return next((subfield for subfield in self.subfields if subfield.code == code), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are filled in together; `folded` ones are opened when they are needed."""

    label: str
    fields: tuple[WorksheetField, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A subfield that has a value, or one of these values; without a code: a field that says anything."""

    tag: str
    code: str = ""
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One of `needs` must be there when all of `when` are; `says` tells why. The problem is shown at the first."""

    needs: tuple[Where, ...]
    says: str
    when: tuple[Where, ...] = ()
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A cataloguing form for one kind of document in one dialect; `leader` is that of a new record."""

    dialect: Dialect
    material: Material
    leader: str
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def key(self) -> str:
        """The name of the worksheet in addresses and stored templates: "marc21-book"."""
        return f"{self.dialect}-{self.material}"

    @property
    def fields(self) -> tuple[WorksheetField, ...]:
        """All fields, in the order of the form."""
        return tuple(field for group in self.groups for field in group.fields)

    def field(self, tag: str) -> WorksheetField | None:
        """The field with this tag, if the worksheet has it."""
        return next((field for field in self.fields if field.tag == tag), None)


def each_field_once(groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups with each tag only where it stands first; a group that is left without fields goes."""
    seen: set[str] = set()
    kept: list[Group] = []
    for group in groups:
        fields = tuple(field for field in group.fields if field.tag not in seen)
        seen.update(field.tag for field in fields)
        if fields:
            kept.append(replace(group, fields=fields))
    return tuple(kept)
