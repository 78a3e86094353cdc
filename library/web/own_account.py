"""One's own account: card, password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import InvalidAccount, LibraryError, SignInRefused, TooManyAttempts
from library.domain.people import Person
from library.services.own_account import OwnState
from library.services.passwords import SHORTEST, SHORTEST_WITH_SECOND_FACTOR
from library.services.signing_in import Begun, Step
from library.web.accounts_words import CATEGORIES, SessionLine, day_text, role_names, session_line
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import client, csrf, remember, requires, signed_in, to

DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccountPage(Page):
    """The account as its person sees it."""

    template: ClassVar[str] = "accounts/own.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    person: Person
    roles: tuple[str, ...]
    category: str
    valid_until: str
    order_date: str
    is_staff: bool
    has_second_factor: bool
    recovery_codes: int
    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    """The form for another password."""

    template: ClassVar[str] = "accounts/own_password.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    must: bool
    shortest: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPasswordPage(Page):
    """The form that sets a password by a link or an activation code; whose it is, is said once the code is known."""

    template: ClassVar[str] = "accounts/set_password.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    code: str
    name: str
    login: str
    shortest: int
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/account…`."""
    routes = Blueprint("own_account", __name__)
    service = container.own_account

    @routes.get("/account")
    @requires(Action.OWN_ACCOUNT)
    def account() -> Response:
        return render(_own_page(service.state(signed_in()), signed_in().session.digest))

    @routes.get("/account/password")
    @requires(Action.OWN_ACCOUNT)
    def password_form() -> Response:
        return render(_password_page(service.state(signed_in()), ""))

    @routes.post("/account/password")
    @requires(Action.OWN_ACCOUNT)
    def change_password() -> Response:
        present, new = request.form.get("password_present", ""), request.form.get("password", "")
        try:
            begun = service.change_password(signed_in(), present, new, client())
        except (SignInRefused, TooManyAttempts, InvalidAccount) as error:
            return with_problem(render(_password_page(service.state(signed_in()), told(error.message))), error)
        return go_on(begun)

    @routes.post("/account/sessions/end")
    @requires(Action.OWN_ACCOUNT)
    def end_session() -> Response:
        service.end_session(signed_in(), request.form.get("session", "")[:DIGEST_LENGTH])
        return to("/account")

    return routes


def set_password_blueprint(container: Container) -> Blueprint:
    """The routes `/set-password…`, for whoever has a link or an activation code."""
    routes = Blueprint("set_password", __name__)
    service = container.own_account

    def page(code: str, problem: str) -> SetPasswordPage:
        """With the name of the person where the code is good; an empty form for a code where there is none."""
        name, login, shortest = "", "", SHORTEST
        if code:
            person, shortest = service.holder(code)
            name, login = person.name, person.login
        return SetPasswordPage(csrf=csrf(), code=code, name=name, login=login, shortest=shortest, problem=problem)

    @routes.get("/set-password")
    def code_form() -> Response:
        return _private(render(page("", "")))

    @routes.get("/set-password/<code>")
    def form(code: str) -> Response:
        return _private(_shown(code, page))

    @routes.post("/set-password/code")
    def take_code() -> Response:
        return _private(_shown(request.form.get("code", ""), page))

    @routes.post("/set-password")
    def set_password() -> Response:
        code = request.form.get("code", "")
        try:
            begun = service.set_password(code, request.form.get("password", ""), client())
        except InvalidAccount as error:
            return with_problem(render(page(code, told(error.message))), error)
        except SignInRefused as error:
            return with_problem(render(page("", told(error.message))), error)
        return go_on(begun)

    return routes


def _own_page(state: OwnState, this: str) -> OwnAccountPage:
    person = state.person
    return OwnAccountPage(
        csrf=csrf(),
        person=person,
        roles=role_names(person.roles),
        category=gettext(CATEGORIES[person.card.category]) if person.card else "",
        valid_until=day_text(person.card.valid_until if person.card else None),
        order_date=day_text(person.order.date if person.order else None),
        is_staff=person.is_staff,
        has_second_factor=state.has_second_factor,
        recovery_codes=state.recovery_codes,
        sessions=tuple(session_line(session, this) for session in state.sessions),
    )


def _password_page(state: OwnState, problem: str) -> PasswordPage:
    return PasswordPage(
        csrf=csrf(),
        must=signed_in().step is Step.PASSWORD,
        shortest=SHORTEST_WITH_SECOND_FACTOR if state.has_second_factor else SHORTEST,
        problem=problem,
    )


def _shown(code: str, page: Callable[[str, str], SetPasswordPage]) -> Response:
    try:
        return render(page(code, ""))
    except SignInRefused as error:
        return render(page("", told(error.message)), 403)


def go_on(begun: Begun) -> Response:
    """To the account, or to the sign-in where the second factor is still wanted."""
    remember(begun)
    return to("/sign-in" if begun.step is Step.CODE else "/account")


def with_problem(response: Response, error: LibraryError) -> Response:
    """The form again, with the status of what was wrong with it."""
    response.status_code = {InvalidAccount: 422, TooManyAttempts: 429}.get(type(error), 403)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.seconds)
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
