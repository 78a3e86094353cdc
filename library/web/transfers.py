"""Transfers of files in the browser: the list, with subscriptions that end soon first; one; its form; its act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action, may
from library.domain.errors import InvalidTransfer, LibraryError, PapersMissing, StaleVersion
from library.domain.transfer import Transfer
from library.services.asked import whole
from library.services.documents import APPROVABLE
from library.services.documents_queue import QueueLine
from library.services.transfers import ListedTransfer, TransferView
from library.web import documents_words as words
from library.web.documents_pages import FileLine, file_line
from library.web.holdings import SOURCES
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to
from library.web.transfers_act import act_of
from library.web.transfers_form import Typed, form_page

ON_A_PAGE = 50
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):transfer_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """A transfer in a list; `term` says when its term ends, `is_over` that it did."""

    id: int
    source: str
    partner: str
    taken_on: date
    missing: str
    term_ends: date | None
    days_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransfersPage(Page):
    """Subscriptions that end soon or ended lately, and all transfers."""

    template: ClassVar[str] = "transfers/transfers.html"
    robots: ClassVar[str] = "noindex"

    ending: tuple[TransferLine, ...]
    lines: tuple[TransferLine, ...]
    may_enter: bool
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper of a transfer."""

    kind: str
    number: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPage(Page):
    """One transfer with its papers and files; `to_approve` of them wait for whoever asks."""

    template: ClassVar[str] = "transfers/transfer.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    line: TransferLine
    price: Decimal
    licence: str
    note: str
    papers: tuple[PaperLine, ...]
    files: tuple[FileLine, ...]
    entered_by: str
    entered_at: datetime | None
    may_change: bool
    to_approve: int


def blueprint(container: Container) -> Blueprint:
    """The routes under `/transfers`."""
    routes = Blueprint("transfers", __name__)
    transfers = container.transfers

    @routes.get("/transfers")
    @requires(Action.SEE_WORK)
    def listed() -> Response:
        number = whole(request.args.get("page", ""), limit=10**5) or 1
        found = transfers.latest(ON_A_PAGE + 1, (number - 1) * ON_A_PAGE, actor=actor())
        return render(
            TransfersPage(
                ending=tuple(map(_line, transfers.ending(actor=actor()))) if number == 1 else (),
                lines=tuple(map(_line, found[:ON_A_PAGE])),
                may_enter=may(actor(), Action.DOCUMENTS),
                previous_url=f"/transfers?page={number - 1}" if number > 1 else "",
                next_url=f"/transfers?page={number + 1}" if len(found) > ON_A_PAGE else "",
            )
        )

    @routes.get(f"/transfers/{NUMBER}")
    @requires(Action.SEE_WORK)
    def one(transfer_id: int) -> Response:
        return _page(container, transfer_id)

    @routes.get(f"/transfers/{NUMBER}/act.pdf")
    @requires(Action.SEE_WORK)
    def act(transfer_id: int) -> Response:
        view = transfers.one(transfer_id, actor=actor())
        response = Response(container.printing.transfer_act(act_of(view)), mimetype="application/pdf")
        response.headers.set("Content-Disposition", "attachment", filename=f"transfer-act-{transfer_id}.pdf")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @routes.post(f"/transfers/{NUMBER}/approve")
    @requires(Action.APPROVE)
    def approve(transfer_id: int) -> Response:
        try:
            container.documents.approve_all(transfer_id, actor=actor())
        except PapersMissing as error:
            return _page(container, transfer_id, problem=told(error.message), status=409)
        return to(f"/transfers/{transfer_id}")

    _forms(routes, container)
    return routes


