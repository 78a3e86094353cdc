"""What partners send, as records."""

from __future__ import annotations

from harvest.lookup.model import Form, FoundRecord
from library.domain.marc import Dialect
from library.marc import foreign
from library.marc.foreign import ForeignRecord


def read(found: FoundRecord, dialect: Dialect, charset: str) -> ForeignRecord:
    """The record that was found; `UnreadableSource` says why it is none. The charset is a hint for ISO 2709."""
    if found.form is Form.XML:
        return foreign.from_xml(found.raw, dialect)
    return foreign.from_iso2709(found.raw, dialect, charset)
