"""A record of another library made ours: without what was the other's own, small faults mended, its source named.

Other than in a record that is typed after a similar one, the numbers of the edition stay: it is the same edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc import dialects
from library.marc.dialects import codes
from library.marc.worksheets import copy_record

_OF_THE_EDITION = {
    Dialect.MARC21: frozenset({"015", "020"}),
    Dialect.UNIMARC: frozenset({"010", "013", "020", "021", "071", "073"}),
}
# Where a number that was printed or typed wrongly belongs (MARC 21 020, 022; UNIMARC 010, 011).
_WRONG_NUMBERS = {
    Dialect.MARC21: {
        "020": ("a", "z", codes.isbn, codes.isbn_agrees),
        "022": ("a", "y", codes.issn, codes.issn_agrees),
    },
    Dialect.UNIMARC: {
        "010": ("a", "z", codes.isbn, codes.isbn_agrees),
        "011": ("a", "z", codes.issn, codes.issn_agrees),
    },
}
_LANGUAGES = {Dialect.MARC21: "041", Dialect.UNIMARC: "101"}
# The coded fields, and how long they are (MARC 21 008, UNIMARC 100 $a): blanks at their ends get lost on the way.
_LENGTHS = {Dialect.MARC21: ("008", 40), Dialect.UNIMARC: ("100", 36)}
_INDICATOR = re.compile("[ 0-9a-z|#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a record was copied from: the name of the catalogue, and the record's own number there, if it has one."""

    name: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedRecord:
    """A record ready to be a draft: what was mended, and what keeps it from being saved, if anything does."""

    dialect: Dialect
    marc: MarcRecord
    mended: tuple[Message, ...]
    problems: tuple[Message, ...]


def copied(dialect: Dialect, marc: MarcRecord, source: Provenance, into: Dialect, at: datetime) -> CopiedRecord:
    """This record of another library as a new one of ours, entered on that day.

    It is in MARC 21 or UNIMARC, the dialects that partners give; `into` is its own dialect or MARC 21.
    """
    converted = dialects.to_marc21(dialect, marc) if into is Dialect.MARC21 else marc
    written_in = Dialect.MARC21 if into is Dialect.MARC21 else dialect
    mended: list[Message] = []
    fields: list[Field] = []
    for field in _without_what_was_its_own(written_in, converted, at):
        fields += _sound(written_in, field, mended)
    ours = MarcRecord(f"{converted.leader[:5]}n{converted.leader[6:]}", tuple(fields))
    for named in _naming(written_in, ours, source, at):
        ours = ours.with_fields(_inserted(ours.fields, named))
    return CopiedRecord(dialect=written_in, marc=ours, mended=tuple(mended), problems=dialects.check(written_in, ours))


def number_of(marc: MarcRecord) -> str:
    """The number that the record has in its own catalogue; empty where it has none."""
    return (marc.control("001") or "").strip()


def _without_what_was_its_own(dialect: Dialect, marc: MarcRecord, at: datetime) -> tuple[Field, ...]:
    fields = copy_record(dialect, marc, at).fields
    for field in marc.fields:
        if field.tag in _OF_THE_EDITION[dialect]:
            fields = _inserted(fields, field)
    return fields


def _inserted(fields: Iterable[Field], new: Field) -> tuple[Field, ...]:
    """The fields with another one at the place of its tag, behind those that have the same."""
    others = list(fields)
    place = next((index for index, field in enumerate(others) if field.tag > new.tag), len(others))
    return (*others[:place], new, *others[place:])


def _sound(dialect: Dialect, field: Field, mended: list[Message]) -> list[Field]:
    """The field without faults that would keep the record from being saved; nothing where it says nothing."""
    if isinstance(field, ControlField):
        return [_whole(dialect, field)] if field.value.strip() else []
    if not any(subfield.value.strip() for subfield in field.subfields):
        return []
    indicators = "".join(one if _INDICATOR.match(one) else " " for one in field.indicators)
    if indicators != field.indicators:
        mended.append(Message.of(N_("Field {tag}: what were no indicators were made blanks."), tag=field.tag))
        field = DataField(field.tag, indicators, field.subfields)
    numbers = _WRONG_NUMBERS[dialect].get(field.tag)
    if numbers is not None:
        return [_with_right_numbers(field, *numbers, mended)]
    if field.tag == _LANGUAGES[dialect]:
        return _with_languages(field, mended)
    return [_whole(dialect, field)]


def _whole(dialect: Dialect, field: Field) -> Field:
    """A coded field with the blanks that it lost at its end."""
    tag, length = _LENGTHS[dialect]
    if field.tag != tag:
        return field
    if isinstance(field, ControlField):
        return ControlField(tag, field.value.rstrip().ljust(length))
    subfields = [Subfield("a", one.value.rstrip().ljust(length)) if one.code == "a" else one for one in field.subfields]
    return DataField(tag, field.indicators, tuple(subfields))


def _with_right_numbers(
    field: DataField,
    right: str,
    wrong: str,
    normal: Callable[[str], str],
    agrees: Callable[[str], bool],
    mended: list[Message],
) -> DataField:
    subfields = []
    for subfield in field.subfields:
        if subfield.code == right and not agrees(normal(subfield.value)):
            mended.append(
                Message.of(
                    N_("Field {tag}: the number {number} is wrong and was moved to ${code}."),
                    tag=field.tag,
                    number=subfield.value,
                    code=wrong,
                )
            )
            subfield = Subfield(wrong, subfield.value)  # noqa: PLW2901  (the same one at its right place)
        subfields.append(subfield)
    return DataField(field.tag, field.indicators, tuple(subfields))


def _with_languages(field: DataField, mended: list[Message]) -> list[Field]:
    """The field without codes that are no languages; nothing where that leaves nothing."""
    subfields: list[Subfield] = []
    for subfield in field.subfields:
        small = Subfield(subfield.code, subfield.value.strip().lower())
        if subfield.code != "a" or codes.is_language(subfield.value):
            subfields.append(subfield)
        elif codes.is_language(small.value):
            subfields.append(small)
        else:
            mended.append(
                Message.of(
                    N_("Field {tag}: “{code}” is no code of a language and was left out."),
                    tag=field.tag,
                    code=subfield.value,
                )
            )
    return [DataField(field.tag, field.indicators, tuple(subfields))] if subfields else []


def _naming(dialect: Dialect, marc: MarcRecord, source: Provenance, at: datetime) -> list[Field]:
    """The fields that tell where the record is from.

    MARC 21: 588, the note for cataloguers, and 040 $a where no agency is named. UNIMARC: 801 with second indicator 3,
    the agency that issued the record.
    """
    if dialect is Dialect.MARC21:
        about = f"{source.name}, {source.number}" if source.number else source.name
        note = DataField("588", "  ", (Subfield("a", f"{about}, {at:%Y-%m-%d}"),))
        agency = DataField("040", "  ", (Subfield("a", source.name),))
        return [note] if marc.all("040") else [agency, note]
    return [DataField("801", " 3", (Subfield("b", source.name), Subfield("c", f"{at:%Y%m%d}")))]
