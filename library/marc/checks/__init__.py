"""Checks of a record that is being catalogued: each problem names the input it is about and says what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, Dialect, MarcRecord
from library.marc import dialects
from library.marc.checks import dates, structure, values
from library.marc.checks.isbn import IsbnOwner, owner
from library.marc.checks.problems import Problem, Severity
from library.marc.dialects import codes
from library.marc.worksheets.filling import values_of
from library.marc.worksheets.model import LEADER, InputKind, Worksheet

__all__ = ["IsbnOwner", "Problem", "Severity", "check_form", "owner"]

# The kinds of date (008/6, 100 $a/8) whose second year ends what the first begins.
_FROM_TO = {Dialect.MARC21: "mcduqik", Dialect.UNIMARC: "gabcf", Dialect.IRBIS: ""}
# A message that names its field without having it among its values.
_TAG = re.compile(r"\b\d{3}\b|^Leader")


def check_form(worksheet: Worksheet, marc: MarcRecord, today: date) -> tuple[Problem, ...]:
    """What is wrong with a record, in the order of its form, errors and warnings.

    Whatever keeps the record from being saved (`dialects.check`) is among the errors.
    """
    problems = [
        *structure.missing_fields(worksheet, marc),
        *structure.broken_rules(worksheet, marc),
        *structure.repeated_fields(worksheet, marc),
        *structure.main_entry(worksheet, marc),
        *_of_fields(worksheet, marc, today),
        *_of_years(worksheet, marc),
    ]
    if not any(problem.severity is Severity.ERROR for problem in problems):
        problems += _of_dialect(worksheet, marc)
    order = {shape.tag: number for number, shape in enumerate(worksheet.fields)}
    return tuple(sorted(problems, key=lambda problem: (order.get(problem.tag, len(order)), problem.occurrence)))


def _of_fields(worksheet: Worksheet, marc: MarcRecord, today: date) -> Iterator[Problem]:
    shapes = {shape.tag: shape for shape in worksheet.fields}
    counts: Counter[str] = Counter()
    fields = (ControlField(LEADER, marc.leader), *marc.fields)
    for field in fields:
        shape = shapes.get(field.tag)
        occurrence = counts[field.tag]
        counts[field.tag] += 1
        if shape is not None:
            yield from structure.missing_parts(shape, occurrence, field)
            yield from values.value_problems(worksheet.dialect, shape, occurrence, field, today)


def _of_years(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    """Coded years that contradict one another or the printed year."""
    typed = dict(values_of(worksheet, marc).inputs)
    for shape in worksheet.fields:
        years = [position for position in shape.positions if position.kind is InputKind.YEAR]
        if len(years) != len(("first", "second")):
            continue
        first, second = (typed.get(f"{shape.tag}.0.p{position.start}", "") for position in years)
        part = f"p{years[0].start}"
        kind = typed.get(f"{shape.tag}.0.p{years[0].start - 1}", "")
        in_order = kind in _FROM_TO[worksheet.dialect]
        wrong = (dates.order_problem(first, second) if in_order else None) or _differs(
            worksheet, marc, shape.tag, (first, second)
        )
        if wrong is not None:
            yield Problem(severity=Severity.WARNING, message=wrong, tag=shape.tag, part=part)


def _differs(worksheet: Worksheet, marc: MarcRecord, tag: str, years: tuple[str, str]) -> Message | None:
    uncoded = marc.with_fields(field for field in marc.fields if field.tag != tag)
    printed = dialects.describe(worksheet.dialect, uncoded).year
    coded = {year for text in years if (year := codes.coded_year(text)) is not None}
    if printed is None or not coded or printed in coded:
        return None
    return Message.of(
        N_("The coded year {coded} and the printed year {printed} differ."), coded=years[0], printed=str(printed)
    )


def _of_dialect(worksheet: Worksheet, marc: MarcRecord) -> Iterator[Problem]:
    for message in dialects.check(worksheet.dialect, marc):
        named = _TAG.search(message.template)
        tag = str(dict(message.values).get("tag", "")) or (named[0].replace("Leader", LEADER) if named else "")
        yield Problem(severity=Severity.ERROR, message=message, tag=tag)
