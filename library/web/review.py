"""The queue of a second person in the browser: what waits, what it changes, and the decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.db.works import ListedWork
from library.domain.access import Action, may
from library.domain.errors import N_, InvalidForm
from library.domain.record import Status
from library.domain.work import WorkState
from library.services.asked import cleaned, whole
from library.services.cataloguing import Stamp
from library.services.documents_queue import Part
from library.services.review import MOST_AT_ONCE, PAGE, Outcome, Queue, Reviewed
from library.web import words
from library.web.cataloguing_page import STATES
from library.web.cataloguing_state import LARGEST_NUMBER, stamp_of
from library.web.embargoes import address_after
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.review_sides import SideBySide, side_by_side
from library.web.session import actor, csrf, requires, to
from library.web.staff_names import named

LAST_PAGE = 10_000
LONGEST_REMARK = 2_000
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """Work that waits. `chosen` names it and its state; whoever made it can't choose it."""

    record_id: int
    title: str
    entered_by: str
    edited_by: str
    submitted_at: datetime
    is_new: bool
    is_mine: bool
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage(Page):
    """A part of the queue; `files` counts the full texts that wait in theirs, at `files_url`."""

    template: ClassVar[str] = "review/queue.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    lines: tuple[QueueLine, ...]
    total: int
    files: int
    files_url: str
    may_approve: bool
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Page):
    """Work beside what readers see now, and what may be done with it."""

    template: ClassVar[str] = "review/review.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    dialect: str
    state: str
    is_submitted: bool
    is_new: bool
    is_mine: bool
    is_behind: bool
    entered_by: str
    edited_by: str
    edited_at: datetime
    remark: str
    stamp: str
    sides: tuple[SideBySide, ...]
    may_approve: bool
    may_return: bool
    may_in_emergency: bool
    may_edit: bool
    problem: str
    typed_remark: str
    typed_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """What became of one record; without a problem it is open to readers."""

    record_id: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesPage(Page):
    """What became of many."""

    template: ClassVar[str] = "review/outcomes.html"
    robots: ClassVar[str] = "noindex"

    approved: int
    lines: tuple[OutcomeLine, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes under `/review`."""
    routes = Blueprint("review", __name__)
    number = f"<int(max={LARGEST_NUMBER}):record_id>"

    @routes.get("/review")
    @requires(Action.SEE_WORK)
    def queue() -> Response:
        page = whole(request.args.get("page", ""), limit=LAST_PAGE) or 1
        return render(_queue_page(container.review.queue((page - 1) * PAGE, actor=actor()), page))

    @routes.post("/review")
    @requires(Action.APPROVE)
    def approve_many() -> Response:
        chosen = [_chosen(text) for text in request.form.getlist("chosen")[:MOST_AT_ONCE]]
        return render(_outcomes_page(container.review.approve_many(chosen, actor=actor())))

    @routes.get(f"/review/{number}")
    @requires(Action.SEE_WORK)
    def one(record_id: int) -> Response:
        return render(_review_page(container.review.one(record_id, actor=actor())))

    @routes.post(f"/review/{number}/approve")
    @requires(Action.APPROVE)
    def approve(record_id: int) -> Response:
        container.cataloguing.approve(record_id, expected=_stamp(), actor=actor())
        return to(address_after(container, record_id))

    @routes.post(f"/review/{number}/return")
    @requires(Action.APPROVE)
    def return_(record_id: int) -> Response:
        remark = _text("remark")
        if not remark:
            problem = gettext("Say what is to be mended: the cataloguer reads it beside the form.")
            return render(_review_page(container.review.one(record_id, actor=actor()), problem), UNPROCESSABLE)
        container.cataloguing.return_(record_id, remark, expected=_stamp(), actor=actor())
        return to("/review")

    @routes.post(f"/review/{number}/emergency")
    @requires(Action.APPROVE_IN_EMERGENCY)
    def emergency(record_id: int) -> Response:
        reason = _text("reason")
        if not reason:
            problem = gettext("An approval without a second person needs its reason.")
            return render(_review_page(container.review.one(record_id, actor=actor()), problem), UNPROCESSABLE)
        container.cataloguing.approve_in_emergency(record_id, reason, expected=_stamp(), actor=actor())
        return to(address_after(container, record_id))

    return routes


def _queue_page(queue: Queue, page: int) -> QueuePage:
    return QueuePage(
        csrf=csrf(),
        lines=tuple(_queue_lines(queue.works, queue.names)),
        total=queue.total,
        files=queue.files,
        files_url=f"/documents?part={Part.TO_APPROVE}",
        may_approve=may(actor(), Action.APPROVE),
        previous_url=f"/review?page={page - 1}" if page > 1 else "",
        next_url=f"/review?page={page + 1}" if page * PAGE < queue.total else "",
    )


def _queue_lines(works: Iterable[ListedWork], names: Mapping[str, str]) -> Iterable[QueueLine]:
    for work in works:
        assert work.submitted_at is not None, "what waits was submitted"
        yield QueueLine(
            record_id=work.record_id,
            title=work.title,
            entered_by=named(work.entered_by, names),
            edited_by=named(work.edited_by, names),
            submitted_at=work.submitted_at,
            is_new=work.status is Status.DRAFT,
            is_mine=actor().key in (work.entered_by, work.edited_by),
            chosen=f"{work.record_id}:{work.base_version}.{work.version}",
        )


def _review_page(shown: Reviewed, problem: str = "") -> ReviewPage:
    work, place = shown.work, shown.place
    is_submitted = work.state is WorkState.SUBMITTED
    return ReviewPage(
        csrf=csrf(),
        record_id=work.record_id,
        title=shown.title,
        dialect=words.DIALECTS[place.record.dialect],
        state=gettext(STATES[work.state]),
        is_submitted=is_submitted,
        is_new=place.record.status is Status.DRAFT,
        is_mine=actor().key in (work.entered_by, work.edited_by),
        is_behind=place.is_behind,
        entered_by=named(work.entered_by, shown.names),
        edited_by=named(work.edited_by, shown.names),
        edited_at=work.edited_at,
        remark=work.remark,
        stamp=f"{place.stamp.record}.{place.stamp.work}",
        sides=side_by_side(shown.differences),
        may_approve=shown.approvable,
        may_return=is_submitted and may(actor(), Action.APPROVE),
        may_in_emergency=may(actor(), Action.APPROVE_IN_EMERGENCY) and not shown.approvable,
        may_edit=may(actor(), Action.CATALOGUE),
        problem=problem,
        typed_remark=_text("remark"),
        typed_reason=_text("reason"),
    )


def _outcomes_page(outcomes: tuple[Outcome, ...]) -> OutcomesPage:
    return OutcomesPage(
        approved=sum(1 for one in outcomes if one.problem is None),
        lines=tuple(
            OutcomeLine(record_id=one.record_id, problem=told(one.problem) if one.problem else "") for one in outcomes
        ),
    )


def _chosen(text: str) -> tuple[int, Stamp]:
    number, _, stamp = text.partition(":")
    found = whole(number, limit=LARGEST_NUMBER)
    if found is None:
        raise InvalidForm(N_("The form was damaged on its way. Go back and send it again."))
    return found, stamp_of(stamp)


def _stamp() -> Stamp:
    return stamp_of(request.form.get("stamp", ""))


def _text(name: str) -> str:
    lines = request.form.get(name, "")[:LONGEST_REMARK].splitlines()
    return "\n".join(map(cleaned, lines)).strip()
