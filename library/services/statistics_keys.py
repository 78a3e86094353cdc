"""Keys of officials: issued once and shown once, looked at with every call, revoked at once; and the list of calls."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from library.db.statistics_keys import NotedCall, Used
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.errors import N_
from library.domain.journal import Deed
from library.domain.key_errors import InvalidStatisticsKey, KeyMissing, KeyUnknown, TooManyCalls
from library.domain.statistics_keys import (
    CALLS_A_MINUTE,
    HEADER,
    Call,
    KeyEntry,
    KeyState,
    StatisticsKey,
    prefix_of,
    require_sound,
)
from library.projections.plain_text import clean
from library.services.keys import digest_of

PREFIX_BYTES = 4
SECRET_BYTES = 32
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key in the list: whether it opens anything today, and how it was used; None where it never was."""

    key: StatisticsKey
    state: KeyState
    used: Used | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A key with its secret, which nobody is shown again."""

    key: StatisticsKey
    secret: str


class StatisticsKeys:
    """Keys for those who may ask for statistics without an account here.

    `indicators` are the ids of all there are. Methods with an `actor` raise `NotEntitled` where that one may not.
    """

    def __init__(
        self, database: Database, indicators: Iterable[str], zone: tzinfo, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._indicators = tuple(indicators)
        self._zone = zone
        self._clock = clock

    def today(self) -> date:
        """The day by the clocks of the library."""
        return self._clock().astimezone(self._zone).date()

    def issue(self, entry: KeyEntry, *, actor: Actor) -> Issued:
        """Make a key; `InvalidStatisticsKey` with the remedy where it can't be like this."""
        require(actor, Action.STATISTICS_KEYS)
        at = self._clock()
        entry = replace(entry, label=clean(entry.label), official=clean(entry.official))
        require_sound(entry, self._indicators, at.astimezone(self._zone).date())
        prefix = secrets.token_hex(PREFIX_BYTES)
        secret = f"stat_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
        key = StatisticsKey(
            id=0, prefix=prefix, entry=entry, issued_at=at, issued_by=actor.key, issued_by_name=actor.name
        )
        with self._database.writing() as tx:
            if tx.statistics_keys.by_prefix(prefix) is not None:
                raise InvalidStatisticsKey(N_("The key could not be made. Send the form once more."))
            key = tx.statistics_keys.add(key, digest_of(secret))
            tx.journal.add(actor, Deed.STATISTICS_KEY_ISSUED, _name(key), at, after=_facts(key))
            tx.commit()
        return Issued(key=key, secret=secret)

    def revoke(self, key_id: int, *, actor: Actor) -> None:
        """Let a key open nothing from this moment on; `NotFound`, or `StaleVersion` where it was revoked already."""
        require(actor, Action.STATISTICS_KEYS)
        at = self._clock()
        with self._database.writing() as tx:
            key = tx.statistics_keys.get(key_id)
            tx.statistics_keys.revoke(key_id, actor.name, at)
            tx.journal.add(actor, Deed.STATISTICS_KEY_REVOKED, _name(key), at, before=_facts(key))
            tx.commit()

    def listed(self, *, actor: Actor) -> list[KeyLine]:
        """All keys, the newest first."""
        require(actor, Action.SEE_STATISTICS)
        today = self.today()
        with self._database.reading() as view:
            used = view.statistics_keys.used()
            return [
                KeyLine(key=key, state=key.state(today), used=used.get(key.id)) for key in view.statistics_keys.all()
            ]

    def line(self, key_id: int, *, actor: Actor) -> KeyLine:
        """A key as in the list; `NotFound` where there is none."""
        require(actor, Action.SEE_STATISTICS)
        with self._database.reading() as view:
            key = view.statistics_keys.get(key_id)
            return KeyLine(key=key, state=key.state(self.today()), used=view.statistics_keys.used().get(key_id))

    def calls(self, key_id: int | None, below: int | None, limit: int, *, actor: Actor) -> list[NotedCall]:
        """What was asked by one key, or by all, the newest first; numbers under `below` where that is not None."""
        require(actor, Action.SEE_STATISTICS)
        with self._database.reading() as view:
            return view.statistics_keys.calls(key_id, below, limit)

    def find(self, secret: str) -> StatisticsKey:
        """The key with this secret, whatever its state; raises `KeyMissing` or `KeyUnknown`.

        It is found by the part that may be seen; the whole is compared in a time that tells nothing.
        """
        if not secret:
            raise KeyMissing(N_("Send your key in the header {header}. The library issues keys."), header=HEADER)
        prefix = prefix_of(secret)
        if prefix:
            with self._database.reading() as view:
                found = view.statistics_keys.by_prefix(prefix)
            if found is not None and hmac.compare_digest(found[1], digest_of(secret)):
                return found[0]
        raise KeyUnknown(N_("There is no such key. Copy it once more, whole, or ask the library for a new one."))

    def admit(self, key: StatisticsKey, address: str) -> None:
        """Raise unless the key may ask now from this address.

        `KeyRevoked`, `KeyExpired`, `AddressNotAllowed`; `TooManyCalls` beyond `CALLS_A_MINUTE`.
        """
        at = self._clock()
        key.require_valid(at.astimezone(self._zone).date(), address)
        with self._database.reading() as view:
            answered = view.statistics_keys.answered_since(key.id, at - MINUTE)
        if answered >= CALLS_A_MINUTE:
            raise TooManyCalls(N_("A key may ask {most} times a minute. Wait a little."), most=CALLS_A_MINUTE)

    def note(self, key: StatisticsKey | None, path: str, status: int, code: str, figures: int) -> None:
        """Write a call into the list; `path` has its arguments, keys masked (`masked`)."""
        call = Call(at=self._clock(), key_id=key.id if key else 0, path=path, status=status, code=code, figures=figures)
        with self._database.writing() as tx:
            tx.statistics_keys.note(call)
            tx.commit()


def _name(key: StatisticsKey) -> str:
    return f"statistics-key:{key.id}"


def _facts(key: StatisticsKey) -> dict[str, object]:
    entry, scope = key.entry, key.entry.scope
    said = {
        "key": key.prefix,
        "label": entry.label,
        "official": entry.official,
        "indicators": list(scope.indicators),
        "first_day": scope.first.isoformat() if scope.first else "",
        "last_day": scope.last.isoformat() if scope.last else "",
        "counter": scope.counter,
        "expires_on": entry.expires_on.isoformat(),
        "networks": list(entry.networks),
    }
    return {name: value for name, value in said.items() if value not in ("", [], False)}
