"""The invented year of the sample: the same for the same days, with its rhythm, and counted like any other use."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from library.cli import sample_use
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.dashboard import Preset, preset_time
from library.domain.periods import Span
from library.domain.usage import Kind, Outcome
from library.sample.use import DAYS, Day, Held, year
from tests.builders import add_records
from tests.staff import BOTIR

ZONE = ZoneInfo("Asia/Tashkent")
TODAY = date(2026, 11, 21)
HELD = [
    *(Held(record_id=number, file_id=number, level=level) for number, level in enumerate(AccessLevel, 1)),
    *(Held(record_id=number) for number in range(10, 60)),
]


def days(count: int = DAYS) -> list[Day]:
    return list(year(HELD, TODAY, ZONE, 7, count))


def test_a_year_is_plausible() -> None:
    found = days()
    assert [day.day for day in found] == [TODAY - timedelta(days=number) for number in range(DAYS, 0, -1)]
    events = [event for day in found for event in day.events]
    assert 30_000 <= len(events) <= 60_000
    assert len({event.eid for event in events}) == len(events)
    assert all(event.local_day == day.day for day in found for event in day.events)
    months = Counter(event.local_day.month for event in events)
    assert months[8] * 2 < months[10]
    weekdays = Counter(event.local_day.weekday() for event in events)
    assert weekdays[6] * 2 < weekdays[1]
    hours = Counter(event.local_hour for event in events)
    assert hours[3] * 20 < hours[10]
    assert {event.outcome for event in events} == set(Outcome)
    assert {event.kind for event in events} == set(Kind)


def test_the_same_days_have_the_same_use() -> None:
    assert days(3) == days(3)
    assert days(3) == days(20)[-3:]
    assert list(year([], TODAY, ZONE, 7)) == []


def test_invented_use_is_counted_as_any_other_and_never_mixes_with_real_one(container: Container) -> None:
    add_records(container.database, *(f"Kitob {number}" for number in range(20)))
    written = sample_use.bring(container, 4)
    assert container.dashboard.year().titles == 20, "the catalogue is told of before the first night"
    assert container.usage_counting.roll_up_all() == 4
    today = container.dashboard.today()
    with container.database.reading() as view:
        span = Span(first=today - timedelta(days=5), last=today)
        counted = sum(count.number for count in (*view.usage_counts.requests(span), *view.usage_counts.excluded(span)))
        assert counted == written > 50
    overview = container.dashboard.overview(preset_time(Preset.TWELVE_MONTHS, today), actor=BOTIR)
    assert overview.is_invented
    assert overview.titles
    assert sample_use.bring(container, 4) == 0
