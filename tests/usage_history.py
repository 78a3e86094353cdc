"""Events of use for tests, and a second way to count them: slow, over all events at once, written from the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from library.domain.counter_types import BOOKS, AccessMethod, AccessType, DataType, Metric
from library.domain.usage import Denial, Flag, Kind, UsageEvent, event_id, local_time

TASHKENT = ZoneInfo("Asia/Tashkent")
HALF_A_MINUTE = timedelta(seconds=30)
Row = tuple[str, DataType, AccessType, AccessMethod]
Figures = dict[date, Counter[tuple[int, int, Row, Metric]]]
"""By day: title, item (0 for the title as a whole, both 0 for the platform), row, metric."""


def an_event(number: int, at: datetime, kind: Kind, who: bytes = b"w" * 16, **facts: object) -> UsageEvent:
    """An event of an article that is open, unless told otherwise; `number` makes it another one."""
    day, hour = local_time(at, TASHKENT)
    given: dict[str, object] = {"institution": "buxdu"}
    if kind not in (Kind.SEARCH, Kind.SRU, Kind.OAI, Kind.ERROR):
        given |= {"item_id": 1, "data_type": DataType.ARTICLE, "access_type": AccessType.OPEN}
    given |= facts
    given.setdefault("title_id", given.get("item_id", 0))
    return UsageEvent(
        eid=event_id(at, number.to_bytes(10, "big")),
        at=at.astimezone(UTC),
        local_day=day,
        local_hour=hour,
        who=who,
        kind=kind,
        **given,  # type: ignore[arg-type]
    )


def counted_slowly(events: Sequence[UsageEvent]) -> Figures:
    """All figures of COUNTER of all days, each event compared with each other one."""
    distinct = sorted({event.eid: event for event in events}.values(), key=lambda event: (event.at, event.eid))
    valid = [event for event in distinct if _is_valid(event)]
    single = [event for place, event in enumerate(valid) if not _comes_again(event, valid[place + 1 :])]
    acts = [event for place, event in enumerate(single) if not _goes_on_reading(event, single[place + 1 :])]
    figures: Figures = {}
    for day in {event.local_day for event in acts}:
        figures[day] = Counter()
        for row in {_row(event) for event in acts}:
            _count(figures[day], row, [event for event in acts if event.local_day == day and _row(event) == row])
        figures[day] = Counter({key: number for key, number in figures[day].items() if number})
    return figures


def _row(event: UsageEvent) -> Row:
    return event.institution, event.data_type, event.access_type, event.access_method


def _is_valid(event: UsageEvent) -> bool:
    marks = event.flags
    if event.access_method is AccessMethod.TDM:
        marks &= ~Flag.ROBOT
    if marks or event.range_start:
        return False
    if event.kind is Kind.REFUSAL:
        return event.denied in (Denial.NO_LICENSE, Denial.LIMIT_EXCEEDED)
    if event.kind is Kind.DOWNLOAD:
        return event.status in (200, 206, 304) and (event.completed or event.sent > 0)
    return event.kind in (Kind.SEARCH, Kind.RECORD_VIEW, Kind.PAGE_VIEW) and event.status in (200, 304)


def _comes_again(event: UsageEvent, later: Sequence[UsageEvent]) -> bool:
    return event.kind is not Kind.SEARCH and any(
        event.who in (other.who, other.who_before)
        and (event.title_id, event.item_id, event.file_id) == (other.title_id, other.item_id, other.file_id)
        and (event.kind, event.denied) == (other.kind, other.denied)
        and other.at <= event.at + HALF_A_MINUTE
        for other in later
    )


def _goes_on_reading(event: UsageEvent, later: Sequence[UsageEvent]) -> bool:
    return event.kind is Kind.PAGE_VIEW and any(
        other.kind is Kind.PAGE_VIEW
        and (event.who, event.local_day, event.local_hour) == (other.who, other.local_day, other.local_hour)
        and (event.title_id, event.item_id, event.file_id) == (other.title_id, other.item_id, other.file_id)
        and _row(event) == _row(other)
        for other in later
    )


def _chapters(event: UsageEvent) -> int:
    return event.segments if event.kind is Kind.DOWNLOAD and event.data_type in BOOKS else 1


def _count(figures: Counter[tuple[int, int, Row, Metric]], row: Row, events: Sequence[UsageEvent]) -> None:
    figures[0, 0, row, Metric.SEARCHES_PLATFORM] = sum(event.kind is Kind.SEARCH for event in events)
    requests = [event for event in events if event.kind in (Kind.DOWNLOAD, Kind.PAGE_VIEW)]
    investigations = requests + [event for event in events if event.kind is Kind.RECORD_VIEW]
    for title in {event.title_id for event in events if event.item_id}:
        for denial, metric in (
            (Denial.NO_LICENSE, Metric.NO_LICENSE),
            (Denial.LIMIT_EXCEEDED, Metric.LIMIT_EXCEEDED),
        ):
            for event in events:
                if event.denied is denial and event.title_id == title:
                    figures[title, 0, row, metric] += 1
                    figures[title, event.item_id, row, metric] += 1
        for used, total, unique, titles in (
            (
                investigations,
                Metric.TOTAL_ITEM_INVESTIGATIONS,
                Metric.UNIQUE_ITEM_INVESTIGATIONS,
                Metric.UNIQUE_TITLE_INVESTIGATIONS,
            ),
            (requests, Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
        ):
            of_title = [event for event in used if event.title_id == title]
            for session in {(event.who, event.local_hour) for event in of_title}:
                mine = [event for event in of_title if (event.who, event.local_hour) == session]
                whole = max((_chapters(event) for event in mine if event.item_id == title), default=0)
                parts = {event.item_id for event in mine if event.item_id != title}
                together = max(whole, len(parts)) if whole > 1 else whole + len(parts)
                for scope in ((0, 0), (title, 0)):
                    figures[*scope, row, total] += sum(map(_chapters, mine))
                    figures[*scope, row, unique] += together
                    figures[*scope, row, titles] += row[1] in BOOKS
                for item in {event.item_id for event in mine}:
                    weights = [_chapters(event) for event in mine if event.item_id == item]
                    figures[title, item, row, total] += sum(weights)
                    figures[title, item, row, unique] += max(weights)
