"""Readers: list, card, import, activation codes, for those who keep them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.db.people import PeopleFilter
from library.domain.access import Action
from library.domain.errors import InvalidAccount
from library.domain.people import Person, Standing
from library.services.accounts import AccountState, ListedAccount
from library.services.asked import whole
from library.web.accounts_form import version_of_form
from library.web.accounts_words import CATEGORIES, SessionLine, day_text, session_line
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.readers_form import ReaderForm, category_choices, read_card, read_filter
from library.web.session import actor, csrf, requires, to

ON_A_PAGE = 50
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLine:
    """A reader in the list."""

    id: int
    name: str
    card: str
    category: str
    place: str
    valid_until: str
    is_open: bool
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersPage(Page):
    """Readers by name, narrowed by words, category, faculty or group."""

    template: ClassVar[str] = "readers/readers.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    chosen: tuple[tuple[str, str], ...]
    words: str
    category: str
    faculty: str
    group: str
    categories: tuple[tuple[str, str], ...]
    lines: tuple[ReaderLine, ...]
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReaderPage(Page):
    """The form of a new reader."""

    template: ClassVar[str] = "readers/new.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    form: ReaderForm
    categories: tuple[tuple[str, str], ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPage(Page):
    """A reader with their form and what can be done."""

    template: ClassVar[str] = "readers/reader.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    person: Person
    is_open: bool
    has_password: bool
    form: ReaderForm
    version: int
    categories: tuple[tuple[str, str], ...]
    sessions: tuple[SessionLine, ...]
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/readers…` that make and change readers."""
    routes = Blueprint("readers", __name__)
    accounts, readers = container.accounts, container.readers

    @routes.get("/readers")
    @requires(Action.READERS)
    def listed() -> Response:
        wanted = read_filter(request.args)
        page = max(whole(request.args.get("page", ""), limit=MOST_PAGES) or 1, 1)
        found, total = accounts.listed(wanted, actor=actor(), limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
        return render(_list_page(wanted, found, total, page))

    @routes.get("/readers/new")
    @requires(Action.READERS)
    def new() -> Response:
        return render(_new_page(ReaderForm(), ""))

    @routes.post("/readers")
    @requires(Action.READERS)
    def add() -> Response:
        form = ReaderForm.read(request.form)
        try:
            person = readers.add(form.name, read_card(form), deposits=form.deposits, actor=actor())
        except InvalidAccount as error:
            return render(_new_page(form, told(error.message)), 422)
        return to(f"/readers/{person.id}")

    @routes.get("/readers/<int(max=2147483647):person_id>")
    @requires(Action.READERS)
    def reader(person_id: int) -> Response:
        return render(_reader_page(accounts.one(person_id, actor=actor()), None, ""))

    @routes.post("/readers/<int(max=2147483647):person_id>")
    @requires(Action.READERS)
    def change(person_id: int) -> Response:
        form = ReaderForm.read(request.form)
        try:
            readers.change(
                person_id, form.name, read_card(form), deposits=form.deposits, expected=version_of_form(), actor=actor()
            )
        except InvalidAccount as error:
            page = _reader_page(accounts.one(person_id, actor=actor()), form, told(error.message))
            return render(page, 422)
        return to(f"/readers/{person_id}")

    return routes


def _list_page(wanted: PeopleFilter, found: tuple[ListedAccount, ...], total: int, page: int) -> ReadersPage:
    chosen = {
        "q": wanted.words,
        "category": wanted.category.value if wanted.category else "",
        "faculty": wanted.faculty,
        "group": wanted.group,
    }
    return ReadersPage(
        csrf=csrf(),
        chosen=tuple(chosen.items()),
        words=wanted.words,
        category=chosen["category"],
        faculty=wanted.faculty,
        group=wanted.group,
        categories=category_choices(),
        lines=tuple(_line(account) for account in found),
        total=total,
        previous_url=_address(chosen, page - 1) if page > 1 else "",
        next_url=_address(chosen, page + 1) if page * ON_A_PAGE < total else "",
    )


def _address(chosen: dict[str, str], page: int) -> str:
    return "/readers?" + urlencode({**{name: value for name, value in chosen.items() if value}, "page": page})


def _line(account: ListedAccount) -> ReaderLine:
    person, card = account.person, account.person.card
    return ReaderLine(
        id=person.id,
        name=person.name,
        card=card.number if card else person.login,
        category=gettext(CATEGORIES[card.category]) if card else "",
        place=", ".join(filter(None, (card.faculty, card.group))) if card else "",
        valid_until=day_text(card.valid_until) if card else "",
        is_open=person.standing is Standing.ACTIVE,
        has_password=account.has_password,
    )


def _new_page(form: ReaderForm, problem: str) -> NewReaderPage:
    return NewReaderPage(csrf=csrf(), form=form, categories=category_choices(), problem=problem)


def _reader_page(state: AccountState, typed: ReaderForm | None, problem: str) -> ReaderPage:
    person = state.person
    return ReaderPage(
        csrf=csrf(),
        person=person,
        is_open=person.standing is Standing.ACTIVE,
        has_password=state.has_password,
        form=typed or ReaderForm.of(person),
        version=version_of_form() if typed else person.version,
        categories=category_choices(),
        sessions=tuple(session_line(session) for session in state.sessions),
        problem=problem,
    )
