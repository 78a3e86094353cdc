"""Browsers can add the search of the library and complete what is typed."""

from __future__ import annotations

from urllib.parse import urlencode

from flask.testing import FlaskClient
from lxml import etree

from library.app import create_app
from library.container import Container
from library.settings import Settings
from tests.api.conftest import BASE, Xml
from tests.web.shelves import MARKER

OPENSEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def test_every_address_of_the_description_works(xml: Xml, client: FlaskClient) -> None:
    description = xml("/opensearch.xml")
    urls = {url.get("type"): url.get("template") for url in description.findall("o:Url", OPENSEARCH)}
    assert set(urls) == {
        "text/html",
        "application/atom+xml",
        "application/rss+xml",
        "application/x-suggestions+json",
        "application/opensearchdescription+xml",
    }
    for media_type, template in urls.items():
        assert template.startswith(BASE)
        path = template.removeprefix(BASE).replace("{searchTerms}", "algebra").replace("{startPage?}", "1")
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code == 200, path
        assert response.mimetype == media_type
    image = description.find("o:Image", OPENSEARCH)
    with client.get(image.text.removeprefix(BASE)) as picture:
        assert picture.mimetype == image.get("type")


def test_names_are_short_enough_and_escaped(xml: Xml, client: FlaskClient) -> None:
    description = xml("/opensearch.xml")
    assert 0 < len(description.findtext("o:ShortName", namespaces=OPENSEARCH)) <= 16
    assert MARKER in description.findtext("o:Description", namespaces=OPENSEARCH)
    assert b"<x-m" not in client.get("/opensearch.xml").data


def test_a_library_without_a_name_has_the_name_of_the_product(container: Container) -> None:
    answer = create_app(container).test_client().get("/opensearch.xml")
    assert etree.fromstring(answer.data).findtext("o:ShortName", namespaces=OPENSEARCH) == "Kutubxona"


def test_what_is_typed_is_completed_in_the_form_browsers_know(client: FlaskClient) -> None:
    response = client.get("/opensearch/suggestions?" + urlencode({"q": "soa"}))
    assert response.mimetype == "application/x-suggestions+json"
    assert response.get_json(force=True) == ["soa", ["Soatov, Yo. U."]]


def test_pages_tell_browsers_of_it(client: FlaskClient) -> None:
    page = etree.HTML(client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True))
    (link,) = page.xpath("//head/link[@rel='search']")
    assert (link.get("href"), link.get("type")) == ("/opensearch.xml", "application/opensearchdescription+xml")


def test_a_long_name_is_cut(settings: Settings, container: Container) -> None:
    assert settings.institution == ""
    container.settings = Settings(data_dir=settings.data_dir, library_name="x" * 2_000)
    description = etree.fromstring(create_app(container).test_client().get("/opensearch.xml").data)
    assert len(description.findtext("o:ShortName", namespaces=OPENSEARCH)) == 16
    assert len(description.findtext("o:Description", namespaces=OPENSEARCH)) == 1024
