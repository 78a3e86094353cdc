"""What makes a request no use by a reader: staff at work, monitors, our own jobs, pages fetched beforehand."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import Headers, MultiDict

from indexer.model import Sort
from library.domain.people import Role
from library.domain.usage import MACHINE_KINDS, Flag, Kind
from library.services.asked import Asked

STAFF = frozenset({Role.CATALOGUER, Role.APPROVER, Role.HEAD, Role.INSPECTOR, Role.ADMINISTRATOR})
"""Whoever has one of these roles looks at records and files because they keep or supervise them.

Depositors and those who confirm works for their department read like everybody; what they open by the rule for work is
marked file by file.
"""
# Those of our own probe, and of the programs that watch services. Few of them are on the list of robots.
_MONITORS = re.compile(
    r"Kutubxona-probe|Blackbox.Exporter|check_http|Icinga|Nagios|Pingdom|StatusCake|UptimeRobot|Uptime-Kuma|Zabbix",
    re.IGNORECASE,
)
# Links in records are tried at night, our own ones too.
_OWN_JOBS = re.compile(r"Kutubxona\b(?!-probe)")
_BEFOREHAND = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_NOT_READ = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


def works_here(roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles is counted as staff."""
    return bool(roles & STAFF)


def flags_of(method: str, headers: Headers, agent: str, kind: Kind) -> Flag:
    """What the request itself tells. Robots are found later, by the words of the agent and the newest list of them.

    Other libraries with this program harvest and search here under its own name, which then means a reader.
    """
    flags = Flag.HEAD if method == "HEAD" else Flag.NONE
    if any(_NOT_READ.search(headers.get(name, "")) for name in _BEFOREHAND):
        flags |= Flag.BULK
    if _MONITORS.search(agent):
        flags |= Flag.MONITOR
    if kind not in MACHINE_KINDS and _OWN_JOBS.match(agent):
        flags |= Flag.JOB
    return flags


def continues(asked: Asked, came_from: str, host: str) -> bool:
    """Whether a list of results shows more of what its reader found before: another page, another order, once more.

    It does where they came from a list of the same results; where the browser does not tell, where it is not the first
    page in the usual order. A filter makes other results.
    """
    if asked.page > 1:
        return True
    before = urlsplit(came_from)
    if before.netloc != host:
        return asked.sort is not Sort.RELEVANCE
    return before.path == "/search" and _results(Asked.read(MultiDict(parse_qsl(before.query)))) == _results(asked)


def _results(asked: Asked) -> list[tuple[str, str]]:
    return list(asked.pairs(sort=False))
