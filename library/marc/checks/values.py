"""What is typed into an input, by its kind: numbers, years, codes, classes, addresses, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from library.domain.errors import N_, Message
from library.domain.marc import DataField, Dialect, Field
from library.marc.checks import classes, dates, numbers, scripts
from library.marc.checks.problems import Problem, Severity, at
from library.marc.dialects import irbis_fields
from library.marc.worksheets.editing import inputs_of
from library.marc.worksheets.form_values import Name
from library.marc.worksheets.model import CodeList, InputKind, Naming, WorksheetField

_ADDRESS = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s.,]+|[u|-]+")
_BY_CODE: dict[str, Callable[[str], Message | None]] = {
    "rubbk": classes.bbk_problem,
    "rugasnti": classes.grnti_problem,
}
_WORDS = frozenset({
    InputKind.TEXT, InputKind.LONG_TEXT, InputKind.PERSON, InputKind.BODY, InputKind.SUBJECT, InputKind.SERIES,
    InputKind.LINK,
})  # fmt: skip
# What stands for "not coded" in fixed places: blanks, fill characters, and what is shown in their stead.
_NOT_CODED = " |#-"


def value_problems(
    dialect: Dialect, shape: WorksheetField, occurrence: int, field: Field, today: date
) -> Iterator[Problem]:
    """What is wrong with the values of a field that the form shows."""
    positions = {f"p{position.start}": position for position in shape.positions}
    choices = {f"ind{choice.number}": choice.codes for choice in shape.choices}
    for name, value in inputs_of(shape, occurrence, field):
        if name.part and not value.strip(_NOT_CODED):
            continue
        if name.part in choices:
            yield from _code_problems(choices[name.part], name, value)
        elif name.part in positions:
            position = positions[name.part]
            if position.kind is InputKind.YEAR:
                yield from _said(name, dates.coded_year_problem(value, today))
            elif position.codes is not None:
                yield from _code_problems(position.codes, name, value)
        elif value.strip():
            yield from _typed_problems(dialect, shape, name, field, value.strip(), today)


def _typed_problems(
    dialect: Dialect, shape: WorksheetField, name: Name, field: Field, value: str, today: date
) -> Iterator[Problem]:
    """What is wrong with the value of a subfield."""
    place = shape.subfield(name.code)
    assert place is not None, "the worksheet gave the name"
    if dialect is Dialect.IRBIS and "^" in value:
        yield at(name, Severity.ERROR, Message.of(N_("IRBIS can't hold the sign ^ in a value. Write something else.")))
    if place.kind in _CHECKS:
        yield from _said(name, _CHECKS[place.kind](value, today))
    elif place.kind in _WORDS:
        for message in scripts.script_problems(value):
            yield at(name, Severity.WARNING, message)
    elif place.kind is InputKind.ISBN:
        yield from _number_problem(name, numbers.isbn_problem(dialect, value))
    elif place.kind is InputKind.ISSN:
        yield from _number_problem(name, numbers.issn_problem(value))
    elif place.kind is InputKind.CLASS_MARK:
        yield from _said(name, _class_problem(dialect, field, value))
    elif place.codes is not None:
        yield from _code_problems(place.codes, name, value)


def _no_number(value: str, _: date) -> Message | None:
    return None if _NUMBER.fullmatch(value) else Message.of(N_("Only a number belongs here."))


def _no_address(value: str, _: date) -> Message | None:
    if _ADDRESS.fullmatch(value):
        return None
    return Message.of(N_("A web address begins with https:// and has no blanks."))


_CHECKS: dict[InputKind, Callable[[str, date], Message | None]] = {
    InputKind.YEAR: dates.year_problem,
    InputKind.DATE: dates.date_problem,
    InputKind.UDC: lambda value, _: classes.udc_problem(value),
    InputKind.BBK: lambda value, _: classes.bbk_problem(value),
    InputKind.NUMBER: _no_number,
    InputKind.ADDRESS: _no_address,
}


def _said(name: Name, message: Message | None) -> Iterator[Problem]:
    if message is not None:
        yield at(name, Severity.WARNING, message)


def _number_problem(name: Name, found: tuple[Severity, Message] | None) -> Iterator[Problem]:
    if found is not None:
        yield at(name, *found)


def _class_problem(dialect: Dialect, field: Field, value: str) -> Message | None:
    """What is wrong with the number of the classification that its field names; in IRBIS the tag names it."""
    system = (field.first("2") or "").strip().lower() if isinstance(field, DataField) else ""
    if dialect is Dialect.IRBIS and field.tag == "964":
        system = "rugasnti"
    check = _BY_CODE.get(system)
    return check(value) if check is not None else None


def _code_problems(codes: CodeList, name: Name, value: str) -> Iterator[Problem]:
    """Whether a code is one of its list, or of those that are right beside it."""
    if codes.naming is Naming.LANGUAGES:
        yield from _language_problems(codes, name, value)
        return
    is_right = value in codes or (codes.naming is Naming.COUNTRIES and value.strip().upper() in codes)
    if not is_right and codes.pattern:
        is_right = re.fullmatch(codes.pattern, value) is not None
    if not (is_right or (codes.is_open and not codes.pattern)):
        yield at(name, Severity.WARNING, Message.of(N_("“{code}” is no code of the list."), code=value))


def _language_problems(codes: CodeList, name: Name, value: str) -> Iterator[Problem]:
    """Several codes may be written in one ("engrus"); IRBIS also knows those of two letters."""
    text = irbis_fields.language(value) if len(value.strip()) <= len("deu") else value.strip()
    pieces = [text[place : place + 3] for place in range(0, len(text), 3)]
    if not pieces:
        message = Message.of(N_("“{code}” is no code of a language (three letters)."), code=value)
        yield at(name, Severity.WARNING if name.part else Severity.ERROR, message)
        return
    unknown = next((piece for piece in pieces if piece not in codes), None)
    if unknown is not None:
        yield at(name, Severity.WARNING, Message.of(N_("No language has the code “{code}”."), code=unknown))
