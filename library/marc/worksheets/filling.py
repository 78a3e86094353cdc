"""From a record to the values of its form and back: what the form does not show or nobody changed stays as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from library.domain.marc import Dialect, Field, MarcRecord
from library.marc.worksheets import coded, editing
from library.marc.worksheets.editing import Typed
from library.marc.worksheets.form_values import FormValues, Name
from library.marc.worksheets.model import LEADER, Worksheet


def values_of(worksheet: Worksheet, marc: MarcRecord) -> FormValues:
    """The values of a form opened with this record: those of all fields and subfields that the worksheet has.

    `fill(worksheet, values_of(worksheet, marc)) == marc` for every record and worksheet.
    """
    inputs: dict[str, str] = {}
    leader = worksheet.field(LEADER)
    if leader is not None:
        inputs.update((str(name), value) for name, value in coded.coded_inputs(leader, 0, marc.leader))
    counts: Counter[str] = Counter()
    for field in marc.fields:
        shape = worksheet.field(field.tag)
        if shape is not None:
            inputs.update((str(name), value) for name, value in editing.inputs_of(shape, counts[field.tag], field))
        counts[field.tag] += 1
    return FormValues(marc, tuple(inputs.items()))


def fill(worksheet: Worksheet, values: FormValues) -> MarcRecord:
    """The record that a form says: the one it was opened with, but for what was changed.

    Blanks at the ends of a value and line breaks in it are no change. A field that lost all its subfields goes; a new
    one comes behind those with its tag, else to the place of its tag. Inputs that the worksheet lacks are passed over.
    """
    typed = _by_field(values)
    shapes = {shape.tag: shape for shape in worksheet.fields}
    leader = values.base.leader
    if LEADER in shapes:
        leader = coded.edited(shapes[LEADER], 0, leader, typed.get((LEADER, 0), {}))
    fields: list[Field] = []
    counts: Counter[str] = Counter()
    for field in values.base.fields:
        key = (field.tag, counts[field.tag])
        counts[field.tag] += 1
        kept: Field | None = field
        if field.tag in shapes and key in typed:
            kept = editing.edited(shapes[field.tag], key[1], field, typed[key])
        if kept is not None:
            fields.append(kept)
    order = list(shapes)
    for tag in order:
        for occurrence in sorted(number for other, number in typed if other == tag and number >= counts[tag]):
            made = editing.new(shapes[tag], occurrence, typed[tag, occurrence]) if tag != LEADER else None
            if made is not None:
                fields.insert(_place(worksheet.dialect, order, fields, tag), made)
    return MarcRecord(leader, tuple(fields))


def _by_field(values: FormValues) -> dict[tuple[str, int], Typed]:
    fields: defaultdict[tuple[str, int], dict[Name, str]] = defaultdict(dict)
    for text, value in values.inputs:
        name = Name.parse(text)
        if name is not None:
            fields[name.tag, name.occurrence][name] = value
    return dict(fields)


def _place(dialect: Dialect, order: Sequence[str], fields: Sequence[Field], tag: str) -> int:
    """Where a new field goes: tags are in their order, but for IRBIS, where fields are in that of the worksheet."""
    same = [index for index, field in enumerate(fields) if field.tag == tag]
    if same:
        return same[-1] + 1
    if dialect is Dialect.IRBIS:
        later = set(order[order.index(tag) + 1 :])
        return next((index for index, field in enumerate(fields) if field.tag in later), len(fields))
    return next((index for index, field in enumerate(fields) if field.tag > tag), len(fields))
