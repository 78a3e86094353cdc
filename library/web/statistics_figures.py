"""How often a record, or a collection, was looked at, read and taken home: figures for its own page."""

from __future__ import annotations

from dataclasses import dataclass

from library.container import Container
from library.domain.dashboard import RecordMonth
from library.projections.charts import Picture, Series, Words, stacked
from library.web import formats
from library.web.languages import gettext, locale
from library.web.statistics_words import period_mark, period_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """A month and how often something was used in it."""

    name: str
    views: int
    readings: int
    downloads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseFigures:
    """Sums of twelve months, a line for each of them, and their chart; `is_invented` where nobody did any of it."""

    views: int
    readings: int
    downloads: int
    months: tuple[MonthLine, ...]
    picture: Picture
    is_invented: bool


def figures_of_record(container: Container, record_id: int) -> UseFigures | None:
    """Those of a record, in two queries; None where it was not used, or where the library doesn't publish them."""
    months = container.dashboard.of_record(record_id) if container.settings.public_statistics else ()
    return _figures(months, is_invented=container.dashboard.is_invented()) if months else None


def figures_of_collection(container: Container, code: str) -> UseFigures | None:
    """Those of all records of a collection together, on the same terms."""
    months = container.dashboard.of_collection(code) if container.settings.public_statistics else ()
    return _figures(months, is_invented=container.dashboard.is_invented()) if months else None


def _figures(months: tuple[RecordMonth, ...], *, is_invented: bool) -> UseFigures:
    series = (
        Series(name=gettext("Views of records"), values=tuple(one.views for one in months)),
        Series(name=gettext("Readings in the viewer"), values=tuple(one.readings for one in months)),
        Series(name=gettext("Downloads"), values=tuple(one.downloads for one in months)),
    )
    words = Words(
        key="chart-use",
        title=gettext("Use by month"),
        description=gettext("Parts of each bar, from below: {parts}.", parts=", ".join(one.name for one in series)),
        say=lambda value: formats.number(value, locale()),
    )
    return UseFigures(
        views=sum(one.views for one in months),
        readings=sum(one.readings for one in months),
        downloads=sum(one.downloads for one in months),
        months=tuple(
            MonthLine(name=period_name(one.month), views=one.views, readings=one.readings, downloads=one.downloads)
            for one in months
        ),
        is_invented=is_invented,
        picture=stacked([period_mark(one.month) for one in months], series, words),
    )
