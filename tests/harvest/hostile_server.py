"""A real server on loopback that behaves as badly as it is told, and remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Visit:
    """A connection, the head of its request, and when the server is leaving: then nobody dawdles any more."""

    connection: socket.socket
    request: str
    leaving: threading.Event


Behaviour = Callable[[Visit], None]


def answer(body: bytes = b"<ok/>", *headers: str, status: str = "200 OK") -> Behaviour:
    """An answer at once, with its length."""

    def behave(visit: Visit) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        visit.connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    return behave


def raw(*pieces: bytes, pause: float = 0) -> Behaviour:
    """These bytes, with a pause after each piece."""

    def behave(visit: Visit) -> None:
        for piece in pieces:
            visit.connection.sendall(piece)
            if pause and visit.leaving.wait(pause):
                return

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Another behaviour at each visit."""
    left = list(behaviours)

    def behave(visit: Visit) -> None:
        left.pop(0)(visit)

    return behave


def redirect(location: str, status: str = "302 Found") -> Behaviour:
    """A redirect to another place."""
    return answer(b"", f"Location: {location}", status=status)


@dataclass
class HostileServer:
    """Listens on an address of loopback; `requests` are the heads of the requests it got."""

    behaviour: Behaviour
    address: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    reads_request: bool = True
    requests: list[str] = field(default_factory=list)
    connections: int = 0
    leaving: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._listener = socket.create_server((self.address, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leaving.set()
        # Closing alone would not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def url(self, path: str = "/", *, host: str | None = None, scheme: str = "http") -> str:
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                with self._secured(connection) as open_connection:
                    request = self._head(open_connection) if self.reads_request else ""
                    self.requests.append(request)
                    self.behaviour(Visit(open_connection, request, self.leaving))
            except OSError:
                continue  # the client went away, as it should

    @contextmanager
    def _secured(self, connection: socket.socket) -> Iterator[socket.socket]:
        with connection:
            if self.tls is None:
                yield connection
            else:
                with self.tls.wrap_socket(connection, server_side=True) as secured:
                    yield secured

    @staticmethod
    def _head(connection: socket.socket) -> str:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
        return received.decode("latin-1")
