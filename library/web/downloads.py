"""The files in which a record can be taken home."""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.marc import Dialect
from library.services.record_formats import MEDIA_TYPES, ExportFormat
from library.web import words

ENDINGS = {"xml": ExportFormat.MARCXML, "mrc": ExportFormat.ISO2709, "txt": ExportFormat.TXT}
FORM_NAMES = {ExportFormat.MARCXML: "MARCXML", ExportFormat.ISO2709: "ISO 2709", ExportFormat.TXT: "TXT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A download: what it is, in words and as a media type."""

    label: str
    url: str
    media_type: str


def downloads(record_id: int, dialect: Dialect) -> tuple[File, ...]:
    """The files of a record: in its own dialect, and as MARC 21 where that is another one."""
    files = [_file(record_id, dialect, ending) for ending in ENDINGS]
    if dialect is not Dialect.MARC21:
        files += [_file(record_id, Dialect.MARC21, ending, "?dialect=marc21") for ending in ("xml", "mrc")]
    return tuple(files)


def _file(record_id: int, dialect: Dialect, ending: str, query: str = "") -> File:
    form = ENDINGS[ending]
    return File(
        label=f"{words.DIALECTS[dialect]}, {FORM_NAMES[form]}",
        url=f"/record/{record_id}.{ending}{query}",
        media_type=MEDIA_TYPES[form],
    )
