"""Search by Z39.50: the contract, and connections that break."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.addresses import Reach
from harvest.errors import (
    AddressRefused,
    BrokenOff,
    InvalidTarget,
    NothingToSearch,
    PartnerError,
    ProgramMissing,
    TooLarge,
    TooSlow,
    Unreachable,
)
from harvest.lookup import pqf
from harvest.lookup.model import Dialect, Fault, Form, Lookup, Protocol, SearchField, Target
from harvest.lookup.yaz_client import YazClient
from harvest.lookup.z3950 import Z3950, _item
from tests.harvest.lookup_contract import CatalogueContract
from tests.harvest.loopback import catalogues_on, reach_of

SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"


def target_at(place: str, database: str = "Default", **fields) -> Target:
    return Target(name="test", protocol=Protocol.Z3950, address=place, database=database, **fields)


class TestZ3950(CatalogueContract):
    form = Form.ISO2709
    make = staticmethod(target_at)


def test_records_are_whole_records_of_iso_2709(ztest: int) -> None:
    found = catalogues_on(ztest).search(target_at(f"127.0.0.1:{ztest}"), Lookup(title="24"), count=24)
    assert len(found.records) == 24
    for record in found.records:
        assert int(record.raw[:5]) == len(record.raw)
        assert record.raw.index(b"\x1d") == len(record.raw) - 1


def test_nothing_is_left_behind(ztest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    catalogues_on(ztest).search(target_at(f"127.0.0.1:{ztest}"), Lookup(title="2"))
    with pytest.raises(PartnerError):
        catalogues_on(ztest).search(target_at(f"127.0.0.1:{ztest}", "Nowhere"), Lookup(title="2"))
    assert list(tmp_path.iterdir()) == []
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    assert "yaz-client" not in {Path(f"/proc/{child}/comm").read_text().strip() for child in children}


@pytest.mark.parametrize(
    ("record_format", "told"),
    [("sutrs", "another format"), ("xml", "another format")],
)
def test_a_record_that_is_no_marc_is_told(ztest: int, record_format: str, told: str) -> None:
    target = target_at(f"127.0.0.1:{ztest}", record_format=record_format)
    found = catalogues_on(ztest).search(target, Lookup(title="2"))
    assert (found.total, found.records) == (2, ())
    assert [fault.position for fault in found.faults] == [1, 2]
    assert all(told in str(fault.error) for fault in found.faults)


@pytest.mark.parametrize("raw", [b"", b"00366nam  22001698a 4500", b"A page of text\x1d", b"\x1d"])
def test_half_a_record_is_no_record(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "record-3").write_bytes(raw)
    fault = _item(tmp_path, 3, "")
    assert isinstance(fault, Fault)
    assert fault.position == 3


def test_a_syntax_that_does_not_exist_is_told(ztest: int) -> None:
    with pytest.raises(InvalidTarget, match="klingon"):
        catalogues_on(ztest).search(target_at(f"127.0.0.1:{ztest}", record_format="klingon"), Lookup(title="2"))


def test_a_catalogue_in_unimarc_is_asked_for_unimarc(ztest: int) -> None:
    with _between(ztest) as (port, heard):
        target = target_at(f"127.0.0.1:{port}", dialect=Dialect.UNIMARC)
        assert catalogues_on(port).search(target, Lookup(title="1")).total == 1
    assert b"\x2a\x86\x48\xce\x13\x05\x01" in heard  # 1.2.840.10003.5.1


def test_words_arrive_in_the_character_set_of_the_server(ztest: int) -> None:
    with _between(ztest) as (port, heard):
        target = target_at(f"127.0.0.1:{port}", query_charset="cp1251")
        catalogues_on(port).search(target, Lookup(title="1 Тарих"))
    assert "Тарих".encode("cp1251") in heard
    assert "Тарих".encode() not in heard
    with pytest.raises(NothingToSearch, match="cp1251"):
        catalogues_on(port).search(target, Lookup(title="1 ҳуқуқ"))


def test_a_query_is_plain_ascii() -> None:
    lookup = Lookup(title="Ҳ 5-6", author='O"Hara', isbn="978-5", year="2015", words="a b")
    assert pqf.query(lookup, {SearchField.AUTHOR: "1"}, "utf-8") == (
        '@and @and @and @and @and @and @and @attr 1=4 "\\xd2\\xb2" @attr 1=4 "5\\x2d6" @attr 1=1 "O" @attr 1=1 "Hara" '
        '@attr 1=7 "9785" @attr 1=31 "2015" @attr 1=1016 "a" @attr 1=1016 "b"'
    )


@settings(max_examples=100, deadline=None)
@given(st.text(), st.sampled_from(["utf-8", "cp1251", "koi8-r", "utf-16"]))
def test_a_quoted_word_is_its_bytes_and_nothing_else(word: str, charset: str) -> None:
    try:
        quoted = pqf.quoted(word, charset)
    except NothingToSearch:
        return
    assert quoted.isascii()
    assert set(quoted[1:-1]) <= set("\\x0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert quoted[1:-1].encode().decode("unicode_escape").encode("latin-1") == word.encode(charset)


@pytest.mark.parametrize(
    "address",
    [
        "",
        ":210",
        "tcp:partner.example:210",
        "http://partner.example",
        "partner.example:210/Default",
        "partner.example:z",
        "partner.example:99999",
        "user@partner.example",
        "partner.example 210",
        "partner.example\n! touch taken",
        "unix:/run/socket",
        "[::1",
    ],
)
def test_malformed_addresses_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        Z3950().search(target_at(address), Lookup(title="1"), 1, 1)


@pytest.mark.parametrize("port", [22, 80, 8080])
def test_only_its_own_port_is_usual(port: int) -> None:
    with pytest.raises(AddressRefused, match=f"Port {port}"):
        Z3950().search(target_at(f"partner.example:{port}"), Lookup(title="1"), 1, 1)


@pytest.mark.parametrize("database", ["", "a b", "a\nquit", "a;b", '"a"', "! touch taken", "Ўзбек"])
def test_a_name_that_is_no_database_is_refused(database: str) -> None:
    with pytest.raises(InvalidTarget, match="database"):
        target_at("partner.example", database)


def test_use_attributes_are_numbers() -> None:
    with pytest.raises(InvalidTarget, match="no index"):
        target_at("partner.example", indexes={SearchField.TITLE: "4 @attr 2=3"})


def test_a_missing_program_is_named_with_its_package(ztest: int, tmp_path: Path) -> None:
    client = Z3950(reach=reach_of(ztest), search_path=str(tmp_path))
    with pytest.raises(ProgramMissing, match="Debian package yaz"):
        client.search(target_at(f"127.0.0.1:{ztest}"), Lookup(title="1"), 1, 1)


def test_an_address_of_ipv6_is_reached(ztest: int) -> None:
    with pytest.raises(Unreachable):
        Z3950(reach=_six(ztest)).search(target_at(f"[::1]:{ztest}"), Lookup(title="2"), 1, 1)
    with _between(ztest, "::1") as (port, _):
        found = Z3950(reach=_six(port)).search(target_at(f"[::1]:{port}"), Lookup(title="2"), 1, 1)
    assert found.total == 2


def _six(port: int) -> Reach:
    return Reach(networks=(ip_network("::1/128"),), ports=frozenset({port}))


@pytest.mark.parametrize("allowed", [0, 10, 100, 150, 200, 300, 700, 1000, 2500])
def test_a_connection_that_breaks_never_passes_for_the_end(ztest: int, allowed: int) -> None:
    with _between(ztest, allowed=allowed) as (port, _):
        try:
            found = catalogues_on(port, seconds=5).search(target_at(f"127.0.0.1:{port}"), Lookup(title="5"), count=5)
        except (Unreachable, BrokenOff, TooSlow):
            assert allowed <= 150
            return
    assert len(found.records) + len(found.faults) == 5
    assert found.faults
    assert all(isinstance(fault.error, BrokenOff) for fault in found.faults)


def test_the_whole_conversation_has_one_time_limit(tmp_path: Path) -> None:
    with YazClient(tmp_path, seconds=0.5, search_path=SEARCH_PATH) as client:
        assert "Not connected" in client.say(["find 1"])
        with pytest.raises(TooSlow):
            client.say(["sleep 9"])


def test_what_is_said_is_bounded(tmp_path: Path) -> None:
    with (
        YazClient(tmp_path, seconds=20, search_path=SEARCH_PATH) as client,
        pytest.raises(TooLarge, match="16 megabytes"),
    ):
        client.say(["help"] * 9000)


def test_a_command_is_one_line(tmp_path: Path) -> None:
    with YazClient(tmp_path, seconds=5, search_path=SEARCH_PATH) as client, pytest.raises(AssertionError):
        client.say(["find 1\nquit"])


def test_a_program_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    with YazClient(tmp_path, seconds=5, search_path=SEARCH_PATH) as client:
        with pytest.raises(BrokenOff):
            client.say(["quit"])
        with pytest.raises(BrokenOff):
            client.say(["find 1"])


@contextmanager
def _between(back: int, address: str = "127.0.0.1", *, allowed: int = 1 << 30) -> Iterator[tuple[int, bytearray]]:
    """A port that leads to the server and is cut after so many bytes of its answers; and what was sent there."""
    heard = bytearray()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        thread = threading.Thread(target=_pass_on, args=(listener, back, allowed, heard), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            assert not thread.is_alive()


def _pass_on(listener: socket.socket, back: int, allowed: int, heard: bytearray) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client, socket.create_connection(("127.0.0.1", back)) as server:
            sender = threading.Thread(target=_send_on, args=(client, server, heard), daemon=True)
            sender.start()
            left = allowed
            while left and (said := server.recv(min(left, 65536))):
                left -= len(said)
                try:
                    client.sendall(said)
                except OSError:
                    break
            for side in (client, server):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
            sender.join(10)


def _send_on(client: socket.socket, server: socket.socket, heard: bytearray) -> None:
    with suppress(OSError):
        while said := client.recv(65536):
            heard += said
            server.sendall(said)
        server.shutdown(socket.SHUT_RDWR)
