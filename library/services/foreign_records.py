"""What partners send, as records and their descriptions."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from harvest.lookup.model import Form, FoundRecord
from library.domain.description import Description
from library.domain.marc import Dialect, MarcRecord
from library.marc import dialects, foreign
from library.marc.foreign import ForeignRecord

LONGEST_TEXT = 1_000
MOST_VALUES = 50


def read(found: FoundRecord, dialect: Dialect, charset: str) -> ForeignRecord:
    """The record that was found; `UnreadableSource` says why it is none. The charset is a hint for ISO 2709."""
    if found.form is Form.XML:
        return foreign.from_xml(found.raw, dialect)
    return foreign.from_iso2709(found.raw, dialect, charset)


def describe(dialect: Dialect, marc: MarcRecord) -> Description:
    """What the record says, every text and every list of it cut to a length that a page can show."""
    description: Description = _within(dialects.describe(dialect, marc))
    return description


def _within(value: Any) -> Any:
    if type(value) is str:
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    if isinstance(value, tuple):
        return tuple(map(_within, value[:MOST_VALUES]))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _within(getattr(value, field.name)) for field in fields(value)})
    return value
