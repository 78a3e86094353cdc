"""A partner with an OAI-PMH repository on loopback, honest at first, that can be told to behave badly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from harvest.addresses import WebAddress
from harvest.intake.checkpoint import Outcome, Partner, Standing, Vanishing
from harvest.intake.pages import ListPage, Rejected
from harvest.model import Granularity, OaiRecord, write_datestamp
from harvest.transport import Limits, Transport
from tests.harvest.hostile_server import Behaviour, HostileServer, Visit, answer, raw
from tests.harvest.loopback import reach_of, without_authorities

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
OWN = "oai:library.example:"
DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'

Arguments = dict[str, str]
# Of the request that is the n-th (from 1), its arguments and the honest answer: the answer as it is given.
Fault = Callable[[int, Arguments, bytes], Behaviour | None]


@dataclass
class Work:
    """A record of the partner; `inside` stands in it as it is."""

    number: int
    changed: datetime
    deleted: bool = False
    inside: bytes = b""
    about: bytes = b""
    identifier: str = ""
    sets: tuple[str, ...] = ("theses",)

    def __post_init__(self) -> None:
        self.identifier = self.identifier or f"oai:partner.example:{self.number}"


def works(count: int) -> list[Work]:
    """So many records, an hour between one and the next."""
    return [Work(number, DAWN + timedelta(hours=number)) for number in range(1, count + 1)]


@dataclass
class Repository:
    """What the partner has, and how it answers; `asked` are the arguments of the requests it got."""

    works: list[Work]
    batch: int = 40
    granularity: Granularity = Granularity.SECOND
    policy: str = "persistent"
    clock: Callable[[], datetime] = lambda: NOW
    sizes: bool = True
    closing: bool = True  # an empty token on the last page
    prefix: str = ""  # of the elements
    marcxml: bool = False
    fault: Fault = lambda *_: None
    asked: list[Arguments] = field(default_factory=list)

    def __call__(self, visit: Visit) -> None:
        query = visit.request.split(" ")[1].partition("?")[2]
        arguments = dict(parse_qsl(query, keep_blank_values=True))
        self.asked.append(arguments)
        body = self.answer(arguments)
        behaviour = self.fault(len(self.asked), arguments, body)
        (behaviour or answer(body, "Content-Type: text/xml; charset=utf-8"))(visit)

    def answer(self, arguments: Arguments) -> bytes:
        match arguments:
            case {"verb": "Identify"}:
                return self.envelope(self._identify())
            case {"verb": "ListMetadataFormats"}:
                return self.envelope(self._formats())
            case {"verb": "ListRecords" | "ListIdentifiers" as verb}:
                return self.envelope(self._list(verb, arguments))
        return self.envelope(self.error("badVerb", "no such verb"))

    def envelope(self, content: bytes) -> bytes:
        p = self.prefix
        name = f"xmlns:{p[:-1]}" if p else "xmlns"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}OAI-PMH {name}="http://www.openarchives.org/OAI/2.0/">'
            f"<{p}responseDate>{write_datestamp(self.clock())}</{p}responseDate>"
            f"<{p}request>http://partner.example/oai</{p}request>"
        ).encode() + (content + f"</{p}OAI-PMH>\n".encode())

    def error(self, code: str, text: str) -> bytes:
        return f'<{self.prefix}error code="{code}">{text}</{self.prefix}error>'.encode()

    def record(self, work: Work) -> bytes:
        p = self.prefix
        if work.deleted:
            return f"<{p}record>".encode() + self._header(work) + f"</{p}record>".encode()
        return (
            f"<{p}record>".encode() + self._header(work) + f"<{p}metadata>".encode() + self._metadata(work)
            + f"</{p}metadata>".encode() + work.about + f"</{p}record>".encode()
        )  # fmt: skip

    def _metadata(self, work: Work) -> bytes:
        if self.marcxml:
            return (
                b'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
                b'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">'
                + f"Китоб {work.number}".encode() + work.inside + b"</subfield></datafield></record>"
            )  # fmt: skip
        return f"<oai_dc:dc {DC}><dc:title>Oʻquv qoʻllanma {work.number} ўқув</dc:title>".encode() + (
            b"<dc:creator>A. &amp; B." + work.inside + b"</dc:creator></oai_dc:dc>"
        )

    def _header(self, work: Work) -> bytes:
        p = self.prefix
        status = ' status="deleted"' if work.deleted else ""
        sets = "".join(f"<{p}setSpec>{spec}</{p}setSpec>" for spec in work.sets)
        stamp = write_datestamp(work.changed, self.granularity)
        return (
            f"<{p}header{status}><{p}identifier>{escape(work.identifier)}</{p}identifier>"
            f"<{p}datestamp>{stamp}</{p}datestamp>{sets}</{p}header>"
        ).encode()

    def _identify(self) -> bytes:
        p = self.prefix
        earliest = write_datestamp(min((work.changed for work in self.works), default=DAWN), self.granularity)
        fields = {
            "repositoryName": "Partner", "baseURL": "http://partner.example/oai", "protocolVersion": "2.0",
            "adminEmail": "oai@partner.example", "earliestDatestamp": earliest, "deletedRecord": self.policy,
            "granularity": self.granularity.value,
        }  # fmt: skip
        inside = "".join(f"<{p}{name}>{value}</{p}{name}>" for name, value in fields.items())
        return f"<{p}Identify>{inside}</{p}Identify>".encode()

    def _formats(self) -> bytes:
        p = self.prefix
        names = ("oai_dc", "marc21") if self.marcxml else ("oai_dc",)
        formats = "".join(
            f"<{p}metadataFormat><{p}metadataPrefix>{name}</{p}metadataPrefix><{p}schema>http://s.example/{name}"
            f"</{p}schema><{p}metadataNamespace>urn:{name}</{p}metadataNamespace></{p}metadataFormat>"
            for name in names
        )
        return f"<{p}ListMetadataFormats>{formats}</{p}ListMetadataFormats>".encode()

    def _list(self, verb: str, arguments: Arguments) -> bytes:
        if "resumptionToken" in arguments:
            parts = arguments["resumptionToken"].split("|")
            if len(parts) != 4:
                return self.error("badResumptionToken", "unknown")
            first, last, spec, offset = parts[0], parts[1], parts[2], int(parts[3])
        else:
            if arguments.get("metadataPrefix") not in ("oai_dc", "marc21"):
                return self.error("cannotDisseminateFormat", "only oai_dc")
            first, last, spec, offset = (
                arguments.get("from", ""),
                arguments.get("until", ""),
                arguments.get("set", ""),
                0,
            )
        found = [work for work in self.works if self._within(work, first, last) and (not spec or spec in work.sets)]
        found.sort(key=lambda work: (work.changed, work.number))
        if not found:
            return self.error("noRecordsMatch", "nothing there")
        p = self.prefix
        batch = found[offset : offset + self.batch]
        one = self.record if verb == "ListRecords" else self._header
        following = offset + self.batch
        token = f"{first}|{last}|{spec}|{following}" if following < len(found) else ""
        size = f' completeListSize="{len(found)}" cursor="{offset}"' if self.sizes else ""
        element = f"<{p}resumptionToken{size}>{token}</{p}resumptionToken>".encode()
        if not token and (offset == 0 or not self.closing):
            element = b""
        return f"<{p}{verb}>".encode() + b"".join(map(one, batch)) + element + f"</{p}{verb}>".encode()

    def _within(self, work: Work, first: str, last: str) -> bool:
        stamp = write_datestamp(work.changed)
        return stamp >= first and stamp[: len(last)] <= last


class Time:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Shelf:
    """What a library keeps of a partner, in memory."""

    known: Standing = field(default_factory=Standing)
    records: dict[str, OaiRecord] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    rejected: dict[str, Rejected] = field(default_factory=dict)
    mended: set[str] = field(default_factory=set)
    takes: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def standing(self) -> Standing:
        return self.known

    def take(self, page: ListPage, checkpoint) -> None:
        for record in page.records:
            if record.deleted:
                if record.identifier in self.records:
                    self.marked.add(record.identifier)
            else:
                self.records[record.identifier] = record
                self.marked.discard(record.identifier)
                self.hidden.discard(record.identifier)
        self.rejected |= {rejected.identifier: rejected for rejected in page.rejected}
        self.mended |= set(page.mended)
        self.takes += 1
        self.known = Standing(since=self.known.since, holes=self.known.holes, checkpoint=checkpoint)

    def vanishing(self) -> Vanishing:
        visible = len(self.records) - len(self.hidden)
        return Vanishing(visible=visible, hidden=len(self.marked - self.hidden))

    def finish(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.known = Standing(since=outcome.since, holes=outcome.holes, checkpoint=outcome.checkpoint)
        if outcome.hide:
            self.hidden |= self.marked
            self.marked.clear()


@dataclass
class Census(Shelf):
    """The full comparison of a shelf: what is not ticked off is marked."""

    shelf: Shelf = field(default_factory=Shelf)
    ticked: set[str] = field(default_factory=set)

    def take(self, page: ListPage, checkpoint) -> None:
        assert all(record.metadata == b"" for record in page.records)
        self.ticked |= {record.identifier for record in page.records if not record.deleted}
        self.known = Standing(checkpoint=checkpoint)

    def vanishing(self) -> Vanishing:
        visible = set(self.shelf.records) - self.shelf.hidden
        return Vanishing(visible=len(visible), hidden=len(visible - self.ticked))

    def finish(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.hide:
            self.shelf.hidden |= set(self.shelf.records) - self.ticked


@contextmanager
def serving(repository: Repository) -> Iterator[tuple[Partner, Transport]]:
    """The repository on a port of loopback, and the way to it."""
    with HostileServer(repository) as server:
        transport = transport_to(server.port)
        yield partner_at(server.port), transport


def partner_at(port: int) -> Partner:
    return Partner(address=WebAddress.parse(f"http://127.0.0.1:{port}/oai"), prefix="oai_dc")


def transport_to(port: int, limits: Limits = Limits(total=20)) -> Transport:  # noqa: B008
    return Transport(agent="test", reach=reach_of(port), limits=limits, clock=lambda: NOW, tls=without_authorities())


def busy(*headers: str, status: str = "503 Service Unavailable") -> Behaviour:
    return answer(b"", *headers, status=status)


def torn(body: bytes) -> Behaviour:
    """An answer whose connection ends in the middle."""
    return raw(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])


def cut(body: bytes) -> Behaviour:
    """An answer whose body ends in the middle, which only the XML tells."""
    return answer(body[: len(body) // 2])
