"""The portal as machines see it, over the shelves of the pages and one record full of what breaks XML."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from library.app import create_app
from library.container import Container
from library.db.records import DescribedRecord
from library.domain.description import Copy, Creator, CreatorRole, Description, HostItem, Link, Material
from library.settings import Settings
from tests.builders import a_record
from tests.web.shelves import MARKER, Shelves, fill

NASTY = f"{MARKER}\x00\x08\x1b\x85\u2028\ufffe&<]]>"
BASE = "https://kutubxona.example"
Xml = Callable[[str], etree._Element]


@dataclass(frozen=True)
class Stacks:
    """The shelves, and the number of the record that is nasty in every field; it came last."""

    shelves: Shelves
    nasty: int


@pytest.fixture(scope="session")
def stacks(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    directory = tmp_path_factory.mktemp("stacks")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    settings = Settings(data_dir=directory, institution=f"Universitet {MARKER}", base_url=BASE)
    container = Container(settings)
    shelves = fill(container)
    yield Stacks(shelves, _add_nasty(container))
    container.close()


def _add_nasty(container: Container) -> int:
    facts = Description(
        title=f"Nasty {NASTY}",
        material=Material.BOOK,
        remainder=NASTY,
        parallel_titles=(NASTY,),
        responsibility=NASTY,
        creators=(Creator(name=NASTY, role=CreatorRole.AUTHOR, dates=NASTY),),
        edition=NASTY,
        places=(NASTY,),
        publishers=(NASTY,),
        year=2019,
        languages=(NASTY,),
        extent=NASTY,
        series=(NASTY,),
        isbns=(NASTY,),
        issns=(NASTY,),
        subjects=(NASTY,),
        keywords=(NASTY,),
        udc=(NASTY,),
        bbk=(NASTY,),
        abstract=NASTY,
        contents=(NASTY,),
        notes=(NASTY,),
        host=HostItem(title=NASTY, issn=NASTY, isbn=NASTY, volume=NASTY, issue=NASTY, pages=NASTY),
        links=(Link(url=f"https://example.uz/{NASTY}", label=NASTY),),
        copies=(Copy(inventory_number=NASTY, barcode=NASTY, place=NASTY, shelfmark=NASTY),),
    )
    with container.database.writing() as tx:
        (number,) = tx.records.reserve(1)
        tx.records.add([DescribedRecord(record=a_record(number), description=facts)])
        tx.commit()
    container.indexing.rebuild()
    return number


@pytest.fixture(scope="session")
def portal(stacks: Stacks) -> Flask:
    return create_app(stacks.shelves.container)


@pytest.fixture
def client(portal: Flask) -> FlaskClient:
    client = portal.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def without_index(container: Container) -> FlaskClient:
    """The portal of an empty catalogue whose index was never built."""
    return create_app(container).test_client()


@pytest.fixture
def xml(client: FlaskClient) -> Xml:
    """The root of a document that must be there, read by a parser that forgives nothing."""

    def get(path: str) -> etree._Element:
        response = client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return etree.fromstring(response.data)

    return get
