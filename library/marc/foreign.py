"""A single record as a partner gave it, read whatever carried it; files have `reading`."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from library.domain.errors import N_, Message, UnreadableSource
from library.domain.marc import Dialect, MarcRecord
from library.marc import encodings, iso2709, marcxml_reader, record_text
from library.marc.broken import why


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRecord:
    """A record that was read, and what was mended in it or is doubtful."""

    marc: MarcRecord
    warnings: tuple[Message, ...]


def from_xml(raw: bytes, dialect: Dialect) -> ForeignRecord:
    """The first record of an element of MARCXML or MarcXchange; `UnreadableSource` says why there is none."""
    for item in marcxml_reader.read(BytesIO(raw), dialect):
        if isinstance(item, marcxml_reader.XmlFault):
            raise UnreadableSource(item.reason.template, **dict(item.reason.values))
        return ForeignRecord(marc=item.marc, warnings=item.warnings)
    raise UnreadableSource(N_("There is no MARC record in what was sent."))


def from_iso2709(raw: bytes, dialect: Dialect, encoding: str = "") -> ForeignRecord:
    """The record in these bytes of ISO 2709; its letters decide where no encoding is given. `UnreadableSource` else."""
    for chunk in iso2709.split(BytesIO(raw)):
        reason = iso2709.reason_to_reject(chunk)
        if reason is not None:
            raise UnreadableSource(reason.template, **dict(reason.values))
        try:
            text, doubts = record_text.decode(chunk.raw, encoding or _encoding(chunk.raw, dialect), dialect)
            marc, mended = iso2709.parse(chunk.raw, text, dialect)
        except ValueError as error:
            reason = why(error)
            raise UnreadableSource(reason.template, **dict(reason.values)) from error
        return ForeignRecord(marc=marc, warnings=(*doubts, *mended))
    raise UnreadableSource(N_("There is no MARC record in what was sent."))


def _encoding(raw: bytes, dialect: Dialect) -> str:
    is_marc21 = dialect is Dialect.MARC21
    claims = [encodings.MARC8] if is_marc21 and raw[9:10] == b" " else []
    return encodings.detect([raw], claims=claims, marc8_possible=is_marc21)
