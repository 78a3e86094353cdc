"""Attempts to prove who one is: counted by account and address before they are tried, so that many at once count too.

Whoever failed too often waits until the first of the failures is 15 minutes old; nobody is ever locked out for longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from library.db.unit_of_work import UnitOfWork
from library.domain.errors import TooManyAttempts
from library.domain.people import Person, login_key

WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT = 5
MOST_OF_ADDRESS = 20
LONGEST_ADDRESS = 64
IPV6_SITE = 64


class Attempts:
    """Counts failures; a campus, where a lecture hall may sign in by one address, is counted by account alone."""

    def __init__(self, campus_networks: Sequence[str]) -> None:
        self._campus = tuple(ip_network(network, strict=False) for network in campus_networks)

    def subjects(self, person: Person | None, login: str, address: str) -> tuple[str, ...]:
        """What an attempt counts against: the account, whichever of its logins was typed, and the address.

        A login that nobody has is counted like one that somebody has.
        """
        account = f"account:{person.id}" if person else f"login:{login_key(login)}"
        return (account, *self.places(address))

    def places(self, address: str) -> tuple[str, ...]:
        """An address as failures are counted: of IPv6 the network, of which every house has one."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return (f"address:{address[:LONGEST_ADDRESS]}",)
        if isinstance(parsed, IPv6Address):
            parsed = parsed.ipv4_mapped or parsed
        if any(parsed in network for network in self._campus):
            return ()
        if isinstance(parsed, IPv6Address):
            return (f"address:{ip_network((parsed, IPV6_SITE), strict=False)}",)
        return (f"address:{parsed}",)


def count(tx: UnitOfWork, against: Sequence[str], at: datetime) -> None:
    """Count an attempt as failed until it is forgiven; `TooManyAttempts` where there were too many already."""
    tx.sessions.one_at_a_time(against)
    known = tx.sessions.failures(against, at - WINDOW)
    waits = [first + WINDOW - at for subject, (failed, first) in known.items() if failed >= _limit(subject)]
    if waits:
        raise TooManyAttempts(ceil(max(waits).total_seconds()))
    tx.sessions.forget_failures_before(at - WINDOW)
    tx.sessions.note_failures(against, at)


def take_back(tx: UnitOfWork, against: Sequence[str], at: datetime) -> None:
    """The attempt of this time was none that failed; those before it still count."""
    tx.sessions.forget_failures(against, at)


def forgive(tx: UnitOfWork, against: Sequence[str], at: datetime) -> None:
    """The attempt of this time succeeded: all failures of the account are forgotten, of the address that one."""
    account, *places = against
    tx.sessions.forgive(account)
    tx.sessions.forget_failures(places, at)


def _limit(subject: str) -> int:
    return MOST_OF_ADDRESS if subject.startswith("address:") else MOST_OF_ACCOUNT
