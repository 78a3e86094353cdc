"""Files in the browser: the queue with its parts, one file, and the deeds by which a file moves on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import (
    N_,
    DocumentNotReady,
    FourEyes,
    InvalidDocument,
    LibraryError,
    PapersMissing,
    StaleVersion,
)
from library.services.asked import cleaned, whole
from library.services.custody_scanner import ScannerCondition
from library.services.documents_queue import Part
from library.web import documents_words as words
from library.web.documents_pages import (
    QueuePage,
    describe_form,
    file_line,
    file_page,
    part_links,
    typed_rights,
)
from library.web.languages import gettext, told
from library.web.pages import render
from library.web.session import actor, csrf, requires, to

ON_A_PAGE = 50
TRANSFERS_OFFERED = 100
LONGEST_WORDS = 200
LONGEST_TEXT = 1_000
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):document_id>"
STATUS: Mapping[type[LibraryError], int] = {
    InvalidDocument: 422,
    FourEyes: 403,
    PapersMissing: 409,
    DocumentNotReady: 409,
    StaleVersion: 409,
}


def blueprint(container: Container) -> Blueprint:
    """The routes under `/documents` that show."""
    routes = Blueprint("documents", __name__)

    @routes.get("/documents")
    @requires(Action.SEE_WORK)
    def queue() -> Response:
        asked = request.args.get("part", "")
        part = Part(asked) if asked in list(Part) else Part.UNDER_WAY
        typed = cleaned(request.args.get("q", ""))[:LONGEST_WORDS]
        number = whole(request.args.get("page", ""), limit=10**5) or 1
        found = container.documents_queue.page(part, typed, ON_A_PAGE, (number - 1) * ON_A_PAGE, actor=actor())
        scanner = container.custody.scanner_state()

        def address(page: int) -> str:
            named = {"part": part.value, "q": typed, "page": str(page)}
            return f"/documents?{urlencode({name: value for name, value in named.items() if value})}"

        return render(
            QueuePage(
                scanner=told(scanner.sentence),
                is_well=scanner.condition is ScannerCondition.GOOD,
                part=part.value,
                heading=gettext(words.PARTS[part]),
                parts=part_links(found, part),
                words=typed,
                lines=tuple(map(file_line, found.lines)),
                total=found.total,
                previous_url=address(number - 1) if number > 1 else "",
                next_url=address(number + 1) if number * ON_A_PAGE < found.total else "",
            )
        )

    @routes.get(f"/documents/{NUMBER}")
    @requires(Action.SEE_WORK)
    def one(document_id: int) -> Response:
        return _page(container, document_id, None, None)

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes by which one file moves on; what can't be done is told on its page."""
    routes = Blueprint("documents_deeds", __name__)
    documents = container.documents

    @routes.post(f"/documents/{NUMBER}")
    @requires(Action.DOCUMENTS)
    def describe(document_id: int) -> Response:
        form = request.form

        def described() -> None:
            before = container.documents_queue.one(document_id, actor=actor()).document
            rights = typed_rights(
                form.get("level", ""),
                day(form.get("embargo", "")),
                form.get("licence", "")[:LONGEST_TEXT],
                before.rights.level,
            )
            documents.describe(
                document_id,
                label=form.get("label", "")[:LONGEST_TEXT],
                rights=rights,
                transfer_id=whole(form.get("transfer", ""), limit=LARGEST_NUMBER),
                expected=_version(),
                actor=actor(),
            )

        return _done(container, document_id, described, typed=form)

    _steps(routes, container)
    _grants(routes, container)
    return routes


