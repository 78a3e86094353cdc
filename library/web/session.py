"""Signing in with the first token: a signed cookie, and a token against forged forms on every form."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ClassVar, ParamSpec

from flask import Blueprint, Flask, Response, redirect, request, session
from werkzeug.exceptions import BadRequest

from library.container import Container
from library.domain.errors import N_
from library.services.keys import installation_key
from library.settings import Settings
from library.web.languages import gettext
from library.web.pages import Page, render

KEY_BYTES = 32
IDLE = timedelta(minutes=30)
LONGEST_SECONDS = 12 * 3600
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST_TOKEN = 200
FORM_OUT_OF_DATE = N_("The form is out of date. Open it again.")

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """The form for the one-time token."""

    template: ClassVar[str] = "administration/sign_in.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str


def install(app: Flask, settings: Settings) -> None:
    """Sign cookies with the key of this installation, and refuse forms that did not come from our pages."""
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=installation_key(settings.data_dir / "session.key"),
        # A name with this prefix is refused by browsers unless the cookie is Secure and of this host alone.
        SESSION_COOKIE_NAME="__Host-sid" if secure else "sid",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
    )
    app.before_request(_refuse_forged)


def blueprint(container: Container) -> Blueprint:
    """The routes `/sign-in` and `/sign-out`."""
    routes = Blueprint("session", __name__)

    @routes.get("/sign-in")
    def form() -> Response:
        return _private(render(SignInPage(csrf=csrf(), problem="")))

    @routes.post("/sign-in")
    def sign_in() -> Response:
        token = request.form.get("token", "").strip()
        if not 0 < len(token) <= LONGEST_TOKEN or not container.first_token.redeem(token):
            problem = gettext(
                "This token is not the newest one, or it was used already. A new one is printed at every start."
            )
            return _private(render(SignInPage(csrf=csrf(), problem=problem), 403))
        _begin(time.time())
        return _to("/administration")

    @routes.post("/sign-out")
    def sign_out() -> Response:
        session.clear()
        return _to("/")

    return routes


def csrf() -> str:
    """The token that a form of this session must bring back."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(KEY_BYTES)
    return str(session["csrf"])


def for_administrators(view: Callable[P, Response]) -> Callable[P, Response]:
    """A route that only the administrator sees; others are led to the sign-in, and nothing of it is kept on the way."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not _is_administrator(time.time()):
            session.clear()
            return _to("/sign-in")
        session.modified = True
        return _private(view(*args, **kwargs))

    return guarded


def _begin(now: float) -> None:
    """A new session: nothing that was in the cookie before goes on."""
    session.clear()
    session.permanent = True
    session["role"] = "administrator"
    session["id"] = secrets.token_urlsafe(KEY_BYTES)
    session["began"] = now


def _is_administrator(now: float) -> bool:
    began = session.get("began")
    return session.get("role") == "administrator" and isinstance(began, float) and 0 <= now - began < LONGEST_SECONDS


def _refuse_forged() -> None:
    if request.method not in UNSAFE:
        return
    expected, given = session.get("csrf", ""), request.form.get("csrf", "")
    if not expected or not hmac.compare_digest(str(expected).encode(), given.encode("utf-8", "surrogatepass")):
        raise BadRequest(FORM_OUT_OF_DATE)


def _to(path: str) -> Response:
    return _private(redirect(path, 303))  # type: ignore[arg-type]


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
