"""One field and its inputs: what a form shows of it, and the field with what was typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from library.domain.marc import ControlField, DataField, Field, Subfield
from library.marc.encodings import without_unprintable
from library.marc.worksheets import coded, places
from library.marc.worksheets.form_values import REMOVE, Name
from library.marc.worksheets.model import WorksheetField, WorksheetSubfield
from library.marc.worksheets.places import Subfields

_LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")

Typed = Mapping[Name, str]


def inputs_of(shape: WorksheetField, occurrence: int, field: Field) -> Iterator[tuple[Name, str]]:
    """The inputs that show what a field says; none where it is of another kind than the worksheet expects."""
    if isinstance(field, ControlField):
        if not shape.coded:
            yield from coded.coded_inputs(shape, occurrence, field.value)
        return
    for choice in shape.choices:
        yield Name(shape.tag, occurrence, f"ind{choice.number}"), field.indicators[choice.number - 1]
    if shape.coded:
        text = next((part.value for part in field.subfields if part.code == shape.coded), None)
        if text is not None:
            yield from coded.coded_inputs(shape, occurrence, text)
    for place, number, subfield in _numbered(shape, field.subfields):
        yield Name(shape.tag, occurrence, "", place.code, number), places.value_of(place, subfield)


def edited(shape: WorksheetField, occurrence: int, field: Field, typed: Typed) -> Field | None:
    """The field with what was typed; none where it was taken out or lost its last subfield."""
    if typed.get(Name(shape.tag, occurrence, REMOVE), "").strip():
        return None
    if isinstance(field, ControlField):
        if shape.coded or not shape.positions:
            return field
        return ControlField(field.tag, coded.edited(shape, occurrence, field.value, typed))
    subfields = _with_coded(shape, occurrence, field.subfields, typed)
    subfields = _with_values(shape, occurrence, subfields, typed)
    if field.subfields and not subfields:
        return None
    return DataField(field.tag, _indicators(shape, occurrence, field.indicators, typed), subfields)


def new(shape: WorksheetField, occurrence: int, typed: Typed) -> Field | None:
    """The field that was typed into empty inputs; none where nothing was but what they offered."""
    defaults = {part.code: part.default for part in shape.subfields}
    said = {
        name: value
        for name, value in typed.items()
        if not name.part.startswith("ind") and (name.part or value.strip() != defaults.get(name.code, ""))
    }
    if not coded.says_anything(said):
        return None
    if shape.positions and not shape.coded:
        return ControlField(shape.tag, coded.begun(shape, occurrence, said))
    field = edited(shape, occurrence, DataField(shape.tag, shape.indicators, ()), typed)
    return field if isinstance(field, DataField) and field.subfields else None


def said(text: str) -> str:
    """What was typed, as a record holds it: on one line, without blanks at its ends."""
    return _LINE_BREAK.sub(" ", without_unprintable(text)).strip()


def _numbered(shape: WorksheetField, subfields: Subfields) -> Iterator[tuple[WorksheetSubfield, int, Subfield]]:
    """The subfields that the worksheet has, each with its number among those of its code."""
    counts: Counter[str] = Counter()
    for place, subfield in zip(places.places(shape, subfields), subfields, strict=True):
        if place is not None:
            yield place, counts[place.code], subfield
            counts[place.code] += 1


def _with_coded(shape: WorksheetField, occurrence: int, subfields: Subfields, typed: Typed) -> Subfields:
    if not shape.coded:
        return subfields
    index = next((index for index, part in enumerate(subfields) if part.code == shape.coded), None)
    if index is None:
        if not coded.says_anything({name: value for name, value in typed.items() if name.part}):
            return subfields
        return (Subfield(shape.coded, coded.begun(shape, occurrence, typed)), *subfields)
    text = coded.edited(shape, occurrence, subfields[index].value, typed)
    return (*subfields[:index], Subfield(shape.coded, text), *subfields[index + 1 :])


def _with_values(shape: WorksheetField, occurrence: int, before: Subfields, typed: Typed) -> Subfields:
    kept: list[Subfield] = []
    counts: Counter[str] = Counter()
    for place, subfield in zip(places.places(shape, before), before, strict=True):
        changed: Subfield | None = subfield
        if place is not None:
            value = typed.get(Name(shape.tag, occurrence, "", place.code, counts[place.code]))
            counts[place.code] += 1
            old = said(places.value_of(place, subfield))
            if value is not None and said(value) != old:
                changed = places.with_value(place, subfield, said(value)) if said(value) else None
        if changed is not None:
            kept.append(changed)
    after = places.without_emptied(shape, before, tuple(kept))
    for place in shape.subfields:
        more = sorted(
            (name.number, value)
            for name, value in typed.items()
            if not name.part and name.code == place.code and name.number >= counts[place.code]
        )
        if not place.repeatable:
            more = more[: 0 if counts[place.code] else 1]
        for _, value in more:
            if said(value):
                after = places.with_more(shape, after, place, said(value))
    return after


def _indicators(shape: WorksheetField, occurrence: int, before: str, typed: Typed) -> str:
    after = list(before)
    for choice in shape.choices:
        value = typed.get(Name(shape.tag, occurrence, f"ind{choice.number}"))
        if value is not None:
            new_one = (value or " ")[0].replace("#", " ")
            if new_one != before[choice.number - 1].replace("#", " "):
                after[choice.number - 1] = new_one
    return "".join(after)
