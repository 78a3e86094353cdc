"""Files that come through the browser: a plain form for several at once, and pieces for browsers with scripts.

A form without scripts is streamed to the disk of the data and from there into quarantine. With scripts each file is
announced, sent in pieces, and finished; whoever lost the connection asks how far it came and goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, ClassVar, cast

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import FileStorage

from library.container import Container
from library.domain.access import Action, may
from library.domain.access_level import AccessLevel, Rights
from library.domain.errors import N_, InvalidForm, LibraryError, UploadConflict
from library.domain.record import Status
from library.services.asked import whole
from library.services.documents import Upload
from library.services.documents_queue import QueueLine, RecordFiles
from library.services.documents_rules import Terms
from library.web.documents import LARGEST_NUMBER, LONGEST_TEXT, NUMBER, TRANSFERS_OFFERED, day
from library.web.documents_pages import DescribeForm, FileLine, file_line, levels, transfer_choices
from library.web.holdings import SOURCES
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to
from library.web.words import ACCESS_LEVELS, text_language

# How many whole files of the largest size one form without scripts may bring.
FILES_IN_A_FORM = 4
MOST_FILES = 100
PIECE = 4 << 20
# The parts of a form around its files.
AROUND = 1 << 20
LARGEST_FILE = 2**60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file of a form; `problem` is empty for one that came."""

    name: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFilesPage(Page):
    """The files of a record, and the form for new ones; `ruled` says which rights files begin with."""

    template: ClassVar[str] = "documents/new.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    lang: str
    problem: str
    outcomes: tuple[Outcome, ...]
    came: int
    lines: tuple[FileLine, ...]
    takes_files: bool
    is_published: bool
    form: DescribeForm
    ruled: tuple[tuple[str, str], ...]
    megabytes: int
    megabytes_together: int
    piece: int


def blueprint(container: Container) -> Blueprint:
    """The page of a record's files, and the form that works without scripts."""
    routes = Blueprint("documents_new", __name__)
    largest = container.settings.file_megabytes << 20

    @routes.get("/documents/new")
    @requires(Action.SEE_WORK)
    def new() -> Response:
        came = whole(request.args.get("came", ""), limit=MOST_FILES) or 0
        return render(_page(container, _record(request.args.get("record", "")), came=came))

    @routes.post("/documents/new")
    @requires(Action.DOCUMENTS, largest=FILES_IN_A_FORM * largest + AROUND)
    def receive() -> Response:
        record = _record(request.form.get("record", ""))
        files = [file for file in request.files.getlist("file") if file.filename][:MOST_FILES]
        try:
            if not files:
                raise InvalidForm(N_("Choose a file."))
            terms = _terms(container, record)
        except LibraryError as error:
            return render(_page(container, record, problem=told(error.message)), HTTPStatus.UNPROCESSABLE_ENTITY)
        outcomes = tuple(_receive(container, record, file, terms) for file in files)
        came = sum(not one.problem for one in outcomes)
        if came == len(outcomes):
            return to(f"/documents/new?record={record}&came={came}")
        return render(_page(container, record, outcomes=outcomes), HTTPStatus.UNPROCESSABLE_ENTITY)

    return routes


def pieces_blueprint(container: Container) -> Blueprint:
    """What a script asks, in JSON: announce a file, how far it came, the next piece, the end, or give it up."""
    routes = Blueprint("documents_uploads", __name__)
    documents = container.documents

    @routes.post("/documents/uploads")
    @requires(Action.DOCUMENTS)
    def begin() -> Response:
        record = _record(request.form.get("record", ""))
        size = whole(request.form.get("size", ""), limit=LARGEST_FILE) or 0
        terms = _terms(container, record)
        document = documents.begin(
            record,
            request.form.get("name", "")[:LONGEST_TEXT],
            size,
            label=terms.label,
            rights=terms.rights,
            transfer_id=terms.transfer_id,
            actor=actor(),
        )
        return _told(Upload(document=document, received=0), HTTPStatus.CREATED)

    @routes.get(f"/documents/uploads/{NUMBER}")
    @requires(Action.DOCUMENTS)
    def far(document_id: int) -> Response:
        return _told(documents.upload(document_id, actor=actor()))

    @routes.post(f"/documents/uploads/{NUMBER}")
    @requires(Action.DOCUMENTS, largest=PIECE + AROUND)
    def piece(document_id: int) -> Response:
        offset = whole(request.form.get("offset", ""), limit=LARGEST_FILE)
        sent = request.files.get("piece")
        if sent is None or offset is None:
            raise UploadConflict(N_("A piece of the file, or where it begins, is missing."))
        return _told(documents.append(document_id, cast("BinaryIO", sent.stream), offset=offset, actor=actor()))

    @routes.post(f"/documents/uploads/{NUMBER}/finish")
    @requires(Action.DOCUMENTS)
    def finish(document_id: int) -> Response:
        document = documents.finish(document_id, actor=actor())
        return _told(Upload(document=document, received=document.size))

    @routes.post(f"/documents/uploads/{NUMBER}/cancel")
    @requires(Action.DOCUMENTS)
    def cancel(document_id: int) -> Response:
        upload = documents.upload(document_id, actor=actor())
        documents.discard(document_id, expected=upload.document.version, actor=actor())
        return Response(status=HTTPStatus.NO_CONTENT)

    return routes


