"""New arrivals as Atom and RSS: valid, the newest first, and only what readers may see."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient
from lxml import etree

from tests.api.conftest import BASE, Stacks, Xml
from tests.web.shelves import ALGEBRAS, MARKER

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def _numbers(addresses: list[str]) -> list[int]:
    return [int(address.removeprefix(f"{BASE}/record/")) for address in addresses]


def test_atom_has_what_rfc_4287_demands(xml: Xml) -> None:
    feed = xml("/search.atom?q=algebra")
    for parent in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            (element,) = parent.findall(f"a:{name}", ATOM)
            assert element.text
        assert datetime.fromisoformat(parent.findtext("a:updated", namespaces=ATOM)).tzinfo == UTC
        assert parent.findall("a:link[@rel='alternate']", ATOM)
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    (own,) = feed.findall("a:link[@rel='self']", ATOM)
    assert own.get("href") == f"{BASE}/search.atom?q=algebra" == feed.findtext("a:id", namespaces=ATOM)


def test_rss_has_what_its_readers_demand(xml: Xml) -> None:
    rss = xml("/search.rss?q=algebra")
    assert rss.get("version") == "2.0"
    (channel,) = rss.findall("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    for item in channel.findall("item"):
        assert item.find("guid").get("isPermaLink") == "true"
        assert item.findtext("guid") == item.findtext("link")
        assert parsedate_to_datetime(item.findtext("pubDate")) == datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_the_newest_come_first_and_their_number_is_limited(xml: Xml, stacks: Stacks) -> None:
    newest = _numbers([entry.text for entry in xml("/new.atom").findall("a:entry/a:id", ATOM)])
    assert newest == sorted(newest, reverse=True)
    assert newest[0] == stacks.nasty
    assert len(newest) == 50
    found = _numbers([guid.text for guid in xml("/search.rss?q=algebra").findall("channel/item/guid")])
    assert found == sorted(found, reverse=True)
    assert len(found) >= ALGEBRAS


def test_the_order_and_page_of_the_search_do_not_matter(xml: Xml) -> None:
    plain, other = xml("/search.atom?q=algebra"), xml("/search.atom?q=algebra&page=2&sort=oldest")
    assert etree.tostring(plain) == etree.tostring(other)


def test_filters_narrow_a_feed(xml: Xml, stacks: Stacks) -> None:
    entries = xml("/search.atom?language=kir&year_from=2011").findall("a:entry/a:id", ATOM)
    assert _numbers([entry.text for entry in entries]) == [stacks.shelves.irbis]


def test_what_is_withdrawn_or_a_draft_is_in_no_feed(xml: Xml, stacks: Stacks) -> None:
    shown = _numbers([entry.text for entry in xml("/new.atom").findall("a:entry/a:id", ATOM)])
    assert not {stacks.shelves.withdrawn, stacks.shelves.draft} & set(shown)
    for title in ("qolgan kitob", "tayyor emas"):
        assert not xml(f"/search.atom?q={title}").findall("a:entry", ATOM)


@pytest.mark.parametrize("path", ["/new.atom", "/new.rss", "/search.atom?q=nasty", "/search.rss?q=nasty"])
def test_markup_and_characters_illegal_in_xml_do_no_harm(client: FlaskClient, path: str) -> None:
    content = client.get(path).data
    assert b"<x-m" not in content
    assert not set(content) & {0x00, 0x08, 0x1B}
    for text in ("\ufffe", "\x85"):
        assert text not in content.decode()
    assert any(MARKER in text for text in etree.fromstring(content).itertext())


def test_an_rss_reader_that_takes_a_description_for_html_sees_no_markup(xml: Xml) -> None:
    told = xml("/search.rss?q=nasty").findtext("channel/item/description")
    assert told is not None
    assert "&lt;x-m id=1&gt;" in told
    assert "<x-m" not in told


def test_an_empty_feed_is_still_a_feed(xml: Xml) -> None:
    feed = xml("/search.atom?q=zzzzzzzz")
    assert not feed.findall("a:entry", ATOM)
    assert feed.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00Z"


def test_results_pages_lead_to_their_feed_and_other_pages_to_the_arrivals(client: FlaskClient, xml: Xml) -> None:
    def leads_to(path: str) -> str:
        page = etree.HTML(client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True))
        (link,) = page.xpath("//head/link[@type='application/atom+xml']/@href")
        return str(link)

    assert leads_to("/") == "/new.atom"
    address = leads_to('/search?q=algebra %26 "analiz"&language=uzb&language=kir&sort=title')
    assert xml(address).findtext("a:id", namespaces=ATOM) == BASE + address.replace("%20", "+")
    assert leads_to("/search?q=" + MARKER.replace("=", "%3D")).startswith("/search.atom?q=%22%3E")


def test_feeds_may_be_kept_for_a_while(client: FlaskClient) -> None:
    assert client.get("/search.atom?q=algebra").headers["Cache-Control"] == "public, max-age=600"
