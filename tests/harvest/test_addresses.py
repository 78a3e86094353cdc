"""Which addresses may be reached: judged before a packet is sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.addresses import ONLY_PUBLIC, Reach, WebAddress, host_of, is_public, resolve
from harvest.errors import AddressRefused, PartnerError, Unreachable
from harvest.transport import Limits, Page, Transport
from tests.harvest.hostile_server import HostileServer, answer, redirect

HTTP = frozenset({80, 443})


@contextmanager
def _ear() -> Iterator[socket.socket]:
    """A socket that hears whatever is sent to this machine, on any of its addresses, in both families."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        listener.setblocking(False)
        yield listener


LOOPBACK_IN_DISGUISE = (
    "127.0.0.1",
    "127.255.255.254",
    "localhost",
    "LOCALHOST.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
)


@pytest.mark.parametrize("host", LOOPBACK_IN_DISGUISE)
def test_no_packet_goes_to_the_own_machine_however_it_is_written(host: str) -> None:
    with _ear() as ear:
        port = ear.getsockname()[1]
        transport = Transport(agent="test", reach=Reach(ports=frozenset({port})))
        with pytest.raises(AddressRefused):
            transport.get(WebAddress.parse(f"http://{host}:{port}/"))
        with pytest.raises(BlockingIOError):
            ear.accept()


def test_the_ear_of_the_test_above_would_hear_a_packet() -> None:
    with _ear() as ear:
        port = ear.getsockname()[1]
        reach = Reach(networks=(ip_network("127.0.0.0/8"),), ports=frozenset({port}))
        transport = Transport(agent="test", reach=reach, limits=Limits(total=0.3))
        with pytest.raises(PartnerError):
            transport.get(WebAddress.parse(f"http://127.0.0.1:{port}/"))
        ear.accept()[0].close()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.251",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:93.184.215.14",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::5db8:d822",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:5db8:d70e::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_of_the_public_internet(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused):
        resolve("partner.example", 80, usual=HTTP, reach=ONLY_PUBLIC, resolver=lambda *_: [address])


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "64:ff9b::93.184.215.14"],
)
def test_addresses_of_the_public_internet(address: str) -> None:
    found = resolve("partner.example", 443, usual=HTTP, reach=ONLY_PUBLIC, resolver=lambda *_: [address])
    assert found == (ip_address(address),)


@settings(max_examples=100, deadline=None)
@given(st.ip_addresses())
def test_nothing_that_python_knows_as_private_is_taken_for_public(address) -> None:
    if is_public(address) and address not in ip_network("64:ff9b::/96"):
        assert address.is_global
        assert not any((address.is_multicast, address.is_loopback, address.is_link_local, address.is_reserved))


def test_a_name_with_a_public_and_a_private_address_is_refused_whole() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        resolve("partner.example", 80, usual=HTTP, reach=ONLY_PUBLIC, resolver=lambda *_: ["93.184.215.14", "10.0.0.1"])


def test_an_allowed_network_opens_its_addresses_and_no_others() -> None:
    reach = Reach(networks=(ip_network("10.5.0.0/16"), ip_network("fd00:5::/32")))
    for address in ("10.5.0.9", "fd00:5::9", "93.184.215.14"):
        assert resolve(address, 80, usual=HTTP, reach=reach, resolver=_nobody)
    for address in ("10.6.0.9", "::ffff:10.5.0.9", "127.0.0.1"):
        with pytest.raises(AddressRefused):
            resolve(address, 80, usual=HTTP, reach=reach, resolver=_nobody)


def test_ports_are_refused_before_the_name_is_asked_for() -> None:
    for port in (0, 22, 25, 8080, 65536):
        with pytest.raises(AddressRefused):
            resolve("partner.example", port, usual=HTTP, reach=ONLY_PUBLIC, resolver=_nobody)
    allowed = Reach(ports=frozenset({8080}))
    assert resolve("93.184.215.14", 8080, usual=HTTP, reach=allowed, resolver=_nobody)


def test_an_unknown_name_is_told_as_such() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def nothing(*_: object) -> list[str]:
        return []

    for resolver in (unknown, nothing):
        with pytest.raises(Unreachable, match=r"partner\.example"):
            resolve("partner.example", 80, usual=HTTP, reach=ONLY_PUBLIC, resolver=resolver)


