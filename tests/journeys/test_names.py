"""A name is chosen from the authority records while it is typed, whichever alphabet is typed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from library.app import create_app
from library.container import Container
from library.domain.authority import AuthorityKind
from library.domain.people import Role
from library.services.authorities import Wanted
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of
from tests.staff import NODIRA


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    container.indexing.rebuild()
    person, subject = AuthorityKind.PERSON, AuthorityKind.SUBJECT
    names = ((person, "Soatov, Yo. U.", ("Саатов, Ё. У.",)), (subject, "Oliy matematika", ("Высшая математика",)))
    for kind, heading, forms in names:
        container.authorities.add(Wanted(kind=kind, heading=heading, forms=forms), actor=NODIRA)
    with served(create_app(container)) as address:
        yield address


@pytest.mark.parametrize(
    ("worksheet", "surname", "given", "taken"),
    [
        ("irbis-book", "700.0.A.0", "700.0.B.0", ("Soatov", "Yo. U.")),
        ("marc21-book", "100.0.a.0", "", ("Soatov, Yo. U.", "")),
    ],
)
def test_a_name_is_offered_and_taken_as_the_dialect_keeps_it(
    browser: Browser,
    container: Container,
    address: str,
    worksheet: str,
    surname: str,
    given: str,
    taken: tuple[str, str],
) -> None:
    nodira = a_person(container, "nodira", Role.CATALOGUER)
    with browser.new_context(base_url=address, locale="en") as window:
        window.add_cookies([{"name": "sid", "value": session_of(container, nodira), "url": address}])
        page = window.new_page()
        page.goto(f"/cataloguing/new/{worksheet}")
        field = page.locator(f'[name="{surname}"]')
        field.press_sequentially("саат")
        option = page.locator("datalist option[value='Soatov, Yo. U.']")
        expect(option).to_have_attribute("label", "Soatov, Yo. U. (Саатов, Ё. У.)")
        # A browser puts the chosen value into the input like this.
        field.fill("Soatov, Yo. U.")
        expect(field).to_have_value(taken[0])
        if given:
            expect(page.locator(f'[name="{given}"]')).to_have_value(taken[1])
