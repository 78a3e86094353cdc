"""The form by which an approver closes a record until a day, moves that day, or opens the record before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.deposit_fields import day_of
from library.domain.errors import InvalidEmbargo
from library.domain.record import Status
from library.marc import dialects
from library.web.cataloguing_state import LARGEST_NUMBER, stamp_of
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to
from library.web.words import text_language


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbargoPage(Page):
    """The form; `until` is the day as it is set or was typed, `is_draft` says that nobody approved the record yet."""

    template: ClassVar[str] = "embargoes/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    lang: str
    stamp: str
    is_draft: bool
    opens_on: date | None
    until: str
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The route `/cataloguing/<number>/embargo`."""
    routes = Blueprint("embargoes", __name__)
    address = f"/cataloguing/<int(max={LARGEST_NUMBER}):record_id>/embargo"

    @routes.get(address)
    @requires(Action.WITHDRAW)
    def form(record_id: int) -> Response:
        return render(_page(container, record_id, "", ""))

    @routes.post(address)
    @requires(Action.WITHDRAW)
    def decide(record_id: int) -> Response:
        stamp, typed = stamp_of(request.form.get("stamp", "")), request.form.get("until", "").strip()[:20]
        try:
            if "end" in request.form:
                container.embargoes.end(record_id, expected=stamp, actor=actor())
            elif (until := day_of(typed)) is None:
                return render(_page(container, record_id, typed, gettext("Choose a day that is still to come.")), 422)
            else:
                container.embargoes.close(record_id, until, expected=stamp, actor=actor())
        except InvalidEmbargo as error:
            return render(_page(container, record_id, typed, told(error.message)), 422)
        return to(address_after(container, record_id))

    return routes


def address_after(container: Container, record_id: int) -> str:
    """Where a decision on a record leads: to its page, or, where readers have none of it, to its embargo."""
    record = container.catalogue.record(record_id)
    has_page = record.record.status is not Status.DRAFT
    return f"/record/{record_id}" if has_page else f"/cataloguing/{record_id}/embargo"


def _page(container: Container, record_id: int, typed: str, problem: str) -> EmbargoPage:
    place = container.cataloguing.workplace(record_id, actor=actor())
    embargo = container.embargoes.find(record_id)
    facts = dialects.describe(place.record.dialect, place.marc)
    return EmbargoPage(
        csrf=csrf(),
        record_id=record_id,
        title=facts.title,
        lang=text_language(facts.languages, facts.title),
        stamp=f"{place.stamp.record}.{place.stamp.work}",
        is_draft=place.record.status is Status.DRAFT and (embargo is None or embargo.is_planned),
        opens_on=embargo.until if embargo is not None else None,
        until=typed or (embargo.until.isoformat() if embargo is not None else ""),
        problem=problem,
    )
