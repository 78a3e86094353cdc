"""A real browser before a real server over a small catalogue."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from library.app import create_app
from library.container import Container
from library.settings import Settings
from tests.journeys.serving import served
from tests.web.shelves import Shelves, fill

PATIENCE = 60_000

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def shelves(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    directory = tmp_path_factory.mktemp("journeys")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, institution="Namangan davlat universiteti"))
    yield fill(container)
    container.close()


@pytest.fixture(scope="session")
def address(shelves: Shelves) -> Iterator[str]:
    """The address of the portal."""
    with served(create_app(shelves.container)) as address:
        yield address


@pytest.fixture
def address_without_index(container: Container) -> Iterator[str]:
    """The address of a portal whose index was never built."""
    with served(create_app(container)) as address:
        yield address


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[NewPage]:
    """Opens pages of the portal; a complaint of the browser or a request to another host fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser itself reports pages of 404, 410 and 503 here; they are meant.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1" and not request.url.startswith("data:"):
            complaints.append(f"asked a foreign host: {request.url}")

    def build(
        *, width: int = 1440, height: int = 900, scheme: str = "light", language: str = "en", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("request", watch)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield build
    for context in contexts:
        context.close()
    assert not complaints
