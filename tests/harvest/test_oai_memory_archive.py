"""The archive in memory is a repository like any other."""

import pytest

from tests.contracts.oai_repository import RepositoryContract
from tests.harvest.memory_archive import MemoryArchive


class TestMemoryArchive(RepositoryContract):
    parent = "faculty"
    child = "faculty:law"
    rare_prefix = "etdms"

    @pytest.fixture
    def archive(self):
        return MemoryArchive()
