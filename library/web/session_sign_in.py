"""The way in and out: password, code of the second factor, the one-time token of a new library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.errors import InvalidAccount, LibraryError, SignInRefused, TooManyAttempts
from library.domain.people import Role
from library.services.accounts import TOKEN_REFUSED
from library.services.signing_in import Begun, Step
from library.web.accounts_form import AccountForm, read_account
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import client, csrf, forget, number, remember, to, visit
from library.web.session_kept import KeptForm, SendAgainPage, SignInPage, carried_form, local_address

LONGEST_TOKEN = 200
FIRST_ROLES = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    """The form for a code of the second factor."""

    template: ClassVar[str] = "session/code.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    next: str
    kept: KeptForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTokenPage(Page):
    """The form for the one-time token of a new library."""

    template: ClassVar[str] = "session/first_token.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministratorPage(Page):
    """The form that makes the account of the first administrator."""

    template: ClassVar[str] = "session/first_administrator.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    token: str
    form: AccountForm
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/sign-in`, `/sign-in/code`, `/sign-out`, `/first-token` and `/first-administrator`."""
    routes = Blueprint("session", __name__)

    @routes.get("/sign-in")
    def form() -> Response:
        here = visit()
        wanted = local_address(request.args.get("next", "/"))
        if here is not None and here.step is not Step.CODE:
            return to(wanted)
        return _private(render(SignInPage(csrf=csrf(), problem="", login="", next=wanted, kept=None)))

    @routes.post("/sign-in")
    def sign_in() -> Response:
        login, wanted = request.form.get("login", ""), local_address(request.form.get("next", "/"))
        kept = carried_form()
        try:
            begun = container.signing_in.sign_in(login.strip(), request.form.get("password", ""), client())
        except (SignInRefused, TooManyAttempts) as error:
            shown = SignInPage(csrf=csrf(), problem=told(error.message), login=login[:100], next=wanted, kept=kept)
            return _refused(render(shown, 403), error)
        container.signing_in.sign_out(number())
        return _go_on(begun, wanted, kept)

    @routes.post("/sign-in/code")
    def code() -> Response:
        wanted, kept = local_address(request.form.get("next", "/")), carried_form()
        here = visit()
        if here is None:
            return _private(render(SignInPage(csrf=csrf(), problem="", login="", next=wanted, kept=kept), 403))
        try:
            begun = container.signing_in.give_code(number(), request.form.get("code", ""), client())
        except (SignInRefused, TooManyAttempts) as error:
            page = CodePage(csrf=csrf(), problem=told(error.message), next=wanted, kept=kept)
            return _refused(render(page, 403), error)
        return _go_on(begun, wanted, kept)

    @routes.post("/sign-out")
    def sign_out() -> Response:
        container.signing_in.sign_out(number())
        forget()
        return to("/")

    return routes


def first_blueprint(container: Container) -> Blueprint:
    """The routes `/first-token` and `/first-administrator`."""
    routes = Blueprint("first_administrator", __name__)

    @routes.get("/first-token")
    def form() -> Response:
        return _private(render(FirstTokenPage(csrf=csrf(), problem="")))

    @routes.post("/first-token")
    def token() -> Response:
        given = request.form.get("token", "").strip()
        if not 0 < len(given) <= LONGEST_TOKEN or not container.first_token.holds(given):
            return _private(render(FirstTokenPage(csrf=csrf(), problem=gettext(TOKEN_REFUSED)), 403))
        return _private(render(FirstAdministratorPage(csrf=csrf(), token=given, form=AccountForm(), problem="")))

    @routes.post("/first-administrator")
    def make() -> Response:
        given, form = request.form.get("token", "")[:LONGEST_TOKEN], AccountForm.read(request.form)
        try:
            wanted = read_account(form, FIRST_ROLES)
            begun = container.accounts.add_first_administrator(
                given, wanted, request.form.get("password", ""), client()
            )
        except SignInRefused as error:
            return _private(render(FirstTokenPage(csrf=csrf(), problem=told(error.message)), 403))
        except InvalidAccount as error:
            page = FirstAdministratorPage(csrf=csrf(), token=given, form=form, problem=told(error.message))
            return _private(render(page, 422))
        remember(begun)
        return to("/account/second-factor")

    return routes


def _go_on(begun: Begun, wanted: str, kept: KeptForm | None) -> Response:
    remember(begun)
    if begun.step is Step.CODE:
        return _private(render(CodePage(csrf=csrf(), problem="", next=wanted, kept=kept)))
    if kept is not None:
        return _private(render(SendAgainPage(csrf=csrf(), kept=kept)))
    return to(wanted)


def _refused(response: Response, error: LibraryError) -> Response:
    if isinstance(error, TooManyAttempts):
        response.status_code = 429
        response.headers["Retry-After"] = str(error.seconds)
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
