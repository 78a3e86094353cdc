"""The figures of the dashboard as tables, each with the chart that is drawn from the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from indexer.model import Facet
from library.domain.appeals import AppealKind
from library.domain.dashboard import HOURS, Compared, Named, Overview
from library.domain.usage import Kind, Outcome
from library.projections.charts import Picture, Series, Words, heat, over_time, ranked, stacked
from library.projections.delimited import Cell
from library.services.dashboard import RANKED_TITLES
from library.web import classes, formats, words
from library.web.accounts_words import CATEGORIES
from library.web.languages import gettext, language, locale
from library.web.pages import settings
from library.web.record import author_url
from library.web.statistics_words import (
    EXCLUSIONS,
    KINDS,
    OUTCOMES,
    change_name,
    days_of_week,
    period_mark,
    period_name,
    time_name,
)

MOST_DRAWN = 8
# Told apart in the chart; what is rarer is drawn as one, and the table tells it apart.
_DRAWN = (Outcome.FOUND, Outcome.NOTHING_FOUND, Outcome.VIEWED, Outcome.DOWNLOADED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a row; what the first one leads to, and its language where it differs from that of the page.

    `suggest_url` is where what the row is about is suggested for purchase.
    """

    cells: tuple[Cell, ...]
    url: str = ""
    lang: str = ""
    suggest_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsTable:
    """A table with its chart; `name` is its address. `note` says what has to be known to read it."""

    name: str
    heading: str
    note: str = ""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure at the head of the page; None is not known. `change` compares it with the time before, in words."""

    label: str
    count: int | None
    change: str


def tiles(overview: Overview) -> tuple[Tile, ...]:
    """The four figures that matter most."""
    nothing = Compared(now=0 if overview.all_requests.now is not None else None, before=None)
    figures = (
        (gettext("Requests made"), overview.all_requests),
        (gettext("Searches"), overview.kinds.get(Kind.SEARCH, nothing)),
        (gettext("Readings in the viewer"), overview.kinds.get(Kind.PAGE_VIEW, nothing)),
        (gettext("Downloads"), overview.results_compared.get(Outcome.DOWNLOADED, nothing)),
    )
    return tuple(Tile(label=label, count=one.now, change=change_name(one.change)) for label, one in figures)


def tables(overview: Overview, faculties: Mapping[str, str]) -> tuple[StatisticsTable, ...]:
    """All tables of the dashboard, in their order, which may be empty; `faculties` names them by their codes."""
    of_titles = gettext("Counted over the {n} titles that are read most.", n=RANKED_TITLES)
    people = _renamed(overview.categories, {one.value: gettext(name) for one, name in CATEGORIES.items()})
    return (
        _requests(overview),
        _results(overview),
        _kinds(overview),
        _titles(overview),
        _authors(overview, of_titles),
        _named("classes", gettext("Classes that are read (UDC)"), gettext("Class"), _classes(overview), of_titles),
        _unsuccessful(overview),
        _named("categories", gettext("Requests by category of readers"), gettext("Category"), people),
        _named(
            "faculties", gettext("Requests by faculty"), gettext("Faculty"), _renamed(overview.faculties, faculties)
        ),
        _hours(overview),
        _excluded(overview),
    )


def say(value: int) -> str:
    """A whole number as the language of the page writes it."""
    return formats.number(value, locale())


def _words(name: str, title: str, description: str) -> Words:
    return Words(key=f"chart-{name}", title=title, description=description, say=say)


def _requests(overview: Overview) -> StatisticsTable:
    time, heading = overview.time, gettext("Requests over time")
    now = Series(name=time_name(time), values=overview.requests)
    before = Series(name=time_name(time, before=True), values=overview.before)
    rows = tuple(
        Row(cells=(period_name(period), count, period_name(earlier), then))
        for period, count, earlier, then in zip(
            time.periods, overview.requests, time.before, overview.before, strict=True
        )
    )
    known = [count for count in overview.requests if count is not None]
    most = gettext("Most in one period: {most}. The table has every number.", most=max(known, default=0))
    marks = [period_mark(period) for period in time.periods]
    return StatisticsTable(
        name="requests",
        heading=heading,
        headings=(gettext("Period"), gettext("Requests made"), gettext("Period before"), gettext("Requests before")),
        rows=rows,
        picture=over_time(marks, now, before, _words("requests", heading, most)) if known else None,
    )


def _results(overview: Overview) -> StatisticsTable:
    heading, periods = gettext("What came of the requests"), overview.time.periods
    nothing = (0,) * len(periods)
    lines = {outcome: overview.results.get(outcome, nothing) for outcome in Outcome}
    others = tuple(sum(column) for column in zip(*(lines[one] for one in Outcome if one not in _DRAWN), strict=True))
    series = [Series(name=gettext(OUTCOMES[one]), values=lines[one]) for one in _DRAWN]
    series.append(Series(name=gettext("Other"), values=others))
    rows = tuple(
        Row(cells=(period_name(period), *(lines[one][place] for one in Outcome)))
        for place, period in enumerate(periods)
        if overview.requests[place] is not None
    )
    marks = [period_mark(period) for period in periods]
    description = gettext("Parts of each bar, from below: {parts}.", parts=", ".join(one.name for one in series))
    return StatisticsTable(
        name="results",
        heading=heading,
        headings=(gettext("Period"), *(gettext(OUTCOMES[one]) for one in Outcome)),
        rows=rows,
        picture=stacked(marks, series, _words("results", heading, description)) if rows else None,
    )


def _kinds(overview: Overview) -> StatisticsTable:
    kinds = [Named(name=gettext(KINDS[kind]), figure=figure) for kind, figure in overview.kinds.items()]
    return _named("kinds", gettext("Requests by kind"), gettext("Kind"), kinds)


def _titles(overview: Overview) -> StatisticsTable:
    heading = gettext("Titles that are read")
    rows = tuple(
        Row(
            cells=(one.title, one.readings, one.downloads, one.views),
            url=f"/record/{one.record_id}",
            lang=words.text_language(one.languages, one.title),
        )
        for one in overview.titles
    )
    drawn = [one for one in overview.titles if one.uses][:MOST_DRAWN]
    description = gettext("Readings and downloads of the titles used most. The table has every number.")
    chart = _words("titles", heading, description)
    return StatisticsTable(
        name="titles",
        heading=heading,
        note=gettext("Ranked by readings in the viewer and downloads together."),
        headings=(
            gettext("Title"),
            gettext("Readings in the viewer"),
            gettext("Downloads"),
            gettext("Views of records"),
        ),
        rows=rows,
        picture=ranked([one.title for one in drawn], [one.uses for one in drawn], chart) if drawn else None,
    )


def _authors(overview: Overview, note: str) -> StatisticsTable:
    shown = _named("authors", gettext("Authors who are read"), gettext("Author"), overview.authors, note)
    rows = (replace(row, url=author_url(one.name)) for row, one in zip(shown.rows, overview.authors, strict=True))
    return replace(shown, rows=tuple(rows))


def _classes(overview: Overview) -> tuple[Named, ...]:
    """Classes with their names beside their numbers."""
    named = ((one, classes.name(Facet.UDC, one.name, language())) for one in overview.classes)
    return tuple(replace(one, name=f"{one.name} {name}".strip()) for one, name in named)


def _renamed(named: Iterable[Named], names: Mapping[str, str]) -> tuple[Named, ...]:
    """The same with what their codes are called; no code is that of visitors who did not sign in."""
    told = {"": gettext("Visitors who did not sign in"), **names}
    return tuple(replace(one, name=told.get(one.name, one.name)) for one in named)


def _unsuccessful(overview: Overview) -> StatisticsTable:
    named = overview.unsuccessful
    return StatisticsTable(
        name="unsuccessful",
        heading=gettext("Searched for in vain"),
        note=gettext(
            "Words that two visitors at least searched for on one day, without regard to alphabet and ending."
        ),
        headings=(gettext("Words of the search"), gettext("Times")),
        rows=tuple(_vain(one) for one in named),
    )


def _vain(one: Named) -> Row:
    search = f"/search?{urlencode({'q': one.name})}"
    return Row(
        cells=(one.name, one.figure.now),
        url=search,
        suggest_url=f"/appeals/new?{urlencode({'kind': AppealKind.PURCHASE, 'about': search})}",
    )


def _hours(overview: Overview) -> StatisticsTable:
    heading, days = gettext("Busiest hours"), days_of_week()
    hours = tuple(f"{hour:02}" for hour in range(HOURS))
    busiest = max(
        ((count, day, hour) for day, line in enumerate(overview.hours) for hour, count in enumerate(line)),
        key=lambda one: one[0],
    )
    most = gettext("Most at {hour}:00, {day}: {count}.", hour=hours[busiest[2]], day=days[busiest[1]], count=busiest[0])
    words_of_it = _words("hours", heading, most)
    return StatisticsTable(
        name="hours",
        heading=heading,
        note=gettext("Times of {zone}.", zone=settings().time_zone),
        headings=(gettext("Day"), *hours),
        rows=tuple(Row(cells=(day, *line)) for day, line in zip(days, overview.hours, strict=True)),
        picture=heat(days, hours, overview.hours, words_of_it) if busiest[0] else None,
    )


def _excluded(overview: Overview) -> StatisticsTable:
    named = _renamed(overview.excluded, {one.value: gettext(name) for one, name in EXCLUSIONS.items()})
    shown = _named("excluded", gettext("Not counted"), gettext("Why"), named)
    note = gettext("Left out of all figures above, by the rules of COUNTER 5.1 and of the library.")
    return replace(shown, note=note, picture=None)


def _named(name: str, heading: str, what: str, named: Sequence[Named], note: str = "") -> StatisticsTable:
    """A list of names with a figure each, compared with the time before where that is known of any."""
    drawn = [one for one in named if one.figure.now][:MOST_DRAWN]
    chart = _words(name, heading, gettext("The largest figures. The table has every number."))
    counts = [one.figure.now or 0 for one in drawn]
    is_compared = any(one.figure.before is not None for one in named)
    headings = (gettext("Now"), gettext("Before")) if is_compared else (gettext("Number"),)
    return StatisticsTable(
        name=name,
        heading=heading,
        note=note,
        headings=(what, *headings),
        rows=tuple(
            Row(cells=(one.name, one.figure.now, one.figure.before) if is_compared else (one.name, one.figure.now))
            for one in named
        ),
        picture=ranked([one.name for one in drawn], counts, chart) if drawn else None,
    )
