"""Who asks, what they may open, and that a form came from a page of ours.

A cookie holds a random number. The number of a guest stands in no table: pages for everybody cost no query. The number
of somebody who signed in is found by its SHA-256 in the table of sessions, in one query a request.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import BadRequest

from library.container import Container
from library.domain.access import GUEST, Action, Actor, require
from library.domain.errors import N_, NotEntitled
from library.services.keys import installation_key
from library.services.signing_in import Begun, Client, SigningIn, Step, Visit
from library.web.pages import render
from library.web.security import LARGEST_REQUEST
from library.web.session_kept import SendAgainPage, SignInPage, kept_form, local_address
from library.web.staff_menu import MenuEntry, entries

EXTENSION = "library-session"
NUMBER_BYTES = 32
GUESTS = "guest."
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORM_OUT_OF_DATE = N_("The form is out of date. Open it again.")
STEPS = {Step.PASSWORD: "/account/password", Step.SECOND_FACTOR: "/account/second-factor"}
FIRST = N_("Before anything else, finish what your account page asks for: a new password or the second factor.")
_NUMBER = re.compile(r"(?:guest\.)?[A-Za-z0-9_-]{43}")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What the head of a page shows of somebody who signed in."""

    name: str
    csrf: str
    menu: tuple[MenuEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sessions:
    """What stays the same while the application runs."""

    signing_in: SigningIn
    key: bytes
    cookie: str
    secure: bool
    own_origin: str


def install(app: Flask, container: Container) -> None:
    """Guard every view that `requires` a right, and refuse forms that did not come from our pages."""
    base_url = container.settings.base_url
    secure = base_url.startswith("https://")
    app.extensions[EXTENSION] = _Sessions(
        signing_in=container.signing_in,
        key=installation_key(container.settings.data_dir / "session.key"),
        # A name with this prefix is refused by browsers unless the cookie is Secure and of this host alone.
        cookie="__Host-sid" if secure else "sid",
        secure=secure,
        own_origin=base_url.rstrip("/"),
    )
    app.jinja_env.globals.update(visitor=_visitor)
    app.before_request(_guard)
    app.after_request(_finish)


def requires(action: Action, *, largest: int = LARGEST_REQUEST) -> Callable[[View], View]:
    """Mark a view as open to those who may do this, and to nobody else; a view that takes files says how many bytes.

    A guest who asks for it is led to the sign-in and back, with all that was typed; somebody without the right gets 403
    before the form is read.
    """

    def mark(view: View) -> View:
        view.required_action = action  # type: ignore[attr-defined]
        view.largest_request = largest  # type: ignore[attr-defined]
        return view

    return mark


def takes(*, largest: int) -> Callable[[View], View]:
    """Mark a view for everybody as one that takes so many bytes; all others take the usual."""

    def mark(view: View) -> View:
        view.largest_request = largest  # type: ignore[attr-defined]
        return view

    return mark


def same_for_all(view: View) -> View:
    """Mark a view whose answer, where it says itself that it is public, has nothing in it of whoever asked."""
    view.is_same_for_all = True  # type: ignore[attr-defined]
    return view


def actor() -> Actor:
    """Who asks: a guest until they are all the way in, with password, second factor and whatever has to be set."""
    here = visit()
    return here.actor if here is not None and here.step is Step.NONE else GUEST


def visit() -> Visit | None:
    """The session of this request, whatever its person still has to do; None for guests."""
    if "visit" not in g:
        g.visit = None
        number = _number()
        if number and not number.startswith(GUESTS):
            g.visit = _ours().signing_in.visit(number)
    found: Visit | None = g.visit
    return found


def visit_if_known() -> Visit | None:
    """The session of this request whose person is in it, if the view asked for it: no query of its own."""
    here: Visit | None = g.get("visit")
    return here if here is not None and here.step is not Step.CODE else None


def browser_number() -> str:
    """The number that tells this browser from others, of a guest too, as it has it or is given it; else empty."""
    return _number()


def signed_in() -> Visit:
    """The session of this request in a view that requires `Action.OWN_ACCOUNT`."""
    here = visit()
    assert here is not None, "the guard lets nobody else in"
    return here


def csrf() -> str:
    """The token that a form of this browser must bring back."""
    return _token(_number() or _new_number())


def number() -> str:
    """The number of the session that the browser has; empty for guests."""
    found = _number()
    return "" if found.startswith(GUESTS) else found


def client() -> Client:
    """From where this request comes."""
    return Client(address=request.remote_addr or "", browser=request.user_agent.string)


def remember(begun: Begun) -> None:
    """Give the browser the number of a session that just began."""
    g.cookie = begun.number
    g.pop("visit", None)


def forget() -> None:
    """Take the number from the browser."""
    g.cookie = ""
    g.pop("visit", None)


def to(address: str) -> Response:
    """Lead to another page of ours after a form."""
    response: Response = redirect(address, 303)  # type: ignore[assignment]
    response.headers["Cache-Control"] = "no-store"
    return response


def _guard() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    action: Action | None = getattr(view, "required_action", None)
    if getattr(view, "is_for_programs", False):
        return None
    if action is None:
        # Files of a form in parts go to the disk; any other form is read into memory whole.
        if request.mimetype == "multipart/form-data":
            request.max_content_length = getattr(view, "largest_request", LARGEST_REQUEST)
        return _refuse_forged(guarded=False)
    here = visit()
    if here is None or here.step is Step.CODE:
        return _lead_to_sign_in()
    if here.step is not Step.NONE and action is not Action.OWN_ACCOUNT:
        if request.method in UNSAFE:
            raise NotEntitled(FIRST)
        return to(STEPS[here.step])
    require(here.actor, action)
    request.max_content_length = getattr(view, "largest_request", LARGEST_REQUEST)
    return _refuse_forged(guarded=True)


def _lead_to_sign_in() -> Response:
    if request.method not in UNSAFE:
        wanted = request.full_path if request.query_string else request.path
        return to(f"/sign-in?{urlencode({'next': wanted})}")
    kept = None
    # A form too large for a guest is not read: it has files, and those are lost in any case.
    if (request.content_length or 0) <= LARGEST_REQUEST:
        if not _is_genuine() and not _is_from_here():
            raise BadRequest(FORM_OUT_OF_DATE)
        kept = kept_form()
    return render(SignInPage(csrf=csrf(), problem="", login="", next=local_address(request.path), kept=kept), 403)


def _refuse_forged(*, guarded: bool) -> Response | None:
    """Nothing where the form brings our token; of a guarded form that is merely out of date, nothing typed is lost."""
    if request.method not in UNSAFE or _is_genuine():
        return None
    if guarded and _is_from_here():
        return render(SendAgainPage(csrf=csrf(), kept=kept_form()), 400)
    raise BadRequest(FORM_OUT_OF_DATE)


def _is_genuine() -> bool:
    given, held = request.form.get("csrf", ""), _number()
    return bool(held) and hmac.compare_digest(_token(held).encode(), given.encode("utf-8", "surrogatepass"))


def _is_from_here() -> bool:
    """Whether the browser says that a page of ours sent this form; a stranger's page can't make it say so."""
    origin = request.headers.get("Origin", "")
    own = (request.host_url.rstrip("/"), _ours().own_origin)
    return bool(request.form.get("csrf")) and bool(origin) and origin in own


def _finish(response: Response) -> Response:
    sessions = _ours()
    if "cookie" in g:
        response.set_cookie(
            sessions.cookie,
            g.cookie,
            max_age=None if g.cookie else 0,
            path="/",
            secure=sessions.secure,
            httponly=True,
            samesite="Lax",
        )
    if ("cookie" in g or number()) and request.endpoint != "static" and not _may_be_kept(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _may_be_kept(response: Response) -> bool:
    """Whether caches may keep what somebody who signed in asked for: an open file is the same for all."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_public = bool(response.cache_control.public) and "Set-Cookie" not in response.headers
    return is_public and getattr(view, "is_same_for_all", False)


def _number() -> str:
    """What the cookie holds, or what it will; empty where that is no number of ours."""
    held: str = g.get("cookie", request.cookies.get(_ours().cookie, ""))
    return held if _NUMBER.fullmatch(held) else ""


def _new_number() -> str:
    g.cookie = GUESTS + secrets.token_urlsafe(NUMBER_BYTES)
    return str(g.cookie)


def _token(held: str) -> str:
    return hmac.new(_ours().key, b"form " + held.encode("ascii"), sha256).hexdigest()


def _visitor() -> Visitor | None:
    here = visit()
    if here is None or here.step is Step.CODE:
        return None
    return Visitor(name=here.person.name, csrf=csrf(), menu=entries(actor()))


def _ours() -> _Sessions:
    found: _Sessions = current_app.extensions[EXTENSION]
    return found
