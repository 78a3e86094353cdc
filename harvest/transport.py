"""The one way out of the house: a GET over http or https, and everything a hostile or clumsy server can do bounded.

An address is judged before anything is sent to it, and again after each redirect (`addresses`). Nothing is kept from
one request to the next: no cookies, no connections; proxies of the environment are not used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from time import monotonic

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from harvest.addresses import ONLY_PUBLIC, Address, Reach, Resolver, WebAddress, resolve, system_resolver
from harvest.errors import (
    N_,
    BrokenOff,
    TooLarge,
    TooSlow,
    UnexpectedAnswer,
    UnexpectedStatus,
    Unreachable,
)
from harvest.retry_after import seconds_to_wait

USUAL_PORTS = frozenset({80, 443})
_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COME_LATER = frozenset({429, 503})
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long (seconds) and how much (bytes, decoded) is borne for one page, redirects included."""

    connecting: float = 5
    silence: float = 30
    total: float = 120
    size: int = 20 << 20
    redirects: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A complete answer with status 200: where it came from after redirects, its media type, its decoded bytes."""

    address: WebAddress
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The server asks to come again later (429 or 503), after so many seconds (0 to 600) if it says."""

    status: int
    seconds: int | None


class Transport:
    """Fetches pages; it has no state, so threads may share it.

    `agent` names the product and how to reach its keeper, as the partner's administrator will see it.
    """

    def __init__(
        self,
        *,
        agent: str,
        reach: Reach = ONLY_PUBLIC,
        limits: Limits = Limits(),
        resolver: Resolver = system_resolver,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent = agent
        self._reach = reach
        self._limits = limits
        self._resolver = resolver
        self._clock = clock
        self._tls = tls or ssl.create_default_context()

    def get(self, address: WebAddress) -> Page | Later:
        """One page, following redirects. Raises the errors of `harvest.errors`; no other ones."""
        deadline = _Deadline(self._limits.total)
        for _ in range(self._limits.redirects + 1):
            answer = self._ask(address, deadline)
            if not isinstance(answer, WebAddress):
                return answer
            address = answer
        raise UnexpectedAnswer(
            N_("The partner's server sends from one address to the next, more than {limit} times."),
            limit=self._limits.redirects,
        )

    def _ask(self, address: WebAddress, deadline: _Deadline) -> Page | Later | WebAddress:
        candidates = resolve(address.host, address.port, usual=USUAL_PORTS, reach=self._reach, resolver=self._resolver)
        with ExitStack() as open_things:
            try:
                sock = open_things.enter_context(self._connected(address, candidates, deadline))
                response = self._response(sock, address)
                open_things.callback(response.close)
                return self._read(response, address, deadline)
            except (HTTPError, http.client.HTTPException, OSError) as error:
                # A socket that the deadline shut fails in any of these ways.
                deadline.check()
                if isinstance(error, TimeoutError | ReadTimeoutError):
                    raise TooSlow(
                        N_("{host} said nothing for {seconds} seconds."),
                        host=address.host,
                        seconds=ceil(self._limits.silence),
                    ) from error
                raise BrokenOff(
                    N_("The connection to {host} was lost before the answer was complete ({reason})."),
                    host=address.host,
                    reason=_reason(error),
                ) from error

    @contextmanager
    def _connected(
        self, address: WebAddress, candidates: tuple[Address, ...], deadline: _Deadline
    ) -> Iterator[socket.socket]:
        with ExitStack() as open_things:
            sock = open_things.enter_context(self._dial(address, candidates, deadline))
            sock.settimeout(self._limits.silence)
            if address.scheme == "https":
                # Its handshake comes later, when the deadline watches over it.
                sock = self._tls.wrap_socket(sock, server_hostname=address.host, do_handshake_on_connect=False)
                open_things.enter_context(sock)
            open_things.enter_context(deadline.watching(sock))
            if isinstance(sock, ssl.SSLSocket):
                try:
                    sock.do_handshake()
                except ssl.SSLError as error:
                    deadline.check()
                    raise Unreachable(
                        N_("No safe connection to {host} is possible ({reason})."),
                        host=address.host,
                        reason=_reason(error),
                    ) from error
            yield sock

    def _dial(self, address: WebAddress, candidates: tuple[Address, ...], deadline: _Deadline) -> socket.socket:
        failure: OSError | None = None
        for candidate in candidates:
            try:
                return socket.create_connection(
                    (str(candidate), address.port), timeout=min(self._limits.connecting, deadline.left())
                )
            except OSError as error:
                failure = error
        raise Unreachable(
            N_("{host} does not answer on port {port} ({reason})."),
            host=address.host,
            port=address.port,
            reason=_reason(failure),
        ) from failure

    def _response(self, sock: socket.socket, address: WebAddress) -> HTTPResponse:
        connection = HTTPConnection(address.host, address.port, timeout=self._limits.silence)
        connection.auto_open = 0  # it must never connect by itself: it would ask for the name again
        connection.sock = sock
        headers = {
            "Host": address.authority,
            "User-Agent": self._agent,
            "Accept": "application/xml, text/xml;q=0.9, */*;q=0.1",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        connection.request("GET", address.target, headers=headers, preload_content=False)
        return connection.getresponse()

    def _read(self, response: HTTPResponse, address: WebAddress, deadline: _Deadline) -> Page | Later | WebAddress:
        if response.status in _REDIRECTS and (location := response.headers.get("Location")):
            return address.redirected(location)
        if response.status in _COME_LATER:
            seconds = seconds_to_wait(response.headers.get("Retry-After", ""), self._clock())
            return Later(status=response.status, seconds=seconds)
        if response.status != _OK:
            raise UnexpectedStatus(response.status)
        parts: list[bytes] = []
        size = 0
        while part := response.read(_BLOCK):
            size += len(part)
            if size > self._limits.size:
                raise TooLarge(
                    N_("The answer of {host} is larger than {limit} megabytes."),
                    host=address.host,
                    limit=self._limits.size >> 20,
                )
            parts.append(part)
        # To a body without a length, the shutting of the socket looks like its end.
        deadline.check()
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Page(address=address, media_type=media_type, body=b"".join(parts))


class _Deadline:
    """The moment at which a page must be complete."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left, more than none; `TooSlow` after the end."""
        self.check()
        return max(self._at - monotonic(), 0.001)

    def check(self) -> None:
        """`TooSlow` after the end."""
        if monotonic() >= self._at:
            raise TooSlow(N_("The answer was not complete after {seconds} seconds."), seconds=ceil(self._seconds))

    @contextmanager
    def watching(self, sock: socket.socket) -> Iterator[None]:
        """Shut the socket at the deadline: a byte a second never meets the time limit of a single read."""

        def shut() -> None:
            with suppress(OSError):
                # Not the method of a TLS socket, which would say goodbye first.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

        timer = threading.Timer(self.left(), shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _reason(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, HTTPError) and error.args:
        return str(error.args[0])
    return str(error) or type(error).__name__
