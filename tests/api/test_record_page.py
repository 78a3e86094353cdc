"""What programs read from the page of a record: tags, linked data, signposts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from playwright.sync_api import Browser
from werkzeug.http import parse_list_header
from werkzeug.serving import make_server

from tests.api.conftest import BASE, Stacks
from tests.web.shelves import MARKER

Served = Callable[[], AbstractContextManager[str]]


def _page(client: FlaskClient, number: int) -> etree._Element:
    return etree.HTML(client.get(f"/record/{number}", headers={"Accept": "text/html"}).get_data(as_text=True))


def test_tags_and_linked_data_tell_of_the_record(client: FlaskClient, stacks: Stacks) -> None:
    number = stacks.shelves.textbook
    page = _page(client, number)
    assert page.xpath("//head/meta[@name='citation_title']/@content") == ["Oliy matematika: darslik"]
    assert page.xpath("//head/link[@rel='canonical']/@href") == [f"{BASE}/record/{number}"]
    (linked,) = page.xpath("//head/script[@type='application/ld+json']")
    assert json.loads(linked.text)["@id"] == f"{BASE}/record/{number}"


def test_markup_in_a_record_stays_text(client: FlaskClient, stacks: Stacks) -> None:
    for number in (stacks.nasty, stacks.shelves.marked):
        content = client.get(f"/record/{number}", headers={"Accept": "text/html"}).get_data(as_text=True)
        assert "<x-m" not in content
        page = etree.HTML(content)
        assert any(MARKER in tag for tag in page.xpath("//head/meta[@name='citation_title']/@content"))
        (linked,) = page.xpath("//head/script[@type='application/ld+json']")
        assert not set("<>&") & set(linked.text)
        assert MARKER in json.loads(linked.text)["name"]


def test_signposts_lead_to_the_descriptions(client: FlaskClient, stacks: Stacks) -> None:
    for number in (stacks.shelves.textbook, stacks.shelves.irbis):
        links = parse_list_header(client.get(f"/record/{number}").headers["Link"])
        assert links[0] == f'<{BASE}/record/{number}>; rel="cite-as"'
        described = [link for link in links if 'rel="describedby"' in link]
        assert len(described) == 2
        for link in described:
            answer = client.get(link.partition(">")[0].removeprefix("<" + BASE))
            assert answer.status_code == 200
            assert f'type="{answer.mimetype}"' in link
    assert "Link" not in client.get(f"/record/{stacks.shelves.withdrawn}").headers


@pytest.fixture
def address(portal: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, portal, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_browser_takes_the_data_for_data(browser: Browser, address: str, stacks: Stacks) -> None:
    said: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for number in (stacks.nasty, stacks.shelves.textbook):
            page.goto(f"{address}/record/{number}")
            linked = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)")
            assert linked["@id"] == f"{BASE}/record/{number}"
            assert page.locator("x-m").count() == 0
    assert said == []
