"""Full texts in answers for machines: described as they are, with an address where everybody may take the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents
from library.projections.search_entry import search_entry
from tests.api.test_openapi import mistakes
from tests.builders import a_description, add_records
from tests.documents import PDF, a_document, keep


@pytest.fixture
def machine(container: Container) -> FlaskClient:
    container.indexing.rebuild()
    return create_app(container).test_client()


def _answer(machine: FlaskClient, path: str, schema: str) -> Any:
    """The answer, which has to be as the description of the interface says."""
    answer = machine.get(path).json
    document = machine.get("/api/v1/openapi.json").json
    assert document is not None
    described = {"$ref": f"#/components/schemas/{schema}"}
    assert list(mistakes(answer, described, document)) == []
    return answer


def test_a_record_tells_of_its_files_as_described(container: Container, machine: FlaskClient) -> None:
    (number,) = add_records(container.database, "Botanika")
    licensed = Rights(level=AccessLevel.OPEN, licence="CC-BY-4.0")
    free = keep(container, replace(a_document(number), name="Ботаника.pdf", label="1-qism", rights=licensed))
    later = Rights(level=AccessLevel.MEMBERS, embargo_until=date(2099, 1, 5))
    held = keep(container, replace(a_document(number), rights=later, contents=Contents()))
    rented = keep(container, a_document(number), term_ends=date(2099, 2, 6))
    keep(container, a_document(number, approved=False))
    first, second, third = _answer(machine, f"/api/v1/records/{number}", "Record")["files"]
    address = f"http://localhost/files/{free.id}/%D0%91%D0%BE%D1%82%D0%B0%D0%BD%D0%B8%D0%BA%D0%B0.pdf"
    assert first == {
        "id": free.id,
        "label": "1-qism",
        "media_type": "application/pdf",
        "format": "PDF 1.7",
        "size": len(PDF),
        "pages": 3,
        "rights": "open",
        "embargo_until": None,
        "term_ends": None,
        "licence": "CC-BY-4.0",
        "url": address,
    }
    assert machine.get(address, buffered=True).data == PDF
    assert (second["id"], second["rights"], second["embargo_until"], second["url"]) == (
        held.id,
        "members",
        "2099-01-05",
        None,
    )
    assert (third["id"], third["term_ends"]) == (rented.id, "2099-02-06")


def test_a_hit_in_a_text_names_its_file_and_page_as_described(container: Container, machine: FlaskClient) -> None:
    (number,) = add_records(container.database, "Botanika")
    file = keep(container, a_document(number))
    entry = search_entry(number, a_description("Botanika"), "", ("Muqaddima", "Fotosintez haqida", "Xulosa"), ("open",))
    container.index.apply([entry], [])
    answer = _answer(machine, "/api/v1/search?q=fotosintez&availability=open", "Results")
    (found,) = answer["records"]
    assert found["snippet"] == {"file": file.id, "page": 2, "text": "Fotosintez haqida"}
    assert {"value": "open", "count": 1} in answer["facets"]["availability"]


def test_the_facet_follows_the_rights_when_the_index_does(container: Container, machine: FlaskClient) -> None:
    (number,) = add_records(container.database, "Botanika")
    for level in (AccessLevel.VIEW_ONLY, AccessLevel.CLOSED):
        keep(container, a_document(number, level))
    container.indexing.rebuild()
    answer = _answer(machine, "/api/v1/search?q=botanika", "Results")
    values = {found["value"] for found in answer["facets"]["availability"]}
    assert values == {"view-only", "on-the-shelf", "online"}
