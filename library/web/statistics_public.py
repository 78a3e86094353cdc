"""The year in a few figures, for everybody, where the library's settings allow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response

from library.container import Container
from library.domain.dashboard import Year
from library.domain.errors import N_, NotFound
from library.projections.charts import Series, Words, over_time
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.statistics_tables import Row, StatisticsTable, Tile, say
from library.web.statistics_words import period_mark, period_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatisticsPage(Page):
    """Figures of twelve months and the requests of each; `is_invented` where nobody asked them."""

    template: ClassVar[str] = "statistics/public.html"

    has_data: bool
    tiles: tuple[Tile, ...]
    table: StatisticsTable
    data_as_of: datetime
    is_invented: bool


def blueprint(container: Container) -> Blueprint:
    """The route `/statistics/public`."""
    routes = Blueprint("statistics_public", __name__)

    @routes.get("/statistics/public")
    def year() -> Response:
        if not container.settings.public_statistics:
            raise NotFound(N_("The library doesn't publish its statistics here."))
        shown = container.dashboard.year()
        page = PublicStatisticsPage(
            has_data=any(shown.requests),
            tiles=_tiles(shown),
            table=_months(shown),
            data_as_of=shown.data_as_of,
            is_invented=container.dashboard.is_invented(),
        )
        return render(page)

    return routes


def _tiles(year: Year) -> tuple[Tile, ...]:
    known = [count for count in year.requests if count is not None]
    figures = (
        (gettext("Titles in the catalogue"), year.titles),
        # A library that has none yet doesn't tell everybody so.
        (gettext("Full texts"), year.texts or None),
        (gettext("Requests made"), sum(known) if known else None),
        (gettext("Visits"), year.visits),
        (gettext("Searches"), year.searches),
        (gettext("Readings in the viewer"), year.readings),
        (gettext("Downloads"), year.downloads),
    )
    return tuple(Tile(label=label, count=count, change="") for label, count in figures if count is not None)


def _months(year: Year) -> StatisticsTable:
    heading = gettext("Requests by month")
    now = Series(name=gettext("Requests made"), values=year.requests)
    known = [count for count in year.requests if count is not None]
    most = gettext("Most in one period: {most}. The table has every number.", most=max(known, default=0))
    words = Words(key="chart-year", title=heading, description=most, say=say)
    return StatisticsTable(
        name="year",
        heading=heading,
        headings=(gettext("Period"), gettext("Requests made")),
        rows=tuple(
            Row(cells=(period_name(month), count)) for month, count in zip(year.months, year.requests, strict=True)
        ),
        picture=over_time([period_mark(month) for month in year.months], now, None, words),
    )
