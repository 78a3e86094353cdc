"""The description of the service for statistics: OpenAPI 3.1 at `/stat/v1/openapi.json`, open to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson
from flask import Blueprint, Response

from library.api import site
from library.api.schemas import TEXT, Schema, one_of, reference
from library.api.statistics import ROOT, VERSION
from library.api.statistics_asked import MEDIA_TYPES, Form
from library.api.statistics_schemas import schemas
from library.container import Container
from library.domain.periods import MOST_PERIODS, Step
from library.domain.statistics import MOST_LINES, Dimension, IndicatorTable
from library.domain.statistics_keys import CALLS_A_MINUTE
from library.settings import LANGUAGES

PRODUCT = "Kutubxona"
_PERIOD: Schema = {
    "type": "string",
    "maxLength": 40,
    "examples": ["2026-09-05", "2026-09", "2026-Q3", "2026", "2026/2027"],
}
_REFUSALS: Mapping[str, str] = {
    "400": "Something in the question can't be used; `code` and `message` say what, and what to do",
    "401": "The key is missing (key-missing), is none of ours (key-unknown), has ended (key-expired) or was revoked "
    "(key-revoked)",
    "403": "The key does not open this (out-of-scope), or not from this address (address-not-allowed)",
    "429": f"More than {CALLS_A_MINUTE} calls in a minute; try again after the seconds of Retry-After",
    "503": "Maintenance; try again after the seconds of Retry-After",
}

_NOT_OFFERED = {"406": "The answer can't be had in the form that `Accept` names"}
_ENDING: Schema = {
    "name": "ending",
    "in": "path",
    "required": True,
    "schema": one_of(Form),
    "description": "The form of the answer.",
}


def blueprint(container: Container) -> Blueprint:
    """The route `/stat/v1/openapi.json`."""
    routes = Blueprint("statistics_openapi", __name__)

    @routes.get(f"{ROOT}/openapi.json")
    def openapi() -> Response:
        name = site.house(container).institution or PRODUCT
        whole = description(name, site.address(container.settings), container.statistics.table)
        response = Response(orjson.dumps(whole), mimetype="application/json")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return routes


def description(name: str, server: str, table: IndicatorTable) -> Schema:
    """The whole document for the institution of this name at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name}: statistics",
            "version": VERSION,
            "description": "Reading only, by a key that the library issues. A question that can't be answered as it "
            f"stands is refused: nothing is guessed or cut. An answer has {MOST_LINES} lines and {MOST_PERIODS} "
            "periods at most.",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": {
            f"{ROOT}/indicators": {"get": _indicators()},
            f"{ROOT}/reports": {"get": _report("report", table, by_ending=False)},
            f"{ROOT}/reports.{{ending}}": {"get": _report("report_file", table, by_ending=True)},
            f"{ROOT}/forms": {"get": _forms()},
            f"{ROOT}/forms/{{form_id}}": {"get": _form("form", by_ending=False)},
            f"{ROOT}/forms/{{form_id}}.{{ending}}": {"get": _form("form_file", by_ending=True)},
            f"{ROOT}/report.xsd": {"get": _open("schema", "The schema of reports and forms in XML", "application/xml")},
            f"{ROOT}/openapi.json": {"get": _open("openapi", "This document", "application/json")},
        },
        "components": {
            "schemas": dict(schemas(table)),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The key that the head of the library issued. Never in an address.",
                }
            },
        },
    }


def _indicators() -> Schema:
    content: dict[str, Schema] = {"application/json": {"schema": reference("Indicators")}}
    return _operation("indicators", "All indicators with their definitions", [_language()], content, {})


def _forms() -> Schema:
    content: dict[str, Schema] = {"application/json": {"schema": reference("Forms")}}
    return _operation("forms", "All forms of authorities, and the indicators they need", [_language()], content, {})


def _report(name: str, table: IndicatorTable, *, by_ending: bool) -> Schema:
    parameters = [*([_ENDING] if by_ending else []), *_parameters(table)]
    refusals = {"404": "There is no such ending"} if by_ending else _NOT_OFFERED
    return _operation(name, "Figures of indicators", parameters, _in_all_forms("Report"), refusals)


def _form(name: str, *, by_ending: bool) -> Schema:
    form_id = {**_ENDING, "name": "form_id", "schema": TEXT, "description": "The id of a form, from the list of forms."}
    period = _query("period", _PERIOD, "The period that the form is of.", required=True)
    parameters = [form_id, *([_ENDING] if by_ending else []), period, _language()]
    refusals = {"404": "There is no such form"} if by_ending else {"404": "There is no such form", **_NOT_OFFERED}
    return _operation(name, "A form of an authority, filled", parameters, _in_all_forms("Form"), refusals)


def _parameters(table: IndicatorTable) -> list[Schema]:
    ids: Schema = {"type": "string", "enum": list(table.indicators)}
    indicators: Schema = {"type": "array", "items": ids, "minItems": 1, "uniqueItems": True}
    dimensions: Schema = {"type": "array", "items": one_of(Dimension), "minItems": 1, "uniqueItems": True}
    step: Schema = {**one_of(Step), "default": Step.MONTH.value}
    return [
        {**_query("indicators", indicators, "Ids, parted by commas.", required=True), "explode": False},
        _query("from", _PERIOD, "The first period, or a day in it.", required=True),
        _query("to", _PERIOD, "The last period, or a day in it; the same as `from` where it is left out."),
        _query("step", step, "How long each period is; span is the whole time at once."),
        {**_query("by", dimensions, "What figures are told apart by, parted by commas."), "explode": False},
        _language(),
    ]


def _language() -> Schema:
    return _query("lang", {"type": "string", "enum": list(LANGUAGES)}, "The language of names; else `Accept-Language`.")


def _query(name: str, schema: Schema, words: str, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": words}


def _in_all_forms(shape: str) -> dict[str, Schema]:
    content: dict[str, Schema] = {media_type: {"schema": TEXT} for media_type in MEDIA_TYPES.values()}
    content[MEDIA_TYPES[Form.JSON]] = {"schema": reference(shape)}
    return content


def _open(name: str, summary: str, media_type: str) -> Schema:
    content = {media_type: {"schema": {"type": "object"} if media_type.endswith("json") else TEXT}}
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {"200": {"description": summary, "content": content}},
    }


def _operation(
    name: str,
    summary: str,
    parameters: Iterable[Schema],
    content: Mapping[str, Schema],
    more: Mapping[str, str],
) -> Schema:
    error = {"application/json": {"schema": reference("Error")}}
    refusals = {
        status: {"description": words, "content": error} for status, words in sorted({**_REFUSALS, **more}.items())
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": {"description": summary, "content": dict(content), "headers": _HEADERS},
            "304": {"description": "What If-None-Match names is still the newest"},
            **refusals,
        },
    }


_HEADERS: Schema = {
    "ETag": {"schema": TEXT, "description": "Send it back as If-None-Match."},
    "Link": {"schema": TEXT, "description": "Where the definitions of the indicators are."},
}
