"""The description of the interface says what is there, all of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.model import Facet
from library.api.openapi import FILTER_WORDS
from library.api.search import read_beginning, sized
from library.app import create_app
from library.services.asked import Arguments, Asked
from tests.api.conftest import BASE, Stacks

KINDS = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}
UNDERSTOOD = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "const", "oneOf", "$ref"),
    *("minimum", "maximum", "minLength", "maxItems", "maxLength", "format", "description", "default"),
}


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").get_json()


def mistakes(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where a value is not what a schema says, for the words of JSON Schema that the document uses."""
    assert set(schema) <= UNDERSTOOD, f"{at}: {set(schema) - UNDERSTOOD} would be believed without being checked"
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].removeprefix("#/components/schemas/")]
    if "oneOf" in schema:
        fitting = [branch for branch in schema["oneOf"] if not list(mistakes(value, branch, document, at))]
        if len(fitting) != 1:
            yield f"{at}: {len(fitting)} branches fit"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{at}: {value!r} is not {kinds}"
        return
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        yield f"{at}: {value!r} is none of the values"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: {value} is out of bounds"
    if isinstance(value, str):
        yield from _mistakes_of_text(value, schema, at)
    if isinstance(value, list):
        yield from [] if len(value) <= schema.get("maxItems", len(value)) else [f"{at}: too many"]
        for number, one in enumerate(value):
            yield from mistakes(one, schema.get("items", {}), document, f"{at}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        missing, more = set(schema["required"]) - set(value), set(value) - set(schema["properties"])
        if missing or more:
            yield f"{at}: without {missing}, with {more}"
        for name in set(value) & set(schema["properties"]):
            yield from mistakes(value[name], schema["properties"][name], document, f"{at}.{name}")


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))


def _mistakes_of_text(value: str, schema: dict[str, Any], at: str) -> Iterator[str]:
    if len(value) < schema.get("minLength", 0):
        yield f"{at}: too short"
    if schema.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        yield f"{at}: {value} is no time"
    if schema.get("format") == "uri" and not value.startswith(("http://", "https://")):
        yield f"{at}: {value} is no address"


