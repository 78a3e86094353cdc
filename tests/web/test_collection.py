"""The page of a collection: its name in the reader's language, its titles, its figures, and the ways there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html

from library.app import create_app
from library.container import Container
from library.domain.configuration import Division, Divisions, Section
from library.domain.marc import Dialect, MarcRecord
from library.settings import LANGUAGES
from tests.builders import a_field, a_marc21_record
from tests.signed_in import guest_of
from tests.staff import BOTIR, published
from tests.web.test_statistics_pages import history, write
from tests.web.walked import weight_of

RARE = Division(
    code="rare",
    names={"uz-Latn": "Nodir kitoblar", "ru": "Редкие книги", "en": "Rare books"},
    description={"uz-Latn": "1917-yilgacha.", "en": "Printed before 1917."},
)
DISSERTATIONS = Division(code="theses", names={"en": "Theses"})
HEAVIEST = 100_000


def a_copy_of(number: str, collection: str) -> MarcRecord:
    record = a_marc21_record(number, title=f"Kitob {number}")
    return replace(record, fields=(*record.fields, a_field("852", b=collection, p=f"inv-{number}")))


@pytest.fixture
def library(container: Container) -> Container:
    """Two collections: three titles in one, which bear its name in two languages, and none in the other."""
    container.configuration.add_division(Section.COLLECTIONS, RARE, expected=0, actor=BOTIR)
    container.configuration.add_division(Section.COLLECTIONS, DISSERTATIONS, expected=1, actor=BOTIR)
    for number, name in (("1", "Nodir kitoblar"), ("2", "Редкие книги"), ("3", "Nodir kitoblar"), ("4", "Boshqa")):
        published(container.cataloguing, Dialect.MARC21, a_copy_of(number, name))
    container.indexing.rebuild()
    return container


def page_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    assert weight_of(response) < HEAVIEST
    return response.get_data(as_text=True)


def titles(text: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in html.fromstring(text).xpath("//main//article//h3")]


def test_a_collection_shows_its_titles_and_leads_into_its_search(library: Container) -> None:
    guest = guest_of(create_app(library))
    text = page_of(guest, "/collections/rare?lang=en")
    assert "<h1><bdi>Rare books</bdi></h1>" in text
    assert "Printed before 1917." in text
    assert "3 titles in this collection" in text
    assert titles(text) == ["Kitob 3", "Kitob 2", "Kitob 1"]
    search = html.fromstring(text).xpath("//main//a[contains(@href, '/search?')]/@href")[0]
    assert sorted(titles(page_of(guest, search))) == ["Kitob 1", "Kitob 2", "Kitob 3"]


def test_it_is_told_in_the_language_of_the_reader(library: Container) -> None:
    guest = guest_of(create_app(library))
    names = {"uz-Latn": "Nodir kitoblar", "uz-Cyrl": "Nodir kitoblar", "ru": "Редкие книги", "en": "Rare books"}
    for language in LANGUAGES:
        text = page_of(guest, f"/collections/rare?lang={language}")
        assert f"<h1><bdi>{names.get(language, 'Nodir kitoblar')}</bdi></h1>" in text, language
        assert ("in this collection" in text) == (language == "en"), language


def test_an_empty_collection_says_so_and_one_that_is_not_there_is_not_found(library: Container) -> None:
    guest = guest_of(create_app(library))
    text = page_of(guest, "/collections/theses")
    assert "0 titles in this collection" in text
    assert not titles(text)
    assert "/search?" not in html.tostring(html.fromstring(text).xpath("//main")[0]).decode()
    for code in ("nothing", "RARE", "rare%00", "x" * 5_000, "../rare"):
        assert guest.get(f"/collections/{code}").status_code == 404, code


def test_the_list_is_reached_from_browsing_and_the_page_from_a_copy(library: Container) -> None:
    guest = guest_of(create_app(library))
    assert 'href="/collections"' in page_of(guest, "/browse")
    text = page_of(guest, "/collections")
    assert 'href="/collections/rare"' in text
    assert 'href="/collections/theses"' in text
    with library.database.reading() as view:
        number = view.records.listed_page(0, 1)[0].id
    assert '<a href="/collections/rare">Nodir kitoblar</a>' in page_of(guest, f"/record/{number}")


def test_where_there_is_one_collection_browsing_leads_to_it_and_where_there_is_none_nowhere(
    container: Container,
) -> None:
    guest = guest_of(create_app(container))
    assert "/collections" not in page_of(guest, "/browse")
    assert "has not entered any collections" in page_of(guest, "/collections")
    container.configuration.add_division(Section.COLLECTIONS, RARE, expected=0, actor=BOTIR)
    assert 'href="/collections/rare"' in page_of(guest, "/browse")
    container.indexing.rebuild()
    assert 'href="/collections"' not in page_of(guest, "/collections/rare")


def test_its_figures_are_the_sums_of_its_titles_where_the_library_publishes_them(
    library: Container, statements: Callable[..., object]
) -> None:
    today = library.dashboard.today()
    with library.database.reading() as view:
        first, second, _, other = (one.id for one in view.records.listed_page(0, 4))
    app = create_app(library)
    assert "Use in twelve months" not in page_of(guest_of(app), "/collections/rare")
    days = ((first, 1), (second, 2), (other, 3))
    write(library, [one for number, day in days for one in history(number, today - timedelta(days=day))], today)
    library.usage_counting.roll_up_all()
    text = page_of(guest_of(app), "/collections/rare")
    assert "Views of records: 8 · 4 readings in the viewer · 4 downloads" in text
    assert '<svg class="chart"' in text
    assert "Use in twelve months" not in page_of(guest_of(app), "/collections/theses")
    guest = guest_of(app)
    with statements(library.database.engine) as many:  # type: ignore[attr-defined]
        guest.get("/collections/rare")
    with statements(library.database.engine) as few:  # type: ignore[attr-defined]
        guest.get("/collections/theses")
    assert len(many) <= len(few) + 3
    object.__setattr__(library, "settings", replace(library.settings, public_statistics=False))
    assert "Use in twelve months" not in page_of(guest_of(create_app(library)), "/collections/rare")


def test_names_are_the_same_whatever_their_capitals_and_spaces() -> None:
    known = Divisions(all=(RARE, DISSERTATIONS))
    assert known.named("  nodir   KITOBLAR ") is RARE
    assert known.named("theses") is DISSERTATIONS
    assert known.named("") is None
    assert known.named("Nodir") is None
