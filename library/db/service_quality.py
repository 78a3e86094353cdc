"""How well the service answers: numbers of answers by how long they took, and ranges of watched minutes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from library.db.tables import answer_times, maintenance_windows, watched_minutes
from library.domain.periods import Span
from library.domain.service_quality import (
    MEDIAN,
    SLOWEST_TWENTIETH,
    Answers,
    ServiceQuality,
    Watch,
    availability,
    followed,
    moments_of,
    percentile,
)

WHOLE_DAY = 24
"""Beside the hours 0 to 23."""


class ReadServiceQuality:
    """What was measured."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, spans: Sequence[Span], zone: tzinfo, now: datetime) -> list[ServiceQuality]:
        """How well the service answered in each of these spans of days, which follow one another: three queries.

        Days begin in `zone`; of a span that is not over what was until `now` is told.
        """
        if not spans:
            return []
        begins, ends = moments_of(Span(first=spans[0].first, last=spans[-1].last), zone)
        days = self._answers(spans[0].first, spans[-1].last)
        watches, planned = self._watches(begins, ends), self._planned(begins, ends)
        return [_quality(span, zone, now, days, watches, planned) for span in spans]

    def newest(self) -> Watch | None:
        """The range of minutes that was watched last."""
        query = select(watched_minutes).order_by(watched_minutes.c.begins_at.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _watch(row)

    def _answers(self, first: date, last: date) -> dict[date, Answers]:
        times = answer_times.c
        query = select(times.day, times.bucket, times.answers, times.failed).where(
            times.hour == WHOLE_DAY, times.day.between(first, last)
        )
        buckets: dict[date, Counter[int]] = {}
        failed: Counter[date] = Counter()
        for day, bucket, answers, failures in self._connection.execute(query):
            buckets.setdefault(day, Counter())[bucket] = answers
            failed[day] += failures
        return {day: Answers(by_bucket=found, failed=failed[day]) for day, found in buckets.items()}

    def _watches(self, begins: datetime, ends: datetime) -> list[Watch]:
        minutes = watched_minutes.c
        query = select(watched_minutes).where(minutes.ends_at > begins, minutes.begins_at < ends)
        return [_watch(row) for row in self._connection.execute(query.order_by(minutes.begins_at))]

    def _planned(self, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
        windows = maintenance_windows.c
        over_at = func.coalesce(windows.ended_at, windows.ends_at, type_=windows.ends_at.type)
        query = select(windows.begins_at, over_at).where(
            windows.cancelled_at.is_(None), windows.begins_at < ends, over_at > begins
        )
        return [(row[0], row[1]) for row in self._connection.execute(query.order_by(windows.begins_at))]


class ServiceQualities(ReadServiceQuality):
    """What is measured is written here."""

    def add_answers(self, day: date, hour: int, answered: Mapping[int, int], failed: Mapping[int, int]) -> None:
        """Add numbers of answers, and of failures among them, by bucket, to those of an hour and of its local day."""
        rows = [
            {"day": day, "hour": part, "bucket": bucket, "answers": count, "failed": failed.get(bucket, 0)}
            for part in (hour, WHOLE_DAY)
            for bucket, count in answered.items()
        ]
        upsert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        adding: Any = upsert(answer_times)
        sums = {name: answer_times.c[name] + adding.excluded[name] for name in ("answers", "failed")}
        self._connection.execute(adding.on_conflict_do_update(index_elements=answer_times.primary_key, set_=sums), rows)

    def watch(self, minute: datetime, *, is_up: bool) -> None:
        """Tell that the portal was asked in this minute; a minute that was told already stays as it is."""
        before = self.newest()
        now = followed(before, minute, is_up=is_up)
        if now is None:
            return
        if before is not None and now.begins_at == before.begins_at:
            longer = update(watched_minutes).where(watched_minutes.c.begins_at == now.begins_at)
            self._connection.execute(longer.values(ends_at=now.ends_at))
        else:
            row = {"begins_at": now.begins_at, "ends_at": now.ends_at, "is_up": now.is_up}
            self._connection.execute(insert(watched_minutes).values(row))


def _quality(
    span: Span,
    zone: tzinfo,
    now: datetime,
    days: Mapping[date, Answers],
    watches: Sequence[Watch],
    planned: Sequence[tuple[datetime, datetime]],
) -> ServiceQuality:
    begins, ends = moments_of(span, zone)
    total: Counter[int] = Counter()
    of_span = (span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1))
    found = [days[day] for day in of_span if day in days]
    for answers in found:
        total.update(answers.by_bucket)
    # Ranges follow one another, so those of a span stand side by side.
    first = bisect_right(watches, begins, key=lambda watch: watch.ends_at)
    last = bisect_left(watches, ends, key=lambda watch: watch.begins_at)
    return ServiceQuality(
        answers=total.total(),
        failed=sum(answers.failed for answers in found),
        median_ms=percentile(total, MEDIAN),
        p95_ms=percentile(total, SLOWEST_TWENTIETH),
        availability=availability(begins, min(ends, now), watches[first:last], planned),
    )


def _watch(row: Row[Any]) -> Watch:
    return Watch(begins_at=row.begins_at, ends_at=row.ends_at, is_up=row.is_up)
