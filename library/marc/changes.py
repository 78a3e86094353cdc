"""Changes that are made to many records in the same way: what a cataloguer chooses, and what it does to one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import regex

from library.domain.errors import N_, InvalidChange
from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield

# A pattern that needs longer for one value would need days for a catalogue.
PATTERN_SECONDS = 0.2
LONGEST_TEXT = 2_000
# The GUID field of IRBIS64+ is 2147483647.
LONGEST_TAG = 10


class Kind(StrEnum):
    """What is done."""

    ADD_FIELD = "add-field"
    DELETE_FIELD = "delete-field"
    SET_SUBFIELD = "set-subfield"
    ADD_SUBFIELD = "add-subfield"
    DELETE_SUBFIELD = "delete-subfield"
    REPLACE = "replace"
    REPLACE_PATTERN = "replace-pattern"
    HEADING = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    r"""One change.

    `code` is one character, or empty for the text of an IRBIS field before its first mark. `containing` limits a change
    to fields that have this text in one of their subfields, capitals or not; empty means all fields with the tag.
    `HEADING` is made by merging authorities alone: `code` is their kind, `find` and `value` are two forms of a name.
    `find` is what `REPLACE` looks for as it is, and `REPLACE_PATTERN` as a regular expression whose groups `value` may
    name as `\1`.
    """

    kind: Kind
    tag: str
    indicators: str = "  "
    code: str = ""
    value: str = ""
    find: str = ""
    containing: str = ""

    def as_facts(self) -> dict[str, str]:
        """As names and texts, for the database and the journal."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_facts(cls, facts: Mapping[str, str]) -> Change:
        """The change that `as_facts` told."""
        return cls(**{**facts, "kind": Kind(facts["kind"])})  # type: ignore[arg-type]


def require_sense(change: Change) -> None:
    """Raise `InvalidChange` for one that can't be meant."""
    if not (change.tag.isdecimal() and change.tag.isascii() and 1 <= len(change.tag) <= LONGEST_TAG):
        raise InvalidChange(N_("A tag has digits only: {tag}"), tag=change.tag or "—")
    if len(change.code) > 1 or not (change.code.isascii() and (change.code.isprintable() or not change.code)):
        raise InvalidChange(N_("A subfield code is one character: {code}"), code=change.code)
    if len(change.indicators) != 2 or not change.indicators.isascii():  # noqa: PLR2004  (ISO 2709: two)
        raise InvalidChange(N_("A field has two indicators."))
    if max(map(len, (change.value, change.find, change.containing))) > LONGEST_TEXT:
        raise InvalidChange(N_("A text of a change has {most} characters at most."), most=LONGEST_TEXT)
    if change.kind in (Kind.REPLACE, Kind.REPLACE_PATTERN) and not change.find:
        raise InvalidChange(N_("Say what is to be replaced."))
    if change.kind in (Kind.ADD_FIELD, Kind.ADD_SUBFIELD, Kind.SET_SUBFIELD) and not change.value:
        raise InvalidChange(N_("Say what is to be written."))
    if change.kind is Kind.REPLACE_PATTERN:
        _replaced_by_pattern(change)("")


def apply(change: Change, record: MarcRecord) -> MarcRecord:
    """The record with this change; the same record where it changes nothing. Raises `InvalidChange`."""
    if change.kind is Kind.ADD_FIELD:
        return _with_new_field(change, record)
    return record.with_fields(_changed(change, record.fields))


def _with_new_field(change: Change, record: MarcRecord) -> MarcRecord:
    """The new field stands behind those with its tag or a smaller one; a field that is there already is not doubled."""
    if not change.code and change.tag.startswith("00"):
        new: Field = ControlField(change.tag, change.value)
    else:
        new = DataField(change.tag, change.indicators, (Subfield(change.code, change.value),))
    if new in record.fields:
        return record
    place = max(
        (index + 1 for index, field in enumerate(record.fields) if _rank(field.tag) <= _rank(new.tag)), default=0
    )
    return record.with_fields((*record.fields[:place], new, *record.fields[place:]))


def _rank(tag: str) -> tuple[int, str]:
    return len(tag.lstrip("0")), tag


def _changed(change: Change, fields: Iterable[Field]) -> Iterable[Field]:
    for field in fields:
        if field.tag != change.tag or not _contains(field, change.containing):
            yield field
        elif change.kind is not Kind.DELETE_FIELD:
            changed = _control(change, field) if isinstance(field, ControlField) else _data(change, field)
            if changed is not None:
                yield changed


def _contains(field: Field, text: str) -> bool:
    values = [field.value] if isinstance(field, ControlField) else [subfield.value for subfield in field.subfields]
    return any(text.casefold() in value.casefold() for value in values)


def _control(change: Change, field: ControlField) -> ControlField:
    match change.kind:
        case Kind.SET_SUBFIELD:
            return ControlField(field.tag, change.value)
        case Kind.REPLACE:
            return ControlField(field.tag, field.value.replace(change.find, change.value))
        case Kind.REPLACE_PATTERN:
            return ControlField(field.tag, _replaced_by_pattern(change)(field.value))
        case _:
            return field


def _data(change: Change, field: DataField) -> DataField | None:
    """The field as it becomes; None where nothing is left of it."""
    match change.kind:
        case Kind.ADD_SUBFIELD:
            new = Subfield(change.code, change.value)
            return field if new in field.subfields else _with(field, (*field.subfields, new))
        case Kind.DELETE_SUBFIELD:
            kept = tuple(subfield for subfield in field.subfields if subfield.code != change.code)
            return _with(field, kept) if kept else None
        case Kind.SET_SUBFIELD:
            return _set(change, field)
        case Kind.REPLACE:
            return _rewritten(change, field, lambda value: value.replace(change.find, change.value))
        case _:
            return _rewritten(change, field, _replaced_by_pattern(change))


def _set(change: Change, field: DataField) -> DataField | None:
    if any(subfield.code == change.code for subfield in field.subfields):
        return _rewritten(change, field, lambda _: change.value)
    new = Subfield(change.code, change.value)
    return _with(field, (*field.subfields, new) if change.code else (new, *field.subfields))


def _rewritten(change: Change, field: DataField, rewrite: Callable[[str], str]) -> DataField | None:
    """The field with the chosen subfield's values rewritten; a subfield of which nothing is left goes."""
    kept = []
    for subfield in field.subfields:
        if subfield.code != change.code:
            kept.append(subfield)
        elif value := rewrite(subfield.value):
            kept.append(Subfield(subfield.code, value))
    return _with(field, tuple(kept)) if kept else None


def _with(field: DataField, subfields: tuple[Subfield, ...]) -> DataField:
    return DataField(field.tag, field.indicators, subfields)


def _replaced_by_pattern(change: Change) -> Callable[[str], str]:
    try:
        pattern: Any = regex.compile(change.find)
    except regex.error as error:
        raise InvalidChange(N_("The pattern can't be read: {reason}"), reason=str(error)) from error

    def rewrite(value: str) -> str:
        try:
            return str(pattern.sub(change.value, value, timeout=PATTERN_SECONDS))
        except TimeoutError as error:
            raise InvalidChange(N_("The pattern takes too long. Write a simpler one.")) from error
        except (regex.error, IndexError) as error:
            raise InvalidChange(N_("The pattern can't be read: {reason}"), reason=str(error)) from error

    return rewrite
