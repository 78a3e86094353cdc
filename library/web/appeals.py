"""Complaints, questions and suggestions of everybody: one form, and a page of each that only its address opens."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, time
from typing import BinaryIO, cast
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.appeal_files import FILE_MEGABYTES, MOST_FILES
from library.domain.appeals import LONGEST_ABOUT, LONGEST_TEXT, AppealKind, Channel
from library.domain.errors import N_, FieldProblem, FileTooLarge, InvalidAppeal, InvalidPeriod, LibraryError, Message
from library.domain.periods import day_from
from library.domain.record import Status
from library.services.appeals import Typed
from library.services.appeals_files import SentFile
from library.services.asked import cleaned
from library.web import appeals_words as words
from library.web.appeals_pages import AppealForm, NewAppealPage, StatusPage, choices, clock_lines, faults, file_rows
from library.web.languages import gettext, language, told
from library.web.pages import permanent, render
from library.web.session import actor, csrf, requires, takes, to, visit
from library.web.session_kept import local_address

LARGEST = (MOST_FILES * FILE_MEGABYTES + 1) << 20
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):appeal_id>"
TOKEN = "<string(length=22):token>"  # noqa: S105  (a place in an address)
FORM_KEY_BYTES = 24
UNPROCESSABLE, TOO_LARGE = 422, 413
# A little more than is taken, so that whoever wrote too much is told, and not cut short.
LONGEST_LINE = 1_000
_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")
_RECORD = re.compile(r"/record/([0-9]{1,9})(?:[/?#]|$)")
STAFF_CHANNELS = {channel: label for channel, label in words.CHANNELS.items() if channel is not Channel.FORM}


def blueprint(container: Container) -> Blueprint:
    """The routes for everybody, and the form of staff for what came in another way."""
    routes = Blueprint("appeals", __name__)
    appeals = container.appeals

    @routes.get("/appeals/new")
    def new() -> Response:
        return _no_store(_page(container, _asked(container), "/appeals/new"))

    @routes.post("/appeals/new")
    @takes(largest=LARGEST)
    def send() -> Response:
        return _send(container, "/appeals/new")

    @routes.get(f"/appeals/{NUMBER}/{TOKEN}")
    def status(appeal_id: int, token: str) -> Response:
        found = appeals.status(appeal_id, token)
        appeal = found.line.appeal
        page = StatusPage(
            number=appeal.id,
            kind=gettext(words.KINDS[appeal.kind]),
            state=gettext(words.STATES[appeal.state]),
            is_done=not appeal.is_waiting,
            is_escalated=appeal.is_escalated,
            subject=appeal.subject,
            text=appeal.text,
            received_at=appeal.received_at,
            clocks=clock_lines(found.line),
            outcome=gettext(words.OUTCOMES[appeal.outcome]) if appeal.outcome else "",
            answer=appeal.answer,
            answered_at=appeal.answered.at if appeal.answered else None,
            files=file_rows(appeal, found.files, for_staff=False),
            permanent=permanent("appeals.status", appeal_id=appeal.id, token=token),
        )
        return _private(render(page))

    @routes.get("/appeals/register")
    @requires(Action.APPEALS)
    def register() -> Response:
        return _no_store(_page(container, _asked(container), "/appeals/register"))

    @routes.post("/appeals/register")
    @requires(Action.APPEALS, largest=LARGEST)
    def enter() -> Response:
        return _send(container, "/appeals/register")

    return routes


def status_address(container: Container, appeal_id: int) -> str:
    """The address of the page that its sender has."""
    return permanent("appeals.status", appeal_id=appeal_id, token=container.appeals.token(appeal_id))


def _send(container: Container, address: str) -> Response:
    form, by_staff = _typed_form(), address == "/appeals/register"
    if request.form.get("website"):
        # Only a program that fills every field writes there; a person is told, and loses nothing.
        problem = FieldProblem(field="website", message=Message.of(N_("This field has to stay empty.")))
        return _mend(container, form, address, [problem])
    try:
        typed = _typed(container, form, by_staff=by_staff)
        appeal = container.appeals.receive(typed, _files(), actor=actor())
    except InvalidAppeal as error:
        return _mend(container, form, address, error.problems)
    except FileTooLarge as error:
        return _mend(container, form, address, [FieldProblem(field="files", message=error.message)], TOO_LARGE)
    if by_staff:
        return to(f"/appeals/{appeal.id}")
    return to(f"/appeals/{appeal.id}/{container.appeals.token(appeal.id)}")


def _typed(container: Container, form: AppealForm, *, by_staff: bool) -> Typed:
    found = _RECORD.match(form.about)
    return Typed(
        form_key=form.form_key,
        kind=form.kind,
        subject=form.subject,
        text=form.text,
        name=form.name,
        contact=form.contact,
        language=language(),
        about=form.about,
        record_id=int(found[1]) if found else 0,
        channel=Channel(form.channel) if by_staff else Channel.FORM,
        outside_number=form.outside_number if by_staff else "",
        received_at=_received_at(container, form.received_on) if by_staff else None,
    )


def _received_at(container: Container, text: str) -> datetime | None:
    """The beginning of the day on which it came; None for today."""
    if not text:
        return None
    try:
        day = day_from(text)
    except InvalidPeriod as error:
        raise InvalidAppeal([FieldProblem(field="received_at", message=error.message)]) from None
    return datetime.combine(day, time(), tzinfo=ZoneInfo(container.settings.time_zone))


def _files() -> list[SentFile]:
    sent = [file for file in request.files.getlist("files") if file.filename]
    return [SentFile(name=file.filename or "", stream=cast("BinaryIO", file.stream)) for file in sent]


def _typed_form() -> AppealForm:
    """What was typed; the word of the form of one that has none is made here, as if it came for the first time."""
    form = request.form
    key, channel = form.get("form", ""), form.get("channel", "")

    def line(name: str) -> str:
        return form.get(name, "")[:LONGEST_LINE]

    return AppealForm(
        form_key=key if _FORM_KEY.fullmatch(key) else _new_key(),
        kind=_kind(form.get("kind", "")),
        subject=line("subject"),
        text=form.get("text", "")[: 2 * LONGEST_TEXT],
        name=line("name"),
        contact=line("contact"),
        about=_about(form.get("about", "")),
        channel=channel if channel in list(STAFF_CHANNELS) else Channel.LETTER,
        outside_number=line("outside_number"),
        received_on=line("received_on"),
    )


def _asked(container: Container) -> AppealForm:
    """The form as its address and the sign-in fill it."""
    about, here = _about(request.args.get("about", "")), visit()
    return AppealForm(
        form_key=_new_key(),
        kind=_kind(request.args.get("kind", "")),
        subject=_subject(container, about),
        name=here.person.name if here and request.path == "/appeals/new" else "",
        contact=here.person.email if here and request.path == "/appeals/new" else "",
        about=about,
        channel=Channel.LETTER,
    )


def _subject(container: Container, about: str) -> str:
    """The title of the record that it is about, or the words that were searched for."""
    if found := _RECORD.match(about):
        try:
            view = container.catalogue.record(int(found[1]))
        except LibraryError:
            return ""
        return view.description.title[:LONGEST_LINE] if view.record.status is Status.PUBLISHED else ""
    parts = urlsplit(about)
    return cleaned(parse_qs(parts.query).get("q", [""])[0])[:LONGEST_LINE] if parts.path == "/search" else ""


def _about(text: str) -> str:
    return "" if len(text) > LONGEST_ABOUT or local_address(text) in ("/", "/appeals/new") else text


def _kind(text: str) -> AppealKind:
    return AppealKind(text) if text in list(AppealKind) else AppealKind.SUPPORT


def _new_key() -> str:
    return secrets.token_urlsafe(FORM_KEY_BYTES)


def _mend(
    container: Container,
    form: AppealForm,
    address: str,
    problems: list[FieldProblem] | tuple[FieldProblem, ...],
    status: int = UNPROCESSABLE,
) -> Response:
    had_files = any(file.filename for file in request.files.getlist("files"))
    again = told(Message.of(N_("Choose the files again: a browser sends them once only."))) if had_files else ""
    return _no_store(_page(container, form, address, problems, again), status)


def _page(
    container: Container,
    form: AppealForm,
    address: str,
    problems: list[FieldProblem] | tuple[FieldProblem, ...] = (),
    problem: str = "",
) -> NewAppealPage:
    by_staff = address == "/appeals/register"
    heading = N_("Enter a complaint or question") if by_staff else words.HEADINGS[form.kind]
    return NewAppealPage(
        csrf=csrf(),
        address=address,
        heading=gettext(heading),
        promise="" if by_staff else gettext(words.PROMISES[form.kind]),
        form=form,
        kinds=choices(words.KINDS.items(), form.kind),
        channels=choices(STAFF_CHANNELS.items(), form.channel) if by_staff else (),
        reception="" if by_staff else container.configuration.current().appeals.reception,
        faults=faults(problems),
        problem=problem,
        most_files=MOST_FILES,
        megabytes=FILE_MEGABYTES,
        longest_text=LONGEST_TEXT,
    )


def _no_store(page: NewAppealPage, status: int = 200) -> Response:
    """A form is of one browser alone, and each has a word of its own."""
    return _private(render(page, status))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
