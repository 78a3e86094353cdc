"""Records of partners that were set aside, in the browser: opened, mended and taken in, or dismissed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from harvest.intake.pages import LARGEST_REJECTED
from library.container import Container
from library.db.partners_rejects import Reject
from library.domain.access import Action
from library.domain.errors import N_, InvalidPartner
from library.domain.partners import KeptPartner, RejectKind
from library.services.asked import whole
from library.web.languages import told
from library.web.pages import Page, render
from library.web.partners import LARGEST_NUMBER, NUMBER
from library.web.session import actor, csrf, requires, to

ON_A_PAGE = 50
# A record of a mebibyte, and more while a form brings it.
LARGEST_FORM = 4 << 20
REJECT = f"<int(max={LARGEST_NUMBER}):reject_id>"
# A page stays light; a record that is longer is mended in a file.
LONGEST_SHOWN = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectLine:
    """A record that was set aside, in the list."""

    id: int
    identifier: str
    reason: str
    came_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsPage(Page):
    """Those of a partner that wait for a person."""

    template: ClassVar[str] = "partners/rejects.html"
    robots: ClassVar[str] = "noindex"

    id: int
    name: str
    lines: tuple[RejectLine, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectPage(Page):
    """One of them as it came, or as it was mended so far; `problem` is what is still wrong.

    Of a text that `is_cut` the page has the beginning: it is mended in a file. One that is not `is_whole` was longer
    than a record can be, and only its beginning was kept.
    """

    template: ClassVar[str] = "partners/reject.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    partner_id: int
    name: str
    identifier: str
    reason: str
    came_at: datetime
    text: str
    is_cut: bool
    is_whole: bool
    is_conflict: bool
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes of records that were set aside."""
    routes = Blueprint("partners_rejects", __name__)
    rejects = container.partner_rejects

    @routes.get(f"/partners/{NUMBER}/rejected")
    @requires(Action.HARVEST)
    def listed(partner_id: int) -> Response:
        after = whole(request.args.get("after", ""), limit=LARGEST_NUMBER) or 0
        partner = container.partners.get(partner_id, actor=actor())
        found = rejects.page(partner_id, after, ON_A_PAGE + 1, actor=actor())
        shown = found[:ON_A_PAGE]
        following = f"/partners/{partner_id}/rejected?after={shown[-1].id}" if len(found) > ON_A_PAGE else ""
        lines = tuple(map(_line, shown))
        return render(RejectsPage(id=partner_id, name=partner.entry.name, lines=lines, next_url=following))

    @routes.get(f"/partners/rejected/{REJECT}")
    @requires(Action.HARVEST)
    def one(reject_id: int) -> Response:
        partner, reject = rejects.get(reject_id, actor=actor())
        return render(_page(partner, reject, reject.raw.decode("utf-8", "replace"), ""))

    @routes.post(f"/partners/rejected/{REJECT}")
    @requires(Action.HARVEST, largest=LARGEST_FORM)
    def take_in(reject_id: int) -> Response:
        request.max_form_memory_size = LARGEST_FORM
        text = request.form.get("text", "")
        try:
            text = _uploaded() or text
            number = rejects.take_in(reject_id, text, actor=actor())
        except InvalidPartner as error:
            partner, reject = rejects.get(reject_id, actor=actor())
            return render(_page(partner, reject, text, told(error.message)), 422)
        return to(f"/record/{number}")

    @routes.get(f"/partners/rejected/{REJECT}/file")
    @requires(Action.HARVEST)
    def raw(reject_id: int) -> Response:
        _, reject = rejects.get(reject_id, actor=actor())
        response = Response(reject.raw, mimetype="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=f"rejected-{reject_id}.xml")
        return response

    @routes.post(f"/partners/rejected/{REJECT}/dismiss")
    @requires(Action.HARVEST)
    def dismiss(reject_id: int) -> Response:
        return to(f"/partners/{rejects.dismiss(reject_id, actor=actor())}/rejected")

    return routes


def _uploaded() -> str:
    """The text of the file that came with the form; empty where none did."""
    file = request.files.get("file")
    try:
        return file.stream.read().decode("utf-8-sig") if file is not None else ""
    except UnicodeDecodeError as error:
        raise InvalidPartner(N_("The file is not in UTF-8. Save it in UTF-8 and choose it again.")) from error


def _line(reject: Reject) -> RejectLine:
    return RejectLine(id=reject.id, identifier=reject.identifier, reason=told(reject.reason), came_at=reject.came_at)


def _page(partner: KeptPartner, reject: Reject, text: str, problem: str) -> RejectPage:
    return RejectPage(
        csrf=csrf(),
        id=reject.id,
        partner_id=partner.id,
        name=partner.entry.name,
        identifier=reject.identifier,
        reason=told(reject.reason),
        came_at=reject.came_at,
        text=text[:LONGEST_SHOWN],
        is_cut=len(text) > LONGEST_SHOWN,
        is_whole=len(reject.raw) < LARGEST_REJECTED,
        is_conflict=reject.kind is RejectKind.CONFLICT,
        problem=problem,
    )
