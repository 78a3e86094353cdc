"""Figures of how well the service works, of audits, and of what people write to the library, out of their registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal

from library.domain.appeals import AppealFigures, AppealKind
from library.domain.periods import Span
from library.domain.service_quality import ServiceQuality
from library.domain.statistics import Dimension, Reason
from library.services.statistics_asked import Asked, Found, Key, added

_HUNDRED = 100
_MOST_WINDOWS = 100_000


class RegisterFigures:
    """The figures of the registers for one question; each is read once."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._quality: list[ServiceQuality] | None = None
        self._appeals: list[Mapping[AppealKind, AppealFigures]] | None = None

    def uptime(self) -> Found:
        """Minutes in which the service answered, of those that were watched outside of announced maintenance."""
        return self._of_quality(_uptime)

    def unplanned(self) -> Found:
        """Minutes without an answer outside of announced maintenance; not known where nothing was watched."""
        return self._of_quality(lambda one: Decimal(one.availability.unplanned) if one.availability.measured else None)

    def planned(self) -> Found:
        """Minutes of announced maintenance."""
        return self._of_quality(lambda one: Decimal(one.availability.planned))

    def median(self) -> Found:
        """Half of the answers took no longer, in milliseconds."""
        return self._of_quality(lambda one: None if one.median_ms is None else Decimal(str(one.median_ms)))

    def slowest(self) -> Found:
        """Of a hundred answers 95 took no longer, in milliseconds."""
        return self._of_quality(lambda one: None if one.p95_ms is None else Decimal(str(one.p95_ms)))

    def errors(self) -> Found:
        """Answers with an error of ours, of all."""
        return self._of_quality(lambda one: Decimal(one.failed * _HUNDRED) / one.answers if one.answers else None)

    def windows(self) -> Found:
        """Announced windows of maintenance that began in each period."""
        asked = self._asked
        rows: list[tuple[int, Key, int]] = []
        for window in asked.view.maintenance.begun(min(asked.now, asked.end_of(asked.span.last)), _MOST_WINDOWS):
            day = asked.day_of(window.begins_at)
            rows += [(place, (), 1) for place, one in enumerate(asked.periods) if one.first <= day <= one.last]
        return Found(cells=added(rows))

    def fixity_failures(self) -> Found:
        """Files that audits found lost or altered in each period; not known where no audit told anything."""
        asked = self._asked
        begins = datetime.combine(asked.span.first, time.min, asked.zone)
        audits = asked.view.statistics.audits(begins, asked.end_of(asked.span.last))
        days = {asked.day_of(at) for at, _ in audits}
        # Several documents of the same bytes are one file.
        failures = [asked.day_of(at) for at, _ in {found for found in audits if found[1]}]
        rows: list[tuple[int, Key, int]] = []
        for place, one in enumerate(asked.periods):
            rows += [(place, (), 1) for day in failures if one.first <= day <= one.last]
        missing = asked.unless(lambda period: any(period.first <= day <= period.last for day in days))
        return Found(cells=added(rows), missing=missing)

    def received(self) -> Found:
        """What came in each period, told by kind where that is wanted."""
        by_kind = Dimension.APPEAL in self._asked.by
        rows = (
            (place, (kind.value,) if by_kind else (), figures.received)
            for place, kinds in enumerate(self._read_appeals())
            for kind, figures in kinds.items()
            if figures.received
        )
        return Found(cells=added(rows))

    def complaints(self, figure: Callable[[AppealFigures], Decimal | int | None]) -> Found:
        """A figure of the complaints that came in each period; none where the figure has none."""
        cells: dict[tuple[int, Key], Decimal | int] = {}
        missing: dict[int, Reason] = {}
        for place, kinds in enumerate(self._read_appeals()):
            number = figure(kinds[AppealKind.COMPLAINT])
            if number is None:
                missing[place] = Reason.NO_BASE
            else:
                cells[place, ()] = number
        return Found(cells=cells, missing=missing)

    def _of_quality(self, figure: Callable[[ServiceQuality], Decimal | None]) -> Found:
        cells: dict[tuple[int, Key], Decimal | int] = {}
        missing: dict[int, Reason] = {}
        for place, quality in enumerate(self._read_quality()):
            number = figure(quality)
            if number is None:
                missing[place] = Reason.NOT_COUNTED
            else:
                cells[place, ()] = number
        return Found(cells=cells, missing=missing)

    def _read_quality(self) -> list[ServiceQuality]:
        if self._quality is None:
            asked = self._asked
            self._quality = asked.view.service_quality.of(self._spans(), asked.zone, asked.now)
        return self._quality

    def _read_appeals(self) -> list[Mapping[AppealKind, AppealFigures]]:
        if self._appeals is None:
            asked = self._asked
            at = min(asked.now, asked.end_of(asked.span.last))
            self._appeals = list(asked.view.appeals.series(self._spans(), at=at, zone=asked.zone))
        return self._appeals

    def _spans(self) -> list[Span]:
        return [Span(first=period.first, last=period.last) for period in self._asked.periods]


def _uptime(quality: ServiceQuality) -> Decimal | None:
    watched = quality.availability
    counted = watched.up + watched.unplanned
    return Decimal(watched.up * _HUNDRED) / counted if counted else None
