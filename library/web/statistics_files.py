"""The dashboard taken away: tables as CSV and XLSX, and all of it as pages with the responsible official's block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from flask import Response

from library.container import Container
from library.domain.dashboard import Overview
from library.projections.delimited import Cell, lines
from library.projections.workbook import MEDIA_TYPE, Sheet, workbook
from library.services.configuration import imprint
from library.services.printing import Party, StatisticsPaper, StatisticsPaperTable
from library.web.formats import date_and_time
from library.web.languages import gettext, language, locale
from library.web.pages import settings, site
from library.web.statistics_tables import StatisticsTable, Tile, say
from library.web.statistics_words import INVENTED_FIGURES, NOBODY_DID_IT, time_name

PICTURE_POINTS = 480
_WIDE, _NARROW = 48, 14


def csv_of(table: StatisticsTable, overview: Overview) -> Response:
    """A table as CSV, with the separator that spreadsheets of this language expect."""
    separator = "," if language() == "en" else ";"
    rows: Iterable[Sequence[Cell]] = (table.headings, *(row.cells for row in table.rows))
    content = "".join(lines(rows, separator)).encode()
    return _file(content, "text/csv; charset=utf-8", table.name, overview, "csv")


def workbook_of(tables: Sequence[StatisticsTable], overview: Overview, name: str) -> Response:
    """Tables as the sheets of a workbook, each under the lines that say of what time it is."""
    above = [(line,) for line in about(overview)]
    sheets = (
        Sheet(
            name=f"{number}. {table.heading}",
            above=[(table.heading,), *above, *([(table.note,)] if table.note else [])],
            headings=table.headings,
            rows=[row.cells for row in table.rows],
            widths=[_WIDE, *(_NARROW for _ in table.headings[1:])],
        )
        for number, table in enumerate(tables, 1)
    )
    content = workbook(sheets, title=gettext("Statistics of use"), made_at=overview.data_as_of)
    return _file(content, MEDIA_TYPE, name, overview, "xlsx")


def paper(
    container: Container, tables: Sequence[StatisticsTable], tiles: Sequence[Tile], overview: Overview
) -> Response:
    """All of it as a PDF."""
    options = container.settings
    house, here = imprint(container.configuration.current().library, language(), options), site()
    made = date_and_time(container.dashboard.now(), locale(), ZoneInfo(options.time_zone))
    content = container.printing.statistics(
        StatisticsPaper(
            title=gettext("Statistics of use"),
            institution=here.institution,
            library=here.library,
            about=(*about(overview), gettext("Made: {time}", time=made)),
            figures=tuple((one.label, _said(one.count), one.change) for one in tiles),
            tables=tuple(
                StatisticsPaperTable(
                    heading=table.heading,
                    note=table.note,
                    picture=table.picture.paper(PICTURE_POINTS) if table.picture is not None else "",
                    headings=table.headings,
                    rows=tuple(tuple(map(_said, row.cells)) for row in table.rows),
                )
                for table in tables
                if table.rows
            ),
            responsible=Party(
                heading=gettext("Responsible official"),
                name=", ".join(filter(None, (house.responsible_person, house.responsible_contact))),
                under=gettext("post, name, signature"),
                day=gettext("Date: ____________"),
            ),
        )
    )
    return _file(content, "application/pdf", "statistics", overview, "pdf")


def about(overview: Overview) -> tuple[str, ...]:
    """Of what time the figures are, and how sure they are."""
    counted = date_and_time(overview.data_as_of, locale(), ZoneInfo(settings().time_zone))
    sure = gettext("The time is over and counted whole.") if overview.complete else gettext("The time is not over yet.")
    warning = (gettext(INVENTED_FIGURES), gettext(NOBODY_DID_IT)) if overview.is_invented else ()
    return (
        *((" ".join(warning),) if warning else ()),
        gettext("Time: {time}", time=time_name(overview.time)),
        gettext("Compared with: {time}", time=time_name(overview.time, before=True)),
        gettext("Counted up to: {time}", time=counted),
        sure,
    )


def _said(cell: Cell) -> str:
    if cell is None:
        return gettext("no data")
    return say(cell) if isinstance(cell, int) else str(cell)


def _file(content: bytes, media_type: str, name: str, overview: Overview, ending: str) -> Response:
    response = Response(content, content_type=media_type)
    span = overview.time.span
    filename = f"{name}-{span.first.isoformat()}-{span.last.isoformat()}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
