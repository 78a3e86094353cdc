"""How well the service answers: how long readers wait, and how many minutes it could not be reached.

Times of answers are kept as numbers of answers by bucket, each a fifth wider than the one before, so that a percentile
of any time is found from sums and is off by a tenth at most. Minutes are kept as ranges in which the portal answered,
or did not, each time it was asked. What was not measured is told apart from what is well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from library.domain.periods import Span

MINUTE = timedelta(minutes=1)
LAST_BUCKET = 80
"""Its lower bound is 17 minutes; what takes longer is in it too."""
MEDIAN, SLOWEST_TWENTIETH = 0.5, 0.95
_SHORTEST_MS = 1.0
_BUCKETS_OF_AN_OCTAVE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whole minutes from `begins_at` to `ends_at`, which is not in it, in each of which the portal was asked."""

    begins_at: datetime
    ends_at: datetime
    is_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many answers there were by bucket, and how many of them were failures of ours (5xx)."""

    by_bucket: Mapping[int, int]
    failed: int

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.by_bucket.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Minutes. `measured` are those in which the portal was asked; all others of the time are `unmeasured`.

    `up` are the measured ones in which it answered and no maintenance kept readers out. `planned` are those of
    announced maintenance, measured or not; `unplanned` those outside of it in which it did not answer.
    """

    measured: int
    unmeasured: int
    up: int
    planned: int
    unplanned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceQuality:
    """What a time was like. Percentiles are in milliseconds to the first byte, None where nothing was answered."""

    answers: int
    failed: int
    median_ms: float | None
    p95_ms: float | None
    availability: Availability


def bucket_of(seconds: float) -> int:
    """The bucket of an answer that took so long: 0 up to a millisecond, then four an octave."""
    milliseconds = seconds * 1000
    if milliseconds <= _SHORTEST_MS:
        return 0
    return min(math.ceil(math.log2(milliseconds / _SHORTEST_MS) * _BUCKETS_OF_AN_OCTAVE), LAST_BUCKET)


def percentile(by_bucket: Mapping[int, int], share: float) -> float | None:
    """So many milliseconds or fewer this share of the answers took: the middle of its bucket; None without answers."""
    wanted = share * sum(by_bucket.values())
    if not wanted:
        return None
    reached = 0
    for bucket in sorted(by_bucket):
        reached += by_bucket[bucket]
        if reached >= wanted:
            break
    return _SHORTEST_MS * 2 ** ((bucket - 0.5) / _BUCKETS_OF_AN_OCTAVE)


def followed(before: Watch | None, minute: datetime, *, is_up: bool) -> Watch | None:
    """The range to keep after the portal was asked in this minute: the one before, longer, or a new one.

    None where this minute was told already.
    """
    if before is not None and minute < before.ends_at:
        return None
    if before is not None and before.ends_at == minute and before.is_up == is_up:
        return replace(before, ends_at=minute + MINUTE)
    return Watch(begins_at=minute, ends_at=minute + MINUTE, is_up=is_up)


def moments_of(span: Span, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the first day of a span begins in this zone, and when its last one is over."""
    after = span.last + timedelta(days=1)
    return datetime.combine(span.first, time.min, zone), datetime.combine(after, time.min, zone)


def availability(
    begins: datetime, ends: datetime, watches: Iterable[Watch], planned: Sequence[tuple[datetime, datetime]]
) -> Availability:
    """The minutes of a time, by what was watched and the windows of maintenance, which do not overlap.

    What of a minute lies outside of the time is not told.
    """
    windows = [one for one in (_common((begins, ends), window) for window in planned) if one is not None]
    measured, answered, failed = timedelta(), timedelta(), timedelta()
    for watch in watches:
        part = _common((begins, ends), (watch.begins_at, watch.ends_at))
        if part is None:
            continue
        length = part[1] - part[0]
        shut = sum((_length(_common(part, window)) for window in windows), timedelta())
        measured += length
        if watch.is_up:
            answered += length - shut
        else:
            failed += length - shut
    whole = max(ends - begins, timedelta())
    return Availability(
        measured=measured // MINUTE,
        unmeasured=(whole - measured) // MINUTE,
        up=answered // MINUTE,
        planned=sum((end - begin for begin, end in windows), timedelta()) // MINUTE,
        unplanned=failed // MINUTE,
    )


def _common(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> tuple[datetime, datetime] | None:
    begins, ends = max(one[0], other[0]), min(one[1], other[1])
    return (begins, ends) if begins < ends else None


def _length(part: tuple[datetime, datetime] | None) -> timedelta:
    return part[1] - part[0] if part is not None else timedelta()
