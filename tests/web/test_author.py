"""The page of an author: every spelling, by keys and by authority records; a constant number of queries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.authority import AuthorityKind
from library.domain.marc import Dialect
from library.services.authorities import Wanted
from tests.builders import a_marc21_record
from tests.signed_in import guest_of
from tests.staff import NODIRA, published

SPELLINGS = ("Karimov, I. A.", "Каримов, И. А.", "KARIMOV, I. A.")
OTHER_FORM = "Karimoff, Islam"


@pytest.fixture
def guest(container: Container) -> FlaskClient:
    for number, name in enumerate((*SPELLINGS, OTHER_FORM, "Karimova, I. A.")):
        marc = a_marc21_record(f"a{number}", title=f"Asar {number}", author=name)
        published(container.cataloguing, Dialect.MARC21, marc)
    container.indexing.rebuild()
    return guest_of(create_app(container))


def _titles(page: str) -> set[str]:
    return set(re.findall(r"Asar \d", page.partition("<main")[2]))


def test_a_name_is_one_in_every_alphabet(guest: FlaskClient) -> None:
    for name in SPELLINGS:
        page = guest.get(f"/author/{quote(name)}").get_data(as_text=True)
        assert _titles(page) == {"Asar 0", "Asar 1", "Asar 2"}, name
    assert guest.get("/author/Hech%20kim").status_code == 404
    assert guest.get("/author/%22%3E%3Cx-m%3E").status_code == 404


def test_an_authority_record_brings_its_forms_together(guest: FlaskClient, container: Container) -> None:
    wanted = Wanted(
        kind=AuthorityKind.PERSON,
        heading="Karimov, Islom Abdugʻaniyevich",
        forms=("Karimov, I. A.", OTHER_FORM),
        identifier="0000-0002-1825-0097",
    )
    container.authorities.add(wanted, actor=NODIRA)
    container.indexing.rebuild()
    page = guest.get(f"/author/{quote(OTHER_FORM)}").get_data(as_text=True)
    assert _titles(page) == {"Asar 0", "Asar 1", "Asar 2", "Asar 3"}
    assert "<h1><bdi>Karimov, Islom Abdugʻaniyevich</bdi></h1>" in page
    told = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
    assert told["mainEntity"]["sameAs"] == "https://orcid.org/0000-0002-1825-0097"
    assert OTHER_FORM in told["mainEntity"]["alternateName"]
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page


def test_the_record_leads_there_and_crawlers_may_come(guest: FlaskClient) -> None:
    record = guest.get("/record/1").get_data(as_text=True)
    assert 'href="/author/Karimov%2C%20I.%20A."' in record
    assert "index" in guest.get("/author/Karimov%2C%20I.%20A.").headers["X-Robots-Tag"]


def test_the_number_of_queries_does_not_depend_on_the_works(
    guest: FlaskClient, container: Container, statements: Callable[..., object]
) -> None:
    counts = set()
    for name in (SPELLINGS[0], "Karimova, I. A."):
        with statements(container.database.engine) as sent:  # type: ignore[attr-defined]
            guest.get(f"/author/{quote(name)}")
        counts.add(len(sent))
    assert len(counts) == 1
    assert counts.pop() <= 6


def test_without_an_index_it_says_so(container: Container) -> None:
    assert guest_of(create_app(container)).get("/author/Karimov").status_code == 503
