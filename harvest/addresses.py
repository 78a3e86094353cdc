"""Which addresses may be reached: the public internet on usual ports, and what an allow list adds.

A partner's address is typed by a person, and a redirect is written by whoever holds the other server; neither may lead
into the own network. So a name is resolved once, every address it has is judged, and only these addresses are connected
to. The ranges are those of the IANA special-purpose address registries (RFC 6890 and its updates).
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlencode, urljoin, urlsplit

from harvest.errors import N_, AddressRefused, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

_WEB_PORTS = {"http": 80, "https": 443}
_LONGEST_ADDRESS = 8000
_LAST_PORT = 65535
_FORBIDDEN_CHARACTERS = re.compile("[\x00-\x20\x7f\\\\]")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*")
# A last label like this makes the C library read the whole name as an address, in forms no honest partner uses.
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"

_SPECIAL_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by customers of a carrier
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, deprecated; it carries an IPv4 address, which may be a private one
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may be reached beyond the public internet: networks of our own, and ports beside the usual ones."""

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset()


ONLY_PUBLIC = Reach()


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https address that is well formed; whether it may be reached is asked when it is connected to.

    `host` is a name in ASCII or an address without brackets; `target` is path and query, percent-encoded.
    """

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str) -> WebAddress:
        """Read what a person typed; a fragment is left out. Raises `AddressRefused`."""
        return cls._parse(text.strip(), "utf-8")

    def redirected(self, location: str) -> WebAddress:
        """Where a Location header leads, given as it was received (each character a byte). Raises `AddressRefused`."""
        target = self._parse(urljoin(str(self), location.strip()), "latin-1")
        if self.scheme == "https" and target.scheme == "http":
            raise AddressRefused(
                N_("{address} leads from an encrypted to an unencrypted address. Enter the other address yourself."),
                address=str(self),
            )
        return target

    def with_arguments(self, arguments: Sequence[tuple[str, str]]) -> WebAddress:
        """This address with these arguments after those it has."""
        joint = "?" if "?" not in self.target else "" if self.target.endswith(("?", "&")) else "&"
        return WebAddress(self.scheme, self.host, self.port, self.target + joint + urlencode(arguments))

    @property
    def authority(self) -> str:
        """The Host header: the host, in brackets if need be, and the port if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _WEB_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @classmethod
    def _parse(cls, text: str, encoding: str) -> WebAddress:
        if not text or len(text) > _LONGEST_ADDRESS or _FORBIDDEN_CHARACTERS.search(text):
            raise _malformed(text)
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise _malformed(text) from error
        if parts.scheme not in _WEB_PORTS:
            raise AddressRefused(N_("{address} is refused: it must begin with http:// or https://."), address=text)
        if parts.username is not None or parts.password is not None:
            raise AddressRefused(N_("{address} is refused: it must not hold a name or password."), address=text)
        target = quote(parts.path or "/", safe=_KEPT_IN_PATH, encoding=encoding)
        if parts.query:
            target += "?" + quote(parts.query, safe=_KEPT_IN_QUERY, encoding=encoding)
        host = host_of(parts.hostname or "")
        return cls(parts.scheme, host, port if port is not None else _WEB_PORTS[parts.scheme], target)


def host_of(text: str) -> str:
    """A host as it is looked up: a lower-case name in ASCII, or an IP address. Raises `AddressRefused`.

    Addresses count in their standard form only, not as one number, in octal, in hexadecimal or shortened.
    """
    try:
        literal = ip_address(text)
    except ValueError:
        pass
    else:
        if isinstance(literal, IPv6Address) and literal.scope_id:
            raise _malformed(text)
        return str(literal)
    try:
        name = unicodedata.normalize("NFKC", text).encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise _malformed(text) from error
    if not _NAME.fullmatch(name) or _NUMERIC.fullmatch(name.rpartition(".")[2]):
        raise _malformed(text)
    return name


def resolve(host: str, port: int, *, usual: frozenset[int], reach: Reach, resolver: Resolver) -> tuple[Address, ...]:
    """The addresses of a host as `host_of` gives it, IPv4 first, all of them allowed.

    Raises `AddressRefused` if the port is neither usual nor in reach, or if a single address may not be reached; a name
    that has both kinds is no honest one. Raises `Unreachable` for an unknown name.
    """
    if not 0 < port <= _LAST_PORT or port not in usual | reach.ports:
        raise AddressRefused(
            N_("Port {port} of {host} is refused. An administrator can add it to the ports allowed for partners."),
            port=port,
            host=host,
        )
    addresses = _addresses(host, port, resolver)
    for address in addresses:
        if not (is_public(address) or _within(address, reach.networks)):
            raise AddressRefused(
                N_(
                    "{host} is refused: {address} is not an address of the public internet. An administrator can add "
                    "its network to those allowed for partners."
                ),
                host=host,
                address=str(address),
            )
    return addresses


def is_public(address: Address) -> bool:
    """Whether packets to this address leave for the public internet, as far as the address itself can tell.

    An IPv6 address that carries an IPv4 address is as public as that one in NAT64, which networks without IPv4 need to
    reach anybody, and never public in the other ways (mapped, compatible, 6to4, Teredo), which no honest name uses.
    """
    if isinstance(address, IPv4Address):
        return not _within(address, _SPECIAL_V4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and not _within(address, _SPECIAL_V6)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that the operating system knows for a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _addresses(host: str, port: int, resolver: Resolver) -> tuple[Address, ...]:
    try:
        return (ip_address(host),)
    except ValueError:
        pass
    try:
        found = dict.fromkeys(ip_address(text) for text in resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise Unreachable(N_("The name {host} is unknown. Check how it is written."), host=host) from error
    if not found:
        raise Unreachable(N_("The name {host} is unknown. Check how it is written."), host=host)
    return tuple(sorted(found, key=lambda address: address.version))


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _malformed(text: str) -> AddressRefused:
    return AddressRefused(N_("“{address}” is not a proper address. Check how it is written."), address=text)
