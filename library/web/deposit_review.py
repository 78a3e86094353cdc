"""Works that were given to the open archive, for departments and librarians: lists of work, confirmed or returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import DepositNotReady, FourEyes, StaleVersion
from library.services.asked import whole
from library.services.deposit_review import Part
from library.web import deposit_words as words
from library.web.deposit import CONFLICT, LONGEST_REASON, NUMBER, version
from library.web.deposit_pages import DepositLine, deposit_line, deposit_page
from library.web.documents_alerts import FileAlert
from library.web.documents_pages import PartLink
from library.web.languages import gettext, ngettext, told
from library.web.pages import Page, render
from library.web.session import actor, requires, to

ON_A_PAGE = 50
FORBIDDEN = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkListPage(Page):
    """A list of work, what waits longest first."""

    template: ClassVar[str] = "deposit/work.html"
    robots: ClassVar[str] = "noindex"

    heading: str
    parts: tuple[PartLink, ...]
    lines: tuple[DepositLine, ...]
    total: int
    previous_url: str
    next_url: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/deposits`."""
    routes = Blueprint("deposit_review", __name__)
    review = container.deposit_review

    @routes.get("/deposits")
    @requires(Action.SEE_DEPOSITS)
    def work() -> Response:
        wanted = request.args.get("part", "")
        part = Part(wanted) if wanted in list(Part) else _first(container)
        number = whole(request.args.get("page", ""), limit=10**5) or 1
        found = review.page(part, ON_A_PAGE, (number - 1) * ON_A_PAGE, actor=actor())

        def address(page: int, of: Part = part) -> str:
            named = {"part": of.value, **({"page": str(page)} if page > 1 else {})}
            return f"/deposits?{urlencode(named)}"

        page = WorkListPage(
            heading=gettext(words.PARTS[part]),
            parts=tuple(
                PartLink(label=gettext(label), address=address(1, one), count=found.counts[one], is_here=one is part)
                for one, label in words.PARTS.items()
            ),
            lines=tuple(deposit_line(one, container, for_staff=True) for one in found.deposits),
            total=found.total,
            previous_url=address(number - 1) if number > 1 else "",
            next_url=address(number + 1) if number * ON_A_PAGE < found.total else "",
        )
        return render(page)

    @routes.get(f"/deposits/{NUMBER}")
    @requires(Action.SEE_DEPOSITS)
    def one(deposit_id: int) -> Response:
        return render(deposit_page(container, deposit_id, for_staff=True))

    @routes.post(f"/deposits/{NUMBER}/confirm")
    @requires(Action.CONFIRM_DEPOSITS)
    def confirm(deposit_id: int) -> Response:
        return _done(container, deposit_id, lambda: review.confirm(deposit_id, expected=version(), actor=actor()))

    @routes.post(f"/deposits/{NUMBER}/return")
    @requires(Action.SEE_DEPOSITS)
    def return_(deposit_id: int) -> Response:
        reason = request.form.get("reason", "")[:LONGEST_REASON]
        return _done(
            container, deposit_id, lambda: review.return_(deposit_id, reason, expected=version(), actor=actor())
        )

    return routes


def alerts(container: Container) -> tuple[FileAlert, ...]:
    """What waits on the desk of whoever asks."""
    waiting = container.deposit_review.waiting(actor=actor())
    sentences = {
        Part.TO_CONFIRM: lambda n: ngettext(
            "{n} work waits for the confirmation of its department.",
            "{n} works wait for the confirmation of their departments.",
            n,
        ),
        Part.TO_CATALOGUE: lambda n: ngettext(
            "{n} work given to the open archive waits for its description.",
            "{n} works given to the open archive wait for their descriptions.",
            n,
        ),
        Part.TO_WITHDRAW: lambda n: ngettext(
            "{n} author asks to withdraw a work.", "{n} authors ask to withdraw a work.", n
        ),
    }
    return tuple(
        FileAlert(text=sentences[part](count), address=f"/deposits?part={part}") for part, count in waiting.items()
    )


def _first(container: Container) -> Part:
    """The list in which something waits for this person; else the first."""
    return next(iter(container.deposit_review.waiting(actor=actor())), Part.TO_CONFIRM)


def _done(container: Container, deposit_id: int, deed: Callable[[], object]) -> Response:
    """Do it, and show the deposit; what can't be done is told on its page."""
    try:
        deed()
    except (StaleVersion, DepositNotReady, FourEyes) as error:
        status = FORBIDDEN if isinstance(error, FourEyes) else CONFLICT
        return render(deposit_page(container, deposit_id, told(error.message), for_staff=True), status)
    return to(f"/deposits/{deposit_id}")
