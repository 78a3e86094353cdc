"""What a record lacks, by its worksheet, and what no field may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord
from library.marc.checks.problems import Problem, Severity
from library.marc.worksheets.editing import inputs_of
from library.marc.worksheets.model import LEADER, Rule, Where, Worksheet, WorksheetField

_REPEATED = N_("This field can stand in a record only once.")


def missing_fields(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    """Fields that every record of the worksheet has."""
    for shape in worksheet.fields:
        if shape.must and shape.tag != LEADER and not _says(shape, marc, Where(shape.tag)):
            yield Problem(
                severity=Severity.ERROR,
                message=Message.of(N_("This field must be filled in.")),
                tag=shape.tag,
                part=_first_part(shape),
            )


def missing_parts(shape: WorksheetField, occurrence: int, field: Field) -> Iterator[Problem]:
    """Subfields that a field of this kind has, whenever it is there."""
    if isinstance(field, ControlField):
        return
    said = {name.code for name, value in inputs_of(shape, occurrence, field) if not name.part and value.strip()}
    for place in shape.subfields if said else ():
        if place.must and place.code not in said:
            yield Problem(
                severity=Severity.WARNING,
                message=Message.of(N_("This part of the field is missing.")),
                tag=shape.tag,
                occurrence=occurrence,
                part=place.code or "text",
            )


def broken_rules(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    """What the worksheet asks for under its conditions."""
    for rule in worksheet.rules:
        if all(_holds(worksheet, marc, where) for where in rule.when) and not any(
            _holds(worksheet, marc, where) for where in rule.needs
        ):
            yield _broken(worksheet, rule)


def repeated_fields(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    """Fields that stand more often than once and may not."""
    counts = Counter(field.tag for field in marc.fields)
    for shape in worksheet.fields:
        if not shape.repeatable and counts[shape.tag] > 1:
            yield Problem(
                severity=Severity.WARNING,
                message=Message.of(_REPEATED),
                tag=shape.tag,
                occurrence=1,
            )


def main_entry(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    """In MARC 21 the first indicator of the title says whether there is a main author."""
    titles = marc.all("245") if worksheet.dialect is Dialect.MARC21 else ()
    if not titles:
        return
    has_author = bool(marc.all("100", "110", "111", "130"))
    if (titles[0].indicators[0] == "1") is not has_author:
        message = (
            N_("There is a main author or organisation: the indicator is 1.")
            if has_author
            else N_("There is no main author or organisation: the indicator is 0.")
        )
        yield Problem(severity=Severity.WARNING, message=Message.of(message), tag="245", part="ind1")


def _broken(worksheet: Worksheet, rule: Rule) -> Problem:
    first = next((where for where in rule.needs if worksheet.field(where.tag) is not None), rule.needs[0])
    shape = worksheet.field(first.tag)
    return Problem(
        severity=Severity.ERROR if rule.blocks else Severity.WARNING,
        message=Message.of(rule.says),
        tag=first.tag,
        part=first.code or (_first_part(shape) if shape is not None else ""),
    )


def _first_part(shape: WorksheetField) -> str:
    if not shape.subfields:
        return f"p{shape.positions[0].start}"
    place = next((place for place in shape.subfields if place.must), shape.subfields[0])
    return place.code or "text"


def _holds(worksheet: Worksheet, marc: MarcRecord, where: Where) -> bool:
    shape = worksheet.field(where.tag)
    return shape is not None and _says(shape, marc, where)


def _says(shape: WorksheetField, marc: MarcRecord, where: Where) -> bool:
    """Whether a field has the value in question; any value that is no indicator does where none is named."""
    fields = [field for field in marc.fields if field.tag == where.tag]
    for occurrence, field in enumerate(fields):
        if not where.code and _is_something(field):
            return True
        for name, value in inputs_of(shape, occurrence, field):
            found = (name.part or name.code) == where.code and value.strip()
            if where.code and found and (not where.values or value in where.values):
                return True
    return False


def _is_something(field: Field) -> bool:
    if isinstance(field, DataField):
        return any(part.value.strip() for part in field.subfields)
    return bool(field.value.strip())
