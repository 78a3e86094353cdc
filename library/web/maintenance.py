"""Announced maintenance: the portal closed to readers while it runs, the public list, and the administrator's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, jsonify, request

from library.container import Container
from library.domain.access import Action
from library.domain.configuration import said
from library.domain.errors import N_, InvalidMaintenance
from library.domain.maintenance import Window, WindowState
from library.domain.usage import Denial
from library.services.asked import whole
from library.services.signing_in import Step
from library.settings import LANGUAGES
from library.web import noting
from library.web.error_page import asked_by_machine
from library.web.languages import NAMES, gettext, language, ngettext, told
from library.web.pages import Page, render, settings
from library.web.session import actor, csrf, requires, to, visit

WINDOWS = "/administration/maintenance"
ON_A_PAGE = 50
LISTED = 100
LARGEST_NUMBER = 2**31 - 1
FARTHEST_PAGE = 10_000
LONGEST_FIELD = 2_000
DEFAULT_NOTICE_HOURS = "72"
# Whoever watches the service, comes to work, or wants to know since when and why.
STAYS_OPEN = ("/static/", "/health", "/sign-in", "/sign-out", "/account", "/maintenance", "/favicon.ico", "/robots.txt")
STATES: Mapping[WindowState, str] = {
    WindowState.COMING: N_("Coming"),
    WindowState.RUNNING: N_("Running now"),
    WindowState.OVER: N_("Over"),
    WindowState.CANCELLED: N_("Cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPage(Page):
    """What readers see while maintenance runs."""

    template: ClassVar[str] = "maintenance/closed.html"
    robots: ClassVar[str] = "noindex"

    text: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """A window in a list; `ended_early` and `lasts` tell what really was."""

    id: int
    state: str
    begins_at: datetime
    over_at: datetime
    ended_early: bool
    lasts: str
    text: str
    registered_at: datetime
    registered_by: str
    may_end: bool
    may_cancel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenancePage(Page):
    """What was announced and what was, for everybody."""

    template: ClassVar[str] = "maintenance/maintenance.html"

    coming: tuple[WindowLine, ...]
    begun: tuple[WindowLine, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsPage(Page):
    """All windows and the form for a new one, with what was typed."""

    template: ClassVar[str] = "maintenance/windows.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    zone: str
    problem: str
    values: Mapping[str, str]
    texts: tuple[tuple[str, str, str], ...]
    windows: tuple[WindowLine, ...]


def install(app: Flask, container: Container) -> None:
    """Close the portal to readers while maintenance runs; staff who signed in go on."""

    def gate() -> Response | None:
        window = container.maintenance.running()
        if window is None or request.path.startswith(STAYS_OPEN):
            return None
        here = visit()
        if here is not None and here.step is not Step.CODE and here.person.is_staff:
            return None
        noting.refused(Denial.MAINTENANCE)
        return _closed(window, container.maintenance.seconds_left(window))

    app.before_request(gate)


def blueprint(container: Container) -> Blueprint:
    """The route `/maintenance`, for everybody."""
    routes = Blueprint("maintenance", __name__)

    @routes.get("/maintenance")
    def public() -> Response:
        page = whole(request.args.get("page", ""), limit=FARTHEST_PAGE) or 1
        coming, begun = container.maintenance.public(ON_A_PAGE + 1, (page - 1) * ON_A_PAGE)
        return render(
            MaintenancePage(
                coming=tuple(_line(container, one) for one in coming),
                begun=tuple(_line(container, one) for one in begun[:ON_A_PAGE]),
                next_url=f"/maintenance?page={page + 1}" if len(begun) > ON_A_PAGE else "",
            )
        )

    return routes


def windows_blueprint(container: Container) -> Blueprint:
    """The routes under `/administration/maintenance`."""
    routes = Blueprint("maintenance_windows", __name__)
    one = f"{WINDOWS}/<int(max={LARGEST_NUMBER}):window_id>"

    @routes.get(WINDOWS)
    @requires(Action.SYSTEM)
    def windows() -> Response:
        return render(_windows(container, {"notice_hours": DEFAULT_NOTICE_HOURS}, ""))

    @routes.post(WINDOWS)
    @requires(Action.SYSTEM)
    def register() -> Response:
        values = {name: text.strip()[:LONGEST_FIELD] for name, text in request.form.items()}
        try:
            _register(container, values)
        except InvalidMaintenance as error:
            return render(_windows(container, values, told(error.message)), 422)
        return to(WINDOWS)

    @routes.post(f"{one}/end")
    @requires(Action.SYSTEM)
    def end(window_id: int) -> Response:
        container.maintenance.end(window_id, actor=actor())
        return to(WINDOWS)

    @routes.post(f"{one}/cancel")
    @requires(Action.SYSTEM)
    def cancel(window_id: int) -> Response:
        container.maintenance.cancel(window_id, actor=actor())
        return to(WINDOWS)

    return routes


def _register(container: Container, values: Mapping[str, str]) -> None:
    zone = ZoneInfo(container.settings.time_zone)
    container.maintenance.register(
        _moment(values.get("begins_at", ""), zone),
        _moment(values.get("ends_at", ""), zone),
        _hours(values.get("notice_hours", "")),
        {tag: values.get(f"text-{tag}", "") for tag in LANGUAGES},
        actor=actor(),
    )


def _closed(window: Window, seconds: int) -> Response:
    text = said(window.texts, language(), settings().default_language)
    if asked_by_machine():
        response = jsonify(error={"code": "maintenance", "message": text, "problems": []})
        response.status_code = 503
    else:
        response = render(ClosedPage(text=text, ends_at=window.over_at), 503)
    response.headers["Retry-After"] = str(seconds)
    return response


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """The minute that a browser sends, by the clocks of the library."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        raise InvalidMaintenance(N_("Write when it begins and when it ends.")) from None


def _hours(text: str) -> int:
    if not text.isdecimal():
        raise InvalidMaintenance(N_("Write how many hours before readers are told."))
    return int(text[:9])


def _windows(container: Container, values: Mapping[str, str], problem: str) -> WindowsPage:
    texts = tuple((tag, NAMES[tag], values.get(f"text-{tag}", "")) for tag in LANGUAGES)
    windows = container.maintenance.listed(LISTED, actor=actor())
    return WindowsPage(
        csrf=csrf(),
        zone=container.settings.time_zone,
        problem=problem,
        values={name: values.get(name, "") for name in ("begins_at", "ends_at", "notice_hours")},
        texts=texts,
        windows=tuple(_line(container, one) for one in windows),
    )


def _line(container: Container, window: Window) -> WindowLine:
    state = container.maintenance.state(window)
    return WindowLine(
        id=window.id,
        state=gettext(STATES[state]),
        begins_at=window.begins_at,
        over_at=window.over_at,
        ended_early=window.ended_at is not None,
        lasts=_lasts(window.lasts),
        text=said(window.texts, language(), settings().default_language),
        registered_at=window.registered_at,
        registered_by=window.registered_by_name,
        may_end=state is WindowState.RUNNING,
        may_cancel=state is WindowState.COMING,
    )


def _lasts(duration: timedelta) -> str:
    minutes = max(1, round(duration.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("{n} hour", "{n} hours", hours)] if hours else []
    if rest or not hours:
        parts.append(ngettext("{n} minute", "{n} minutes", rest))
    return " ".join(parts)