def test_every_path_is_described_and_every_description_has_its_path(portal: Flask, document: Any) -> None:
    routes = {
        re.sub(r"<[^>]*?(\w+)>", r"{\1}", rule.rule): sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for rule in portal.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    described = {path: sorted(method.upper() for method in methods) for path, methods in document["paths"].items()}
    assert described == routes


class Listening(Arguments):
    """Arguments that remember what they were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def getlist(self, name: str, /) -> list[str]:
        self.asked.add(name)
        return []


def _read_search(args: Arguments) -> object:
    return sized(Asked.read(args), args)


@pytest.mark.parametrize(("path", "read"), [("/api/v1/search", _read_search), ("/api/v1/suggest", read_beginning)])
def test_the_parameters_described_are_those_that_are_read(
    document: Any, path: str, read: Callable[[Arguments], object]
) -> None:
    listening = Listening()
    read(listening)
    described = [parameter["name"] for parameter in document["paths"][path]["get"]["parameters"]]
    assert len(described) == len(set(described))
    assert set(described) == listening.asked


def test_every_facet_can_be_described_before_somebody_makes_it_a_filter() -> None:
    assert set(FILTER_WORDS) == set(Facet)


def test_parameters_of_a_path_are_required_and_named_in_it(document: Any) -> None:
    for path, methods in document["paths"].items():
        named = [one["name"] for one in methods["get"]["parameters"] if one["in"] == "path"]
        assert re.findall(r"{(\w+)}", path) == named
        assert all(one["required"] for one in methods["get"]["parameters"] if one["in"] == "path")


def test_described_bounds_and_defaults_are_those_that_hold(client: FlaskClient, document: Any) -> None:
    parameters = {one["name"]: one["schema"] for one in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert client.get("/api/v1/search").get_json()["size"] == parameters["size"]["default"]
    highest = parameters["size"]["maximum"]
    for asked, given in ((highest, highest), (highest + 1, highest), (0, parameters["size"]["minimum"])):
        assert client.get(f"/api/v1/search?size={asked}").get_json()["size"] == given
    for sort in parameters["sort"]["enum"]:
        link = client.get(f"/api/v1/search?sort={sort}").get_json()["links"]["self"]
        assert ("sort" in link) == (sort != parameters["sort"]["default"])


def test_every_answer_is_what_its_schema_says(client: FlaskClient, stacks: Stacks, document: Any) -> None:
    shelves = stacks.shelves
    published = (shelves.textbook, shelves.irbis, shelves.unimarc, shelves.marked, shelves.crowded, stacks.nasty)
    told = set()
    for path, operation, status in (
        ("/api/v1/search", "/api/v1/search", "200"),
        ("/api/v1/search?q=algebra&page=2&size=100", "/api/v1/search", "200"),
        ("/api/v1/search?q=zzzzzz", "/api/v1/search", "200"),
        ("/api/v1/search?q=" + "x" * 10_001, "/api/v1/search", "400"),
        ("/api/v1/suggest?q=mat", "/api/v1/suggest", "200"),
        *((f"/api/v1/records/{number}", "/api/v1/records/{record_id}", "200") for number in published),
        (f"/api/v1/records/{shelves.withdrawn}", "/api/v1/records/{record_id}", "410"),
        (f"/api/v1/records/{shelves.draft}", "/api/v1/records/{record_id}", "404"),
        ("/api/v1/openapi.json", "/api/v1/openapi.json", "200"),
    ):
        response = client.get(path)
        assert str(response.status_code) == status, path
        schema = document["paths"][operation]["get"]["responses"][status]["content"]["application/json"]["schema"]
        assert list(mistakes(response.get_json(), schema, document)) == [], path
        told.add((operation, status))
    promised = {(path, status) for path, methods in document["paths"].items() for status in methods["get"]["responses"]}
    assert {(path, status) for path, status in promised - told if status != "429"} == {
        ("/api/v1/search", "503"),
        ("/api/v1/suggest", "503"),
    }


def test_whoever_asks_too_often_is_answered_as_described(stacks: Stacks, document: Any) -> None:
    client = create_app(stacks.shelves.container).test_client()
    for path, operation in (
        ("/api/v1/search", "/api/v1/search"),
        ("/api/v1/records/1", "/api/v1/records/{record_id}"),
        ("/api/v1/suggest", "/api/v1/suggest"),
    ):
        asked = (client.get(path, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}) for _ in range(400))
        response = next(answer for answer in asked if answer.status_code == 429)
        schema = document["paths"][operation]["get"]["responses"]["429"]["content"]["application/json"]["schema"]
        assert list(mistakes(response.get_json(), schema, document)) == []


def test_without_an_index_the_answer_is_as_described_too(without_index: FlaskClient, document: Any) -> None:
    for path in ("/api/v1/search", "/api/v1/suggest"):
        response = without_index.get(f"{path}?q=a")
        schema = document["paths"][path]["get"]["responses"]["503"]["content"]["application/json"]["schema"]
        assert response.status_code == 503
        assert list(mistakes(response.get_json(), schema, document)) == []


def test_the_checker_of_these_tests_sees_mistakes(client: FlaskClient, stacks: Stacks, document: Any) -> None:
    record = client.get(f"/api/v1/records/{stacks.shelves.textbook}").get_json()
    schema = {"$ref": "#/components/schemas/Record"}
    for spoiled in (
        {**record, "version": "1"},
        {**record, "more": 1},
        {**record, "status": "draft"},
        {**record, "created_at": "yesterday"},
        {**record, "description": {**record["description"], "host": 5}},
        {name: value for name, value in record.items() if name != "url"},
    ):
        assert list(mistakes(spoiled, schema, document))


def test_the_document_names_its_server_and_version(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": BASE}]
    assert document["info"]["version"]
    names = [methods["get"]["operationId"] for methods in document["paths"].values()]
    assert len(names) == len(set(names))
