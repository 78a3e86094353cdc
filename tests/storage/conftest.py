"""What the tests of the storage engine share: a quarantine, a gate and a store for each, before the one scanner."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from storage import containers
from storage.antivirus import ClamdScanner, Patience
from storage.canary import Canary
from storage.content_store import ContentStore
from storage.gate import Gate, Limits
from storage.model import Admitted, Intake, Refused, StoredFile, Undecided
from storage.quarantine import Quarantine
from tests.storage.clamd_daemon import MEGABYTES, Daemon


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def scanner(clamd: Daemon) -> ClamdScanner:
    return ClamdScanner(clamd.socket, limit=MEGABYTES << 20, clock=now, patience=Patience(silence=10, total=60))


@dataclass
class House:
    """A quarantine, its gate and the store behind it, over one directory."""

    root: Path
    quarantine: Quarantine
    gate: Gate
    store: ContentStore

    def send(self, data: bytes, name: str) -> Intake:
        return self.quarantine.receive(BytesIO(data), limit=MEGABYTES << 20, name=name)

    def inspect(self, data: bytes, name: str) -> Admitted | Refused | Undecided:
        return self.gate.inspect(self.send(data, name))

    def keep(self, data: bytes, name: str, **facts: str) -> StoredFile:
        admitted = self.inspect(data, name)
        assert isinstance(admitted, Admitted), admitted
        stored = self.store.keep(admitted, facts=facts)
        self.quarantine.discard(admitted.intake.id)
        return stored

    def files(self) -> list[str]:
        """Every file there is, below the root."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())


@pytest.fixture
def build(tmp_path: Path, scanner: ClamdScanner) -> Callable[..., House]:
    """Opens the house again and again over the same directory, as after a restart."""

    def open_house(*, scanner: ClamdScanner = scanner) -> House:
        quarantine = Quarantine(tmp_path / "quarantine", new_id=lambda: secrets.token_hex(16), clock=now, reserve=0)
        limits = Limits(containers=containers.Limits(member=MEGABYTES << 20))
        gate = Gate(quarantine, scanner, Canary(scanner, now), limits)
        return House(tmp_path, quarantine, gate, ContentStore(tmp_path / "originals", quarantine, now))

    return open_house


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    return build()
