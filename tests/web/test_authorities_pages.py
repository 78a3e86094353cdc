"""Names in the browser: entered, found in any alphabet, adopted from the catalogue, merged."""

from __future__ import annotations

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import a_marc21_record
from tests.staff import published
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'


@pytest.fixture
def portal(container: Container) -> Flask:
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("a"))
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("b", author="Soatov, Y."))
    container.indexing.rebuild()
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


def _add(person: Colleague, heading: str, forms: str = "") -> str:
    response = person.post("/authorities", kind="person", heading=heading, forms=forms)
    assert response.status_code == 303
    return response.headers["Location"]


def test_a_name_is_entered_and_offered_in_any_alphabet(nodira: Colleague) -> None:
    place = _add(nodira, "Soatov, Yo. U.", "Саатов, Ё. У.\n\nSoatov, Yoqub\n")
    form = nodira.page(place)
    assert "Саатов, Ё. У.\nSoatov, Yoqub</textarea>" in form
    assert "Soatov, Yo. U." in nodira.page("/authorities?kind=person&q=соат")
    assert nodira.get("/authorities/suggestions?kind=person&q=Саат").json == [
        {"id": 1, "heading": "Soatov, Yo. U.", "form": "Саатов, Ё. У."}
    ]
    assert nodira.get("/authorities/suggestions?kind=person&q=").json == []


def test_headings_of_the_catalogue_become_records_or_forms(nodira: Colleague) -> None:
    review = nodira.page("/authorities/review?kind=person")
    assert review.count("Make a record of it") == 2
    place = _add(nodira, "Soatov, Yo. U.")
    review = nodira.page("/authorities/review?kind=person")
    assert "Another form of “Soatov, Yo. U.”" in review
    assert nodira.post(f"{place}/forms", kind="person", form="Soatov, Y.").status_code == 303
    assert "Every heading of the catalogue has its record" in nodira.page("/authorities/review?kind=person")


def test_merging_shows_what_it_does_and_leads_to_the_batch(nodira: Colleague) -> None:
    _add(nodira, "Soatov, Yo. U.")
    _add(nodira, "Soatov, Y.")
    page = nodira.page("/authorities/merge?goes=2&stays=1")
    assert "<dd>1</dd>" in page
    merged = nodira.post("/authorities/merge", goes="2", stays="1", goes_version="1", stays_version="1")
    batch = nodira.page(merged.headers["Location"])
    assert "Write the accepted form of a name" in batch
    assert "$aSoatov, Yo. U." in batch
    assert "merged into another" in nodira.page("/authorities/2")
    for wrong in ("goes=1&stays=1", "goes=2&stays=1"):
        assert nodira.get(f"/authorities/merge?{wrong}").status_code == 422
    assert nodira.get("/authorities/merge").status_code == 404


def test_what_was_typed_stays_when_it_is_refused_or_somebody_was_quicker(nodira: Colleague) -> None:
    place = _add(nodira, "Soatov, Yo. U.")
    doubled = nodira.post("/authorities", kind="person", heading="Соатов, Ё. У.", forms=MARKER)
    page = doubled.get_data(as_text=True)
    assert doubled.status_code == 422
    assert "is a form of" in page
    assert "&gt;&lt;x-m id=1&gt;" in page
    assert "<x-m" not in page
    nodira.post(place, version="1", heading="Soatov, Yoqub", forms="")
    stale = nodira.post(place, version="1", heading="Soatov, Yo.", forms="Саатов")
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert 'value="Soatov, Yo."' in page
    assert "Saved meanwhile" in page
    assert "Soatov, Yoqub" in page


def test_markup_in_names_is_text_on_every_page(nodira: Colleague) -> None:
    place = _add(nodira, f"x {MARKER}", f"y {MARKER}")
    for path in (
        place,
        "/authorities?kind=person",
        "/authorities?kind=person&q=" + "%22%3E%3Cx-m",
        "/authorities/review",
    ):
        assert "<x-m" not in nodira.page(path)


def test_others_may_look_or_not(container: Container, portal: Flask, nodira: Colleague) -> None:
    place = _add(nodira, "Soatov, Yo. U.")
    approver = colleague(container, portal, Role.APPROVER)
    assert "readonly" in approver.page(place)
    assert approver.post("/authorities", kind="person", heading="X").status_code == 403
    assert colleague(container, portal, Role.READER).get(place).status_code == 403
