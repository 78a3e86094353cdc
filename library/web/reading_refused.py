"""What a refused reader is told: the rule, the way on, and where the printed copies are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, jsonify, request

from library.container import Container
from library.domain.access import GUEST, Rule, Use
from library.domain.description import CopyStatus, Description
from library.domain.document import Document
from library.domain.errors import Message, ReadingRefused, RecordWithdrawn
from library.domain.usage import DENIALS, Denial
from library.services.catalogue import RecordView
from library.services.reading import ruled
from library.web import noting, words
from library.web.error_page import asked_by_machine
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.reading_words import OF_MEMBERS, reason, sign_in_url
from library.web.record import withdrawn
from library.web.session import actor

MOST_PLACES = 5
GONE = frozenset({CopyStatus.LOST, CopyStatus.WRITTEN_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(Page):
    """A file that this visitor may not read so, and every way on; an address that leads nowhere is empty."""

    template: ClassVar[str] = "reading/refused.html"
    robots: ClassVar[str] = "noindex"

    record_id: int
    title: str
    lang: str
    file: str
    reason: str
    sign_in_url: str
    read_url: str
    is_campus: bool
    places: tuple[str, ...]
    more_places: int


def install(routes: Blueprint, container: Container) -> None:
    """Answer `ReadingRefused` and `RecordWithdrawn` for the whole application; the address names the `document_id`."""

    @routes.app_errorhandler(ReadingRefused)
    def refused(error: ReadingRefused) -> Response:
        _note(Rule(error.rule), error.record_id)
        if asked_by_machine():
            problem = {"code": error.code, "message": told(error.message), "problems": [], "rule": error.rule}
            response = jsonify(error=problem)
            response.status_code = 403
            return response
        document = container.reading.document((request.view_args or {})["document_id"])
        view = container.catalogue.record(document.record_id)
        return render(_page(container, Rule(error.rule), error.message, document, view), 403)

    @routes.app_errorhandler(RecordWithdrawn)
    def gone(error: RecordWithdrawn) -> Response:
        if asked_by_machine():
            problem = {"code": error.code, "message": told(error.message), "problems": []}
            response = jsonify(error=problem)
            response.status_code = 410
            return response
        return withdrawn(container.catalogue.record(error.record_id))


def _note(rule: Rule, record_id: int) -> None:
    """To see a file that is read here alone a guest has but to sign in; to take it home nobody may."""
    arguments = request.view_args or {}
    is_door = rule in OF_MEMBERS and actor() == GUEST and (request.endpoint or "").startswith("viewing.")
    denied = Denial.SIGN_IN if is_door else DENIALS[rule]
    noting.refused(denied, rule=rule.value, item_id=record_id, file_id=arguments["document_id"])


def _page(container: Container, rule: Rule, message: Message, document: Document, view: RecordView) -> RefusedPage:
    facts = view.description
    places = tuple(_places(facts))
    here = ruled((document,), container.reading.visit(actor(), request.remote_addr or ""))
    may_view = bool(here) and here[0].may(Use.VIEW)
    wanted = request.full_path if request.query_string else request.path
    wanted = f"/view/{document.id}" if rule is Rule.VIEW_ONLY else wanted
    return RefusedPage(
        record_id=document.record_id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        file=document.label or document.name,
        reason=reason(message),
        sign_in_url=sign_in_url(wanted) if rule in OF_MEMBERS and actor() == GUEST else "",
        read_url=f"/view/{document.id}" if may_view else "",
        is_campus=rule is Rule.CAMPUS,
        places=places[:MOST_PLACES],
        more_places=max(len(places) - MOST_PLACES, 0),
    )


def _places(facts: Description) -> Iterable[str]:
    """Where printed copies are, as far as there are any."""
    for copy in facts.copies:
        if copy.status not in GONE:
            where = " · ".join(part for part in (copy.place, copy.shelfmark, copy.inventory_number) if part)
            yield f"{where or '—'} ({gettext(words.COPY_STATES[copy.status])})"
