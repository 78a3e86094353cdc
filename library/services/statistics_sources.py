"""Where the figures of each indicator come from: one line for each, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial

from library.domain.counter_types import Metric
from library.domain.statistics import Reason
from library.domain.statistics_stocks import Measure
from library.domain.usage import MACHINE_KINDS, Denial, Kind, Outcome
from library.services.statistics_asked import Asked, Cells, Found, added, divided
from library.services.statistics_registers import RegisterFigures
from library.services.statistics_stocks import StockFigures, nothing_of
from library.services.statistics_usage import UsageFigures, Wanted

_HUNDRED = 100


class Sources:
    """The sources for one question, each opened when it is needed first."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.registers = RegisterFigures(asked)
        self._usage: UsageFigures | None = None
        self._stocks: StockFigures | None = None

    @property
    def usage(self) -> UsageFigures:
        """Figures of use."""
        if self._usage is None:
            self._usage = UsageFigures(self.asked)
        return self._usage

    @property
    def stocks(self) -> StockFigures:
        """Figures of holdings and readers."""
        if self._stocks is None:
            self._stocks = StockFigures(self.asked)
        return self._stocks

    @property
    def is_of_use(self) -> bool:
        """Whether figures of use were among those that were needed."""
        return self._usage is not None

    def as_of(self) -> list[datetime | None]:
        """Up to when each source that was needed knows everything; None for one that knows nothing yet."""
        return [source.as_of for source in (self._usage, self._stocks) if source is not None]


Figures = Callable[[Sources], Found]


def _requests(sources: Sources, wanted: Wanted) -> Found:
    return sources.usage.requests(wanted)


def _of(kind: Kind, outcome: Outcome | None = None, denied: Denial | None = None) -> Figures:
    return partial(_requests, wanted=Wanted(kinds=frozenset({kind}), outcome=outcome, denied=denied))


def _share(part: Figures, whole: Figures, times: int, sources: Sources) -> Found:
    return divided(sources.asked, part(sources), whole(sources), times)


def _texts_used(sources: Sources) -> Found:
    read, taken = _of(Kind.PAGE_VIEW)(sources), _of(Kind.DOWNLOAD, Outcome.DOWNLOADED)(sources)
    rows = [(place, key, number) for one in (read, taken) for (place, key), number in one.cells.items()]
    return Found(cells=added(rows), missing=read.missing)


def _not_used(sources: Sources) -> Found:
    held, used = sources.stocks.stock(Measure.TEXT), sources.usage.used_texts()
    missing = {**held.missing, **used.missing}
    cells: Cells = {
        (place, ()): max(held.total(place) - used.total(place), Decimal(0))
        for place in range(len(sources.asked.periods))
        if place not in missing
    }
    return Found(cells=cells, missing=missing)


def _metric(metric: Metric) -> Figures:
    return lambda sources: sources.usage.metric(metric)


def _stock(measure: Measure) -> Figures:
    return lambda sources: sources.stocks.stock(measure)


def _came(measure: Measure) -> Figures:
    return lambda sources: sources.stocks.came(measure)


def _went(measure: Measure) -> Figures:
    return lambda sources: sources.stocks.went(measure)


def _unrecorded(sources: Sources) -> Found:
    return nothing_of(sources.asked, Reason.NOT_RECORDED)


def _active(sources: Sources) -> Found:
    return sources.stocks.active()


_SEARCHES = _of(Kind.SEARCH)
_WITHOUT = _of(Kind.SEARCH, Outcome.NOTHING_FOUND)
_REFUSALS = _of(Kind.REFUSAL)
_ALL = partial(_requests, wanted=Wanted())

