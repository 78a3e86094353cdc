"""Readers over the network, before the real server: who takes a file whole, who hangs up, and what is counted of it."""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, select

from benchmarks.download import Portal, serving, take
from library.db.engine import open_engine
from library.db.tables import usage_events
from library.domain.usage import Kind

MEGABYTES = 24
"""Much more than the network itself keeps of an answer on its way."""
SIZE = MEGABYTES << 20
RESET_AT_ONCE = struct.pack("ii", 1, 0)
PATIENCE_SECONDS = 60.0


def _hang_up(portal: Portal, path: str, after: int) -> None:
    """Ask for a page or a file, take so many bytes of the answer, and leave."""
    address = urlsplit(portal.address)
    assert address.hostname is not None
    assert address.port is not None
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        taken = 0
        while taken < after:
            taken += len(connection.recv(1 << 16))


def _noted(engine: Engine, count: int) -> list[tuple[object, ...]]:
    """The events in the database, by their time, once there are so many of them."""
    events = usage_events.c
    wanted = select(events.kind, events.status, events.range_start, events.sent, events.completed)
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(wanted.order_by(events.eid))]
        if len(rows) >= count or time.monotonic() > ends:
            return rows
        time.sleep(0.05)


def test_a_reader_who_waits_has_all_of_it_and_one_who_hangs_up_a_part(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'library.sqlite'}")
    with serving(tmp_path, MEGABYTES) as (portal, path):
        take(portal, path)
        _noted(engine, 1)
        take(portal, path, f"bytes={SIZE - 1000}-")
        _noted(engine, 2)
        _hang_up(portal, path, after=1 << 20)
        _noted(engine, 3)
        _hang_up(portal, "/record/1", after=1)
        whole, range_, part, page = _noted(engine, 4)
    engine.dispose()
    assert whole == (Kind.DOWNLOAD, 200, 0, SIZE, True)
    assert range_ == (Kind.DOWNLOAD, 206, SIZE - 1000, 1000, True)
    sent = part[3]
    assert isinstance(sent, int)
    assert part == (Kind.DOWNLOAD, 200, 0, sent, False)
    assert 1 << 20 <= sent < SIZE
    assert page[:2] == (Kind.RECORD_VIEW, 200)
