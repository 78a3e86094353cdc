"""Two libraries of ours harvest each other over HTTP, each from the other's open archive, and end without a loop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harvest.intake.asking import Patience
from library.app import create_app
from library.container import Container, now
from library.domain.marc import Dialect
from library.domain.partners import PartnerForm, PartnerRun, RunKind, RunState
from library.domain.record import Status
from library.services.open_archive import OpenArchive
from library.settings import Settings
from tests.builders import a_marc21_record
from tests.journeys.serving import served
from tests.services.partner_room import entry_for
from tests.staff import BOTIR, published

NAMES = ("namangan", "bishkek")


@pytest.fixture
def libraries(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[Container, Container]]:
    """Two libraries with three books each, of which each is the other's partner and passes on what it has from it."""
    with ExitStack() as open_things:
        made, ports = [], []
        for name in NAMES:
            directory = tmp_path / name
            directory.mkdir()
            shutil.copy(migrated_sqlite, directory / "library.sqlite")
            settings = Settings(
                data_dir=directory, base_url=f"http://{name}.example", partner_networks=("127.0.0.1/32",)
            )
            container = Container(settings)
            open_things.callback(container.close)
            for number in range(3):
                published(
                    container.cataloguing, Dialect.MARC21, a_marc21_record(f"{name}{number}", title=f"{name} {number}")
                )
            # The archive answers as of half a minute ago: nobody waits for that here.
            container.open_archive = OpenArchive(
                container.database, container.configuration, settings, b"k" * 32, lambda: now() + timedelta(minutes=5)
            )
            address = open_things.enter_context(served(create_app(container)))
            ports.append(int(address.rpartition(":")[2]))
            made.append(container)
        for container, port in zip(made, reversed(ports), strict=True):
            _widen(container, port)
            entry = replace(entry_for(port, PartnerForm.MARC21), expose=True)
            container.partners.add(entry, actor=BOTIR)
        yield made[0], made[1]


def _widen(container: Container, port: int) -> None:
    """Let the library reach a port that was not known when it was opened."""
    settings = replace(container.settings, partner_ports=(str(port),))
    container._open_partners(settings)
    container.harvesting.patience = Patience(pause=0)


def _harvested(container: Container) -> PartnerRun:
    run = container.harvesting.run(1, RunKind.HARVEST)
    assert run.state is RunState.COMPLETE, run.problem
    return run


def _titles(container: Container) -> list[str]:
    with container.database.reading() as view:
        return sorted(
            one.description.title for one in view.records.listed_page(0, 100) if one.status is Status.PUBLISHED
        )


def test_two_libraries_that_harvest_each_other_end_equal_and_nothing_goes_round(
    libraries: tuple[Container, Container],
) -> None:
    first, second = libraries
    assert _harvested(first).counts.new == 3
    run = _harvested(second)
    assert (run.counts.new, run.counts.own) == (3, 3), "what the first has from it is its own"
    run = _harvested(first)
    assert (run.counts.new, run.counts.changed, run.counts.own) == (0, 0, 3)
    assert _harvested(second).counts.new == 0
    assert _titles(first) == _titles(second)
    assert len(_titles(first)) == 6