FIGURES: Mapping[str, Figures] = {
    "holdings.titles": _stock(Measure.TITLE),
    "holdings.copies": lambda sources: sources.stocks.copies(),
    "holdings.files": _stock(Measure.FILE),
    "holdings.bytes": _stock(Measure.BYTES),
    "holdings.titles-with-text": _stock(Measure.TEXT),
    "holdings.text-share": partial(_share, _stock(Measure.TEXT), _stock(Measure.TITLE), _HUNDRED),
    "holdings.open-share": partial(_share, _stock(Measure.OPEN_TEXT), _stock(Measure.TEXT), _HUNDRED),
    "holdings.fixity-failures": lambda sources: sources.registers.fixity_failures(),
    "additions.titles": _came(Measure.TITLE),
    "withdrawals.titles": _went(Measure.TITLE),
    "additions.copies": lambda sources: sources.stocks.copies_came(),
    "withdrawals.copies": lambda sources: sources.stocks.copies_went(),
    "additions.files": _came(Measure.FILE),
    "withdrawals.files": _went(Measure.FILE),
    "work.records": _came(Measure.RECORD_ENTERED),
    "work.files": _came(Measure.FILE_ENTERED),
    "users.registered": _stock(Measure.READER),
    "users.new": _came(Measure.NEW_READER),
    "users.active": _active,
    "users.active-share": partial(_share, _active, _stock(Measure.READER), _HUNDRED),
    "users.population-share": _unrecorded,
    "users.young": _unrecorded,
    "visits.virtual": lambda sources: sources.usage.visits(),
    "visits.peak": lambda sources: sources.usage.peak(),
    "requests.all": _ALL,
    "requests.searches": _SEARCHES,
    "requests.searches-found": _of(Kind.SEARCH, Outcome.FOUND),
    "requests.searches-without": _WITHOUT,
    "requests.searches-without-share": partial(_share, _WITHOUT, _SEARCHES, _HUNDRED),
    "requests.record-views": _of(Kind.RECORD_VIEW),
    "requests.readings": _of(Kind.PAGE_VIEW),
    "requests.downloads": _of(Kind.DOWNLOAD, Outcome.DOWNLOADED),
    "requests.downloads-aborted": _of(Kind.DOWNLOAD, Outcome.ABORTED),
    "requests.machine": partial(_requests, wanted=Wanted(kinds=MACHINE_KINDS)),
    "requests.failed": _of(Kind.ERROR),
    "counter.searches-platform": _metric(Metric.SEARCHES_PLATFORM),
    "counter.total-item-investigations": _metric(Metric.TOTAL_ITEM_INVESTIGATIONS),
    "counter.unique-item-investigations": _metric(Metric.UNIQUE_ITEM_INVESTIGATIONS),
    "counter.unique-title-investigations": _metric(Metric.UNIQUE_TITLE_INVESTIGATIONS),
    "counter.total-item-requests": _metric(Metric.TOTAL_ITEM_REQUESTS),
    "counter.unique-item-requests": _metric(Metric.UNIQUE_ITEM_REQUESTS),
    "counter.unique-title-requests": _metric(Metric.UNIQUE_TITLE_REQUESTS),
    # No event is both, so these two are counted with the refusals: reports of the platform never show them (3.3).
    "counter.no-license": _of(Kind.REFUSAL, denied=Denial.NO_LICENSE),
    "counter.limit-exceeded": _of(Kind.REFUSAL, denied=Denial.LIMIT_EXCEEDED),
    "refusals.all": _REFUSALS,
    "refusals.maintenance": _of(Kind.REFUSAL, denied=Denial.MAINTENANCE),
    "refusals.share": partial(_share, _REFUSALS, _ALL, _HUNDRED),
    "service.uptime": lambda sources: sources.registers.uptime(),
    "service.down-unplanned": lambda sources: sources.registers.unplanned(),
    "service.down-planned": lambda sources: sources.registers.planned(),
    "service.maintenance-windows": lambda sources: sources.registers.windows(),
    "service.response-p50": lambda sources: sources.registers.median(),
    "service.response-p95": lambda sources: sources.registers.slowest(),
    "service.error-share": lambda sources: sources.registers.errors(),
    "appeals.received": lambda sources: sources.registers.received(),
    "complaints.received": lambda sources: sources.registers.complaints(lambda figures: figures.received),
    "complaints.in-time": lambda sources: sources.registers.complaints(lambda figures: figures.answered_in_time),
    "complaints.late": lambda sources: sources.registers.complaints(lambda figures: figures.late),
    "complaints.open": lambda sources: sources.registers.complaints(lambda figures: figures.open),
    "complaints.median-days": lambda sources: sources.registers.complaints(lambda figures: figures.median_days),
    "quality.downloads-per-reader": partial(_share, _texts_used, _active, 1),
    "quality.turnover": partial(_share, _texts_used, _stock(Measure.FILE), 1),
    "quality.never-used-share": partial(_share, _not_used, _stock(Measure.TEXT), _HUNDRED),
    "excluded.all": lambda sources: sources.usage.excluded(),
}
"""How each indicator of the table is found."""
