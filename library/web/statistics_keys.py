"""Keys of officials: the list, the form that issues one, the page that shows it once, and what was asked by keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.db.statistics_keys import NotedCall
from library.domain.access import Action, may
from library.domain.configuration import said
from library.domain.errors import N_
from library.domain.key_errors import InvalidStatisticsKey
from library.domain.statistics_keys import LONGEST_NAME, LONGEST_TERM, KeyEntry, KeyState, Scope
from library.projections.journal_table import visible
from library.services.asked import cleaned, whole
from library.services.statistics_forms import DIRECTORY
from library.services.statistics_indicators import indicator_table
from library.services.statistics_keys import KeyLine
from library.web.languages import gettext, language, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to

KEYS = "/statistics/keys"
ON_A_PAGE = 50
LARGEST_NUMBER = 2**31 - 1
ONE = f"{KEYS}/<int(max={LARGEST_NUMBER}):key_id>"
LONGEST_NETWORKS = 2_000
USUAL_TERM = timedelta(days=365)
STATES: Mapping[KeyState, str] = {
    KeyState.VALID: N_("Valid"),
    KeyState.EXPIRED: N_("Ended"),
    KeyState.REVOKED: N_("Revoked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownKey:
    """A key in words. `indicators` is empty where it opens all; `calls` is how often it was used."""

    id: int
    prefix: str
    label: str
    official: str
    state: str
    is_valid: bool
    indicators: tuple[str, ...]
    first: date | None
    last: date | None
    counter: bool
    networks: tuple[str, ...]
    expires_on: date
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None
    revoked_by: str
    calls: int
    last_call: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCall:
    """A call: when, by whose key (empty for a key that is none of ours), what for, and how it was answered."""

    at: datetime
    key_id: int
    official: str
    path: str
    status: int
    good: bool
    code: str
    figures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPage(Page):
    """All keys. Whoever may issue one finds the way to it, and what is wrong with forms that can't be handed out."""

    template: ClassVar[str] = "statistics_keys/keys.html"
    robots: ClassVar[str] = "noindex"

    keys: tuple[ShownKey, ...]
    may_issue: bool
    wrong_forms: tuple[str, ...]
    forms_folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFormPage(Page):
    """The form of a new key with what was typed; `indicators` are ids with their names and whether they are ticked."""

    template: ClassVar[str] = "statistics_keys/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    values: Mapping[str, str]
    indicators: tuple[tuple[str, str, bool], ...]
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPage(Page):
    """A new key with its secret, this one time."""

    template: ClassVar[str] = "statistics_keys/issued.html"
    robots: ClassVar[str] = "noindex"

    key: ShownKey
    secret: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPage(Page):
    """One key and what was asked by it."""

    template: ClassVar[str] = "statistics_keys/key.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    key: ShownKey
    may_revoke: bool
    calls: tuple[ShownCall, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPage(Page):
    """What was asked by all keys, and by wrong ones."""

    template: ClassVar[str] = "statistics_keys/calls.html"
    robots: ClassVar[str] = "noindex"

    calls: tuple[ShownCall, ...]
    next_url: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/statistics/keys` that show keys and calls."""
    routes = Blueprint("statistics_keys", __name__)
    keys = container.statistics_keys

    @routes.get(KEYS)
    @requires(Action.SEE_STATISTICS)
    def listed() -> Response:
        lines = keys.listed(actor=actor())
        may_issue = may(actor(), Action.STATISTICS_KEYS)
        problems = container.statistics.forms.problems() if may_issue else ()
        return render(
            KeysPage(
                keys=tuple(_shown(container, line) for line in lines),
                may_issue=may_issue,
                wrong_forms=tuple(told(problem.message) for problem in problems),
                forms_folder=DIRECTORY,
            )
        )

    @routes.get(f"{KEYS}/calls")
    @requires(Action.SEE_STATISTICS)
    def calls() -> Response:
        shown, next_url = _calls(container, None, f"{KEYS}/calls")
        return render(CallsPage(calls=shown, next_url=next_url))

    @routes.get(ONE)
    @requires(Action.SEE_STATISTICS)
    def key(key_id: int) -> Response:
        line = keys.line(key_id, actor=actor())
        shown, next_url = _calls(container, key_id, f"{KEYS}/{key_id}")
        return render(
            KeyPage(
                csrf=csrf(),
                key=_shown(container, line),
                may_revoke=line.key.revoked_at is None and may(actor(), Action.STATISTICS_KEYS),
                calls=shown,
                next_url=next_url,
            )
        )

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes under `/statistics/keys` that issue and revoke keys."""
    routes = Blueprint("statistics_keys_deeds", __name__)
    keys = container.statistics_keys

    @routes.get(f"{KEYS}/new")
    @requires(Action.STATISTICS_KEYS)
    def new() -> Response:
        values = {"expires_on": (keys.today() + USUAL_TERM).isoformat()}
        return render(_form(container, values, frozenset(), ""))

    @routes.post(KEYS)
    @requires(Action.STATISTICS_KEYS)
    def issue() -> Response:
        return _issue(container)

    @routes.post(f"{ONE}/revoke")
    @requires(Action.STATISTICS_KEYS)
    def revoke(key_id: int) -> Response:
        keys.revoke(key_id, actor=actor())
        return to(f"{KEYS}/{key_id}")

    return routes


def _issue(container: Container) -> Response:
    values = {name: text.strip()[:LONGEST_NETWORKS] for name, text in request.form.items()}
    chosen = tuple(dict.fromkeys(request.form.getlist("indicator")))
    try:
        issued = container.statistics_keys.issue(_entry(values, chosen), actor=actor())
    except InvalidStatisticsKey as error:
        return render(_form(container, values, frozenset(chosen), told(error.message)), 422)
    line = KeyLine(key=issued.key, state=KeyState.VALID, used=None)
    address = (container.settings.base_url.rstrip("/") or request.host_url.rstrip("/")) + "/stat/v1"
    return render(IssuedPage(key=_shown(container, line), secret=issued.secret, address=address))


def _entry(values: Mapping[str, str], chosen: tuple[str, ...]) -> KeyEntry:
    expires_on = _day(values.get("expires_on", ""))
    if expires_on is None:
        raise InvalidStatisticsKey(N_("Write the last day of the key: none is issued without an end."))
    return KeyEntry(
        label=cleaned(values.get("label", ""))[: LONGEST_NAME + 1],
        official=cleaned(values.get("official", ""))[: LONGEST_NAME + 1],
        scope=Scope(
            indicators=chosen,
            first=_day(values.get("first_day", "")),
            last=_day(values.get("last_day", "")),
            counter=bool(values.get("counter")),
        ),
        expires_on=expires_on,
        networks=tuple(dict.fromkeys(values.get("networks", "").replace(",", " ").split())),
    )


def _day(text: str) -> date | None:
    """The day that a browser sends; None for an empty field."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidStatisticsKey(N_("Write days as 2026-09-05.")) from None


def _form(container: Container, values: Mapping[str, str], chosen: frozenset[str], problem: str) -> KeyFormPage:
    names = ("official", "label", "expires_on", "first_day", "last_day", "networks", "counter")
    today = container.statistics_keys.today()
    return KeyFormPage(
        csrf=csrf(),
        problem=problem,
        values={name: values.get(name, "") for name in names},
        indicators=tuple((one, name, one in chosen) for one, name in _names(container).items()),
        earliest=today,
        latest=today + LONGEST_TERM,
    )


def _names(container: Container) -> dict[str, str]:
    """The names of all indicators in the reader's language, by their ids."""
    default = container.settings.default_language
    return {
        indicator.id: said(indicator.names, language(), default) or indicator.id
        for indicator in indicator_table().indicators.values()
    }


def _calls(container: Container, key_id: int | None, address: str) -> tuple[tuple[ShownCall, ...], str]:
    """A page of calls, and the address of the next one."""
    below = whole(request.args.get("below", ""), limit=LARGEST_NUMBER)
    found = container.statistics_keys.calls(key_id, below, ON_A_PAGE + 1, actor=actor())
    shown = found[:ON_A_PAGE]
    return tuple(map(_call, shown)), f"{address}?below={shown[-1].id}" if len(found) > len(shown) else ""


def _call(noted: NotedCall) -> ShownCall:
    call = noted.call
    return ShownCall(
        at=call.at,
        key_id=call.key_id,
        official=noted.key.entry.official if noted.key else gettext("A key that is none of ours"),
        path=visible(call.path),
        status=call.status,
        good=not call.code,
        code=call.code,
        figures=call.figures,
    )


def _shown(container: Container, line: KeyLine) -> ShownKey:
    key, entry = line.key, line.key.entry
    names = _names(container) if entry.scope.indicators else {}
    return ShownKey(
        id=key.id,
        prefix=key.prefix,
        label=entry.label,
        official=entry.official,
        state=gettext(STATES[line.state]),
        is_valid=line.state is KeyState.VALID,
        indicators=tuple(names.get(one, one) for one in entry.scope.indicators),
        first=entry.scope.first,
        last=entry.scope.last,
        counter=entry.scope.counter,
        networks=entry.networks,
        expires_on=entry.expires_on,
        issued_at=key.issued_at,
        issued_by=key.issued_by_name,
        revoked_at=key.revoked_at,
        revoked_by=key.revoked_by_name,
        calls=line.used.calls if line.used else 0,
        last_call=line.used.last_at if line.used else None,
    )
