"""The first page."""

from collections.abc import Callable
from dataclasses import replace

from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container

Get = Callable[..., str]


def test_it_names_the_house_and_counts_what_it_holds(page: Get) -> None:
    home = page("/")
    assert "Namangan davlat universiteti" in home
    assert "<h1>Electronic library</h1>" in home
    assert "51 records in the catalogue" in home


def test_each_type_leads_to_its_records(page: Get) -> None:
    home = page("/")
    assert 'href="/search?material=textbook"' in home
    assert 'href="/search?language=kir"' in home


def test_without_an_index_it_says_so_and_offers_the_list_of_titles(portal_without_index: FlaskClient) -> None:
    response = portal_without_index.get("/")
    home = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "Search is not working now" in home
    assert 'href="/browse/titles"' in home


def test_a_library_with_a_name_of_its_own_bears_it(client: FlaskClient, page: Get) -> None:
    assert "<title>Home · Electronic library, Namangan davlat universiteti</title>" in page("/")
    assert client.get("/").headers["Content-Language"] == "en"


def test_every_page_names_the_responsible_official_where_one_is_set(container: Container) -> None:
    silent = create_app(container).test_client().get("/help?lang=en").get_data(as_text=True)
    assert "Responsible official" not in silent
    container.settings = replace(container.settings, responsible_person="Karimova D. S.", address="Uychi, 316")
    told = create_app(container).test_client().get("/help?lang=en").get_data(as_text=True)
    assert "Responsible official: <bdi>Karimova D. S.</bdi>" in told
    assert "Address: <bdi>Uychi, 316</bdi>" in told
    assert "Opening hours" not in told
