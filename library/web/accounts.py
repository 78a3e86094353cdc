"""Accounts of staff, for administrators: list, add, change, close, links for passwords, sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.db.people import PeopleFilter
from library.domain.access import Action
from library.domain.errors import InvalidAccount
from library.domain.people import APPOINTED, Person, Role, Standing
from library.services.accounts import AccountState, Link, ListedAccount
from library.services.asked import cleaned, whole
from library.web.accounts_form import AccountForm, read_account, version_of_form
from library.web.accounts_words import ROLES, SessionLine, role_names, session_line
from library.web.languages import gettext, told
from library.web.pages import Page, permanent, render
from library.web.session import actor, csrf, requires, to

ON_A_PAGE = 50
MOST_PAGES = 10_000
LONGEST_WORDS = 200
DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account in the list."""

    id: int
    name: str
    login: str
    roles: tuple[str, ...]
    is_open: bool
    has_password: bool
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage(Page):
    """Accounts by name, narrowed by words, a role, or closed ones."""

    template: ClassVar[str] = "accounts/accounts.html"
    robots: ClassVar[str] = "noindex"

    words: str
    role: str
    standing: str
    roles: tuple[tuple[str, str], ...]
    lines: tuple[AccountLine, ...]
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role in a form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccountPage(Page):
    """The form of a new account."""

    template: ClassVar[str] = "accounts/new.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    form: AccountForm
    roles: tuple[RoleChoice, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage(Page):
    """An account with its form and what can be done with it."""

    template: ClassVar[str] = "accounts/account.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    person: Person
    role_names: tuple[str, ...]
    is_open: bool
    has_password: bool
    has_second_factor: bool
    form: AccountForm
    version: int
    roles: tuple[RoleChoice, ...]
    sessions: tuple[SessionLine, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(Page):
    """A link by which somebody sets a password, shown this once."""

    template: ClassVar[str] = "accounts/link.html"
    robots: ClassVar[str] = "noindex"

    name: str
    login: str
    address: str
    short_address: str
    code: str
    expires_at: datetime
    back: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/accounts…` that make and change accounts."""
    routes = Blueprint("accounts", __name__)
    service = container.accounts

    @routes.get("/accounts")
    @requires(Action.STAFF)
    def accounts() -> Response:
        wanted = _wanted()
        page = max(whole(request.args.get("page", ""), limit=MOST_PAGES) or 1, 1)
        listed, total = service.listed(wanted, actor=actor(), limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
        return render(_list_page(wanted, listed, total, page))

    @routes.get("/accounts/new")
    @requires(Action.STAFF)
    def new() -> Response:
        return render(_new_page(AccountForm(), frozenset(), ""))

    @routes.post("/accounts")
    @requires(Action.STAFF)
    def add() -> Response:
        form, roles = AccountForm.read(request.form), _roles()
        try:
            link = service.add(read_account(form, roles), actor=actor())
        except InvalidAccount as error:
            return render(_new_page(form, roles, told(error.message)), 422)
        return render(link_page(link, f"/accounts/{link.person.id}"))

    @routes.get("/accounts/<int(max=2147483647):person_id>")
    @requires(Action.STAFF)
    def account(person_id: int) -> Response:
        return render(_account_page(service.one(person_id, actor=actor()), None, ""))

    @routes.post("/accounts/<int(max=2147483647):person_id>")
    @requires(Action.STAFF)
    def change(person_id: int) -> Response:
        form, roles = AccountForm.read(request.form), _roles()
        try:
            wanted = read_account(form, roles)
            service.change(person_id, wanted, expected=version_of_form(), actor=actor())
        except InvalidAccount as error:
            page = _account_page(service.one(person_id, actor=actor()), (form, roles), told(error.message))
            return render(page, 422)
        return to(f"/accounts/{person_id}")

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes `/accounts/NUMBER/…`: single deeds."""
    routes = Blueprint("accounts_deeds", __name__)
    service = container.accounts

    @routes.post("/accounts/<int(max=2147483647):person_id>/close")
    @requires(Action.STAFF)
    def close(person_id: int) -> Response:
        service.close(person_id, expected=version_of_form(), actor=actor())
        return to(f"/accounts/{person_id}")

    @routes.post("/accounts/<int(max=2147483647):person_id>/reopen")
    @requires(Action.STAFF)
    def reopen(person_id: int) -> Response:
        service.reopen(person_id, expected=version_of_form(), actor=actor())
        return to(f"/accounts/{person_id}")

    @routes.post("/accounts/<int(max=2147483647):person_id>/link")
    @requires(Action.STAFF)
    def link(person_id: int) -> Response:
        return render(link_page(service.link(person_id, actor=actor()), f"/accounts/{person_id}"))

    @routes.post("/accounts/<int(max=2147483647):person_id>/second-factor/remove")
    @requires(Action.STAFF)
    def remove_second_factor(person_id: int) -> Response:
        service.remove_second_factor(person_id, actor=actor())
        return to(f"/accounts/{person_id}")

    @routes.post("/accounts/<int(max=2147483647):person_id>/sessions/end")
    @requires(Action.STAFF)
    def end_session(person_id: int) -> Response:
        service.end_session(person_id, request.form.get("session", "")[:DIGEST_LENGTH], actor=actor())
        return to(f"/accounts/{person_id}")

    return routes


def link_page(link: Link, back: str) -> LinkPage:
    """The page that shows a link, and leads back."""
    return LinkPage(
        name=link.person.name,
        login=link.person.login,
        address=permanent("set_password.form", code=link.code),
        short_address=permanent("set_password.code_form"),
        code=link.code,
        expires_at=link.expires_at,
        back=back,
    )


def _wanted() -> PeopleFilter:
    role, standing = request.args.get("role", ""), request.args.get("standing", Standing.ACTIVE.value)
    return PeopleFilter(
        words=cleaned(request.args.get("q", ""))[:LONGEST_WORDS],
        staff=True,
        role=Role(role) if role in APPOINTED else None,
        standing=Standing(standing) if standing in list(Standing) else None,
    )


def _list_page(wanted: PeopleFilter, listed: tuple[ListedAccount, ...], total: int, page: int) -> AccountsPage:
    standing = wanted.standing.value if wanted.standing else "all"
    chosen = {"q": wanted.words, "role": wanted.role.value if wanted.role else "", "standing": standing}
    return AccountsPage(
        words=wanted.words,
        role=chosen["role"],
        standing=standing,
        roles=tuple((role.value, gettext(ROLES[role])) for role in ROLES if role in APPOINTED),
        lines=tuple(_line(account) for account in listed),
        total=total,
        previous_url=_address(chosen, page - 1) if page > 1 else "",
        next_url=_address(chosen, page + 1) if page * ON_A_PAGE < total else "",
    )


def _address(chosen: dict[str, str], page: int) -> str:
    return "/accounts?" + urlencode({**{name: value for name, value in chosen.items() if value}, "page": page})


def _line(account: ListedAccount) -> AccountLine:
    person = account.person
    return AccountLine(
        id=person.id,
        name=person.name,
        login=person.login,
        roles=role_names(person.roles),
        is_open=person.standing is Standing.ACTIVE,
        has_password=account.has_password,
        has_second_factor=account.has_second_factor,
    )


def _new_page(form: AccountForm, roles: frozenset[Role], problem: str) -> NewAccountPage:
    return NewAccountPage(csrf=csrf(), form=form, roles=_choices(roles), problem=problem)


def _account_page(state: AccountState, typed: tuple[AccountForm, frozenset[Role]] | None, problem: str) -> AccountPage:
    person = state.person
    form, roles = typed or (_filled(person), person.roles)
    return AccountPage(
        csrf=csrf(),
        person=person,
        role_names=role_names(person.roles),
        is_open=person.standing is Standing.ACTIVE,
        has_password=state.has_password,
        has_second_factor=state.has_second_factor,
        form=form,
        version=version_of_form() if typed else person.version,
        roles=_choices(roles),
        sessions=tuple(session_line(session) for session in state.sessions),
        problem=problem,
    )


def _filled(person: Person) -> AccountForm:
    order = person.order
    return AccountForm(
        login=person.login,
        name=person.name,
        order_number=order.number if order else "",
        order_date=order.date.isoformat() if order else "",
        email=person.email,
    )


def _choices(chosen: frozenset[Role]) -> tuple[RoleChoice, ...]:
    return tuple(
        RoleChoice(value=role.value, label=gettext(label), chosen=role in chosen) for role, label in ROLES.items()
    )


def _roles() -> frozenset[Role]:
    known = {role.value: role for role in Role}
    return frozenset(known[value] for value in request.form.getlist("role") if value in known)
