"""A year of use of the sample catalogue, invented: by terms, weekdays and hours, the same for the same days.

Nobody did any of it. The events go the way of all events, so that what is counted of them is counted as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from library.domain.access import Rule
from library.domain.access_level import AccessLevel
from library.domain.people import ReaderCategory
from library.domain.usage import DENIALS, WHO_BYTES, Flag, Kind, UsageEvent, event_id, local_time

DAYS = 365

_RANDOM_BYTES = 10
_SESSIONS = 27
_MONTHS = (0.95, 0.8, 1.05, 1.1, 1.25, 1.15, 0.35, 0.25, 0.95, 1.1, 1.15, 1.2)
_WEEK = (1.1, 1.15, 1.1, 1.05, 0.9, 0.55, 0.35)
_HOURS = (2, 1, 1, 0, 0, 1, 2, 5, 12, 20, 24, 22, 15, 14, 22, 23, 19, 14, 12, 14, 16, 15, 10, 5)
_HOLIDAYS = frozenset({(1, 1), (3, 8), (3, 21), (5, 9), (9, 1), (10, 1), (12, 8)})
_ON_HOLIDAYS = 0.3
_CATEGORIES = {
    ReaderCategory.STUDENT: 62,
    ReaderCategory.MASTER: 14,
    ReaderCategory.DOCTORAL: 6,
    ReaderCategory.TEACHER: 13,
    ReaderCategory.EMPLOYEE: 4,
    ReaderCategory.EXTERNAL: 1,
}
_FACULTIES = {
    "Tarix fakulteti": 18,
    "Filologiya fakulteti": 27,
    "Fizika-matematika fakulteti": 22,
    "Iqtisodiyot fakulteti": 20,
    "Pedagogika fakulteti": 13,
}
# Keys of search, as they are kept: in one alphabet and without endings.
_IN_VAIN = (
    *("kvant informatika", "suniy intellekt asos", "blokcheyn", "raqam iqtisod", "neyropedagogika"),
    *("biznes reja 2026", "ielts writing", "python dasturlash", "milliy goya tarix", "islom moliya"),
)
_SIGNED_IN, _SEARCHES, _IN_VAIN_SHARE, _TWICE = 0.55, 0.85, 0.15, 0.03
_DOWNLOADS, _WHOLE, _LARGEST = 0.45, 0.93, 12_000_000
_OPEN_TO_MEMBERS = frozenset({AccessLevel.OPEN, AccessLevel.MEMBERS, AccessLevel.VIEW_ONLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record that is used; its file, 0 for none, and how that stands open."""

    record_id: int
    file_id: int = 0
    level: AccessLevel = AccessLevel.CLOSED


