"""The dashboard: what was asked of the library and what came of it, for its head and for the inspector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.configuration import said
from library.domain.dashboard import ChosenTime, Overview, Preset, chosen_time, preset_time
from library.domain.errors import N_, InvalidPeriod, NotFound
from library.web import statistics_files
from library.web.languages import gettext, language, told
from library.web.pages import Page, render
from library.web.session import actor, requires
from library.web.statistics_tables import StatisticsTable, Tile, tables, tiles
from library.web.statistics_words import PRESETS, time_name

HOME = "/statistics/"
LONGEST_ANSWER = 40
BAD_REQUEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A time that is chosen with one click."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPage(Page):
    """The dashboard. `problem` says what is wrong with the time that was asked for; then usual figures are shown."""

    template: ClassVar[str] = "statistics/statistics.html"
    robots: ClassVar[str] = "noindex"

    problem: str
    choices: tuple[Choice, ...]
    first: date
    last: date
    time: str
    before: str
    has_data: bool
    tiles: tuple[Tile, ...]
    tables: tuple[StatisticsTable, ...]
    query: str
    data_as_of: datetime
    complete: bool
    is_invented: bool


def blueprint(container: Container) -> Blueprint:
    """The routes under `/statistics/`."""
    routes = Blueprint("statistics", __name__)

    @routes.get(HOME)
    @requires(Action.SEE_STATISTICS)
    def dashboard() -> Response:
        today, problem = container.dashboard.today(), ""
        try:
            time = _asked_time(request.args, today)
        except InvalidPeriod as error:
            time, problem = preset_time(Preset.TWELVE_MONTHS, today), told(error.message)
        overview = container.dashboard.overview(time, actor=actor())
        return render(_page(container, overview, problem), BAD_REQUEST if problem else 200)

    @routes.get(f"{HOME}<any(statistics):whole>.<any(xlsx, pdf):form>")
    @requires(Action.SEE_STATISTICS)
    def whole(whole: str, form: str) -> Response:
        overview = _overview(container)
        shown = tables(overview, _faculties(container))
        if form == "xlsx":
            return statistics_files.workbook_of(shown, overview, whole)
        return statistics_files.paper(container, shown, tiles(overview), overview)

    @routes.get(f"{HOME}tables/<name>.<any(csv, xlsx):form>")
    @requires(Action.SEE_STATISTICS)
    def table(name: str, form: str) -> Response:
        overview = _overview(container)
        found = [one for one in tables(overview, _faculties(container)) if one.name == name]
        if not found:
            raise NotFound(N_("There is no such table."))
        if form == "xlsx":
            return statistics_files.workbook_of(found, overview, name)
        return statistics_files.csv_of(found[0], overview)

    return routes


def _asked_time(asked: Mapping[str, str], today: date) -> ChosenTime:
    """The time of the address: a preset, or from and to; raises `InvalidPeriod`."""
    preset, begin, end = (asked.get(name, "").strip()[:LONGEST_ANSWER] for name in ("time", "from", "to"))
    if begin or end:
        return chosen_time(begin or end, end or today.isoformat(), today)
    return preset_time(Preset(preset) if preset in list(Preset) else Preset.TWELVE_MONTHS, today)


def _overview(container: Container) -> Overview:
    time = _asked_time(request.args, container.dashboard.today())
    return container.dashboard.overview(time, actor=actor())


def _faculties(container: Container) -> Mapping[str, str]:
    default = container.settings.default_language
    known = container.configuration.current().faculties.all
    return {one.code: said(one.names, language(), default) for one in known}


def _page(container: Container, overview: Overview, problem: str) -> StatisticsPage:
    time = overview.time
    return StatisticsPage(
        problem=problem,
        choices=tuple(
            Choice(label=gettext(label), url=f"{HOME}?time={preset.value}", is_here=preset is time.preset)
            for preset, label in PRESETS.items()
        ),
        first=time.span.first,
        last=time.span.last,
        time=time_name(time),
        before=time_name(time, before=True),
        has_data=overview.has_data,
        tiles=tiles(overview),
        tables=tables(overview, _faculties(container)) if overview.has_data else (),
        query=_query(time),
        data_as_of=overview.data_as_of,
        complete=overview.complete,
        is_invented=overview.is_invented,
    )


def _query(time: ChosenTime) -> str:
    """What addresses of files ask for, so that they are of the time that is shown."""
    if time.preset is not None:
        return urlencode({"time": time.preset.value})
    return urlencode({"from": time.span.first.isoformat(), "to": time.span.last.isoformat()})
