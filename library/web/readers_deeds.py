"""What is done with readers: closed, let in again, given links and codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_
from library.projections import table
from library.services.readers import Activation
from library.web.accounts import link_page
from library.web.accounts_form import version_of_form
from library.web.languages import gettext
from library.web.pages import Page, permanent, render
from library.web.readers_form import read_filter
from library.web.session import actor, requires, to

DIGEST_LENGTH = 64
HEADINGS = (
    N_("Library card"),
    N_("Surname and name"),
    N_("Faculty"),
    N_("Group"),
    N_("Activation code"),
    N_("Address"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    """Activation codes, to be printed and cut apart; they are shown this once."""

    template: ClassVar[str] = "readers/codes.html"
    robots: ClassVar[str] = "noindex"

    address: str
    until: datetime
    activations: tuple[Activation, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes `/readers/NUMBER/…` and `/readers/codes`."""
    routes = Blueprint("readers_deeds", __name__)
    accounts, readers = container.accounts, container.readers

    @routes.post("/readers/<int(max=2147483647):person_id>/close")
    @requires(Action.READERS)
    def close(person_id: int) -> Response:
        accounts.close(person_id, expected=version_of_form(), actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/<int(max=2147483647):person_id>/reopen")
    @requires(Action.READERS)
    def reopen(person_id: int) -> Response:
        accounts.reopen(person_id, expected=version_of_form(), actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/<int(max=2147483647):person_id>/link")
    @requires(Action.READERS)
    def link(person_id: int) -> Response:
        return render(link_page(accounts.link(person_id, actor=actor()), f"/readers/{person_id}"))

    @routes.post("/readers/<int(max=2147483647):person_id>/sessions/end")
    @requires(Action.READERS)
    def end_session(person_id: int) -> Response:
        accounts.end_session(person_id, request.form.get("session", "")[:DIGEST_LENGTH], actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/codes")
    @requires(Action.READERS)
    def codes() -> Response:
        activations = readers.activation_codes(read_filter(request.form), actor=actor())
        address = permanent("set_password.code_form")
        if "csv" in request.form:
            return _as_table(activations, address)
        return render(CodesPage(address=address, until=activations[0].expires_at, activations=activations))

    return routes


def _as_table(activations: tuple[Activation, ...], address: str) -> Response:
    headings = (
        N_("Library card"),
        N_("Surname and name"),
        N_("Faculty"),
        N_("Group"),
        N_("Activation code"),
        N_("Address"),
    )
    lines = [table.line([gettext(heading) for heading in headings], ";")]
    for activation in activations:
        person, card = activation.person, activation.person.card
        place = (card.faculty, card.group) if card else ("", "")
        lines.append(table.line((person.login, person.name, *place, activation.code, address), ";"))
    response = Response("\ufeff" + "".join(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="activation-codes.csv")
    return response
