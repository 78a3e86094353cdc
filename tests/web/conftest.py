"""The portal over a small catalogue: made once for the folder, and read only."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.settings import Settings
from tests.web.shelves import Shelves, fill

INSTITUTION = "Namangan davlat universiteti"


@pytest.fixture(scope="session")
def shelves(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    """A catalogue with its index: records in three dialects, one withdrawn, one draft, one full of markup."""
    directory = tmp_path_factory.mktemp("shelves")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, institution=INSTITUTION))
    yield fill(container)
    container.close()


@pytest.fixture(scope="session")
def portal(shelves: Shelves) -> Flask:
    return create_app(shelves.container)


@pytest.fixture
def client(portal: Flask) -> FlaskClient:
    client = portal.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


@pytest.fixture
def portal_without_index(container: Container) -> FlaskClient:
    """The portal of an empty catalogue whose index was never built."""
    client = create_app(container).test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., str]:
    """The text of a page that must be there."""

    def get(path: str, status: int = 200) -> str:
        response = client.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return response.get_data(as_text=True)

    return get
