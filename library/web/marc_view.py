"""A record in the fields it was catalogued in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from library.domain.marc import ControlField, Dialect, MarcRecord
from library.services.catalogue import RecordView
from library.web import words
from library.web.downloads import File, downloads
from library.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class MarcLine:
    """A field as it was catalogued: `parts` are pairs of subfield mark and value."""

    tag: str
    indicators: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarcPage(Page):
    """A published record in the fields of its own dialect."""

    template: ClassVar[str] = "record/marc.html"
    robots: ClassVar[str] = "noindex,follow"

    record_id: int
    title: str
    lang: str
    dialect: str
    has_indicators: bool
    leader: str
    lines: tuple[MarcLine, ...]
    downloads: tuple[File, ...]


def marc_page(view: RecordView) -> MarcPage:
    """The MARC view of a record."""
    record, facts = view.record, view.description
    return MarcPage(
        record_id=record.id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        dialect=words.DIALECTS[record.dialect],
        has_indicators=record.dialect is not Dialect.IRBIS,
        leader=record.marc.leader,
        lines=tuple(marc_lines(record.marc, record.dialect)),
        downloads=downloads(record.id, record.dialect),
    )


def marc_lines(marc: MarcRecord, dialect: Dialect) -> Iterable[MarcLine]:
    """The fields as cataloguers of the dialect write them: `^a` in IRBIS, `$a` elsewhere, # for a blank indicator."""
    mark = "^" if dialect is Dialect.IRBIS else "$"
    for field in marc.fields:
        if isinstance(field, ControlField):
            yield MarcLine(tag=field.tag, indicators="", parts=(("", field.value),))
        else:
            parts = tuple((mark + part.code if part.code else "", part.value) for part in field.subfields)
            yield MarcLine(tag=field.tag, indicators=field.indicators.replace(" ", "#"), parts=parts)
