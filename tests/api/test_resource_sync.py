"""Who keeps a copy of the records by ResourceSync learns of each of them, and of each change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from lxml import etree

from library.app import create_app
from library.container import Container
from library.db.synchronised import Synchronised
from library.domain.marc import Dialect
from library.services import resource_sync
from tests.builders import a_marc21_record, a_unimarc_record
from tests.staff import NODIRA, published, revised, withdrawn

SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "rs": "http://www.openarchives.org/rs/terms/"}
MARCXML = "application/marcxml+xml"
Read = Callable[[str], etree._Element]


@pytest.fixture
def client(container: Container) -> FlaskClient:
    return create_app(container).test_client()


@pytest.fixture
def read(client: FlaskClient) -> Read:
    def got(address: str) -> etree._Element:
        response = client.get(address.removeprefix("http://localhost"))
        assert (response.status_code, response.mimetype) == (200, "application/xml")
        return etree.fromstring(response.data)

    return got


def locations(root: etree._Element) -> list[str]:
    return [loc.text for loc in root.iterfind("*/s:loc", SPACES)]


def metadata(root: etree._Element) -> dict[str, str]:
    """What a list says of itself."""
    return dict(root.find("rs:md", SPACES).attrib)


def links(root: etree._Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in root.iterfind("rs:ln", SPACES)}


def changes(root: etree._Element) -> dict[str, str]:
    return {
        url.findtext("s:loc", namespaces=SPACES): url.find("rs:md", SPACES).get("change")
        for url in root.iterfind("s:url", SPACES)
    }


def walked(read: Read, name: str) -> list[etree._Element]:
    """The lists of this capability, found as a program does from the one address it knows."""
    (capabilities,) = locations(read("/.well-known/resourcesync"))
    (start,) = [address for address in locations(read(capabilities)) if name in address]
    top = read(start)
    return [read(part) for part in locations(top)] if etree.QName(top).localname == "sitemapindex" else [top]


def test_each_list_says_what_it_is_and_where_it_belongs(read: Read, container: Container) -> None:
    published(container.cataloguing, Dialect.MARC21, a_marc21_record())
    source = read("/.well-known/resourcesync")
    assert metadata(source) == {"capability": "description"}
    capabilities = read("/resourcesync/capabilitylist.xml")
    assert metadata(capabilities) == {"capability": "capabilitylist"}
    assert links(capabilities)["up"] == "http://localhost/.well-known/resourcesync"
    for name, times in (("resourcelist", {"at"}), ("changelist", {"from", "until"})):
        (one,) = walked(read, name)
        said = metadata(one)
        assert said.pop("capability") == name
        assert set(said) == times
        assert all(datetime.fromisoformat(moment).tzinfo == UTC for moment in said.values())
        assert links(one) == {"up": "http://localhost/resourcesync/capabilitylist.xml"}


def test_an_empty_catalogue_has_empty_lists(read: Read) -> None:
    assert [locations(one) for name in ("resourcelist", "changelist") for one in walked(read, name)] == [[], []]


def test_the_resources_are_the_open_records_and_can_be_fetched(
    read: Read, client: FlaskClient, container: Container
) -> None:
    cataloguing = container.cataloguing
    first = published(cataloguing, Dialect.MARC21, a_marc21_record())
    second = published(cataloguing, Dialect.UNIMARC, a_unimarc_record())
    gone = published(cataloguing, Dialect.MARC21, a_marc21_record("kx2", title="Takror"))
    withdrawn(cataloguing, gone, "Takror")
    (whole,) = walked(read, "resourcelist")
    assert locations(whole) == [f"http://localhost/record/{number}.xml" for number in (first, second)]
    assert {md.get("type") for md in whole.iterfind("s:url/rs:md", SPACES)} == {MARCXML}
    for address in locations(whole):
        response = client.get(address.removeprefix("http://localhost"))
        assert (response.status_code, response.mimetype) == (200, MARCXML)


def test_each_change_is_told_once_and_in_order(read: Read, container: Container) -> None:
    cataloguing = container.cataloguing
    first, second, third = (
        published(cataloguing, Dialect.MARC21, a_marc21_record(f"kx{number}", title=f"Kitob {number}"))
        for number in (1, 2, 3)
    )
    cataloguing.create(Dialect.MARC21, a_marc21_record("kx4", title="Qoralama"), actor=NODIRA)
    revised(cataloguing, first, a_marc21_record("kx1", title="Kitob 1, tuzatilgan"))
    withdrawn(cataloguing, second, "Takror")
    (told,) = walked(read, "changelist")
    assert changes(told) == {
        f"http://localhost/record/{first}.xml": "created",
        f"http://localhost/record/{second}.xml": "deleted",
        f"http://localhost/record/{third}.xml": "created",
    }
    moments = [md.get("datetime") for md in told.iterfind("s:url/rs:md", SPACES)]
    assert moments == sorted(moments)
    assert all(moment is not None for moment in moments)


def test_long_lists_come_in_parts_and_nothing_is_lost_between_them(
    read: Read, client: FlaskClient, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource_sync, "SIZE", 3)
    numbers = [
        published(container.cataloguing, Dialect.MARC21, a_marc21_record(f"kx{number}", title=f"Kitob {number}"))
        for number in range(8)
    ]
    addresses = {f"http://localhost/record/{number}.xml" for number in numbers}
    for name in ("resourcelist", "changelist"):
        parts = walked(read, name)
        assert [len(locations(part)) for part in parts] == [3, 3, 2]
        assert {links(part)["index"] for part in parts} == {f"http://localhost/resourcesync/{name}.xml"}
        assert {address for part in parts for address in locations(part)} == addresses
    # Between two parts a record moves to the end; whoever reads on meets every other one.
    pages = locations(read("/resourcesync/changelist.xml"))
    met = set(locations(read(pages[0])))
    revised(container.cataloguing, numbers[4], a_marc21_record("kx4", title="Kitob 4, tuzatilgan"))
    for page in pages[1:]:
        if client.get(page.removeprefix("http://localhost")).status_code == 200:
            met |= set(locations(read(page)))
    assert met == addresses


def test_changes_of_long_ago_are_not_told(container: Container) -> None:
    published(container.cataloguing, Dialect.MARC21, a_marc21_record())
    now = datetime.now(UTC)
    synchronised = Synchronised(container.database)
    assert synchronised.pages(now + timedelta(days=1), 10) == []
    assert len(synchronised.pages(now - timedelta(days=1), 10)) == 1
    since = container.resource_sync.since()
    assert timedelta(days=resource_sync.KEPT_DAYS) <= now - since <= timedelta(days=resource_sync.KEPT_DAYS + 1)


@pytest.mark.parametrize(
    "path",
    [
        "/resourcesync/resourcelist-2.xml",
        "/resourcesync/resourcelist-0.xml",
        "/resourcesync/resourcelist-99999999999.xml",
        "/resourcesync/changelist-99999999999-1.xml",
        "/resourcesync/changelist-99999999999999999999-1.xml",
        "/resourcesync/changelist-1-99999999999.xml",
        "/resourcesync/changelist-x-1.xml",
    ],
)
def test_parts_that_are_empty_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_page_leads_to_the_lists(client: FlaskClient) -> None:
    assert '<link rel="resourcesync" href="/resourcesync/capabilitylist.xml">' in client.get("/").get_data(as_text=True)
