"""The working days that deadlines are counted in, and the address of the electronic reception, in the browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from library.container import Container, now
from library.domain.access import Action
from library.domain.appeal_terms import AppealTerms, days_from, days_text, fixed_holidays, with_days
from library.domain.configuration import Section
from library.domain.errors import N_, InvalidConfiguration, StaleVersion
from library.services.asked import whole
from library.services.configuration import appeals_of
from library.web.configuration import HOME, LARGEST_VERSION, SAVED_MEANWHILE
from library.web.configuration_pages import SECTIONS
from library.web.documents_pages import Choice
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to

WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)
COUNTRIES = {"uz": N_("Fixed holidays of Uzbekistan"), "kg": N_("Fixed holidays of Kyrgyzstan")}
LONGEST_DAYS = 50_000
LONGEST_ADDRESS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDaysPage(Page):
    """The form; `offers` are buttons that fill holidays in without saving them, `notice` says that one was pressed."""

    template: ClassVar[str] = "configuration/appeals.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    notice: str
    heading: str
    version: int
    reception: str
    weekdays: tuple[Choice, ...]
    holidays: str
    workdays: str
    offers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    reception: str
    weekdays: tuple[int, ...]
    holidays: str
    workdays: str

    def terms(self) -> AppealTerms:
        return AppealTerms(
            reception=self.reception,
            weekdays=self.weekdays,
            holidays=days_from(self.holidays),
            workdays=days_from(self.workdays),
        )


def blueprint(container: Container) -> Blueprint:
    """The routes of the section."""
    routes = Blueprint("configuration_appeals", __name__)
    office, zone = container.configuration, ZoneInfo(container.settings.time_zone)

    def newest() -> int:
        return office.section(Section.APPEALS, actor=actor()).version

    @routes.get(f"{HOME}/appeals")
    @requires(Action.SETTINGS)
    def appeals() -> Response:
        saved = office.section(Section.APPEALS, actor=actor())
        return render(_page(_of(appeals_of(saved)), saved.version))

    @routes.post(f"{HOME}/appeals")
    @requires(Action.SETTINGS)
    def save() -> Response:
        typed, version = _typed(), whole(request.form.get("version", ""), limit=LARGEST_VERSION)
        try:
            if country := request.form.get("offer", ""):
                return render(_page(_offered(typed, country, now().astimezone(zone)), version or 0, offered=True))
            office.save_appeals(typed.terms(), expected=-1 if version is None else version, actor=actor())
        except InvalidConfiguration as error:
            return render(_page(typed, newest(), told(error.message)), 422)
        except StaleVersion:
            return render(_page(typed, newest(), gettext(SAVED_MEANWHILE)), 409)
        return to(HOME)

    return routes


def _of(terms: AppealTerms) -> _Typed:
    return _Typed(
        reception=terms.reception,
        weekdays=terms.weekdays,
        holidays=days_text(terms.holidays),
        workdays=days_text(terms.workdays),
    )


def _typed() -> _Typed:
    chosen = request.form.getlist("weekday")
    return _Typed(
        reception=request.form.get("reception", "").strip()[:LONGEST_ADDRESS],
        weekdays=tuple(day for day in range(len(WEEKDAYS)) if str(day) in chosen),
        holidays=request.form.get("holidays", "")[:LONGEST_DAYS],
        workdays=request.form.get("workdays", "")[:LONGEST_DAYS],
    )


def _offered(typed: _Typed, country: str, at: datetime) -> _Typed:
    """With the fixed holidays of a country in this year and the next among those that were typed."""
    offered = fixed_holidays(country, (at.year, at.year + 1))
    return replace(typed, holidays=days_text(with_days(days_from(typed.holidays), offered)))


def _page(typed: _Typed, version: int, problem: str = "", *, offered: bool = False) -> WorkingDaysPage:
    return WorkingDaysPage(
        csrf=csrf(),
        problem=problem,
        notice=gettext("Compare the list with this year's decree, then save it.") if offered else "",
        heading=gettext(SECTIONS[Section.APPEALS]),
        version=version,
        reception=typed.reception,
        weekdays=tuple(
            Choice(value=str(day), label=gettext(name), is_chosen=day in typed.weekdays)
            for day, name in enumerate(WEEKDAYS)
        ),
        holidays=typed.holidays,
        workdays=typed.workdays,
        offers=tuple((country, gettext(label)) for country, label in COUNTRIES.items()),
    )