@dataclass(frozen=True, slots=True)
class Search:
    """Words that found nothing, and a mark that tells visitors apart."""

    words: str
    mark: bytes


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day, by time."""

    day: date
    events: tuple[UsageEvent, ...]
    searches: tuple[Search, ...]


def year(held: Sequence[Held], today: date, zone: ZoneInfo, agent_id: int, days: int = DAYS) -> Iterator[Day]:
    """So many days before `today`; nothing where there are no records."""
    ranked = sorted(held, key=lambda one: (not one.file_id, Random(one.record_id).random()))  # noqa: S311  (no secret)
    for number in range(DAYS - days if ranked else DAYS, DAYS):
        day = today - timedelta(days=DAYS - number)
        yield _Visits(ranked, day, zone, agent_id, growth=0.85 + 0.3 * number / DAYS).day()


class _Visits:
    """The visits of one day."""

    def __init__(self, ranked: Sequence[Held], day: date, zone: ZoneInfo, agent_id: int, *, growth: float) -> None:
        self._ranked = ranked
        self._day = day
        self._zone = zone
        self._agent_id = agent_id
        self._growth = growth
        self._random = Random(day.toordinal())  # noqa: S311  (no secret)
        self._events: list[UsageEvent] = []
        self._searches: list[Search] = []

    def day(self) -> Day:
        rhythm = _MONTHS[self._day.month - 1] * _WEEK[self._day.weekday()] * self._growth
        if (self._day.month, self._day.day) in _HOLIDAYS:
            rhythm *= _ON_HOLIDAYS
        for _ in range(round(self._random.gauss(_SESSIONS, 3) * rhythm)):
            self._visit()
        self._programs()
        kept = sorted((one for one in self._events if one.local_day == self._day), key=lambda one: one.eid)
        return Day(self._day, tuple(kept), tuple(self._searches))

    def _visit(self) -> None:
        """Somebody looks for something, opens some of it, reads it or takes it home."""
        chance = self._random
        who, at = chance.randbytes(WHO_BYTES), self._moment(chance.choices(range(24), _HOURS)[0])
        person: dict[str, Any] = {}
        if chance.random() < _SIGNED_IN:
            category = chance.choices(list(_CATEGORIES), list(_CATEGORIES.values()))[0].value
            person = {"category": category, "faculty": chance.choices(list(_FACULTIES), list(_FACULTIES.values()))[0]}
        for _ in range(chance.choices((1, 2, 3), (6, 3, 1))[0]):
            at = self._look_for(who, at, person)
            record = self._ranked[int(len(self._ranked) * chance.random() ** 3)]
            at = self._note(Kind.RECORD_VIEW, who, at, person, item_id=record.record_id)
            if chance.random() < _TWICE:
                self._note(Kind.RECORD_VIEW, who, at, person, item_id=record.record_id)
            if record.file_id:
                at = self._read(record, who, at, person)

    def _look_for(self, who: bytes, at: datetime, person: dict[str, Any]) -> datetime:
        chance = self._random
        if chance.random() > _SEARCHES:
            return at
        if chance.random() < _IN_VAIN_SHARE:
            words = _IN_VAIN[int(len(_IN_VAIN) * chance.random() ** 2)]
            self._searches.append(Search(words, who))
            at = self._note(Kind.SEARCH, who, at, person)
        return self._note(Kind.SEARCH, who, at, person, results=chance.randint(1, 90))

    def _read(self, record: Held, who: bytes, at: datetime, person: dict[str, Any]) -> datetime:
        chance = self._random
        file = {"item_id": record.record_id, "file_id": record.file_id}
        if record.level is not AccessLevel.OPEN and not (person and record.level in _OPEN_TO_MEMBERS):
            rule = Rule(record.level.value)
            return self._note(Kind.REFUSAL, who, at, person, status=403, denied=DENIALS[rule], rule=rule.value, **file)
        for _ in range(chance.randint(1, 4)):
            at = self._note(Kind.PAGE_VIEW, who, at, person, **file)
        if record.level is not AccessLevel.VIEW_ONLY and chance.random() < _DOWNLOADS:
            whole = chance.random() < _WHOLE
            size = chance.randint(_LARGEST // 40, _LARGEST)
            at = self._note(Kind.DOWNLOAD, who, at, person, completed=whole, sent=size if whole else size // 3, **file)
        return at

    def _programs(self) -> None:
        """Harvesters, robots, staff, and what failed."""
        chance = self._random
        for kind, most, hour, flags in (
            (Kind.OAI, 6, 2, Flag.NONE),
            (Kind.SRU, 2, 11, Flag.NONE),
            (Kind.RECORD_VIEW, 14, 4, Flag.ROBOT),
            (Kind.RECORD_VIEW, 5, 10, Flag.STAFF),
        ):
            at = self._moment(hour)
            for _ in range(chance.randint(0, most)):
                item = chance.choice(self._ranked).record_id if kind is Kind.RECORD_VIEW else 0
                at = self._note(kind, chance.randbytes(WHO_BYTES), at, {}, item_id=item, flags=flags, results=3)
        if chance.random() < 0.1:  # noqa: PLR2004  (one day in ten)
            self._note(Kind.ERROR, chance.randbytes(WHO_BYTES), self._moment(15), {}, status=500)

    def _moment(self, hour: int) -> datetime:
        minute, second = self._random.randint(0, 59), self._random.randint(0, 59)
        return datetime(self._day.year, self._day.month, self._day.day, hour, minute, second, tzinfo=self._zone)

    def _note(self, kind: Kind, who: bytes, at: datetime, person: dict[str, Any], **facts: Any) -> datetime:
        """One event; the moment of the next one."""
        at_utc = at.astimezone(UTC)
        day, hour = local_time(at_utc, self._zone)
        self._events.append(
            UsageEvent(
                eid=event_id(at_utc, self._random.randbytes(_RANDOM_BYTES)),
                at=at_utc,
                local_day=day,
                local_hour=hour,
                who=who,
                institution="",
                kind=kind,
                title_id=facts.get("item_id", 0),
                agent_id=self._agent_id,
                **person,
                **facts,
            )
        )
        return at + timedelta(seconds=self._random.randint(8, 100))
