"""What a cataloguing form carries from one request to the next, and into the draft that is kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import orjson

from library.domain.errors import N_, InvalidForm
from library.domain.marc import MarcRecord
from library.marc.worksheets import (
    WORKSHEETS,
    FormValues,
    LineProblem,
    Name,
    Worksheet,
    carried,
    carry,
    fill,
    parse_form,
    parse_text,
    to_text,
    values_of,
)
from library.services.cataloguing import Stamp

LARGEST_NUMBER = 2**31 - 1
# The address of a form below /cataloguing/: of a new record with what it was begun from, or of a record.
_PLACE = re.compile(
    r"new/(?P<worksheet>[a-z0-9-]{1,60})(?:\?(?:copy|template)=[1-9][0-9]{0,9})?|(?P<number>[1-9][0-9]{0,9})"
)
_OPENING = re.compile(r"[A-Za-z0-9_-]{8,40}")
_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """A form as it stands: `text` is set while the record is edited as text.

    `origin` is the record as it was when the form was first opened, `stamp` the versions it had. A new record has none,
    but an `opening` that no other form has.
    """

    place: str
    worksheet: Worksheet
    origin: MarcRecord
    stamp: Stamp | None
    values: FormValues
    text: str | None = None
    opening: str = ""

    @classmethod
    def opened(cls, place: str, worksheet: Worksheet, marc: MarcRecord, stamp: Stamp | None) -> FormState:
        """A form with nothing typed into it."""
        return cls(place=place, worksheet=worksheet, origin=marc, stamp=stamp, values=values_of(worksheet, marc))

    @property
    def record_id(self) -> int:
        """The number of the record; 0 for one that was never saved."""
        return int(self.place) if self.place.isdigit() else 0

    @property
    def address(self) -> str:
        """Where the form is opened again."""
        return f"/cataloguing/{self.place}"

    def record(self) -> MarcRecord | tuple[LineProblem, ...]:
        """The record that the form says, or the lines of its text that can't be read."""
        if self.values.is_cut:
            raise InvalidForm(N_("The form is too long to be saved. Divide the record, or shorten its longest fields."))
        if self.text is not None:
            return parse_text(self.worksheet.dialect, self.text)
        return fill(self.worksheet, self.values)

    def over(self, marc: MarcRecord) -> FormState:
        """The form drawn anew from the record that it says, so that its inputs are numbered as in the record."""
        return replace(self, values=values_of(self.worksheet, marc), text=None)

    def as_text(self, marc: MarcRecord) -> FormState:
        """The record as text."""
        return replace(self.over(marc), text=to_text(self.worksheet.dialect, marc))

    def in_worksheet(self, marc: MarcRecord, worksheet: Worksheet) -> FormState:
        """The record in another worksheet of its dialect."""
        return replace(self, worksheet=worksheet, values=values_of(worksheet, marc), text=None)

    def with_one_more(self, name: str) -> FormState:
        """The form with an empty input of this name."""
        return replace(self, values=self.values.with_input(name, "")) if Name.parse(name) else self

    def without(self, field: str) -> FormState:
        """The form without this field ("700.1"): one that was not saved yet leaves nothing, another can be put back."""
        name = Name.parse(f"{field}.remove")
        if name is None:
            return self
        saved = sum(1 for one in self.values.base.fields if one.tag == name.tag)
        kept = tuple(pair for pair in self.values.inputs if not pair[0].startswith(f"{field}."))
        values = replace(self.values, inputs=kept)
        return replace(self, values=values if name.occurrence >= saved else self.values.with_input(str(name), "1"))

    def put_back(self, field: str) -> FormState:
        """The form with a field again that was taken out."""
        name = f"{field}.remove"
        return replace(self, values=replace(self.values, inputs=tuple(p for p in self.values.inputs if p[0] != name)))

    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The inputs that carry what is not shown."""
        dialect = self.worksheet.dialect
        stamp = () if self.stamp is None else (("stamp", f"{self.stamp.record}.{self.stamp.work}"),)
        same = self.values.base == self.origin
        return (
            ("place", self.place),
            ("worksheet", self.worksheet.key),
            ("base", carry(dialect, self.values.base)),
            *(() if same else (("origin", carry(dialect, self.origin)),)),
            *stamp,
            *((("opening", self.opening),) if self.opening else ()),
        )

    def to_json(self) -> str:
        """All of it, for a draft."""
        fields = [*self.hidden(), *self.values.inputs, *(() if self.text is None else (("text", self.text),))]
        return orjson.dumps(fields).decode()


def posted(pairs: Iterable[tuple[str, str]]) -> FormState:
    """The form that a browser sent, or that was kept; `InvalidForm` where what it carries is damaged."""
    pairs = list(pairs)
    first: Mapping[str, str] = dict(reversed(pairs))
    place, worksheet = first.get("place", ""), WORKSHEETS.get(first.get("worksheet", ""))
    if worksheet is None or place_of(place) is None:
        raise _damaged()
    base = carried(worksheet.dialect, first.get("base", ""))
    origin = carried(worksheet.dialect, first["origin"]) if "origin" in first else base
    if base is None or origin is None:
        raise _damaged()
    return FormState(
        place=place,
        worksheet=worksheet,
        origin=origin,
        stamp=stamp_of(first["stamp"]) if "stamp" in first else None,
        values=parse_form(pairs, base),
        text=first.get("text"),
        opening=opening if _OPENING.fullmatch(opening := first.get("opening", "")) else "",
    )


def kept(text: str) -> FormState | None:
    """The form of a draft; none where it is of a form that is not known any more."""
    try:
        return posted([(str(name), str(value)) for name, value in orjson.loads(text)])
    except (InvalidForm, ValueError, TypeError):
        return None


def place_of(address: str) -> re.Match[str] | None:
    """The parts of the address of a form, if it is one."""
    return _PLACE.fullmatch(address)


def stamp_of(text: str) -> Stamp:
    """The versions that a form was filled from."""
    record, _, work = text.partition(".")
    if not _NUMBER.fullmatch(record) or not _NUMBER.fullmatch(work):
        raise _damaged()
    return Stamp(min(int(record), LARGEST_NUMBER), min(int(work), LARGEST_NUMBER))


def _damaged() -> InvalidForm:
    return InvalidForm(N_("The form was damaged on its way. Go back and send it again."))
