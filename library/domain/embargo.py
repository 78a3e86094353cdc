"""Embargoes of whole records: until a day nobody is told of them, and on it they open by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from library.domain.errors import N_, InvalidEmbargo
from library.domain.record import Status

MOST_YEARS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEmbargo:
    """That a record is closed until a day: `opens_at` is when that day begins in the library.

    `version` is the one with which the record was closed, 0 before it was approved; a record that has another one by
    now was changed by somebody since, and does not open by itself.
    """

    record_id: int
    until: date
    opens_at: datetime
    version: int = 0

    @property
    def is_planned(self) -> bool:
        """Whether it only begins with the approval of the record."""
        return self.version == 0

    def holds(self, version: int, status: Status) -> bool:
        """Whether it is what keeps a record of this version closed."""
        return self.version == version and status is not Status.PUBLISHED


def embargo_of(record_id: int, until: date, zone: tzinfo) -> RecordEmbargo:
    """The planned embargo of a record until this day, which begins at midnight in `zone`."""
    opens_at = datetime.combine(until, time(), zone).astimezone(UTC)
    return RecordEmbargo(record_id=record_id, until=until, opens_at=opens_at)


def require_future(embargo: RecordEmbargo, now: datetime) -> None:
    """Raise `InvalidEmbargo` unless the day is still to come, and not farther off than `MOST_YEARS`."""
    if embargo.opens_at <= now:
        raise InvalidEmbargo(N_("Choose a day that is still to come."))
    if embargo.until.year > now.year + MOST_YEARS:
        raise InvalidEmbargo(N_("An embargo lasts {years} years at most."), years=MOST_YEARS)
