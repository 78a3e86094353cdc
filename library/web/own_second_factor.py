"""The second factor of one's own account: begun, confirmed with a first code, removed."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import SignInRefused, TooManyAttempts
from library.projections import qr
from library.services.signing_in import Step
from library.web.languages import told
from library.web.own_account import go_on, with_problem
from library.web.pages import Page, render
from library.web.session import client, csrf, remember, requires, signed_in, to

ISSUER = "Kutubxona"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPage(Page):
    """The second factor: to be begun, to be confirmed with the picture and its secret, or in use."""

    template: ClassVar[str] = "accounts/own_second_factor.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    must: bool
    may_remove: bool
    in_use: bool
    picture: str
    secret: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesPage(Page):
    """The codes for a lost device, told this once."""

    template: ClassVar[str] = "accounts/own_codes.html"
    robots: ClassVar[str] = "noindex"

    login: str
    codes: tuple[str, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes `/account/second-factor…`."""
    routes = Blueprint("own_second_factor", __name__)
    service = container.own_account

    @routes.get("/account/second-factor")
    @requires(Action.OWN_ACCOUNT)
    def second_factor() -> Response:
        return render(_second_factor_page(container, ""))

    @routes.post("/account/second-factor/begin")
    @requires(Action.OWN_ACCOUNT)
    def begin_second_factor() -> Response:
        service.begin_second_factor(signed_in())
        return to("/account/second-factor")

    @routes.post("/account/second-factor")
    @requires(Action.OWN_ACCOUNT)
    def confirm_second_factor() -> Response:
        try:
            begun, codes = service.confirm_second_factor(signed_in(), request.form.get("password_once", ""), client())
        except (SignInRefused, TooManyAttempts) as error:
            return with_problem(render(_second_factor_page(container, told(error.message))), error)
        remember(begun)
        return render(RecoveryCodesPage(login=signed_in().person.login, codes=codes))

    @routes.post("/account/second-factor/codes")
    @requires(Action.OWN_ACCOUNT)
    def renew_codes() -> Response:
        try:
            codes = service.renew_codes(signed_in(), request.form.get("password_once", ""), client())
        except (SignInRefused, TooManyAttempts) as error:
            return with_problem(render(_second_factor_page(container, told(error.message))), error)
        return render(RecoveryCodesPage(login=signed_in().person.login, codes=codes))

    @routes.post("/account/second-factor/remove")
    @requires(Action.OWN_ACCOUNT)
    def remove_second_factor() -> Response:
        try:
            begun = service.remove_second_factor(signed_in(), request.form.get("password_once", ""), client())
        except (SignInRefused, TooManyAttempts) as error:
            return with_problem(render(_second_factor_page(container, told(error.message))), error)
        return go_on(begun)

    return routes


def _second_factor_page(container: Container, problem: str) -> SecondFactorPage:
    here = signed_in()
    pending = container.own_account.pending(here, container.settings.institution or ISSUER)
    picture = b64encode(qr.svg(pending.address)).decode("ascii") if pending else ""
    return SecondFactorPage(
        csrf=csrf(),
        must=here.step is Step.SECOND_FACTOR,
        may_remove=not here.person.is_administrator,
        in_use=container.own_account.state(here).has_second_factor,
        picture=picture,
        secret=pending.secret if pending else "",
        problem=problem,
    )
