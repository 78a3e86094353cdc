"""Search by Z39.50 (ISO 23950), through Debian's yaz-client."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import urlsplit

from harvest.addresses import ONLY_PUBLIC, Address, Reach, Resolver, host_of, resolve, system_resolver
from harvest.errors import N_, AddressRefused, BrokenOff, InvalidTarget, PartnerError, UnexpectedAnswer, Unreachable
from harvest.lookup import pqf
from harvest.lookup.diagnostics import bib1_diagnostic
from harvest.lookup.model import Dialect, Fault, Form, Found, FoundRecord, Lookup, Target
from harvest.lookup.yaz_client import YazClient

USUAL_PORTS = frozenset({210})
_USUAL_PORT = 210
_CONNECTING = 15  # seconds, for the connection and the first greeting
_USUAL_SYNTAX = {Dialect.MARC21: "usmarc", Dialect.UNIMARC: "unimarc"}
_LOST = re.compile(r"^(?:Z> )*(?:Target closed connection|Not connected yet|Decoding incoming APDU)", re.MULTILINE)
_ACCEPTED = "Connection accepted by"
_HITS = re.compile(r"^Number of hits: ([0-9]{1,12})\b", re.MULTILINE)
_SUCCESS = re.compile(r"^Search was a success\.", re.MULTILINE)
_DIAGNOSTIC = re.compile(r"^ {4}\[([0-9]{1,6})\] ([^\r\n]{0,500})", re.MULTILINE)
_ADDED = re.compile(r" -- v[23] addinfo '(.*)'?$")
_RECORD_END = b"\x1d"
_LEADER = re.compile(rb"[0-9]{5}")


class Z3950:
    """A client of Z39.50 servers; it has no state.

    `seconds` is the time for one search with all its records. `search_path` is where the program is looked for.
    """

    def __init__(
        self,
        *,
        reach: Reach = ONLY_PUBLIC,
        resolver: Resolver = system_resolver,
        seconds: float = 60,
        search_path: str = "/usr/local/bin:/usr/bin:/bin",
    ) -> None:
        self._reach = reach
        self._resolver = resolver
        self._seconds = seconds
        self._search_path = search_path

    def search(self, target: Target, lookup: Lookup, start: int, count: int) -> Found:
        """At most `count` records from place `start` (from 1) of what the search finds. Raises `PartnerError`."""
        query = pqf.query(lookup, target.indexes, target.query_charset)
        host, port = _host_and_port(target.address)
        addresses = resolve(host, port, usual=USUAL_PORTS, reach=self._reach, resolver=self._resolver)
        with tempfile.TemporaryDirectory(prefix="z3950-") as name:
            directory = Path(name)
            with YazClient(directory, seconds=self._seconds, search_path=self._search_path) as client:
                _connect(client, addresses, host, port)
                total = _find(client, target, query)
                places = range(start, min(start + count, total + 1))
                answers = [_show(client, place) for place in places]
                client.finish()
            items = [_item(directory, place, answer) for place, answer in zip(places, answers, strict=True)]
        return Found(
            total=total,
            records=tuple(item for item in items if isinstance(item, FoundRecord)),
            faults=tuple(item for item in items if isinstance(item, Fault)),
        )


def _host_and_port(text: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text.strip()}")
        port = parts.port
    except ValueError as error:
        raise _no_address(text) from error
    if parts.path or parts.query or parts.fragment or parts.username is not None or not parts.hostname:
        raise _no_address(text)
    return host_of(parts.hostname), port if port is not None else _USUAL_PORT


def _no_address(text: str) -> AddressRefused:
    return AddressRefused(
        N_("“{address}” is no address of a Z39.50 server. Write the host, a colon and the port."), address=text
    )


def _connect(client: YazClient, addresses: Sequence[Address], host: str, port: int) -> None:
    for address in addresses:
        # The address and not the name: this one was judged, and the name might lead elsewhere when asked again.
        written = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        answer = client.say([f"open tcp:{written}:{port}"], within=_CONNECTING)
        if _ACCEPTED in answer:
            return
        if "rejected" in answer:
            raise Unreachable(N_("{host} does not let us in."), host=host)
    raise Unreachable(N_("{host} does not answer on port {port} in Z39.50."), host=host, port=port)


def _find(client: YazClient, target: Target, query: str) -> int:
    syntax = target.record_format or _USUAL_SYNTAX[target.dialect]
    if "Bad format" in client.say(["querytype prefix", f"base {target.database}", f"format {syntax}"]):
        raise InvalidTarget(N_("“{text}” is no name of a record format."), text=syntax)
    answer = client.say([f"find {query}"])
    hits = _HITS.search(answer)
    if hits is not None and _SUCCESS.search(answer):
        return int(hits.group(1))
    raise _failure(answer) or UnexpectedAnswer(
        N_("The partner's server did not answer the search in a way that can be understood.")
    )


def _show(client: YazClient, place: int) -> str:
    # Each record into a file of its own, so that one that is missing shifts no other.
    return client.say([f"set_marcdump {_file_name(place)}", f"show {place}+1"])


def _item(directory: Path, place: int, answer: str) -> FoundRecord | Fault:
    file = directory / _file_name(place)
    raw, end, _ = (file.read_bytes() if file.exists() else b"").partition(_RECORD_END)
    if end and _LEADER.match(raw):
        return FoundRecord(position=place, form=Form.ISO2709, raw=raw + end)
    error = _failure(answer) or UnexpectedAnswer(
        N_("The partner's server sent this record in another format than MARC (ISO 2709).")
    )
    return Fault(position=place, error=error)


def _file_name(place: int) -> str:
    return f"record-{place}"


def _failure(answer: str) -> PartnerError | None:
    if _LOST.search(answer):
        return BrokenOff(N_("The connection to the partner's server was lost before the answer was complete."))
    found = _DIAGNOSTIC.search(answer)
    if found is None:
        return None
    text = found.group(2)
    added = _ADDED.search(text)
    detail = text if added is None else f"{text[: added.start()]} {added.group(1).removesuffix(chr(39))}"
    return bib1_diagnostic(int(found.group(1)), detail)
