"""Attempts to prove who one is: counted by account and address before they are tried, so that many at once count too.

Whoever failed too often waits until the first of the failures is 15 minutes old; nobody is ever locked out for longer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from library.db.unit_of_work import UnitOfWork
from library.domain.errors import TooManyAttempts
from library.domain.people import login_key

WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT = 5
MOST_OF_ADDRESS = 20
LONGEST_ADDRESS = 64
IPV6_SITE = 64

Subjects = tuple[str, ...]


def subjects(login: str, address: str) -> Subjects:
    """What an attempt counts against: the account, known or not, and the address."""
    return (f"login:{login_key(login)}", _place(address))


def count(tx: UnitOfWork, against: Subjects, at: datetime) -> None:
    """Count an attempt as failed until it is forgiven; `TooManyAttempts` where there were too many already."""
    tx.sessions.one_at_a_time(against)
    known = tx.sessions.failures(against, at - WINDOW)
    waits = [first + WINDOW - at for subject, (failed, first) in known.items() if failed >= _limit(subject)]
    if waits:
        raise TooManyAttempts(ceil(max(waits).total_seconds()))
    tx.sessions.forget_failures_before(at - WINDOW)
    tx.sessions.note_failures(against, at)


def forgive(tx: UnitOfWork, against: Subjects, at: datetime) -> None:
    """The attempt of this time succeeded: all failures of the account are forgotten, of the address that one."""
    account, address = against
    tx.sessions.forgive(account)
    tx.sessions.forget_failures((address,), at)


def _limit(subject: str) -> int:
    return MOST_OF_ACCOUNT if subject.startswith("login:") else MOST_OF_ADDRESS


def _place(address: str) -> str:
    """An address as failures are counted: of IPv6 the network, of which every house has one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address[:LONGEST_ADDRESS]}"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"address:{ip_network((parsed, IPV6_SITE), strict=False)}"
    return f"address:{parsed}"
