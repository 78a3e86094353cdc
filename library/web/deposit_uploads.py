"""Files of one's own deposit: a plain form for several at once, and pieces for browsers with scripts, as for staff."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, ClassVar, cast

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import FileStorage

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, InvalidForm, LibraryError, NotFound, UploadConflict
from library.services.asked import whole
from library.services.documents import Upload
from library.web.deposit import LARGEST_NUMBER, NUMBER, version
from library.web.deposit_pages import FileRow, file_rows
from library.web.documents_uploads import AROUND, FILES_IN_A_FORM, LARGEST_FILE, MOST_FILES, PIECE, Outcome
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to

LONGEST_NAME = 1_000
FILE = f"{NUMBER}/files/<int(max={LARGEST_NUMBER}):document_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage(Page):
    """The files of a deposit, and the form for more."""

    template: ClassVar[str] = "deposit/files.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    deposit_id: int
    heading: str
    problem: str
    came: int
    outcomes: tuple[Outcome, ...]
    files: tuple[FileRow, ...]
    megabytes: int
    megabytes_together: int
    piece: int


def blueprint(container: Container) -> Blueprint:
    """The page of the files, and the form that works without scripts."""
    routes = Blueprint("deposit_files", __name__)
    largest = container.settings.file_megabytes << 20

    @routes.get(f"/deposit/{NUMBER}/files")
    @requires(Action.DEPOSIT)
    def files(deposit_id: int) -> Response:
        if not container.deposits.own(deposit_id, actor=actor()).is_open:
            return to(f"/deposit/{deposit_id}")
        came = whole(request.args.get("came", ""), limit=MOST_FILES) or 0
        return render(_page(container, deposit_id, came=came))

    @routes.post(f"/deposit/{NUMBER}/files")
    @requires(Action.DEPOSIT, largest=FILES_IN_A_FORM * largest + AROUND)
    def receive(deposit_id: int) -> Response:
        container.deposits.own(deposit_id, actor=actor()).require_open()
        sent = [file for file in request.files.getlist("file") if file.filename][:FILES_IN_A_FORM]
        if not sent:
            problem = told(InvalidForm(N_("Choose a file.")).message)
            return render(_page(container, deposit_id, problem=problem), HTTPStatus.UNPROCESSABLE_ENTITY)
        outcomes = tuple(_receive(container, deposit_id, file) for file in sent)
        if not any(one.problem for one in outcomes):
            return to(f"/deposit/{deposit_id}/files?came={len(outcomes)}")
        return render(_page(container, deposit_id, outcomes=outcomes), HTTPStatus.UNPROCESSABLE_ENTITY)

    @routes.post(f"/deposit/{FILE}/remove")
    @requires(Action.DEPOSIT)
    def remove(deposit_id: int, document_id: int) -> Response:
        try:
            container.deposit_record.remove(deposit_id, document_id, expected=version(), actor=actor())
        except NotFound:
            raise
        except LibraryError as error:
            return render(_page(container, deposit_id, problem=told(error.message)), HTTPStatus.CONFLICT)
        return to(f"/deposit/{deposit_id}/files")

    return routes


def pieces_blueprint(container: Container) -> Blueprint:
    """What the script of uploads asks, in JSON."""
    routes = Blueprint("deposit_uploads", __name__)
    record, upload_of = container.deposit_record, f"/deposit/{NUMBER}/uploads"
    one = f"{upload_of}/<int(max={LARGEST_NUMBER}):document_id>"

    @routes.post(upload_of)
    @requires(Action.DEPOSIT)
    def begin(deposit_id: int) -> Response:
        size = whole(request.form.get("size", ""), limit=LARGEST_FILE) or 0
        document = record.begin(deposit_id, request.form.get("name", "")[:LONGEST_NAME], size, actor=actor())
        return _told(deposit_id, Upload(document=document, received=0), HTTPStatus.CREATED)

    @routes.get(one)
    @requires(Action.DEPOSIT)
    def far(deposit_id: int, document_id: int) -> Response:
        return _told(deposit_id, record.upload(deposit_id, document_id, actor=actor()))

    @routes.post(one)
    @requires(Action.DEPOSIT, largest=PIECE + AROUND)
    def piece(deposit_id: int, document_id: int) -> Response:
        offset = whole(request.form.get("offset", ""), limit=LARGEST_FILE)
        sent = request.files.get("piece")
        if sent is None or offset is None:
            raise UploadConflict(N_("A piece of the file, or where it begins, is missing."))
        stream = cast("BinaryIO", sent.stream)
        return _told(deposit_id, record.append(deposit_id, document_id, stream, offset=offset, actor=actor()))

    @routes.post(f"{one}/finish")
    @requires(Action.DEPOSIT)
    def finish(deposit_id: int, document_id: int) -> Response:
        document = record.finish(deposit_id, document_id, actor=actor())
        return _told(deposit_id, Upload(document=document, received=document.size))

    @routes.post(f"{one}/cancel")
    @requires(Action.DEPOSIT)
    def cancel(deposit_id: int, document_id: int) -> Response:
        upload = record.upload(deposit_id, document_id, actor=actor())
        record.remove(deposit_id, document_id, expected=upload.document.version, actor=actor())
        return Response(status=HTTPStatus.NO_CONTENT)

    return routes


def _told(deposit_id: int, upload: Upload, status: int = HTTPStatus.OK) -> Response:
    document = upload.document
    response: Response = jsonify(
        id=document.id,
        state=document.state.value,
        received=upload.received,
        size=document.size,
        address=f"/deposit/{deposit_id}/files",
    )
    response.status_code = status
    return response


def _receive(container: Container, deposit_id: int, file: FileStorage) -> Outcome:
    name, stream = file.filename or "", cast("BinaryIO", file.stream)
    try:
        document = container.deposit_record.receive(deposit_id, stream, name, actor=actor())
    except LibraryError as error:
        return Outcome(name=name, problem=told(error.message))
    return Outcome(name=document.name, problem="")


def _page(
    container: Container,
    deposit_id: int,
    *,
    problem: str = "",
    outcomes: tuple[Outcome, ...] = (),
    came: int = 0,
) -> FilesPage:
    deposit = container.deposits.own(deposit_id, actor=actor())
    return FilesPage(
        csrf=csrf(),
        deposit_id=deposit_id,
        heading=deposit.fields.title or gettext("Deposit {number}", number=str(deposit_id)),
        problem=problem,
        came=came,
        outcomes=outcomes,
        files=file_rows(container, deposit),
        megabytes=container.settings.file_megabytes,
        megabytes_together=FILES_IN_A_FORM * container.settings.file_megabytes,
        piece=PIECE,
    )
