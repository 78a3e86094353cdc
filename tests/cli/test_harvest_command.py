"""`library harvest`: partners entered, listed, tried and harvested by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from library.cli import main
from tests.harvest.hostile_server import HostileServer
from tests.harvest.oai_partner import Repository, works


@pytest.fixture
def repository() -> Repository:
    return Repository(works(12), batch=5)


@pytest.fixture
def address(repository: Repository) -> Iterator[str]:
    with HostileServer(repository) as server:
        yield f"http://127.0.0.1:{server.port}/oai"


def library(directory: Path, address: str, *arguments: str) -> Result:
    environment = {
        "LIBRARY_DATA_DIR": str(directory),
        "LIBRARY_PARTNER_NETWORKS": "127.0.0.1/32",
        "LIBRARY_PARTNER_PORTS": address.rpartition(":")[2].partition("/")[0],
    }
    return CliRunner().invoke(main, ["harvest", *arguments], env=environment)


def test_a_partner_is_tried_entered_harvested_and_listed(tmp_path: Path, address: str, repository: Repository) -> None:
    tried = library(tmp_path, address, "--test", address)
    assert (tried.exit_code, "Records on the first page: 5 of 12." in tried.output) == (0, True)
    assert library(tmp_path, address, "Hamkor", "--add", address).exit_code == 0
    run = library(tmp_path, address, "Hamkor")
    assert run.exit_code == 0, run.output
    assert "new 12, changed 0, unchanged 0, deleted 0, rejected 0" in run.output
    assert "complete" in library(tmp_path, address, "--list").output
    repository.works[2].inside = b" & <"
    repository.works[2].changed = repository.clock()
    spoilt = library(tmp_path, address)
    assert (spoilt.exit_code, "rejected 1" in spoilt.output) == (1, True)


def test_what_can_not_begin_says_why(tmp_path: Path, address: str) -> None:
    refused = library(tmp_path, address, "Hamkor", "--add", "http://10.0.0.1/oai")
    assert (refused.exit_code, "not an address of the public internet" in refused.output) == (2, True)
    unknown = library(tmp_path, address, "Yoʻq")
    assert (unknown.exit_code, "There is no partner" in unknown.output) == (2, True)
    assert library(tmp_path, address, "--test", "http://10.0.0.1/oai").exit_code == 1
