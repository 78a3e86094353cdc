"""Harvesters that others wrote take the whole archive from a real server, and get the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry
from oaipmh_scythe import Scythe
from oaipmh_scythe.models import Record
from sickle import Sickle

from library.app import create_app
from library.container import Container
from library.domain.description import Link, Material
from library.settings import Settings
from tests.journeys.serving import served
from tests.services.sql_archive import OwnViews, SqlArchive, a_work, number_of

NUMBER = 220
BEGAN = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
FORMATS = ("oai_dc", "qdc", "marc21", "mods", "oai_openaire", "etdms", "datacite")

Taken = Mapping[str, bytes | None]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite) -> Iterator[tuple[str, OwnViews]]:
    """The address of the archive, and the repository behind it."""
    directory = tmp_path_factory.mktemp("archive")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    archive = SqlArchive(container.database)
    for second in range(0, NUMBER, 110):
        works = [
            a_work(
                f"Kitob {number}: <&> oʻ, ӯ, 😀, א\x0b",
                material=Material.DISSERTATION if number % 9 == 0 else Material.BOOK,
                links=(Link(url=f"https://doi.org/10.1234/x{number}"),) if number % 4 == 0 else (),
                udc=("517",) if number % 2 else (),
            )
            for number in range(second, second + 110)
        ]
        archive.add(BEGAN + timedelta(seconds=second), *works)
    for number in range(10, NUMBER + 1, 10):
        archive.withdraw(f"oai:x:{number}", BEGAN + timedelta(hours=1))
    with served(create_app(container)) as address:
        yield f"{address}/oai", archive.repository
    container.close()


def canonical(element: etree._Element | None) -> bytes | None:
    return None if element is None else etree.tostring(element, method="c14n", exclusive=True)


def numbered(pairs: Iterator[tuple[str, bytes | None]]) -> dict[int, bytes | None]:
    """By the number of the record; none comes twice."""
    found = list(pairs)
    taken = {number_of(name): metadata for name, metadata in found}
    assert len(taken) == len(found)
    return taken


def with_oaipmh(address: str, prefix: str) -> dict[int, bytes | None]:
    registry = MetadataRegistry()
    registry.registerReader(prefix, lambda element: element[0])
    client = Client(address, registry, force_http_get=True)
    client.updateGranularity()
    records = client.listRecords(metadataPrefix=prefix)
    return numbered((header.identifier(), canonical(metadata)) for header, metadata, _ in records)


def with_sickle(address: str, prefix: str) -> dict[int, bytes | None]:
    records = Sickle(address).ListRecords(metadataPrefix=prefix)
    return numbered((str(record.header.identifier), _metadata(record)) for record in records)


def with_scythe(address: str, prefix: str) -> dict[int, bytes | None]:
    with Scythe(address) as scythe:
        records = scythe.list_records(metadata_prefix=prefix)
        return numbered(
            (str(record.header.identifier), _metadata(record)) for record in records if isinstance(record, Record)
        )


def _metadata(record: object) -> bytes | None:
    box = record.xml.find("{*}metadata")  # type: ignore[attr-defined]
    return None if box is None else canonical(box[0])


@pytest.mark.parametrize("prefix", FORMATS)
def test_all_clients_take_the_same(library: tuple[str, OwnViews], prefix: str) -> None:
    address, repository = library
    taken = with_sickle(address, prefix)
    assert with_oaipmh(address, prefix) == taken
    assert with_scythe(address, prefix) == taken
    if prefix in ("oai_dc", "qdc", "marc21", "mods", "oai_openaire"):
        assert set(taken) == set(range(1, NUMBER + 1))
    else:
        assert 0 < len(taken) < NUMBER
    assert {number for number, metadata in taken.items() if metadata is None} == {
        number for number in taken if number % 10 == 0
    }
    name = next(number for number, metadata in taken.items() if metadata is not None)
    ours = repository.record(f"oai:kutubxona.example:{name}", prefix).metadata
    portal = address.removesuffix("/oai").encode()
    assert taken[name] == canonical(etree.fromstring(ours.replace(b"http://127.0.0.1/", portal + b"/")))


def test_a_harvest_goes_on_where_the_last_one_ended(library: tuple[str, OwnViews]) -> None:
    address, _ = library
    sickle = Sickle(address)
    changed = list(sickle.ListIdentifiers(metadataPrefix="oai_dc", **{"from": "2026-02-01T09:00:00Z"}))
    assert {number_of(header.identifier) for header in changed} == set(range(10, NUMBER + 1, 10))
    assert all(header.deleted for header in changed)
    assert len(list(sickle.ListIdentifiers(metadataPrefix="oai_dc", set="udc:5:51"))) == NUMBER // 2
