"""The shapes of the answers as JSON Schema 2020-12, the dialect of OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

from indexer.queries import SearchField
from library.domain.access_level import AccessLevel
from library.domain.description import CopyStatus, CreatorRole, Material
from library.domain.marc import Dialect
from library.domain.record import Status
from library.services.record_formats import ExportFormat
from library.services.search import FACETS, LARGEST_PAGE

Schema: TypeAlias = dict[str, object]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "integer", "minimum": 1}
YEAR: Schema = {"type": ["integer", "null"], "description": "Year of publication, where one can be told."}
URL: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}


def one_of(values: Iterable[StrEnum]) -> Schema:
    """A text that is one of these."""
    return {"type": "string", "enum": [value.value for value in values]}


def listed(items: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": items}


def reference(name: str) -> Schema:
    """One of `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def whole(properties: Mapping[str, Schema], description: str = "") -> Schema:
    """An object that has all of these properties and no others."""
    told: Schema = {"description": description} if description else {}
    closed: Schema = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", **told, "properties": dict(properties), **closed}


def or_null(schema: Schema) -> Schema:
    """Such a value, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, TEXTS)


def _text(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, TEXT)


_HOST = whole({**_text("title", "issn", "isbn", "volume", "issue", "pages"), "year": YEAR})
_COPY = whole(
    {
        **_text("inventory_number", "barcode", "place", "shelfmark", "collection"),
        "status": one_of(CopyStatus),
        "count": {**NUMBER, "description": "More than one where copies are not told apart."},
    }
)
_DESCRIPTION = whole(
    {
        "title": {"type": "string", "minLength": 1},
        "material": one_of(Material),
        **_text("remainder", "responsibility", "edition", "extent", "abstract"),
        "creators": listed(whole({"name": TEXT, "role": one_of(CreatorRole), "dates": TEXT, "orcid": TEXT})),
        "year": YEAR,
        "languages": {**TEXTS, "description": "Codes of ISO 639-2/B."},
        **_texts("parallel_titles", "places", "publishers", "series", "isbns", "issns", "dois", "subjects"),
        **_texts("keywords", "udc", "bbk", "contents", "notes"),
        "terms": listed(whole({"text": TEXT, "url": TEXT})),
        "host": or_null(_HOST),
        "links": listed(whole({"url": {**TEXT, "description": "As the record has it."}, "label": TEXT})),
        "copies": listed(_COPY),
    },
    "The facts of a record. What is not known is empty or null, and never left out.",
)
_SNIPPET = whole(
    {
        "file": {**NUMBER, "description": "The number of the full text, as in the files of the record."},
        "page": {**NUMBER, "description": "The page of that file, from 1."},
        "text": TEXT,
    },
    "A piece of a full text that everybody may read, around the first match.",
)
_FOUND = whole(
    {
        "id": NUMBER,
        "url": URL,
        "api_url": URL,
        "dialect": one_of(Dialect),
        "close_match": {"type": "boolean", "description": "Found by a loosened spelling only."},
        "description": reference("Description"),
        "snippet": or_null(_SNIPPET),
    }
)
_FILE = whole({"format": one_of(ExportFormat), "dialect": one_of(Dialect), "media_type": TEXT, "url": URL})
_DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
_FULL_TEXT = whole(
    {
        "id": NUMBER,
        "label": TEXT,
        "media_type": TEXT,
        "format": {"type": "string", "description": "Kind and version, e.g. PDF 1.7; empty where it is not known."},
        "size": {**COUNT, "description": "In bytes."},
        "pages": {**COUNT, "description": "0 where there are none, or they are not counted yet."},
        "rights": one_of(AccessLevel),
        "embargo_until": {**_DAY_OR_NULL, "description": "The first day on which the rights hold."},
        "term_ends": {**_DAY_OR_NULL, "description": "The last day of the subscription by which it is read."},
        "licence": {"type": "string", "description": "A code of Creative Commons such as CC-BY-4.0, or words."},
        "url": {**or_null(URL), "description": "Where everybody may take it; null where only some may, or nobody."},
    },
    "A full text that readers are told of.",
)
_LINKS = whole({"self": URL, "next": or_null(URL), "previous": or_null(URL), "html": URL, "atom": URL})
_FACET_VALUES = listed(whole({"value": TEXT, "count": COUNT}))
_RESULTS = whole(
    {
        "total": {**COUNT, "description": "How many records were found, though only the first can be paged through."},
        "page": {**NUMBER, "description": "The page that was given, which a number out of bounds was brought to."},
        "pages": NUMBER,
        "size": {**NUMBER, "maximum": LARGEST_PAGE},
        "suggestion": {"type": ["string", "null"], "description": "Another spelling that finds more."},
        "records": {**listed(reference("FoundRecord")), "maxItems": LARGEST_PAGE},
        "facets": whole({facet.value: _FACET_VALUES for facet in FACETS}),
        "links": _LINKS,
    }
)
_RECORD = whole(
    {
        "id": {**NUMBER, "description": "Permanent."},
        "url": {**URL, "description": "The permanent address of the record's page."},
        "dialect": one_of(Dialect),
        "status": {"const": Status.PUBLISHED.value},
        "version": NUMBER,
        "created_at": TIME,
        "changed_at": TIME,
        "description": reference("Description"),
        "origins": listed(whole({"base": TEXT, "mfn": NUMBER})),
        "formats": listed(_FILE),
        "files": listed(_FULL_TEXT),
    }
)
_TOMBSTONE = whole(
    {
        "id": NUMBER,
        "url": URL,
        "status": {"const": Status.WITHDRAWN.value},
        "version": NUMBER,
        "title": TEXT,
        "creators": TEXTS,
        "year": YEAR,
        "reason": TEXT,
        "withdrawn_at": TIME,
        "opens_on": or_null({"type": "string", "format": "date"}),
    }
)
_SUGGESTION = whole(
    {
        "text": TEXT,
        "field": one_of((SearchField.TITLE, SearchField.AUTHOR, SearchField.SUBJECT)),
        "records": {**COUNT, "description": "How many records have it."},
    }
)
_FACTS_OF_ERROR = whole(
    {
        "code": {"type": "string", "description": "Stays the same for ever, e.g. record-not-found."},
        "message": {"type": "string", "description": "For people, in the language asked for."},
        "problems": TEXTS,
    }
)

SCHEMAS: Mapping[str, Schema] = {
    "Description": _DESCRIPTION,
    "FoundRecord": _FOUND,
    "Results": _RESULTS,
    "Record": _RECORD,
    "Suggestions": whole({"q": TEXT, "suggestions": listed(_SUGGESTION)}),
    "Error": whole({"error": _FACTS_OF_ERROR}),
    "Withdrawn": whole({"error": _FACTS_OF_ERROR, "record": _TOMBSTONE}),
}
