"""What tests of several services share."""

from __future__ import annotations

import pytest

from library.container import Container
from tests.services.custodian import Custodian


@pytest.fixture
def custodian(guarded: Container) -> Custodian:
    """All of custody before the real scanner, on SQLite."""
    return Custodian(guarded)
