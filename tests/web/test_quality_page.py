"""The page of flaws: numbers that lead to lists, lists that lead into the form."""

from __future__ import annotations

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import a_marc21_record
from tests.staff import published
from tests.web.colleagues import colleague

MARKER = '"><x-m id=1>'


@pytest.fixture
def portal(container: Container) -> Flask:
    for number in range(52):
        published(container.cataloguing, Dialect.MARC21, a_marc21_record(f"k{number}", title=f"{MARKER} {number}"))
    while container.quality.step():
        pass
    return create_app(container)


def test_a_flaw_leads_to_its_records_and_into_the_form(container: Container, portal: Flask) -> None:
    person = colleague(container, portal, Role.CATALOGUER)
    assert '<span class="tile-count">52</span>' in person.page("/quality")
    page = person.page("/quality?flaw=no-class")
    assert page.count('href="/cataloguing/') >= 50
    assert 'href="/quality?flaw=no-class&amp;after=50"' in page
    assert "<x-m" not in page
    assert "&lt;x-m id=1&gt; 51" in person.page("/quality?flaw=no-class&after=50")
    assert "No record has this flaw" in person.page("/quality?flaw=no-year")
    doubles = person.page("/quality?flaw=duplicate")
    assert 'href="/record/1"' in doubles
    assert person.page("/quality?flaw=%00&after=x")


def test_the_inspector_looks_and_readers_do_not(container: Container, portal: Flask) -> None:
    assert "/cataloguing/1" not in colleague(container, portal, Role.INSPECTOR).page("/quality?flaw=no-class")
    assert colleague(container, portal, Role.READER).get("/quality").status_code == 403
