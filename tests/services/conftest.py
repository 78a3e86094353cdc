"""What tests of several services share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from library.container import Container
from library.db.unit_of_work import Database
from tests.services.custodian import Custodian
from tests.services.reported import a_library


@pytest.fixture
def custodian(guarded: Container) -> Custodian:
    """All of custody before the real scanner, on SQLite."""
    return Custodian(guarded)


@pytest.fixture
def here(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Database]:
    """An empty library on SQLite, where the SQL is tried elsewhere."""
    database = a_library(tmp_path, migrated_sqlite)
    yield database
    database.close()
