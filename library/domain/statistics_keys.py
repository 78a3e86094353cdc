"""Keys by which officials ask for statistics: whose one is, what it opens, until when, and what was asked by it.

A key is `stat_`, eight signs that may be seen, and a secret of 32 random bytes. The library keeps its digest alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import parse_qsl, urlencode

from library.domain.errors import N_
from library.domain.key_errors import AddressNotAllowed, InvalidStatisticsKey, KeyExpired, KeyRevoked, OutOfScope
from library.domain.periods import Span

LONGEST_TERM = timedelta(days=3 * 366)
"""A key that is still needed after three years is issued anew, to whoever holds the post then."""
LONGEST_NAME = 200
MOST_NETWORKS = 20
CALLS_A_MINUTE = 60
"""What one key may ask in 60 seconds, from all addresses together."""
HEADER = "Authorization: Bearer …"
"""How a key is sent."""
SECRETS = frozenset({"key", "api_key", "apikey", "requestor_id", "access_token", "token"})
"""Arguments of addresses in which programs send keys; COUNTER says so of some."""

_SHAPE = re.compile(r"stat_(?P<prefix>[0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_MASK = "***"
_LONGEST_PATH = 1_000


class KeyState(StrEnum):
    """Whether a key opens anything."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a key opens.

    No `indicators` means all of them. Figures are of no day before `first` or after `last`; None is no such limit.
    `counter` says that the reports of COUNTER are open too.
    """

    indicators: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    counter: bool = False

    def require(self, indicators: Iterable[str], span: Span) -> None:
        """Raise `OutOfScope` unless these figures of these days are open; the message says what is."""
        foreign = [one for one in indicators if self.indicators and one not in self.indicators]
        if foreign:
            raise OutOfScope(
                N_("This key does not open the indicator “{id}”. It opens: {open}."),
                id=foreign[0],
                open=", ".join(self.indicators),
            )
        if (self.first and span.first < self.first) or (self.last and span.last > self.last):
            raise OutOfScope(
                N_("This key opens figures from {first} to {last} only; asked for: {begin} to {end}."),
                first=self.first.isoformat() if self.first else "…",
                last=self.last.isoformat() if self.last else "…",
                begin=span.first.isoformat(),
                end=span.last.isoformat(),
            )

    def require_counter(self) -> None:
        """Raise `OutOfScope` unless the reports of COUNTER are open."""
        if not self.counter:
            raise OutOfScope(N_("This key does not open the reports of COUNTER. Ask the library for one that does."))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """What is entered when a key is issued.

    `official` is whose it is, `label` what it is for. `expires_on` is its last day. From outside of `networks` it does
    not work; none means from anywhere.
    """

    label: str
    official: str
    scope: Scope
    expires_on: date
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsKey:
    """A key that was issued. `prefix` may be seen by everybody who sees the list."""

    id: int
    prefix: str
    entry: KeyEntry
    issued_at: datetime
    issued_by: str
    issued_by_name: str
    revoked_at: datetime | None = None
    revoked_by_name: str = ""

    def state(self, today: date) -> KeyState:
        """Whether it opens anything on this day."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.EXPIRED if today > self.entry.expires_on else KeyState.VALID

    def require_valid(self, today: date, address: str) -> None:
        """Raise `KeyRevoked`, `KeyExpired`, or `AddressNotAllowed` unless it works on this day from this address."""
        state = self.state(today)
        if state is KeyState.REVOKED:
            raise KeyRevoked(N_("This key was revoked. Ask the library for a new one."))
        if state is KeyState.EXPIRED:
            raise KeyExpired(
                N_("This key ended on {date}. Ask the library for a new one."), date=self.entry.expires_on.isoformat()
            )
        if not _is_within(address, self.entry.networks):
            raise AddressNotAllowed(
                N_("This key does not work from the address {address}. Ask the library to add it."), address=address
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked by a key, and how it was answered.

    `key_id` is 0 where the key is none of ours; `path` has its arguments, keys masked; `figures` were given.
    """

    at: datetime
    key_id: int
    path: str
    status: int
    code: str = ""
    figures: int = 0


def prefix_of(secret: str) -> str:
    """The part of a key that may be seen; empty for what does not look like one of ours."""
    shape = _SHAPE.fullmatch(secret)
    return shape["prefix"] if shape else ""


def masked(path: str, query: str) -> str:
    """The address that was asked for, in one line; whatever is a key, or stands where one would, is masked."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    hidden = [(name, _MASK if name.lower() in SECRETS else _SHAPE.sub(_MASK, value)) for name, value in pairs]
    text = _SHAPE.sub(_MASK, path) + (f"?{urlencode(hidden, safe='*/,|:')}" if hidden else "")
    return text if len(text) <= _LONGEST_PATH else f"{text[: _LONGEST_PATH - 1]}…"


def require_sound(entry: KeyEntry, known: Iterable[str], today: date) -> None:
    """Raise `InvalidStatisticsKey` with the remedy unless a key may be issued like this; `known` are all indicators."""
    for text in (entry.label, entry.official):
        if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
            raise InvalidStatisticsKey(
                N_("Write whose key it is and what it is for, {longest} characters at most each."), longest=LONGEST_NAME
            )
    if not today <= entry.expires_on <= today + LONGEST_TERM:
        raise InvalidStatisticsKey(
            N_("A key ends between today and {latest}. Write its last day."), latest=(today + LONGEST_TERM).isoformat()
        )
    first, last = entry.scope.first, entry.scope.last
    if first and last and last < first:
        raise InvalidStatisticsKey(N_("The last day of the figures lies before the first one."))
    foreign = sorted(set(entry.scope.indicators) - set(known))
    if foreign:
        raise InvalidStatisticsKey(N_("There is no indicator “{id}”. Choose them from the list."), id=foreign[0])
    if len(entry.networks) > MOST_NETWORKS:
        raise InvalidStatisticsKey(N_("A key has {most} address ranges at most."), most=MOST_NETWORKS)
    for network in entry.networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise InvalidStatisticsKey(
                N_("“{network}” is no address or range such as 195.158.0.0/16."), network=network[:LONGEST_NAME]
            ) from None


def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    if not networks:
        return True
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return any(parsed in ip_network(network, strict=False) for network in networks)
