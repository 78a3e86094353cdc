"""The cataloguer's desk: work under way, unsaved forms, templates, and where new records begin; what ends work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.db.works import ListedWork
from library.domain.access import Action
from library.domain.errors import N_, InvalidForm
from library.domain.marc import Dialect
from library.domain.record import Status
from library.marc import dialects
from library.marc.worksheets import WORKSHEETS, worksheets
from library.services.asked import cleaned
from library.services.cataloguing import Workplace
from library.services.drafts import Unsaved
from library.web import words
from library.web.appeals_desk import alerts as appeal_alerts
from library.web.cataloguing_state import LARGEST_NUMBER, place_of, stamp_of
from library.web.deposit_review import alerts as deposit_alerts
from library.web.documents_alerts import FileAlert, alerts
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """Work of the person whose desk it is."""

    record_id: int
    title: str
    remark: str
    is_new: bool
    edited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedLine:
    """A form in which something was typed and not saved."""

    label: str
    address: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a new record begins."""

    label: str
    icon: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLine:
    """A template of one's own, with the form it is for."""

    id: int
    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage(Page):
    """The desk. `others` are the beginnings in the formats that new records are not made in here."""

    template: ClassVar[str] = "cataloguing/desk.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    beginnings: tuple[Beginning, ...]
    dialect: str
    others: tuple[tuple[str, tuple[Beginning, ...]], ...]
    templates: tuple[TemplateLine, ...]
    unsaved: tuple[UnsavedLine, ...]
    sections: tuple[tuple[str, tuple[DeskLine, ...]], ...]
    alerts: tuple[FileAlert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPage(Page):
    """The form that closes a record to readers; `stamp` says which state of it was seen."""

    template: ClassVar[str] = "cataloguing/withdraw.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    lang: str
    stamp: str
    reason: str
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes by which work and templates are given up, and records withdrawn."""
    routes = Blueprint("desk", __name__)
    number = f"<int(max={LARGEST_NUMBER}):record_id>"

    @routes.post(f"/cataloguing/templates/<int(max={LARGEST_NUMBER}):template_id>/delete")
    @requires(Action.CATALOGUE)
    def delete_template(template_id: int) -> Response:
        container.drafts.forget_template(template_id, actor=actor())
        return to("/cataloguing")

    @routes.post(f"/cataloguing/{number}/discard")
    @requires(Action.CATALOGUE)
    def discard(record_id: int) -> Response:
        stamp = stamp_of(request.form.get("stamp", ""))
        container.cataloguing.discard(record_id, expected=stamp, actor=actor())
        container.drafts.forget(str(record_id), actor=actor())
        return to("/cataloguing")

    @routes.get(f"/cataloguing/{number}/withdraw")
    @requires(Action.WITHDRAW)
    def form(record_id: int) -> Response:
        return render(_withdraw_page(container.cataloguing.workplace(record_id, actor=actor()), "", ""))

    @routes.post(f"/cataloguing/{number}/withdraw")
    @requires(Action.WITHDRAW)
    def withdraw(record_id: int) -> Response:
        reason = cleaned(request.form.get("reason", "")[:LONGEST_REASON])
        if not reason:
            place = container.cataloguing.workplace(record_id, actor=actor())
            problem = gettext("Say why: the reason stays on the page in place of the record.")
            return render(_withdraw_page(place, reason, problem), 422)
        stamp = stamp_of(request.form.get("stamp", ""))
        container.cataloguing.withdraw(record_id, reason, expected=stamp, actor=actor())
        return to(f"/record/{record_id}")

    return routes


def desk_page(container: Container) -> DeskPage:
    """The desk of whoever asks."""
    desk = container.drafts.desk(actor=actor())
    here = Dialect(container.settings.cataloguing_dialect)
    sections = (
        (N_("Returned with a remark"), desk.returned),
        (N_("Drafts"), desk.drafts),
        (N_("Submitted"), desk.submitted),
    )
    return DeskPage(
        csrf=csrf(),
        beginnings=_beginnings(here),
        dialect=words.DIALECTS[here],
        others=tuple((words.DIALECTS[other], _beginnings(other)) for other in Dialect if other is not here),
        templates=tuple(
            TemplateLine(
                id=one.id,
                name=one.name,
                label=_label(one.worksheet),
                address=f"/cataloguing/new/{one.worksheet}?template={one.id}",
            )
            for one in desk.templates
        ),
        unsaved=tuple(_unsaved(desk.unsaved)),
        sections=tuple((gettext(label), tuple(map(_line, works))) for label, works in sections if works),
        alerts=(*alerts(container), *deposit_alerts(container), *appeal_alerts(container)),
    )


def _beginnings(dialect: Dialect) -> tuple[Beginning, ...]:
    return tuple(
        Beginning(
            label=gettext(words.MATERIALS[one.material]),
            icon=words.ICONS.get(one.material, "book"),
            address=f"/cataloguing/new/{one.key}",
        )
        for one in worksheets(dialect)
    )


def _label(key: str) -> str:
    worksheet = WORKSHEETS.get(key)
    if worksheet is None:
        return key
    return f"{gettext(words.MATERIALS[worksheet.material])}, {words.DIALECTS[worksheet.dialect]}"


def _unsaved(forms: Iterable[Unsaved]) -> Iterable[UnsavedLine]:
    for one in forms:
        parts = place_of(one.form)
        if parts is None:
            continue
        label = gettext("Record {id}", id=parts["number"]) if parts["number"] else _label(parts["worksheet"])
        yield UnsavedLine(label=label, address=f"/cataloguing/{one.form}", saved_at=one.saved_at)


def _line(work: ListedWork) -> DeskLine:
    return DeskLine(
        record_id=work.record_id,
        title=work.title,
        remark=work.remark,
        is_new=work.status is Status.DRAFT,
        edited_at=work.edited_at,
    )


def _withdraw_page(place: Workplace, reason: str, problem: str) -> WithdrawPage:
    if place.record.status is not Status.PUBLISHED:
        raise InvalidForm(N_("Record {id} is not published: there is nothing to withdraw."), id=place.record.id)
    facts = dialects.describe(place.record.dialect, place.record.marc)
    return WithdrawPage(
        csrf=csrf(),
        record_id=place.record.id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        stamp=f"{place.stamp.record}.{place.stamp.work}",
        reason=reason,
        problem=problem,
    )
