"""The description of the interface for machines: OpenAPI 3.1 at `/api/v1/openapi.json`."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from indexer.model import Facet, Sort
from indexer.parsing import MAX_CHARACTERS, MAX_WORDS
from library.api import schemas, site
from library.api.schemas import Schema
from library.api.search import LARGEST_NUMBER, SUGGESTED, USUAL_SIZE, USUAL_SUGGESTIONS, as_json
from library.container import Container
from library.projections.search_entry import ON_THE_SHELF, ONLINE
from library.projections.ways_to_read import WAYS_TO_READ
from library.services.asked import FILTERS, LATEST_YEAR, LONGEST_VALUE, MOST_VALUES
from library.services.search import DEEPEST_HIT, LARGEST_PAGE
from library.services.suggestions import LONGEST_BEGINNING, MOST_SUGGESTIONS

VERSION = "1.0.0"
PRODUCT = "Kutubxona"
FILTER_WORDS = {
    Facet.MATERIAL: "Type of document, e.g. textbook.",
    Facet.LANGUAGE: "Language of the text, a code of ISO 639-2/B, e.g. uzb.",
    Facet.AUTHOR: "Author as the facet gives the name.",
    Facet.SUBJECT: "Subject heading or keyword as the facet gives it.",
    Facet.YEAR: "Year of publication.",
    Facet.UDC: "Class of UDC as the facet gives it.",
    Facet.BBK: "Class of BBK as the facet gives it.",
    Facet.COLLECTION: "Collection as the facet gives its name.",
    Facet.AVAILABILITY: f"How it can be had: {', '.join(WAYS_TO_READ)}, {ON_THE_SHELF} or {ONLINE}.",
    Facet.SOURCE: "Name of the source the record was imported from.",
}


def blueprint(container: Container) -> Blueprint:
    """The route `/api/v1/openapi.json`."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/api/v1/openapi.json")
    def openapi() -> Response:
        return as_json(description(site.house(container).institution or PRODUCT, site.address(container.settings)))

    return routes


def description(name: str, server: str) -> Schema:
    """The whole document for the institution of this name at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name}: catalogue",
            "version": VERSION,
            "description": "Reading only, without a key. Parameters that are unknown or out of bounds are left out "
            "or brought into bounds; they never make an error.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/search": {"get": _search()},
            "/api/v1/suggest": {"get": _suggest()},
            "/api/v1/records/{record_id}": {"get": _record()},
            "/api/v1/openapi.json": {"get": _itself()},
        },
        "components": {"schemas": dict(schemas.SCHEMAS)},
    }


def _search() -> Schema:
    words = _parameter(
        "q",
        schemas.TEXT,
        f"What is sought, in any alphabet; {MAX_CHARACTERS} characters, {MAX_WORDS}"
        " words at most. Quotes, AND, OR, NOT, field:word, word* and parentheses are understood.",
    )
    filters = [_filter(facet) for facet in FILTERS]
    year: Schema = {"type": "integer", "minimum": 0, "maximum": LATEST_YEAR}
    return _operation(
        "search",
        "Search the catalogue",
        [
            words,
            *filters,
            _parameter("year_from", year, "First year of publication."),
            _parameter("year_to", year, "Last year of publication."),
            _parameter("sort", {**schemas.one_of(Sort), "default": Sort.RELEVANCE.value}, "Order of the results."),
            _parameter("page", {**schemas.NUMBER, "default": 1}, f"Page, up to record {DEEPEST_HIT} of the results."),
            _parameter(
                "size", {**schemas.NUMBER, "maximum": LARGEST_PAGE, "default": USUAL_SIZE}, "Records on a page."
            ),
        ],
        {
            "200": ("A page of results", "Results"),
            "400": ("The query is too long", "Error"),
            **_TOO_OFTEN,
            **_UNAVAILABLE,
        },
    )


def _suggest() -> Schema:
    return _operation(
        "suggest",
        "What a reader may be typing",
        [
            _parameter("q", schemas.TEXT, f"What has been typed; only {LONGEST_BEGINNING} characters count."),
            _parameter("field", {**schemas.one_of(SUGGESTED), "default": SUGGESTED[0].value}, "Where to look."),
            _parameter(
                "limit",
                {**schemas.NUMBER, "maximum": MOST_SUGGESTIONS, "default": USUAL_SUGGESTIONS},
                "How many suggestions at most.",
            ),
        ],
        {"200": ("Titles, authors and subjects", "Suggestions"), **_TOO_OFTEN, **_UNAVAILABLE},
    )


def _record() -> Schema:
    number = {**schemas.NUMBER, "maximum": LARGEST_NUMBER}
    return _operation(
        "record",
        "One record",
        [
            {
                "name": "record_id",
                "in": "path",
                "required": True,
                "schema": number,
                "description": "Number of the record.",
            }
        ],
        {
            "200": ("The record", "Record"),
            "404": ("There is no such record", "Error"),
            "410": ("The record was withdrawn; what stays in its place", "Withdrawn"),
            **_TOO_OFTEN,
        },
    )


def _itself() -> Schema:
    document: Schema = {"description": "This document", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"operationId": "openapi", "summary": "This document", "parameters": [], "responses": {"200": document}}


_TOO_OFTEN = {"429": ("Asked too often; try again after the seconds of Retry-After", "Error")}
_UNAVAILABLE = {"503": ("The index is being made anew; try again after the seconds of Retry-After", "Error")}


def _filter(facet: Facet) -> Schema:
    words = f"{FILTER_WORDS[facet]} May be repeated; records with any of the values are found."
    values: Schema = {"type": "array", "items": {"type": "string", "maxLength": LONGEST_VALUE}, "maxItems": MOST_VALUES}
    return {**_parameter(facet.value, values, words), "style": "form", "explode": True}


def _parameter(name: str, schema: Schema, words: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}


def _operation(name: str, summary: str, parameters: Sequence[Schema], responses: dict[str, tuple[str, str]]) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            status: {"description": words, "content": {"application/json": {"schema": schemas.reference(shape)}}}
            for status, (words, shape) in responses.items()
        },
    }
