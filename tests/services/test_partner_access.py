"""How far partners are reached is a setting; a wrong one stops the start, and names what is wrong."""

from __future__ import annotations

import pytest

from harvest.errors import AddressRefused
from harvest.lookup.model import Lookup, Protocol, Target
from library.domain.errors import InvalidSettings, PartnerFailed
from library.services.partner_access import open_catalogues, told_plainly
from library.settings import Settings
from tests.harvest.hostile_server import HostileServer, answer


def test_networks_ports_and_sizes_are_read() -> None:
    read = Settings.from_environment(
        {
            "LIBRARY_PARTNER_NETWORKS": "10.9.0.0/16, 127.0.0.1/32",
            "LIBRARY_PARTNER_PORTS": "7090,9999",
            "LIBRARY_IMPORT_MEGABYTES": "5",
        }
    )
    assert (read.partner_networks, read.partner_ports) == (("10.9.0.0/16", "127.0.0.1/32"), ("7090", "9999"))
    assert read.import_megabytes == 5
    assert Settings().partner_networks == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTNER_NETWORKS", "localhost"),
        ("PARTNER_PORTS", "http"),
        ("PARTNER_PORTS", "0"),
        ("PARTNER_PORTS", "65536"),
        ("PARTNER_PORTS", "²"),
        ("IMPORT_MEGABYTES", "0"),
        ("IMPORT_MEGABYTES", "-5"),
        ("IMPORT_MEGABYTES", "many"),
        ("IMPORT_MEGABYTES", ""),
    ],
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"LIBRARY_{name}"):
        Settings.from_environment({f"LIBRARY_{name}": value})


def test_only_what_is_allowed_is_reached_and_we_say_who_we_are() -> None:
    contact = "kutubxona@nammti.uz\r\nX-Evil: 1 кафедра"
    with HostileServer(answer(b"<x/>", "Content-Type: text/xml")) as server:
        target = Target(name="x", protocol=Protocol.SRU, address=server.url())
        for settings in (Settings(partner_ports=(str(server.port),)), Settings(partner_networks=("127.0.0.0/8",))):
            with pytest.raises(AddressRefused):
                open_catalogues(settings).search(target, Lookup(title="x"))
        assert server.requests == []
        allowed = Settings(
            partner_ports=(str(server.port),), partner_networks=("127.0.0.0/8",), responsible_contact=contact
        )
        with pytest.raises(PartnerFailed, match="no SRU server"), told_plainly():
            open_catalogues(allowed).search(target, Lookup(title="x"))
    (request,) = server.requests
    assert "User-Agent: Kutubxona (kutubxona@nammti.uzX-Evil: 1 )" in request
