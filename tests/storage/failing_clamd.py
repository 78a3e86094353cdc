"""A stand-in for clamd that exists only to fail: it is silent, cuts its answers, lies, or hangs up."""

import contextlib
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Failure = Callable[[socket.socket], None]
VERSION = b"ClamAV 9.9.9\n"


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def _whole(connection: socket.socket) -> int:
    """Read a stream to its end; the number of its bytes."""
    count = 0
    while size := struct.unpack("!L", _receive(connection, 4))[0]:
        count += len(_receive(connection, size))
    return count


def answering(answer: bytes) -> Failure:
    """Takes everything and answers this."""

    def fail(connection: socket.socket) -> None:
        _whole(connection)
        connection.sendall(answer)

    return fail


def hanging_up(connection: socket.socket) -> None:
    connection.recv(1)


def resetting(connection: socket.socket) -> None:
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def saying_ok_too_soon(connection: socket.socket) -> None:
    """OK after the first piece; the rest is read and forgotten."""
    _receive(connection, 64)
    connection.sendall(b"stream: OK\n")
    with contextlib.suppress(OSError):
        while connection.recv(1 << 16):
            pass


def saying_nothing(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while connection.recv(1 << 16):
            pass


def dripping(connection: socket.socket) -> None:
    """A byte of an endless answer again and again, until the other side has enough."""
    _whole(connection)
    wait = threading.Event()
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"s")
            wait.wait(0.05)


@contextlib.contextmanager
def failing(failure: Failure) -> Iterator[Path]:
    """The socket of a stand-in that tells its version and fails every scan in this way."""
    with tempfile.TemporaryDirectory(prefix="noclamd-") as directory, socket.socket(socket.AF_UNIX) as listener:
        path = Path(directory) / "s"
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_converse, args=(connection, failure), daemon=True).start()

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        yield path
        listener.shutdown(socket.SHUT_RDWR)
        server.join()


def _converse(connection: socket.socket, failure: Failure) -> None:
    with connection, contextlib.suppress(ConnectionError):
        command = b""
        while not command.endswith(b"\n"):
            command += _receive(connection, 1)
        if command == b"nVERSION\n":
            connection.sendall(VERSION)
        else:
            failure(connection)
