"""Partners that are harvested, in the browser: the list, one partner with its runs, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action, may
from library.domain.partners import KeptPartner, PartnerRun, PartnerState, RunKind, RunState
from library.services.asked import whole
from library.services.partners import PartnerLine, PartnerView
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.partners_words import FORMS, KINDS, RUNS, SCHEDULES, STATES, WEEKDAYS
from library.web.session import actor, csrf, requires, to

LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):partner_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in words; `problem` is why it is not complete, or has holes."""

    kind: str
    state: str
    is_good: bool
    is_bad: bool
    started_at: datetime
    seconds: int
    sums: tuple[tuple[str, int], ...]
    requests: int
    kilobytes: int
    problem: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A partner in the list."""

    id: int
    name: str
    address: str
    state: str
    is_active: bool
    last: RunLine | None
    next: datetime | None
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersPage(Page):
    """All partners."""

    template: ClassVar[str] = "partners/partners.html"
    robots: ClassVar[str] = "noindex"

    lines: tuple[Line, ...]
    may_enter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPage(Page):
    """One partner: what was entered, what waits for a person, its runs."""

    template: ClassVar[str] = "partners/partner.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    version: int
    name: str
    state: str
    is_active: bool
    is_paused: bool
    facts: tuple[tuple[str, str], ...]
    visible: int
    rejected: int
    next: datetime | None
    asked: bool
    may_decide: bool
    asks: bool
    vanishing: int
    forgets: bool
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePage(Page):
    """The second step of a removal: what it means, in numbers."""

    template: ClassVar[str] = "partners/remove.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    version: int
    name: str
    visible: int


def blueprint(container: Container) -> Blueprint:
    """The routes under `/partners` that show."""
    routes = Blueprint("partners", __name__)
    partners = container.partners

    @routes.get("/partners")
    @requires(Action.HARVEST)
    def listed() -> Response:
        lines = tuple(map(_line, partners.listed(actor=actor())))
        return render(PartnersPage(lines=lines, may_enter=may(actor(), Action.PARTNERS)))

    @routes.get(f"/partners/{NUMBER}")
    @requires(Action.HARVEST)
    def partner(partner_id: int) -> Response:
        return render(_page(partners.view(partner_id, actor=actor())))

    @routes.get(f"/partners/{NUMBER}/remove")
    @requires(Action.PARTNERS)
    def removal(partner_id: int) -> Response:
        view = partners.view(partner_id, actor=actor())
        kept = view.partner
        return render(
            RemovePage(csrf=csrf(), id=kept.id, version=kept.version, name=kept.entry.name, visible=view.visible)
        )

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes under `/partners` that do something with a partner."""
    routes = Blueprint("partners_deeds", __name__)
    partners = container.partners

    @routes.post(f"/partners/{NUMBER}/harvest")
    @requires(Action.HARVEST)
    def harvest(partner_id: int) -> Response:
        partners.ask(partner_id, RunKind.HARVEST, actor=actor())
        return to(f"/partners/{partner_id}")

    @routes.post(f"/partners/{NUMBER}/compare")
    @requires(Action.HARVEST)
    def compare(partner_id: int) -> Response:
        partners.ask(partner_id, RunKind.COMPARE, actor=actor())
        return to(f"/partners/{partner_id}")

    @routes.post(f"/partners/{NUMBER}/pause")
    @requires(Action.PARTNERS)
    def pause(partner_id: int) -> Response:
        partners.pause(partner_id, actor=actor())
        return to(f"/partners/{partner_id}")

    @routes.post(f"/partners/{NUMBER}/resume")
    @requires(Action.PARTNERS)
    def resume(partner_id: int) -> Response:
        partners.resume(partner_id, actor=actor())
        return to(f"/partners/{partner_id}")

    @routes.post(f"/partners/{NUMBER}/vanishing")
    @requires(Action.PARTNERS)
    def vanishing(partner_id: int) -> Response:
        partners.decide_vanishing(partner_id, hide="hide" in request.form, actor=actor())
        return to(f"/partners/{partner_id}")

    @routes.post(f"/partners/{NUMBER}/remove")
    @requires(Action.PARTNERS)
    def remove(partner_id: int) -> Response:
        version = whole(request.form.get("row", ""), limit=LARGEST_NUMBER) or 0
        partners.remove(partner_id, expected=version, actor=actor())
        return to("/partners")

    return routes


