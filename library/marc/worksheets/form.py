"""A form as it is drawn: each input with its name, label, help, choices and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from library.domain.marc import ControlField, DataField, Field, Subfield
from library.marc.worksheets import coded, editing, places
from library.marc.worksheets.form_values import REMOVE, TEXT, FormValues, Name
from library.marc.worksheets.model import (
    LEADER,
    Code,
    CodeList,
    Group,
    InputKind,
    Worksheet,
    WorksheetField,
    WorksheetSubfield,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input. Without one that it `must` have, its field says nothing; `length` is that of coded data, else 0.

    `more` is the name of one more like it, where there may be.
    """

    name: str
    label: str
    kind: InputKind
    value: str
    help: str = ""
    codes: CodeList | None = None
    must: bool = False
    length: int = 0
    more: str = ""

    @property
    def mark(self) -> str:
        """The part in the terms of the format: "a", "ind1", "p35"; empty for the text of an IRBIS field."""
        part = self.name.split(".")[2]
        return "" if part == TEXT else part

    @property
    def options(self) -> tuple[Code, ...]:
        """What a menu offers: the codes of the list, and the value whatever it is; a subfield can be left empty."""
        known = self.codes.codes if self.codes is not None else ()
        needed = [""] if not self.length and not self.mark.startswith("ind") else []
        needed += [self.value] if self.value not in needed else []
        return (*(Code(value) for value in needed if not any(code.value == value for code in known)), *known)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the record, or an empty one to fill in; `kept` are its subfields that the form does not show.

    `name` is the beginning of the names of its inputs ("245.0"), `remove` the input that takes it out.
    """

    name: str
    remove: str
    inputs: tuple[Input, ...]
    kept: tuple[Subfield, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """The fields with one tag; an empty input of the name `more` asks for one more, where there may be."""

    shape: WorksheetField
    fields: tuple[FormField, ...]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    """Rows under one heading; it is open unless it is seldom needed and says nothing."""

    label: str
    rows: tuple[FormRow, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form; `kept` are the fields that it does not show, `removed` the inputs of those that were taken out."""

    worksheet: Worksheet
    groups: tuple[FormGroup, ...]
    kept: tuple[Field, ...]
    removed: tuple[tuple[str, str], ...]


def form_of(worksheet: Worksheet, values: FormValues) -> Form:
    """The form with these values, fields in the order of the record; where there is none an empty one is offered."""
    leader = ControlField(LEADER, values.base.leader)
    found: defaultdict[str, list[Field]] = defaultdict(list, {LEADER: [leader]})
    for field in values.base.fields:
        found[field.tag].append(field)
    typed: defaultdict[str, dict[int, dict[Name, str]]] = defaultdict(dict)
    for text, value in values.inputs:
        name = Name.parse(text)
        if name is not None:
            typed[name.tag].setdefault(name.occurrence, {})[name] = value
    groups = [_group(group, found, typed) for group in worksheet.groups]
    shown = {shape.tag for shape in worksheet.fields}
    return Form(
        worksheet=worksheet,
        groups=tuple(group for group in groups if group.rows),
        kept=tuple(field for field in values.base.fields if field.tag not in shown),
        removed=tuple((text, value) for text, value in values.inputs if text.endswith(f".{REMOVE}") and value.strip()),
    )


def _group(
    group: Group, found: Mapping[str, list[Field]], typed: Mapping[str, Mapping[int, Mapping[Name, str]]]
) -> FormGroup:
    rows = [_row(shape, found.get(shape.tag, []), typed.get(shape.tag, {})) for shape in group.fields]
    says = any(any(entry.value.strip() for entry in _inputs(row) if not _is_default(row.shape, entry)) for row in rows)
    return FormGroup(label=group.label, rows=tuple(row for row in rows if row.fields), is_open=not group.folded or says)


def _inputs(row: FormRow) -> Iterator[Input]:
    for field in row.fields:
        yield from (entry for entry in field.inputs if not entry.mark.startswith("ind"))


def _is_default(shape: WorksheetField, entry: Input) -> bool:
    part = shape.subfield(entry.mark)
    return part is not None and part.default == entry.value


def _row(shape: WorksheetField, found: list[Field], typed: Mapping[int, Mapping[Name, str]]) -> FormRow:
    numbers = [*range(len(found)), *sorted(number for number in typed if number >= len(found))]
    is_single = not shape.repeatable and not shape.former
    if not numbers and not shape.former:
        numbers = [0]
    fields: list[FormField] = []
    for number in numbers:
        said = typed.get(number, {})
        if not said.get(Name(shape.tag, number, REMOVE), "").strip():
            fields.append(_field(shape, number, found[number] if number < len(found) else None, said))
    following = numbers[-1] + 1 if numbers else 0
    more = "" if is_single and fields else str(_first_name(shape, following))
    return FormRow(shape=shape, fields=tuple(fields), more=more)


def _first_name(shape: WorksheetField, number: int) -> Name:
    if shape.subfields:
        return Name(shape.tag, number, "", shape.subfields[0].code, 0)
    return coded.position_name(shape, number, shape.positions[0])


def _field(shape: WorksheetField, number: int, field: Field | None, typed: Mapping[Name, str]) -> FormField:
    values = dict(editing.inputs_of(shape, number, field)) if field is not None else _defaults(shape, number)
    values.update(typed)
    kept: tuple[Subfield, ...] = ()
    if isinstance(field, DataField) and not shape.coded:
        kept = tuple(
            part
            for part, place in zip(field.subfields, places.places(shape, field.subfields), strict=True)
            if place is None and not (part.code == places.EMBEDDED and any(sub.embedded for sub in shape.subfields))
        )
    inputs = [*_indicator_inputs(shape, number, values), *_position_inputs(shape, number, values)]
    for place in shape.subfields:
        inputs += _subfield_inputs(shape, place, number, values)
    prefix = f"{shape.tag}.{number}"
    return FormField(name=prefix, remove=f"{prefix}.{REMOVE}", inputs=tuple(inputs), kept=kept, is_new=field is None)


def _defaults(shape: WorksheetField, number: int) -> dict[Name, str]:
    return {Name(shape.tag, number, "", part.code, 0): part.default for part in shape.subfields if part.default}


def _indicator_inputs(shape: WorksheetField, number: int, values: Mapping[Name, str]) -> Iterator[Input]:
    for choice in shape.choices:
        name = Name(shape.tag, number, f"ind{choice.number}")
        value = values.get(name, shape.indicators[choice.number - 1])
        yield Input(name=str(name), label=choice.label, kind=InputKind.CODE, value=value, codes=choice.codes)


def _position_inputs(shape: WorksheetField, number: int, values: Mapping[Name, str]) -> Iterator[Input]:
    for position in shape.positions:
        name = coded.position_name(shape, number, position)
        yield Input(
            name=str(name),
            label=position.label,
            kind=position.kind,
            value=values.get(name, ""),
            help=position.help,
            codes=position.codes,
            length=position.length,
        )


def _subfield_inputs(
    shape: WorksheetField, place: WorksheetSubfield, number: int, values: Mapping[Name, str]
) -> Iterator[Input]:
    numbers = sorted(name.number for name in values if not name.part and name.code == place.code) or [0]
    for index in numbers:
        name = Name(shape.tag, number, "", place.code, index)
        is_last = index == numbers[-1]
        yield Input(
            name=str(name),
            label=place.label,
            kind=place.kind,
            value=values.get(name, ""),
            help=place.help,
            codes=place.codes,
            must=place.must,
            more=str(Name(shape.tag, number, "", place.code, index + 1)) if place.repeatable and is_last else "",
        )
