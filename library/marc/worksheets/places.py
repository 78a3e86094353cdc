"""Which subfield of a field belongs to which input, also in UNIMARC fields that embed others (461 $1 200 $a …)."""

from __future__ import annotations

from library.domain.marc import Subfield
from library.marc.worksheets.model import WorksheetField, WorksheetSubfield

EMBEDDED = "1"
_TAG = 3
_EMBEDDED_INDICATORS = {"200": "1 ", "700": " 1"}

Subfields = tuple[Subfield, ...]


def places(shape: WorksheetField, subfields: Subfields) -> list[WorksheetSubfield | None]:
    """For each subfield the one of the worksheet that it belongs to, if there is any.

    Codes of IRBIS mean the same in either case, and its fields of plain text are sometimes typed with ^A.
    """
    if _embeds(shape, subfields):
        return _embedded_places(shape, subfields)
    known = {subfield.code.lower(): subfield for subfield in shape.subfields}
    if any(subfield.code != subfield.code.lower() for subfield in shape.subfields) or "" in known:
        if "" in known:
            known.setdefault("a", known[""])
        return [known.get(subfield.code.lower()) for subfield in subfields]
    known = {subfield.code: subfield for subfield in shape.subfields}
    return [known.get(subfield.code) for subfield in subfields]


def value_of(place: WorksheetSubfield, subfield: Subfield) -> str:
    """What the subfield says; an embedded control field stands behind its tag."""
    return subfield.value[_TAG:] if _is_embedded_control(place, subfield) else subfield.value


def with_value(place: WorksheetSubfield, subfield: Subfield, value: str) -> Subfield:
    """The subfield with another value."""
    head = place.embedded if _is_embedded_control(place, subfield) else ""
    return Subfield(subfield.code, head + value)


def with_more(shape: WorksheetField, subfields: Subfields, place: WorksheetSubfield, value: str) -> Subfields:
    """The field with one more subfield, where the worksheet has its place; its other subfields stay as they are."""
    if place.embedded and (not subfields or _embeds(shape, subfields)):
        return _with_more_embedded(shape, subfields, place, value)
    return _inserted(shape, subfields, place, Subfield(place.code, value))


def without_emptied(shape: WorksheetField, before: Subfields, after: Subfields) -> Subfields:
    """The field without the embedded fields that lost their last subfield."""
    if not _embeds(shape, before):
        return after
    emptied = _bare(after) - _bare(before)
    kept = [
        subfield for index, subfield in enumerate(after) if not (_is_bare(after, index) and subfield.value in emptied)
    ]
    return tuple(kept)


def _embeds(shape: WorksheetField, subfields: Subfields) -> bool:
    return any(subfield.embedded for subfield in shape.subfields) and any(
        subfield.code == EMBEDDED for subfield in subfields
    )


def _is_embedded_control(place: WorksheetSubfield, subfield: Subfield) -> bool:
    return len(place.embedded) == _TAG and subfield.code == EMBEDDED


def _embedded_places(shape: WorksheetField, subfields: Subfields) -> list[WorksheetSubfield | None]:
    known = {subfield.embedded: subfield for subfield in shape.subfields if subfield.embedded}
    found: list[WorksheetSubfield | None] = []
    tag = ""
    for subfield in subfields:
        if subfield.code == EMBEDDED:
            tag = subfield.value[:_TAG]
            found.append(known.get(tag))
        else:
            found.append(known.get(tag + subfield.code))
    return found


def _inserted(
    shape: WorksheetField, subfields: Subfields, place: WorksheetSubfield, new: Subfield, start: int = 0
) -> Subfields:
    """The new subfield behind those that stand before it in the worksheet; `start` is the first place it may take."""
    order = {subfield.code: number for number, subfield in enumerate(shape.subfields)}
    ranks = [None if found is None else order[found.code] for found in places(shape, subfields)]
    rank = order[place.code]
    before = [index for index, other in enumerate(ranks) if index >= start and other is not None and other <= rank]
    after = [index for index, other in enumerate(ranks) if index >= start and other is not None and other > rank]
    if not place.code:
        index = 0
    elif before:
        index = before[-1] + 1
    else:
        index = after[0] if after else len(subfields)
    return (*subfields[:index], new, *subfields[index:])


def _with_more_embedded(shape: WorksheetField, subfields: Subfields, place: WorksheetSubfield, value: str) -> Subfields:
    tag, code = place.embedded[:_TAG], place.embedded[_TAG:]
    if not code:
        return (Subfield(EMBEDDED, tag + value), *subfields)
    heads = [index for index, subfield in enumerate(subfields) if subfield.code == EMBEDDED]
    head = next((index for index in heads if subfields[index].value.startswith(tag)), None)
    if head is None:
        opened = Subfield(EMBEDDED, tag + _EMBEDDED_INDICATORS.get(tag, "  "))
        return (*subfields, opened, Subfield(code, value))
    end = next((index for index in heads if index > head), len(subfields))
    inside = _inserted(shape, subfields[head:end], place, Subfield(code, value), 1)
    return (*subfields[:head], *inside, *subfields[end:])


def _is_bare(subfields: Subfields, index: int) -> bool:
    """Whether this opens an embedded field that has nothing in it."""
    subfield = subfields[index]
    if subfield.code != EMBEDDED or subfield.value.startswith("00"):
        return False
    return index + 1 == len(subfields) or subfields[index + 1].code == EMBEDDED


def _bare(subfields: Subfields) -> frozenset[str]:
    return frozenset(subfield.value for index, subfield in enumerate(subfields) if _is_bare(subfields, index))