def _forms(routes: Blueprint, container: Container) -> None:
    transfers = container.transfers

    @routes.get("/transfers/new")
    @requires(Action.DOCUMENTS)
    def new() -> Response:
        typed = Typed(values={"taken_on": transfers.today().isoformat()}, rows=())
        return _form(container, typed, "/transfers/new", 0)

    @routes.post("/transfers/new")
    @requires(Action.DOCUMENTS)
    def enter() -> Response:
        typed = Typed.sent()
        if "more" in request.form:
            return _form(container, typed, "/transfers/new", 0)
        try:
            made = transfers.enter(typed.transfer(), actor=actor())
        except InvalidTransfer as error:
            return _form(container, typed, "/transfers/new", 0, error)
        record = _record()
        return to(f"/documents/new?record={record}&transfer={made.id}" if record else f"/transfers/{made.id}")

    @routes.get(f"/transfers/{NUMBER}/edit")
    @requires(Action.DOCUMENTS)
    def edit(transfer_id: int) -> Response:
        transfer = transfers.one(transfer_id, actor=actor()).transfer
        return _form(container, Typed.of(transfer), f"/transfers/{transfer_id}/edit", transfer.version)

    @routes.post(f"/transfers/{NUMBER}/edit")
    @requires(Action.DOCUMENTS)
    def change(transfer_id: int) -> Response:
        typed, address = Typed.sent(), f"/transfers/{transfer_id}/edit"
        expected = whole(request.form.get("version", ""), limit=LARGEST_NUMBER) or 0
        if "more" in request.form:
            return _form(container, typed, address, expected)
        try:
            transfers.change(typed.transfer(transfer_id), expected=expected, actor=actor())
        except (InvalidTransfer, StaleVersion) as error:
            return _form(container, typed, address, expected, error)
        return to(f"/transfers/{transfer_id}")


def _record() -> int:
    """The record whose files are to come by the transfer; 0 for none."""
    sent = request.form if request.method == "POST" else request.args
    return whole(sent.get("record", ""), limit=LARGEST_NUMBER) or 0


STATUS: Mapping[type[LibraryError], int] = {InvalidTransfer: 422, StaleVersion: 409}


def _form(
    container: Container, typed: Typed, address: str, version: int, error: LibraryError | None = None
) -> Response:
    page = form_page(
        typed,
        container.configuration.current().papers,
        csrf=csrf(),
        address=address,
        version=version,
        record_id=_record(),
        problem=told(error.message) if error else "",
    )
    return render(page, STATUS[type(error)] if error else 200)


def _page(container: Container, transfer_id: int, *, problem: str = "", status: int = 200) -> Response:
    view = container.transfers.one(transfer_id, actor=actor())
    transfer = view.transfer
    ends = transfer.term_ends
    left = None if ends is None else (ends - container.transfers.today()).days
    page = TransferPage(
        csrf=csrf(),
        problem=problem,
        line=_line(ListedTransfer(transfer=transfer, missing=view.missing, days_left=left)),
        price=transfer.price,
        licence=transfer.licence,
        note=transfer.note,
        papers=tuple(
            PaperLine(kind=gettext(words.PAPERS[one.kind]), number=one.number, date=one.date) for one in transfer.papers
        ),
        files=tuple(
            file_line(QueueLine(document=one, title=view.titles[one.record_id], missing=view.missing))
            for one in view.documents
        ),
        entered_by=transfer.entered_by_name,
        entered_at=transfer.entered_at,
        may_change=may(actor(), Action.DOCUMENTS),
        to_approve=_to_approve(view) if not view.missing else 0,
    )
    return render(page, status)


def _to_approve(view: TransferView) -> int:
    """How many of its files whoever asks may approve now."""
    if not may(actor(), Action.APPROVE):
        return 0
    me = actor().key
    return sum(
        one.state in APPROVABLE and one.approved is None and me not in (one.received.by, one.edited.by)
        for one in view.documents
    )


def _line(listed: ListedTransfer) -> TransferLine:
    transfer: Transfer = listed.transfer
    return TransferLine(
        id=transfer.id,
        source=gettext(SOURCES[transfer.source]),
        partner=transfer.partner,
        taken_on=transfer.taken_on,
        missing=words.papers(listed.missing),
        term_ends=transfer.term_ends,
        days_left=listed.days_left,
    )
