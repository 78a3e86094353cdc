"""What may lie between two libraries: a way that loses, doubles, spoils and delays answers, and a hand that kills."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPConnection
from itertools import cycle
from random import Random

from tests.harvest.hostile_server import Behaviour, Visit, answer, raw

XML = "Content-Type: text/xml; charset=utf-8"
PIECES = 5
MOMENTS = ("midst", "after", "before")
_RECORD = re.compile(rb"<record><header>.*?</record>(?=<record><header>|<resumptionToken|</ListRecords>)", re.DOTALL)
_END_OF_TEXT = re.compile(rb"(?<=[^<>\s])</[\w.-]+:?[\w.-]*>")

Spoiler = Callable[["HostileProxy", bytes], Behaviour]


class HostileProxy:
    """Stands in front of a repository on loopback; what it does is chosen by its seed, nearly every third time.

    `kill` is called at the numbers of requests in `deaths` (the first one is 1), in turn: in the midst of the answer,
    some moments after it, when the harvester is at work with it or done, and before it.
    """

    def __init__(self, port: int, seed: int, deaths: frozenset[int], kill: Callable[[], None]) -> None:
        self._port = port
        self._random = Random(seed)
        self._deaths = dict(zip(sorted(deaths), cycle(MOMENTS), strict=False))
        self._kill = kill
        self._last_page = b""
        self._asked = 0
        self.done: list[str] = []

    def __call__(self, visit: Visit) -> None:
        if not visit.request:
            # The harvester was killed when it had rung and not spoken.
            return
        self._asked += 1
        body = self._true_answer(visit.request.split()[1])
        if self._asked in self._deaths:
            self._die(visit, body)
            return
        spoiler = self._random.choice(SPOILERS) if self._random.random() < SPOILT else None
        if spoiler is None:
            answer(body, XML)(visit)
        else:
            self.done.append(spoiler.__name__)
            spoiler(self, body)(visit)
        if b"<ListRecords>" in body:
            self._last_page = body

    def _die(self, visit: Visit, body: bytes) -> None:
        moment = self._deaths[self._asked]
        self.done.append(f"killed {moment}")
        if moment == "midst":
            raw(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body[: len(body) // 2])(visit)
        elif moment == "after":
            answer(body, XML)(visit)
            visit.leaving.wait(self._random.random() / 20)
        self._kill()

    def _true_answer(self, target: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        assert response.status == 200, body
        return body

    def cut(self, body: bytes) -> Behaviour:
        """Its beginning, with a length that agrees."""
        return answer(body[: self._random.randrange(len(body))], XML)

    def torn(self, body: bytes) -> Behaviour:
        """The connection is lost."""
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        return raw(head, body[: self._random.randrange(len(body))])

    def later(self, _: bytes) -> Behaviour:
        """Come back, by one of the two forms of this wish."""
        when = self._random.choice(("0", "Thu, 01 Jan 2026 00:00:00 GMT"))
        return answer(b"", f"Retry-After: {when}", status="503 Service Unavailable")

    def stumbling(self, _: bytes) -> Behaviour:
        """An error of the server, with nothing in it."""
        return answer(b"", status="500 Internal Server Error")

    def elsewhere(self, _: bytes) -> Behaviour:
        """A web page of somebody on the way."""
        return answer(b"<!doctype html><html><body>Sign in to the network</body></html>", "Content-Type: text/html")

    def slow(self, body: bytes) -> Behaviour:
        """Drop by drop."""
        length = len(body) // PIECES + 1
        drops = [body[start : start + length] for start in range(0, len(body), length)]
        return raw(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode(), *drops, pause=0.005)

    def forbidden_characters(self, body: bytes) -> Behaviour:
        """Some, within a text."""
        return answer(self._with(body, b"\x0b"), XML)

    def broken_record(self, body: bytes) -> Behaviour:
        """A sign that opens nothing, within a text."""
        return answer(self._with(body, b" & <"), XML)

    def same_page(self, body: bytes) -> Behaviour:
        """The page before this one once more: its token leads where the harvester has been."""
        return answer(self._last_page if b"<ListRecords>" in body and self._last_page else body, XML)

    def doubled_records(self, body: bytes) -> Behaviour:
        """All records of the page twice."""
        records = b"".join(_RECORD.findall(body))
        return answer(body.replace(b"<ListRecords>", b"<ListRecords>" + records), XML)

    def _with(self, body: bytes, spoilt: bytes) -> bytes:
        places = [found.start() for found in _END_OF_TEXT.finditer(body, body.find(b"<metadata>") + 1)]
        place = self._random.choice(places)
        return body[:place] + spoilt + body[place:]


SPOILT = 0.3
SPOILERS: tuple[Spoiler, ...] = (
    HostileProxy.cut,
    HostileProxy.torn,
    HostileProxy.later,
    HostileProxy.stumbling,
    HostileProxy.elsewhere,
    HostileProxy.slow,
    HostileProxy.forbidden_characters,
    HostileProxy.broken_record,
    HostileProxy.same_page,
    HostileProxy.doubled_records,
)