def _line(line: PartnerLine) -> Line:
    partner = line.partner
    return Line(
        id=partner.id,
        name=partner.entry.name,
        address=partner.entry.address,
        state=gettext(STATES[partner.state]),
        is_active=partner.state is PartnerState.ACTIVE,
        last=_run(line.last) if line.last is not None else None,
        next=line.next,
        rejected=line.rejected,
    )


def _page(view: PartnerView) -> PartnerPage:
    partner = view.partner
    return PartnerPage(
        csrf=csrf(),
        id=partner.id,
        version=partner.version,
        name=partner.entry.name,
        state=gettext(STATES[partner.state]),
        is_active=partner.state is PartnerState.ACTIVE,
        is_paused=partner.state is PartnerState.PAUSED,
        facts=tuple(_facts(partner)),
        visible=view.visible,
        rejected=view.rejected,
        next=view.next,
        asked=partner.asked is not None,
        may_decide=may(actor(), Action.PARTNERS),
        asks=view.asks is not None,
        vanishing=view.marked,
        forgets=partner.forgets,
        runs=tuple(map(_run, view.runs)),
    )


def _facts(partner: KeptPartner) -> Iterator[tuple[str, str]]:
    entry = partner.entry
    yield gettext("Address"), entry.address
    yield gettext("Format"), f"{FORMS[entry.form]} · {entry.prefix}"
    if entry.set_spec:
        yield gettext("Set"), entry.set_spec
    when = gettext(SCHEDULES[entry.schedule])
    if entry.schedule.value != "never":
        day = f", {gettext(WEEKDAYS[entry.weekday])}" if entry.schedule.value == "weekly" else ""
        when = f"{when}{day}, {entry.hour:02}:00"
    yield gettext("Schedule"), when
    if entry.collection:
        yield gettext("Collection"), entry.collection
    yield gettext("Passed on to those who harvest us"), gettext("yes") if entry.expose else gettext("no")


def _run(run: PartnerRun) -> RunLine:
    counts = run.counts
    return RunLine(
        kind=gettext(KINDS[run.kind]),
        state=gettext(RUNS[run.state]),
        is_good=run.state is RunState.COMPLETE and not run.asks,
        is_bad=run.state is RunState.FAILED,
        started_at=run.started_at,
        seconds=run.seconds,
        sums=(
            (gettext("new"), counts.new),
            (gettext("changed"), counts.changed),
            (gettext("unchanged"), counts.unchanged),
            (gettext("deleted"), counts.gone),
            (gettext("rejected"), counts.set_aside),
        ),
        requests=counts.requests,
        kilobytes=counts.octets >> 10,
        problem=told(run.problem) if run.problem is not None else "",
        notes=tuple(_notes(run)),
    )


def _notes(run: PartnerRun) -> Iterator[str]:
    if run.asks:
        yield gettext(
            "{count} of {total} records would vanish: a person has to agree first.",
            count=run.vanishing,
            total=run.visible,
        )
    if run.counts.mended:
        yield gettext("Records from which characters were taken that XML forbids: {count}.", count=run.counts.mended)
    if run.counts.own:
        yield gettext("Records of our own that were left out: {count}", count=run.counts.own)
    if run.holes:
        yield gettext("Spans of time that could not be read, and are tried again: {count}", count=run.holes)
    if run.missing:
        yield gettext("Records fewer than the partner announced: {count}", count=run.missing)
