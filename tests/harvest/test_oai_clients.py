"""Harvesters that others wrote take everything from us over HTTP, byte for byte the same."""

from __future__ import annotations

import gzip
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from oaipmh.client import Client
from oaipmh.error import BadResumptionTokenError, IdDoesNotExistError, NoRecordsMatchError
from oaipmh.metadata import MetadataRegistry
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import BadResumptionToken
from oaipmh_scythe.models import Record, Set
from sickle import Sickle
from sickle.oaiexceptions import IdDoesNotExist, NoRecordsMatch

from harvest.model import Origin
from harvest.provider.descriptions import oai_identifier
from harvest.provider.provenance import provenance
from harvest.provider.provider import Provider
from harvest.provider.tokens import Tokens
from tests.harvest.memory_archive import LONG_AGO, Item, MemoryArchive, dublin_core
from tests.harvest.oai_asking import KEY, read
from tests.harvest.oai_endpoint import served

NUMBER, PAGE = 95, 20
ORIGIN = Origin(
    base_url="http://hamkor.example/oai",
    identifier="oai:hamkor.example:1",
    datestamp="2019-05-05",
    namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
    harvested_at=LONG_AGO,
    altered=False,
)


@pytest.fixture(scope="module")
def archive():
    archive = MemoryArchive()
    for number in range(NUMBER):
        title = f"Kitob {number}: <&> oʻ, ӯ, 😀, א\x0b " + "soʻz " * (number % 7)
        archive.put(
            Item(
                f"oai:kutubxona.example:{number}",
                LONG_AGO + timedelta(seconds=number // 30),
                title,
                ("faculty:law",) if number % 2 else ("theses", "faculty"),
                deleted=number % 10 == 7,
                abouts=(provenance(ORIGIN),) if number % 5 == 0 else (),
            )
        )
    return archive


@pytest.fixture(scope="module")
def address(archive):
    def make(base_url):
        archive.base_url = base_url
        return Provider(
            archive,
            tokens=Tokens(KEY),
            clock=lambda: datetime.now(UTC),
            lag=timedelta(seconds=5),
            page_size=PAGE,
            stylesheet="/oai.xsl",
        )

    with served(make) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def expected(archive):
    """The metadata of each record as it went in, but for what XML can't hold."""
    return {
        name: None if item.deleted else dublin_core(item.title).replace(b"\x0b", b"")
        for name, item in archive.items().items()
    }


def alone(element):
    """An element in the form in which all clients' copies of it can be compared."""
    return None if element is None else etree.tostring(element, method="c14n", exclusive=True)


def canonical(records):
    return {
        name: metadata if metadata is None else alone(etree.fromstring(metadata)) for name, metadata in records.items()
    }


def once(pairs):
    pairs = list(pairs)
    assert len(pairs) == NUMBER
    return dict(pairs)


def test_oaipmh_takes_everything(address, expected):
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", lambda element: element[0])
    for by_get in (True, False):
        client = Client(address, registry, force_http_get=by_get)
        client.updateGranularity()
        taken = once(
            (header.identifier(), alone(metadata))
            for header, metadata, _ in client.listRecords(metadataPrefix="oai_dc")
        )
        assert taken == canonical(expected)
    assert [prefix for prefix, _, _ in client.listMetadataFormats()] == ["oai_dc", "etdms"]
    assert [spec for spec, _, _ in client.listSets()] == ["faculty", "faculty:law", "theses"]
    assert sum(header.isDeleted() for header in client.listIdentifiers(metadataPrefix="oai_dc")) == 9
    day = datetime(2020, 1, 1)  # noqa: DTZ001  (the client knows no zones)
    assert len(list(client.listIdentifiers(metadataPrefix="oai_dc", from_=day, until=day))) == 30
    with pytest.raises(NoRecordsMatchError):
        client.listIdentifiers(metadataPrefix="oai_dc", from_=datetime(2100, 1, 1))  # noqa: DTZ001
    with pytest.raises(IdDoesNotExistError):
        client.getRecord(identifier="oai:nowhere.example:1", metadataPrefix="oai_dc")
    with pytest.raises(BadResumptionTokenError):
        client.makeRequestErrorHandling(verb="ListRecords", resumptionToken="x")


def test_sickle_takes_everything(address, archive, expected):
    sickle = Sickle(address)
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    taken = once(
        (record.header.identifier, None if record.deleted else alone(record.xml.find("{*}metadata")[0]))
        for record in records
    )
    assert taken == canonical(expected)
    assert {record.header.identifier: tuple(record.header.setSpecs) for record in records} == {
        name: item.sets for name, item in archive.items().items()
    }
    assert sum(1 for record in records if record.xml.find("{*}about") is not None) == 19
    living = {name for name, metadata in expected.items() if metadata}
    kept = sickle.ListIdentifiers(metadataPrefix="oai_dc", ignore_deleted=True)
    assert {header.identifier for header in kept} == living
    law = [header.identifier for header in sickle.ListIdentifiers(metadataPrefix="oai_dc", set="faculty:law")]
    assert law == [name for name in taken if int(name.rpartition(":")[2]) % 2]
    assert sickle.Identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")
    with pytest.raises(IdDoesNotExist):
        sickle.GetRecord(metadataPrefix="oai_dc", identifier="oai:nowhere.example:1")


def test_scythe_takes_everything(address, expected):
    with Scythe(address) as scythe:
        taken = once(
            (record.header.identifier, None if record.deleted else alone(record.xml.find("{*}metadata")[0]))
            for record in scythe.list_records(metadata_prefix="oai_dc")
            if isinstance(record, Record)
        )
        assert taken == canonical(expected)
        assert len(list(scythe.list_identifiers(metadata_prefix="etdms"))) == 48
        assert [one.setSpec for one in scythe.list_sets() if isinstance(one, Set)] == [
            "faculty",
            "faculty:law",
            "theses",
        ]
        with pytest.raises(BadResumptionToken):
            next(scythe.list_records(resumption_token="x"))


def test_the_bytes_are_ours_down_to_the_last(address, expected):
    bodies = []
    query = "verb=ListRecords&metadataPrefix=oai_dc"
    while query:
        with urllib.request.urlopen(f"{address}?{query}") as response:
            assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
            bodies.append(response.read())
        token = read(bodies[-1]).one("resumptionToken").text
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""
    assert len(bodies) == 5
    whole = b"".join(bodies)
    for name, metadata in expected.items():
        opening = f"<identifier>{name}</identifier>".encode()
        assert whole.count(opening) == 1
        if metadata is not None:
            assert whole.split(opening)[1].split(b"<metadata>")[1].startswith(metadata + b"</metadata>")


def test_methods_and_bodies_that_the_protocol_knows_and_others(address):
    plain = {"Content-Type": "application/x-www-form-urlencoded"}

    def status(method, data=None, **headers):
        request = urllib.request.Request(f"{address}?verb=ListSets", data, {**plain, **headers}, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, b""

    asked = status("GET")
    posted = status("POST", b"verb=ListSets")
    assert posted[0] == 200
    assert read(asked[1]).texts("setSpec") == read(posted[1]).texts("setSpec") == ["faculty", "faculty:law", "theses"]
    assert read(status("POST", b"")[1]).codes == ["badVerb"]
    assert status("HEAD") == (200, b"")
    assert status("PUT")[0] == 405
    assert status("POST", b"{}", **{"Content-Type": "application/json"})[0] == 415
    code, packed = status("GET", **{"Accept-Encoding": "gzip"})
    assert (code, read(gzip.decompress(packed)).texts("setSpec")) == (200, ["faculty", "faculty:law", "theses"])


def test_many_harvest_at_once(address, expected):
    taken: list[set[str]] = []

    def harvest():
        taken.append({header.identifier for header in Sickle(address).ListIdentifiers(metadataPrefix="oai_dc")})

    threads = [threading.Thread(target=harvest) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [set(expected)] * 6


def test_identify_is_read_by_all(archive, address):
    archive.about_it = replace(
        archive.about_it,
        name="Ochiq arxiv",
        base_url=address,
        compressions=("gzip",),
        descriptions=(oai_identifier("kutubxona.example", "oai:kutubxona.example:1"),),
    )
    assert Client(address, MetadataRegistry()).identify().repositoryName() == "Ochiq arxiv"
    assert Sickle(address).Identify().repositoryName == "Ochiq arxiv"
    with Scythe(address) as scythe:
        assert scythe.identify().repositoryName == "Ochiq arxiv"