def test_ipv4_is_tried_before_ipv6_and_each_address_once() -> None:
    found = resolve(
        "partner.example",
        80,
        usual=HTTP,
        reach=ONLY_PUBLIC,
        resolver=lambda *_: ["2a00:1450::1", "93.184.215.14", "93.184.215.14"],
    )
    assert [str(address) for address in found] == ["93.184.215.14", "2a00:1450::1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "partner.example/oai",
        "//partner.example/oai",
        "file:///etc/passwd",
        "ftp://partner.example/",
        "gopher://partner.example/",
        "javascript:alert(1)",
        "http://",
        "http:///oai",
        "http://user@partner.example/",
        "http://user:secret@partner.example/",
        "http://partner.example:port/",
        "http://partner.example:99999/",
        "http://partner.example\\@127.0.0.1/",
        "http://partner.example/a b",
        "http://partner.example/\r\nX: y",
        "http://partner.example\x00/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://-partner.example/",
        "http://a..b/",
        "http://" + "a" * 64 + ".example/",
        "http://partner.example/" + "a" * 9000,
        "http://0x7f.0.0.1/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://0303.0250.1.1/",
        "http://partner.0x1f/",
    ],
)
def test_malformed_addresses_are_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        WebAddress.parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (" https://Partner.Example ", "https://partner.example/"),
        ("http://partner.example:80/oai#top", "http://partner.example/oai"),
        ("https://partner.example:8443/oai?set=a%20b", "https://partner.example:8443/oai?set=a%20b"),
        ("http://китепкана.кг/издөө?сөз=тил", None),
        ("http://[2A00:1450::0001]/", "http://[2a00:1450::1]/"),
        ("http://93.184.215.14:80", "http://93.184.215.14/"),
    ],
)
def test_proper_addresses_have_one_form(text: str, meant: str | None) -> None:
    address = WebAddress.parse(text)
    assert str(address).isascii()
    assert str(WebAddress.parse(str(address))) == str(address)
    if meant is not None:
        assert str(address) == meant


def test_arguments_are_added_after_those_there_are() -> None:
    pairs = [("query", 'dc.title all "война & мир"'), ("startRecord", "1")]
    tail = "query=dc.title+all+%22%D0%B2%D0%BE%D0%B9%D0%BD%D0%B0+%26+%D0%BC%D0%B8%D1%80%22&startRecord=1"
    for start in ("http://a.example/sru", "http://a.example/sru?base=x", "http://a.example/sru?"):
        joint = {"u": "?", "x": "&", "?": ""}[start[-1]]
        assert str(WebAddress.parse(start).with_arguments(pairs)) == start + joint + tail


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for candidate in (text, f"http://{text}", f"http://partner.example/{text}"):
        try:
            address = WebAddress.parse(candidate)
        except AddressRefused:
            continue
        assert str(WebAddress.parse(str(address))) == str(address)
        assert host_of(address.host) == address.host


def test_each_redirect_is_judged_again_and_its_name_asked_for_once() -> None:
    with HostileServer(answer(), address="127.0.0.2") as inner, HostileServer(answer()) as outer:
        asked: list[str] = []

        def resolver(host: str, _: int) -> list[str]:
            asked.append(host)
            return {"outer.example": ["127.0.0.1"], "inner.example": ["127.0.0.2"]}[host]

        reach = Reach(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({inner.port, outer.port}))
        transport = Transport(agent="test", reach=reach, resolver=resolver)
        outer.behaviour = redirect(inner.url(host="inner.example"))
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
            transport.get(WebAddress.parse(outer.url(host="outer.example")))
        assert asked == ["outer.example", "inner.example"]
        assert inner.connections == 0
        assert outer.connections == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "//127.0.0.2/",
        "file:///etc/passwd",
        "ftp://partner.example/",
        "gopher://127.0.0.1:25/_HELO",
        "http://127.0.0.1:22/",
        "http://a:b@partner.example/",
    ],
)
def test_a_redirect_leads_nowhere_forbidden(location: str) -> None:
    with HostileServer(redirect(location)) as server:
        reach = Reach(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({server.port}))
        with pytest.raises(AddressRefused):
            Transport(agent="test", reach=reach).get(WebAddress.parse(server.url()))
        assert server.connections == 1


def test_a_name_that_changes_its_mind_is_asked_once_and_connected_to_what_it_said() -> None:
    with HostileServer(answer()) as server:
        said = iter([["127.0.0.1"], ["10.0.0.1"]])
        reach = Reach(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({server.port}))
        transport = Transport(agent="test", reach=reach, resolver=lambda *_: next(said))
        page = transport.get(WebAddress.parse(server.url("/oai?verb=Identify", host="partner.example")))
        assert isinstance(page, Page)
        assert f"\r\nHost: partner.example:{server.port}\r\n" in server.requests[0]
        assert server.requests[0].startswith("GET /oai?verb=Identify HTTP/1.1\r\n")


def test_an_encrypted_address_does_not_lead_to_an_unencrypted_one() -> None:
    with pytest.raises(AddressRefused, match="unencrypted"):
        WebAddress.parse("https://partner.example/").redirected("http://partner.example/")


def _nobody(host: str, _: int) -> list[str]:
    raise AssertionError(f"{host} was asked for")
