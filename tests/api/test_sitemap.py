"""Crawlers are told of every published record, and of nothing else."""

from __future__ import annotations

from flask.testing import FlaskClient
from lxml import etree

from tests.api.conftest import BASE, Stacks, Xml

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_from_robots_to_the_last_record_all_is_linked(xml: Xml, client: FlaskClient, stacks: Stacks) -> None:
    robots = client.get("/robots.txt").get_data(as_text=True).splitlines()
    (index,) = [line.removeprefix("Sitemap: ") for line in robots if line.startswith("Sitemap: ")]
    assert index == f"{BASE}/sitemap.xml"
    parts = [loc.text for loc in xml("/sitemap.xml").findall("s:sitemap/s:loc", SITEMAP)]
    assert parts == [f"{BASE}/sitemap-1.xml"]
    urls = xml("/sitemap-1.xml").findall("s:url", SITEMAP)
    numbers = [int(url.findtext("s:loc", namespaces=SITEMAP).removeprefix(f"{BASE}/record/")) for url in urls]
    shelves = stacks.shelves
    assert numbers == sorted(numbers)
    assert {shelves.textbook, shelves.irbis, shelves.unimarc, stacks.nasty} <= set(numbers)
    assert not {shelves.withdrawn, shelves.draft} & set(numbers)
    assert {url.findtext("s:lastmod", namespaces=SITEMAP) for url in urls} == {"2020-02-03T04:05:06Z"}
    assert len(numbers) == shelves.container.catalogue.totals().published
    for number in (numbers[0], numbers[-1]):
        assert client.get(f"/record/{number}").status_code == 200


def test_parts_without_records_are_not_there(client: FlaskClient) -> None:
    for path in (
        "/sitemap-2.xml",
        "/sitemap-0.xml",
        "/sitemap-214748.xml",
        "/sitemap-99999999999.xml",
        "/sitemap-x.xml",
    ):
        assert client.get(path).status_code == 404, path


def test_an_empty_catalogue_has_an_empty_index(without_index: FlaskClient) -> None:
    response = without_index.get("/sitemap.xml")
    assert response.status_code == 200
    assert len(etree.fromstring(response.data)) == 0
