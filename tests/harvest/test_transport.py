"""The transport against servers that misbehave: it ends in time, in bounded memory, and says why."""

import gzip
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.addresses import WebAddress
from harvest.errors import BrokenOff, PartnerError, TooLarge, TooSlow, UnexpectedAnswer, UnexpectedStatus, Unreachable
from harvest.transport import Later, Limits, Page, Transport
from tests.harvest.hostile_server import Behaviour, HostileServer, Visit, answer, in_turn, raw, redirect
from tests.harvest.loopback import reach_of, without_authorities

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\n"
PATIENT = Limits()
QUICK = Limits(connecting=2, silence=0.5, total=0.6)


def get(server: HostileServer, path: str = "/", *, limits: Limits = PATIENT) -> Page | Later:
    transport = Transport(
        agent="Kutubxona/1",
        reach=reach_of(server.port),
        clock=lambda: NOW,
        limits=limits,
        tls=without_authorities(),
    )
    return transport.get(WebAddress.parse(server.url(path)))


def get_from(behaviour: Behaviour, *, limits: Limits = PATIENT) -> Page | Later:
    with HostileServer(behaviour) as server:
        return get(server, limits=limits)


def test_a_page_comes_whole_with_its_media_type_and_place() -> None:
    body = "<ok>Ўзбекча</ok>".encode()
    with HostileServer(answer(body, "Content-Type: Text/XML; charset=utf-8")) as server:
        page = get(server, "/oai?verb=Identify")
        assert page == Page(
            address=WebAddress.parse(server.url("/oai?verb=Identify")), media_type="text/xml", body=body
        )


def test_a_request_says_who_asks_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    with HostileServer(answer(b"<ok/>", "Set-Cookie: a=b; Path=/")) as server:
        get(server, "/a?b=c")
        get(server, "/a?b=c")
        for request in server.requests:
            lines = request.rstrip("\r\n").split("\r\n")
            assert lines[0] == "GET /a?b=c HTTP/1.1"
            assert {line.partition(":")[0] for line in lines[1:]} == {
                "Host",
                "User-Agent",
                "Accept",
                "Accept-Encoding",
                "Connection",
            }
            assert "User-Agent: Kutubxona/1" in lines


def test_redirects_are_followed_three_times_and_no_more() -> None:
    with HostileServer(redirect("/next?a=1")) as server:
        server.behaviour = in_turn(
            redirect("/two"), redirect("three", "307 Temporary Redirect"), redirect("/four"), answer()
        )
        page = get(server, "/one")
        assert isinstance(page, Page)
        assert page.address.target == "/four"
        server.behaviour = redirect("/one")
        with pytest.raises(UnexpectedAnswer, match="more than 3 times"):
            get(server, "/one")
        assert len(server.requests) == 8


def test_a_redirect_in_raw_bytes_keeps_its_bytes() -> None:
    with HostileServer(in_turn(redirect("/китоб".encode().decode("latin-1")), answer())) as server:
        get(server)
        assert server.requests[1].startswith("GET /%D0%BA%D0%B8%D1%82%D0%BE%D0%B1 HTTP/1.1")


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 7", 7),
        ("Retry-After: 999999", 600),
        ("Retry-After: Tue, 01 Sep 2026 09:01:30 GMT", 90),
        ("Retry-After: -5", None),
        ("Retry-After: soon", None),
        ("X-Nothing: 1", None),
    ],
)
def test_a_request_to_wait_is_an_answer(status: str, header: str, seconds: int | None) -> None:
    later = get_from(answer(b"<html>busy</html>", header, status=status))
    assert later == Later(status=int(status[:3]), seconds=seconds)


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "404 Not Found", "500 Oops", "302 Found"])
def test_any_other_status_is_told(status: str) -> None:
    with pytest.raises(UnexpectedStatus, match=status[:3]) as caught:
        get_from(answer(b"", status=status))
    assert caught.value.status == int(status[:3])


def test_gzip_is_unpacked() -> None:
    body = "<ok>Ўзбекча</ok>".encode() * 10_000
    page = get_from(answer(gzip.compress(body), "Content-Encoding: gzip"))
    assert isinstance(page, Page)
    assert page.body == body


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_let_go_of_at_the_limit_in_bounded_memory(layers: int) -> None:
    bomb = _bomb(100)
    for _ in range(layers - 1):
        bomb = gzip.compress(bomb)
    server = answer(bomb, f"Content-Encoding: {', '.join(['gzip'] * layers)}")
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="20 megabytes"):
            get_from(server)
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()


def test_a_large_answer_is_let_go_of_whatever_length_it_claims() -> None:
    small = Limits(size=1 << 20)
    for head in (b"\r\n", b"Content-Length: 99999999999\r\n\r\n"):
        with pytest.raises(TooLarge, match="1 megabytes"):
            get_from(raw(HEAD + head, *[b"x" * 65536] * 32), limits=small)


