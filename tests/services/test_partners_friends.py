"""Identify names the archives that are passed on, by addresses that everybody can reach, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date
from ipaddress import ip_network

import pytest

from harvest.addresses import Reach
from harvest.transport import Transport
from library.db.unit_of_work import Database
from library.domain.partners import PartnerEntry, PartnerForm
from library.services.open_archive_repository import ArchiveRepository
from library.services.partners import Partners
from tests.conftest import Clock
from tests.services.sql_archive import HOUSE
from tests.staff import BOTIR

NAMES = {
    "ochiq.example": ["93.184.216.34"],
    "ichki.example": ["10.0.0.5"],
    "ikkala.example": ["93.184.216.34", "10.0.0.5"],
}


def _resolver(host: str, _port: int) -> Sequence[str]:
    if host not in NAMES:
        raise OSError("unknown")
    return NAMES[host]


@pytest.fixture
def partners(database: Database, clock: Clock) -> Partners:
    reach = Reach(networks=(ip_network("10.0.0.0/8"),))
    return Partners(database, Transport, reach, UTC, clock, _resolver)  # type: ignore[arg-type]


def _friends(database: Database) -> bytes:
    with database.reading() as view:
        told = ArchiveRepository(view, HOUSE, date(2026, 9, 10)).identity().descriptions
    return b"".join(told)


def _entry(host: str) -> PartnerEntry:
    return PartnerEntry(name=host, address=f"http://{host}/oai", form=PartnerForm.OAI_DC, prefix="oai_dc", expose=True)


def test_friends_are_told_by_public_addresses_only(database: Database, partners: Partners) -> None:
    assert b"friends" not in _friends(database), "an empty container says nothing"
    hosts = ("ochiq.example", "ichki.example", "ikkala.example", "nomalum.example", "10.1.2.3")
    numbers = {host: partners.add(_entry(host), actor=BOTIR) for host in hosts}
    told = _friends(database)
    assert told.count(b"<baseURL>") == 1
    assert b"<baseURL>http://ochiq.example/oai</baseURL>" in told
    number = numbers["ochiq.example"]
    partners.change(number, replace(_entry("ichki.example"), name="boshqa"), expected=1, actor=BOTIR)
    assert b"baseURL" not in _friends(database), "it moved to our own network"


def test_who_is_not_passed_on_or_is_paused_is_no_friend(database: Database, partners: Partners) -> None:
    entry = _entry("ochiq.example")
    number = partners.add(replace(entry, expose=False), actor=BOTIR)
    assert b"baseURL" not in _friends(database)
    partners.change(number, entry, expected=1, actor=BOTIR)
    assert b"baseURL" in _friends(database)
    partners.pause(number, actor=BOTIR)
    assert b"baseURL" not in _friends(database)
    partners.resume(number, actor=BOTIR)
    assert b"baseURL" in _friends(database)
    kept = partners.get(number, actor=BOTIR)
    partners.remove(number, expected=kept.version, actor=BOTIR)
    assert b"baseURL" not in _friends(database)
