"""Coded data: characters at fixed places of the leader, of control fields, and of UNIMARC 1-- $a."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from library.marc.worksheets.form_values import Name
from library.marc.worksheets.model import WorksheetField, WorksheetPosition

_BLANK = "#"


def coded_inputs(shape: WorksheetField, occurrence: int, text: str) -> Iterator[tuple[Name, str]]:
    """The inputs for the positions of the worksheet."""
    for position in shape.positions:
        yield position_name(shape, occurrence, position), _slice(text, position)


def position_name(shape: WorksheetField, occurrence: int, position: WorksheetPosition) -> Name:
    """The name of the input for a position."""
    return Name(shape.tag, occurrence, f"p{position.start}")


def edited(shape: WorksheetField, occurrence: int, text: str, typed: Mapping[Name, str]) -> str:
    """The coded text with what was typed in its places; the same text where nothing changed.

    A text that is too short is filled up from the template of the worksheet. "#" is taken for a blank.
    """
    changed = text
    for position in shape.positions:
        value = typed.get(position_name(shape, occurrence, position))
        if value is None:
            continue
        new = value.replace(_BLANK, " ")[: position.length].ljust(position.length)
        if new != _slice(text, position).replace(_BLANK, " "):
            end = position.start + position.length
            whole = (changed + shape.template[len(changed) :]).ljust(end)
            changed = whole[: position.start] + new + whole[end:]
    return changed


def begun(shape: WorksheetField, occurrence: int, typed: Mapping[Name, str]) -> str:
    """The coded text of a new field: the template where nothing was chosen."""
    return edited(shape, occurrence, shape.template, {name: value for name, value in typed.items() if value})


def says_anything(typed: Mapping[Name, str]) -> bool:
    """Whether any of these inputs is filled in."""
    return any(value.strip(" #") for value in typed.values())


def _slice(text: str, position: WorksheetPosition) -> str:
    return text[position.start : position.start + position.length].ljust(position.length)