@pytest.mark.parametrize(
    "begun",
    [
        HEAD + b"Content-Length: 1000\r\n\r\n",
        HEAD + b"\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        HEAD + b"X-Slow: ",
        b"",
    ],
    ids=["body", "body until the end", "chunk size", "header", "status line"],
)
def test_one_byte_at_a_time_ends_with_the_time_limit(begun: bytes) -> None:
    # Without a length only the end of the connection tells that a body is complete, and the deadline makes that end.
    start = time.monotonic()
    with pytest.raises(TooSlow, match="not complete after 1 seconds"):
        get_from(raw(begun, *[b"1"] * 600, pause=0.05), limits=QUICK)
    assert time.monotonic() - start < 30


def test_silence_ends_with_its_own_limit() -> None:
    for begun in (b"", HEAD + b"Content-Length: 5\r\n\r\n<"):
        start = time.monotonic()
        with pytest.raises(TooSlow, match="said nothing"):
            get_from(raw(begun, b"x", pause=20), limits=replace(QUICK, silence=0.3, total=20))
        assert time.monotonic() - start < 30


def test_redirects_share_one_time_limit() -> None:
    def slowly_on(visit: Visit) -> None:
        visit.leaving.wait(0.25)
        redirect("/next")(visit)

    with pytest.raises(TooSlow):
        get_from(slowly_on, limits=QUICK)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        HEAD + b"Content-Length: 100\r\n\r\n<half",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<half",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<ok/>",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<ok/>",
        HEAD + b"Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\n<ok/>",
        HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
        b"220 mail.example ESMTP\r\n",
        b"\x16\x03\x01\x00\x05",
        b"HTTP/1.1 two hundred\r\n\r\n",
    ],
)
def test_a_torn_or_garbled_answer_is_no_page(said: bytes) -> None:
    with pytest.raises(BrokenOff, match=r"127\.0\.0\.1"):
        get_from(raw(said))


def test_what_is_missing_of_a_torn_answer_is_told() -> None:
    with pytest.raises(BrokenOff, match=r"\(Connection broken: IncompleteRead\(5 bytes read, 95 more expected\)\)\."):
        get_from(raw(HEAD + b"Content-Length: 100\r\n\r\n<half"))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 120), st.integers(0, 120))
def test_whatever_is_answered_is_a_page_or_a_plain_error(noise: bytes, first: int, last: int) -> None:
    honest = (
        HEAD
        + b"Content-Length: 5\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<ok/>\r\n0\r\n\r\n"
    )
    try:
        assert isinstance(get_from(raw(honest[:first] + noise + honest[last:])), Page | Later)
    except PartnerError:
        return


def test_a_reset_connection_is_no_page() -> None:
    def reset(visit: Visit) -> None:
        visit.connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n<half")
        # Lingering for no time makes closing a reset.
        visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with pytest.raises(BrokenOff):
        get_from(reset)


def test_nobody_at_home() -> None:
    with HostileServer(answer()) as server:
        pass
    with pytest.raises(Unreachable, match="Connection refused"):
        get(server)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for partner.example with its key, in one file."""
    directory = tmp_path_factory.mktemp("certificate")
    openssl = shutil.which("openssl")
    assert openssl is not None
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=partner.example"]
    files = ["-keyout", "key.pem", "-out", "certificate.pem", "-addext", "subjectAltName=DNS:partner.example"]
    subprocess.run([*command, *files], cwd=directory, check=True, capture_output=True)
    both = directory / "both.pem"
    both.write_bytes((directory / "certificate.pem").read_bytes() + (directory / "key.pem").read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[Callable[..., Page | Later]]:
    """Fetches from a TLS server whose certificate says partner.example, by any name."""
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate)
    with HostileServer(answer(), tls=ours) as server:

        def fetch(name: str, trusted: ssl.SSLContext) -> Page | Later:
            reach = reach_of(server.port)
            transport = Transport(agent="test", reach=reach, resolver=lambda *_: ["127.0.0.1"], tls=trusted)
            return transport.get(WebAddress.parse(server.url(host=name, scheme="https")))

        yield fetch


def test_tls_is_checked_against_the_name_although_the_address_is_connected_to(certificate: Path, secure) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    assert isinstance(secure("partner.example", trusting), Page)
    with pytest.raises(Unreachable, match=r"No safe connection to other\.example"):
        secure("other.example", trusting)
    with pytest.raises(Unreachable, match="self-signed"):
        secure("partner.example", ssl.create_default_context())


def test_a_handshake_that_drips_ends_with_the_time_limit() -> None:
    # A record of 16 kB is announced and then comes byte by byte.
    drip = raw(b"\x16\x03\x03\x40\x00", *[b"\x02"] * 600, pause=0.05)
    with HostileServer(drip, reads_request=False) as server:
        reach = reach_of(server.port)
        start = time.monotonic()
        with pytest.raises(TooSlow):
            Transport(agent="test", reach=reach, limits=QUICK).get(WebAddress.parse(server.url(scheme="https")))
        assert time.monotonic() - start < 30


def test_the_next_page_comes_after_every_misbehaviour() -> None:
    with HostileServer(raw(HEAD + b"Content-Length: 100\r\n\r\n<half")) as server:
        with pytest.raises(PartnerError):
            get(server)
        server.behaviour = answer()
        assert isinstance(get(server), Page)
    names = [thread.name for thread in threading.enumerate()]
    assert not any("Timer" in name for name in names), names
