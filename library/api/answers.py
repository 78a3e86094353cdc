"""Records, results and tombstones as JSON; `schemas.py` describes each of these shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TypeAlias
from urllib.parse import urlencode

from library.api import site
from library.domain.access import Use
from library.domain.marc import Dialect
from library.projections.open_files import file_path
from library.services.asked import Asked
from library.services.catalogue import RecordView
from library.services.reading import ReadFile
from library.services.record_formats import ENDINGS, MEDIA_TYPES, ExportFormat
from library.services.search import FoundRecord, SearchOutcome
from library.settings import Settings

Json: TypeAlias = Mapping[str, object]

SEARCH, RECORDS = "/api/v1/search", "/api/v1/records"
_DOWNLOADS = (ExportFormat.MARCXML, ExportFormat.ISO2709, ExportFormat.TXT)
_CONVERTED = (ExportFormat.MARCXML, ExportFormat.ISO2709)


def results(settings: Settings, asked: Asked, outcome: SearchOutcome) -> Json:
    """A page of results."""
    return {
        "total": outcome.total,
        "page": outcome.page,
        "pages": outcome.last_page,
        "size": outcome.size,
        "suggestion": outcome.suggestion,
        "records": [_found(settings, found) for found in outcome.records],
        "facets": {
            facet.value: [{"value": found.value, "count": found.count} for found in values]
            for facet, values in outcome.facets.items()
        },
        "links": _links(settings, asked, outcome),
    }


def record(settings: Settings, view: RecordView, files: Iterable[ReadFile]) -> Json:
    """A published record with its files."""
    state = view.record
    return {
        "id": state.id,
        "url": site.record_address(settings, state.id),
        "dialect": state.dialect,
        "status": state.status,
        "version": state.version,
        "created_at": site.timestamp(state.created_at),
        "changed_at": site.timestamp(state.changed_at),
        "description": asdict(view.description),
        "origins": [{"base": origin.base, "mfn": origin.mfn} for origin in view.origins if origin.mfn],
        "formats": list(_formats(settings, state.id, state.dialect)),
        "files": [_full_text(settings, file) for file in files],
    }


def tombstone(settings: Settings, view: RecordView) -> Json:
    """What stays in the place of a withdrawn record."""
    state, facts = view.record, view.description
    return {
        "id": state.id,
        "url": site.record_address(settings, state.id),
        "status": state.status,
        "version": state.version,
        "title": facts.title,
        "creators": [creator.name for creator in facts.creators],
        "year": facts.year,
        "reason": state.withdrawal_reason,
        "withdrawn_at": site.timestamp(state.changed_at),
        "opens_on": view.opens_on.isoformat() if view.opens_on else None,
    }


def _found(settings: Settings, found: FoundRecord) -> Json:
    return {
        "id": found.id,
        "url": site.record_address(settings, found.id),
        "api_url": site.address(settings, f"{RECORDS}/{found.id}"),
        "dialect": found.dialect,
        "close_match": found.close,
        "description": asdict(found.description),
        "snippet": _snippet(found),
    }


def _snippet(found: FoundRecord) -> Json | None:
    if found.snippet is None or found.place is None:
        return None
    return {"file": found.place.document.id, "page": found.place.page, "text": found.snippet.text}


def _full_text(settings: Settings, file: ReadFile) -> Json:
    """A file that readers are told of; its address only where everybody may take it."""
    document, rights = file.document, file.document.rights
    return {
        "id": document.id,
        "label": document.label or document.name,
        "media_type": document.media_type,
        "format": document.contents.format,
        "size": document.size,
        "pages": document.contents.pages,
        "rights": rights.level,
        "embargo_until": rights.embargo_until.isoformat() if rights.embargo_until is not None else None,
        "term_ends": document.term_ends.isoformat() if document.term_ends is not None else None,
        "licence": rights.licence,
        "url": site.address(settings, file_path(document)) if file.may(Use.DOWNLOAD) else None,
    }


def _links(settings: Settings, asked: Asked, outcome: SearchOutcome) -> Json:
    last, here = outcome.last_page, outcome.page
    pairs = list(asked.pairs())

    def page(number: int) -> str:
        return site.address(settings, f"{SEARCH}?" + urlencode([*pairs, ("page", number), ("size", outcome.size)]))

    return {
        "self": page(here),
        "next": page(here + 1) if here < last else None,
        "previous": page(min(here - 1, last)) if here > 1 else None,
        "html": site.address(settings, asked.on_page(1).url()),
        "atom": site.address(settings, "/search.atom?" + urlencode(pairs)),
    }


def _formats(settings: Settings, record_id: int, own: Dialect) -> Iterable[Json]:
    """The files of a record: in its own dialect, and as MARC 21 where that is another one."""
    for form in _DOWNLOADS:
        # The text format is that of IRBIS and carries no other dialect.
        if form is not ExportFormat.TXT or own is Dialect.IRBIS:
            yield _file(settings, record_id, form, own, "")
    if own is not Dialect.MARC21:
        for form in _CONVERTED:
            yield _file(settings, record_id, form, Dialect.MARC21, f"?dialect={Dialect.MARC21}")


def _file(settings: Settings, record_id: int, form: ExportFormat, dialect: Dialect, query: str) -> Json:
    return {
        "format": form,
        "dialect": dialect,
        "media_type": MEDIA_TYPES[form],
        "url": site.record_address(settings, record_id) + ENDINGS[form] + query,
    }