def _told(upload: Upload, status: int = HTTPStatus.OK) -> Response:
    document = upload.document
    response: Response = jsonify(
        id=document.id,
        state=document.state.value,
        received=upload.received,
        size=document.size,
        address=f"/documents/{document.id}",
    )
    response.status_code = status
    return response


def _receive(container: Container, record: int, file: FileStorage, terms: Terms) -> Outcome:
    name = file.filename or ""
    try:
        document = container.documents.receive(
            record,
            cast("BinaryIO", file.stream),
            name,
            label=terms.label,
            rights=terms.rights,
            transfer_id=terms.transfer_id,
            actor=actor(),
        )
    except LibraryError as error:
        return Outcome(name=name, problem=told(error.message))
    return Outcome(name=document.name, problem="")


def _record(text: str) -> int:
    """The number of the record that the files belong to; 0 is no record's."""
    return whole(text, limit=LARGEST_NUMBER) or 0


def _terms(container: Container, record: int) -> Terms:
    """What the form says of the files; rights only where somebody chose some."""
    form = request.form
    transfer = whole(form.get("transfer", ""), limit=LARGEST_NUMBER)
    level, embargo, licence = (
        form.get("level", ""),
        day(form.get("embargo", "")),
        form.get("licence", "")[:LONGEST_TEXT],
    )
    rights = None
    if level in list(AccessLevel) or embargo is not None or licence.strip():
        files = container.documents_queue.of_record(record, actor=actor())
        source = container.transfers.one(transfer, actor=actor()).transfer.source if transfer is not None else None
        chosen = AccessLevel(level) if level in list(AccessLevel) else files.ruled.level_for(files.material, source)
        rights = Rights(level=chosen, embargo_until=embargo, licence=licence)
    return Terms(label=form.get("label", "")[:LONGEST_TEXT], rights=rights, transfer_id=transfer)


def _page(
    container: Container, record: int, *, problem: str = "", outcomes: tuple[Outcome, ...] = (), came: int = 0
) -> NewFilesPage:
    files = container.documents_queue.of_record(record, actor=actor())
    return NewFilesPage(
        csrf=csrf(),
        record_id=record,
        title=files.title,
        lang=text_language(files.languages, files.title),
        problem=problem,
        outcomes=outcomes,
        came=came,
        lines=tuple(
            file_line(QueueLine(document=one, title=files.title, missing=missing))
            for one, missing in zip(files.documents, files.missing, strict=True)
        ),
        takes_files=may(actor(), Action.DOCUMENTS) and files.status is not Status.WITHDRAWN,
        is_published=files.status is Status.PUBLISHED,
        form=_form(container),
        ruled=_ruled(files),
        megabytes=container.settings.file_megabytes,
        megabytes_together=FILES_IN_A_FORM * container.settings.file_megabytes,
        piece=PIECE,
    )


def _form(container: Container) -> DescribeForm:
    """The form with what was typed, or with the transfer that the address names."""
    sent = request.form if request.method == "POST" else request.args
    chosen = whole(sent.get("transfer", ""), limit=LARGEST_NUMBER)
    level = sent.get("level", "")
    latest = [one.transfer for one in container.transfers.latest(TRANSFERS_OFFERED, actor=actor())]
    return DescribeForm(
        label=sent.get("label", ""),
        levels=levels(AccessLevel(level) if level in list(AccessLevel) else None),
        embargo=sent.get("embargo", ""),
        licence=sent.get("licence", ""),
        transfers=transfer_choices(latest, chosen),
    )


def _ruled(files: RecordFiles) -> tuple[tuple[str, str], ...]:
    """Which rights a file of this record begins with, by the source it comes from."""
    by_level: dict[AccessLevel, list[str]] = {}
    for source, label in SOURCES.items():
        by_level.setdefault(files.ruled.level_for(files.material, source), []).append(gettext(label))
    return tuple((gettext(ACCESS_LEVELS[level]), ", ".join(sources)) for level, sources in by_level.items())
