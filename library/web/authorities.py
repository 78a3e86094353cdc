"""Authority records in the browser: lists in any alphabet, and the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request, url_for

from library.container import Container
from library.domain.access import Action, may
from library.domain.authority import Authority, AuthorityKind
from library.domain.errors import N_, InvalidAuthority, StaleVersion
from library.services.asked import cleaned, whole
from library.services.authorities import FACETS, Wanted
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

SHOWN = 50
LONGEST_TYPED = 200
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):authority_id>"
LARGEST_PAGE = 10_000
TEXTS = ("heading", "forms", "identifier", "note")

KINDS: Mapping[AuthorityKind, str] = {
    AuthorityKind.PERSON: N_("Persons"),
    AuthorityKind.BODY: N_("Bodies"),
    AuthorityKind.SUBJECT: N_("Subject headings"),
    AuthorityKind.SERIES: N_("Series"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A kind, how many there are of it, and where they are."""

    label: str
    count: int
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritiesPage(Page):
    """The records of one kind that begin as typed."""

    template: ClassVar[str] = "authorities/authorities.html"
    robots: ClassVar[str] = "noindex"

    tabs: tuple[Tab, ...]
    kind: str
    typed: str
    found: tuple[Authority, ...]
    next_url: str
    may_change: bool
    has_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityForm(Page):
    """The form of one record, new when `id` is 0; `newest` are the values somebody else saved meanwhile."""

    template: ClassVar[str] = "authorities/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    version: int
    kind: str
    kind_label: str
    values: Mapping[str, str]
    newest: Mapping[str, str]
    merged_into: int
    may_change: bool
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/authorities`."""
    routes = Blueprint("authorities", __name__)

    @routes.get("/authorities")
    @requires(Action.SEE_WORK)
    def authorities() -> Response:
        return render(_list(container))

    @routes.get("/authorities/suggestions")
    @requires(Action.SEE_WORK)
    def suggestions() -> Response:
        found = container.authorities.suggested(chosen_kind(), _typed(), actor=actor())
        return jsonify([{"id": one.authority_id, "heading": one.heading, "form": one.form} for one in found])

    _forms(routes, container)
    return routes


def _forms(routes: Blueprint, container: Container) -> None:
    @routes.get("/authorities/new")
    @requires(Action.AUTHORITIES)
    def new() -> Response:
        return render(_form(chosen_kind(), {"heading": cleaned(request.args.get("heading", ""))[:LONGEST_TYPED]}))

    @routes.post("/authorities")
    @requires(Action.AUTHORITIES)
    def add() -> Response:
        kind, values = chosen_kind(), _values()
        try:
            added = container.authorities.add(_wanted(kind, values), actor=actor())
        except InvalidAuthority as error:
            return render(_form(kind, values, problem=told(error.message)), 422)
        return _to(added)

    @routes.get(f"/authorities/{NUMBER}")
    @requires(Action.SEE_WORK)
    def authority(authority_id: int) -> Response:
        found = container.authorities.get(authority_id, actor=actor())
        return render(_form(found.kind, _values_of(found), found))

    @routes.post(f"/authorities/{NUMBER}")
    @requires(Action.AUTHORITIES)
    def change(authority_id: int) -> Response:
        found = container.authorities.get(authority_id, actor=actor())
        values, expected = _values(), whole(request.form.get("version", ""), limit=LARGEST_NUMBER) or 0
        try:
            container.authorities.change(authority_id, _wanted(found.kind, values), expected=expected, actor=actor())
        except InvalidAuthority as error:
            return render(_form(found.kind, values, found, problem=told(error.message)), 422)
        except StaleVersion as error:
            newest = container.authorities.get(authority_id, actor=actor())
            problem = told(error.message)
            return render(_form(newest.kind, values, newest, _values_of(newest), problem), 409)
        return _to(authority_id)


def chosen_kind() -> AuthorityKind:
    """The kind that the address or the form names; persons where it names none."""
    asked = request.values.get("kind", "")
    return AuthorityKind(asked) if asked in list(AuthorityKind) else AuthorityKind.PERSON


def _typed() -> str:
    return cleaned(request.args.get("q", ""))[:LONGEST_TYPED]


def number_of(name: str) -> int:
    """The number that the address or the form gives under this name; 0 where it gives none."""
    return whole(request.values.get(name, ""), limit=LARGEST_NUMBER) or 0


def _to(authority_id: int) -> Response:
    return redirect(url_for("authorities.authority", authority_id=authority_id), 303)  # type: ignore[return-value]


def _values() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in TEXTS}


def _values_of(authority: Authority) -> dict[str, str]:
    return {
        "heading": authority.heading,
        "forms": "\n".join(authority.forms),
        "identifier": authority.identifier,
        "note": authority.note,
    }


def _wanted(kind: AuthorityKind, values: Mapping[str, str]) -> Wanted:
    return Wanted(
        kind=kind,
        heading=values["heading"],
        forms=tuple(values["forms"].splitlines()),
        identifier=cleaned(values["identifier"]),
        note=values["note"].strip(),
    )


def _list(container: Container) -> AuthoritiesPage:
    kind, typed = chosen_kind(), _typed()
    here = min(number_of("page"), LARGEST_PAGE) or 1
    found = container.authorities.page(kind, typed, (here - 1) * SHOWN, SHOWN + 1, actor=actor())
    following = urlencode({"kind": kind.value, "q": typed, "page": here + 1})
    return AuthoritiesPage(
        tabs=tabs(container, kind, "authorities.authorities"),
        kind=kind.value,
        typed=typed,
        found=tuple(found[:SHOWN]),
        next_url=f"/authorities?{following}" if len(found) > SHOWN else "",
        may_change=may(actor(), Action.AUTHORITIES),
        has_review=kind in FACETS,
    )


def tabs(container: Container, here: AuthorityKind, endpoint: str) -> tuple[Tab, ...]:
    """A way to each kind."""
    counts = container.authorities.counts(actor=actor())
    return tuple(
        Tab(
            label=gettext(label),
            count=counts.get(kind, 0),
            url=url_for(endpoint, kind=kind.value),
            is_here=kind is here,
        )
        for kind, label in KINDS.items()
    )


def _form(
    kind: AuthorityKind,
    values: Mapping[str, str],
    authority: Authority | None = None,
    newest: Mapping[str, str] | None = None,
    problem: str = "",
) -> AuthorityForm:
    return AuthorityForm(
        csrf=csrf(),
        id=authority.id if authority else 0,
        version=authority.version if authority else 0,
        kind=kind.value,
        kind_label=gettext(KINDS[kind]),
        values={name: values.get(name, "") for name in TEXTS},
        newest=newest or {},
        merged_into=authority.merged_into if authority else 0,
        may_change=may(actor(), Action.AUTHORITIES) and not (authority and authority.merged_into),
        problem=problem,
    )
