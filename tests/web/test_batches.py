"""Changes of many records in the browser: prepared by one, approved by another, undone by either."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from tests.builders import add_records
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'


@pytest.fixture
def portal(container: Container) -> Flask:
    add_records(container.database, *(f"Kimyo {number}" for number in range(1, 31)))
    container.indexing.rebuild(lambda _: None)
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def aziza(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.APPROVER, name="Aziza")


def _change(**values: str) -> dict[str, str]:
    wanted = {"kind": "replace", "tag": "264", "code": "a", "find": "Toshkent", "value": "Samarqand", **values}
    return {f"change-{name}": value for name, value in wanted.items()}


def _run(container: Container) -> None:
    while container.batches.step():
        pass


def test_a_search_becomes_a_batch_that_another_approves(
    container: Container, nodira: Colleague, aziza: Colleague
) -> None:
    form = nodira.page("/batches/new?q=kimyo")
    assert "30 records are chosen" in form
    assert 'name="q" value="kimyo"' in form
    made = nodira.post("/batches", q="kimyo", **_change())
    assert made.status_code == 303
    batch = made.headers["Location"]

    preview = nodira.page(batch)
    assert preview.count("<ins>") == preview.count("<del>") == 25
    assert "Samarqand" in preview
    rest = nodira.page(html.unescape(re.search(rf'href="({batch}\?after=\d+)"', preview)[1]))  # type: ignore[index]
    assert rest.count("<ins>") == 5

    assert nodira.post(f"{batch}/submit").status_code == 303
    assert "Approve and run" not in nodira.page(batch)
    assert nodira.post(f"{batch}/approve").status_code == 403
    assert "Approve and run" in aziza.page(batch)
    aziza.post(f"{batch}/approve")
    _run(container)
    assert "<dd>30</dd>" in aziza.page(batch)
    nodira.post(f"{batch}/undo")
    _run(container)
    assert "Restored" in nodira.page(batch)
    assert "Undone" in nodira.page("/batches")


def test_a_kept_list_becomes_a_batch_too(nodira: Colleague) -> None:
    assert "3 records are chosen" in nodira.page("/batches/new?records=1,2,3,2,x,")
    assert "can be done" not in nodira.page("/batches/new?records=1")


def test_nothing_chosen_and_nonsense_are_told_and_what_was_typed_stays(nodira: Colleague) -> None:
    assert "Search for the records first" in nodira.page("/batches/new")
    refused = nodira.post("/batches", records="1,2", **_change(kind="replace-pattern", find="(", value=MARKER))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "The pattern can" in page
    assert MARKER not in page
    assert html.escape(MARKER, quote=True).replace("&quot;", "&#34;") in page
    assert nodira.post("/batches", records="1", **_change(kind="drop table")).status_code == 422


def test_texts_of_a_change_are_escaped_wherever_they_are_shown(nodira: Colleague) -> None:
    made = nodira.post("/batches", records="1", **_change(value=MARKER, containing="264"))
    for path in (made.headers["Location"], "/batches"):
        page = nodira.page(path)
        assert "x-m id=1" in page
        assert "<x-m" not in page


def test_a_batch_that_is_not_there_is_told(nodira: Colleague) -> None:
    assert nodira.get("/batches/77").status_code == 404
    assert nodira.post("/batches/77/submit").status_code == 404


def test_those_without_the_right_are_kept_out(container: Container, portal: Flask) -> None:
    reader = colleague(container, portal, Role.READER, name="Talaba")
    assert reader.get("/batches").status_code == 403
    assert reader.post("/batches", records="1", **_change()).status_code == 403
    guest = portal.test_client()
    assert guest.get("/batches").headers["Location"].startswith("/sign-in")
