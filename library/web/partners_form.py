"""The form of a partner: entered, tried with a button, changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from harvest.intake.trial import Trial
from library.container import Container
from library.domain.access import Action
from library.domain.configuration import said
from library.domain.errors import N_, InvalidPartner, Message
from library.domain.partners import KeptPartner, PartnerEntry, PartnerForm, Schedule, require_sound
from library.services.asked import cleaned, whole
from library.web.languages import gettext, language, told
from library.web.pages import Page, render
from library.web.partners import LARGEST_NUMBER, NUMBER
from library.web.partners_words import FORMS, SCHEDULES, WEEKDAYS
from library.web.session import actor, csrf, requires, to

LONGEST_VALUE = 600
NAMES = ("name", "address", "form", "prefix", "set_spec", "schedule", "weekday", "hour", "collection", "expose")
EMPTY = {
    "form": PartnerForm.OAI_DC.value,
    "schedule": Schedule.DAILY.value,
    "weekday": "0",
    "hour": "2",
}
HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What the try showed: sentences, each with whether it is good news."""

    works: bool
    findings: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFormPage(Page):
    """The form with whatever was typed; `id` is 0 for a new partner."""

    template: ClassVar[str] = "partners/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    version: int
    heading: str
    values: Mapping[str, str]
    forms: tuple[tuple[str, str], ...]
    schedules: tuple[tuple[str, str], ...]
    weekdays: tuple[str, ...]
    hours: tuple[int, ...]
    collections: tuple[tuple[str, str], ...]
    prefixes: tuple[str, ...]
    trial: TrialResult | None
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes of the form."""
    routes = Blueprint("partners_form", __name__)
    partners = container.partners

    @routes.get("/partners/new")
    @requires(Action.PARTNERS)
    def new() -> Response:
        return render(_page(container, 0, 0, EMPTY))

    @routes.post("/partners")
    @requires(Action.PARTNERS)
    def add() -> Response:
        return _save(container, 0)

    @routes.get(f"/partners/{NUMBER}/edit")
    @requires(Action.PARTNERS)
    def edit(partner_id: int) -> Response:
        kept = partners.get(partner_id, actor=actor())
        return render(_page(container, kept.id, kept.version, _values_of(kept)))

    @routes.post(f"/partners/{NUMBER}")
    @requires(Action.PARTNERS)
    def change(partner_id: int) -> Response:
        partners.get(partner_id, actor=actor())
        return _save(container, partner_id)

    return routes


def _save(container: Container, partner_id: int) -> Response:
    """Keep what the form says, or only try it; a mistake brings the form back with all that was typed."""
    values = {name: cleaned(request.form.get(name, ""))[:LONGEST_VALUE].strip() for name in NAMES}
    version = whole(request.form.get("row", ""), limit=LARGEST_NUMBER) or 0
    try:
        entry = _entry(container, values)
        if "try" in request.form:
            require_sound(entry)
            trial = container.partners.try_out(entry, actor=actor())
            return render(_page(container, partner_id, version, values, trial=trial))
        if partner_id:
            container.partners.change(partner_id, entry, expected=version, actor=actor())
        else:
            partner_id = container.partners.add(entry, actor=actor())
    except InvalidPartner as error:
        return render(_page(container, partner_id, version, values, problem=told(error.message)), 422)
    return to(f"/partners/{partner_id}")


def _entry(container: Container, values: Mapping[str, str]) -> PartnerEntry:
    try:
        form, schedule = PartnerForm(values["form"]), Schedule(values["schedule"])
    except ValueError as error:
        raise InvalidPartner(N_("Choose the form of the records and the schedule.")) from error
    codes = {one.code for one in container.configuration.current().collections.all}
    weekday, hour = whole(values["weekday"], limit=99), whole(values["hour"], limit=99)
    return PartnerEntry(
        name=values["name"],
        address=values["address"],
        form=form,
        prefix=values["prefix"] or form.value,
        set_spec=values["set_spec"],
        schedule=schedule,
        weekday=-1 if weekday is None else weekday,
        hour=-1 if hour is None else hour,
        collection=values["collection"] if values["collection"] in codes else "",
        expose=bool(values["expose"]),
    )


def _values_of(kept: KeptPartner) -> dict[str, str]:
    entry = kept.entry
    return {
        "name": entry.name,
        "address": entry.address,
        "form": entry.form.value,
        "prefix": entry.prefix,
        "set_spec": entry.set_spec,
        "schedule": entry.schedule.value,
        "weekday": str(entry.weekday),
        "hour": str(entry.hour),
        "collection": entry.collection,
        "expose": "1" if entry.expose else "",
    }


def _page(
    container: Container,
    partner_id: int,
    version: int,
    values: Mapping[str, str],
    *,
    trial: Trial | None = None,
    problem: str = "",
) -> PartnerFormPage:
    default = container.settings.default_language
    return PartnerFormPage(
        csrf=csrf(),
        id=partner_id,
        version=version,
        heading=gettext("Entry of a partner") if partner_id else gettext("New partner"),
        values={name: values.get(name, "") for name in NAMES},
        forms=tuple((form.value, label) for form, label in FORMS.items()),
        schedules=tuple((schedule.value, gettext(label)) for schedule, label in SCHEDULES.items()),
        weekdays=tuple(map(gettext, WEEKDAYS)),
        hours=tuple(range(HOURS)),
        collections=tuple(
            (one.code, said(one.names, language(), default) or one.code)
            for one in container.configuration.current().collections.all
        ),
        prefixes=tuple(found.prefix for found in trial.formats[:100]) if trial is not None else (),
        trial=_result(trial) if trial is not None else None,
        problem=problem,
    )


def _result(trial: Trial) -> TrialResult:
    return TrialResult(
        works=trial.works,
        findings=tuple(
            (finding.good, told(Message.of(finding.template, **finding.values))) for finding in trial.findings
        ),
    )