def _steps(routes: Blueprint, container: Container) -> None:
    """One step of a file's life each."""
    documents = container.documents

    @routes.post(f"/documents/{NUMBER}/approve")
    @requires(Action.APPROVE)
    def approve(document_id: int) -> Response:
        return _done(container, document_id, lambda: documents.approve(document_id, expected=_version(), actor=actor()))

    @routes.post(f"/documents/{NUMBER}/withdraw")
    @requires(Action.WITHDRAW)
    def withdraw(document_id: int) -> Response:
        reason = request.form.get("reason", "")[:LONGEST_TEXT]
        return _done(
            container,
            document_id,
            lambda: documents.withdraw(document_id, reason, expected=_version(), actor=actor()),
        )

    @routes.post(f"/documents/{NUMBER}/restore")
    @requires(Action.WITHDRAW)
    def restore(document_id: int) -> Response:
        return _done(container, document_id, lambda: documents.restore(document_id, expected=_version(), actor=actor()))

    @routes.post(f"/documents/{NUMBER}/reopen")
    @requires(Action.APPROVE)
    def reopen(document_id: int) -> Response:
        return _done(container, document_id, lambda: container.rescan.reopen(document_id, actor=actor()))

    @routes.post(f"/documents/{NUMBER}/try-again")
    @requires(Action.DOCUMENTS)
    def try_again(document_id: int) -> Response:
        return _done(
            container, document_id, lambda: documents.try_again(document_id, expected=_version(), actor=actor())
        )

    @routes.post(f"/documents/{NUMBER}/discard")
    @requires(Action.DOCUMENTS)
    def discard(document_id: int) -> Response:
        record = container.documents_queue.one(document_id, actor=actor()).document.record_id
        return _done(
            container,
            document_id,
            lambda: documents.discard(document_id, expected=_version(), actor=actor()),
            then=f"/documents/new?record={record}",
        )


def _grants(routes: Blueprint, container: Container) -> None:
    @routes.post(f"/documents/{NUMBER}/grants")
    @requires(Action.GRANT_TEXT)
    def give_text(document_id: int) -> Response:
        reader = cleaned(request.form.get("reader", ""))[:LONGEST_WORDS]
        reason = cleaned(request.form.get("reason", ""))[:LONGEST_TEXT]
        return _done(
            container,
            document_id,
            lambda: container.documents_queue.give_text(document_id, reader, reason, actor=actor()),
        )

    @routes.post(f"/documents/grants/<int(max={LARGEST_NUMBER}):grant_id>/end")
    @requires(Action.GRANT_TEXT)
    def end_text(grant_id: int) -> Response:
        return to(f"/documents/{container.documents_queue.end_text(grant_id, actor=actor())}")


def day(text: str) -> date | None:
    """The day that a form holds; None where there is none."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidDocument(N_("This is no date: {typed}"), typed=text.strip()[:LONGEST_WORDS]) from error


def _version() -> int:
    """The version that the form of this request was filled from; what is none is older than all."""
    version = whole(request.form.get("version", ""), limit=LARGEST_NUMBER)
    return -1 if version is None else version


def _done(
    container: Container,
    document_id: int,
    deed: Callable[[], object],
    *,
    typed: Mapping[str, str] | None = None,
    then: str = "",
) -> Response:
    """Do it and lead back to the file; what could not be done is told there, with all that was typed."""
    try:
        deed()
    except tuple(STATUS) as error:
        return _page(container, document_id, error, typed)
    return to(then or f"/documents/{document_id}")


def _page(
    container: Container, document_id: int, error: LibraryError | None, typed: Mapping[str, str] | None
) -> Response:
    view = container.documents_queue.one(document_id, actor=actor())
    latest = [one.transfer for one in container.transfers.latest(TRANSFERS_OFFERED, actor=actor())]
    if view.transfer is not None and view.transfer.id not in {one.id for one in latest}:
        latest.append(view.transfer)
    problem = ""
    if isinstance(error, PapersMissing) and view.missing:
        problem = gettext(
            "Papers are missing: {papers}. Enter them in its transfer.", papers=words.papers(view.missing)
        )
    elif error is not None:
        problem = told(error.message)
    page = file_page(
        view,
        describe_form(view.document, latest, typed),
        today=container.transfers.today(),
        actor=actor(),
        csrf=csrf(),
        problem=problem,
    )
    return render(page, 200 if error is None else next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS))
