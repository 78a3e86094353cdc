"""Import of uploaded files in the browser: sent, examined, approved, followed, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, request, send_file, stream_with_context

from library.container import Container
from library.domain.access import Action, may
from library.domain.errors import N_, LibraryError, StorageFull, TooManyAttempts, UnreadableSource
from library.domain.uploaded_import import Reading
from library.projections import table
from library.services.asked import cleaned, whole
from library.services.uploaded_imports_intake import SentFile
from library.web.languages import gettext, told
from library.web.pages import render
from library.web.session import actor, csrf, requires, to
from library.web.uploaded_imports_pages import (
    ImportLine,
    ImportsPage,
    ReadingForm,
    ReasonLine,
    ReasonsPage,
    import_page,
)

LATEST = 50
REASONS_SHOWN = 20
REASONS_ON_A_PAGE = 200
KEPT_SHOWN = 50
MOST_FILES = 2
LONGEST_NAME = 100
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):import_id>"
# The parts of a form around its files.
AROUND_FILES = 1 << 20
HEADINGS = (N_("Record"), N_("Byte"), N_("Reason"))
STATUS: Mapping[type[LibraryError], int] = {UnreadableSource: 422, TooManyAttempts: 429, StorageFull: 507}


def blueprint(container: Container) -> Blueprint:
    """The routes under `/imports` that show."""
    routes = Blueprint("uploaded_imports", __name__)
    imports = container.uploaded_imports

    @routes.get("/imports")
    @requires(Action.SEE_WORK)
    def listed() -> Response:
        return render(_list_page(container, Reading(source_name=""), ""))

    @routes.post("/imports")
    @requires(Action.IMPORT, largest=(container.settings.import_megabytes << 20) + AROUND_FILES)
    def receive() -> Response:
        wanted = _wanted()
        files = [file for file in request.files.getlist("file") if file.filename][: MOST_FILES + 1]
        sent = [SentFile(name=file.filename or "", stream=file.stream) for file in files]
        try:
            made = imports.receive(sent, wanted, actor=actor())
        except (UnreadableSource, TooManyAttempts, StorageFull) as error:
            return render(_list_page(container, wanted, told(error.message)), STATUS[type(error)])
        return to(f"/imports/{made}")

    @routes.get(f"/imports/{NUMBER}")
    @requires(Action.SEE_WORK)
    def one(import_id: int) -> Response:
        view = imports.view(import_id, actor=actor())
        reasons = imports.reasons(import_id, 0, REASONS_SHOWN, actor=actor())
        kept = imports.kept(import_id, 0, KEPT_SHOWN, actor=actor())
        return render(import_page(view, reasons, kept, actor=actor(), csrf=csrf()))

    _reasons(routes, container)
    return routes


def _reasons(routes: Blueprint, container: Container) -> None:
    imports = container.uploaded_imports

    @routes.get(f"/imports/{NUMBER}/reasons")
    @requires(Action.SEE_WORK)
    def reasons(import_id: int) -> Response:
        skip = whole(request.args.get("skip", ""), limit=LARGEST_NUMBER) or 0
        view = imports.view(import_id, actor=actor())
        found = tuple(map(ReasonLine.of, imports.reasons(import_id, skip, REASONS_ON_A_PAGE + 1, actor=actor())))
        following = f"/imports/{import_id}/reasons?skip={skip + REASONS_ON_A_PAGE}"
        return render(
            ReasonsPage(
                id=import_id,
                filename=view.upload.filename,
                reasons=found[:REASONS_ON_A_PAGE],
                next_url=following if len(found) > REASONS_ON_A_PAGE else "",
            )
        )

    @routes.get(f"/imports/{NUMBER}/reasons.csv")
    @requires(Action.SEE_WORK)
    def reasons_table(import_id: int) -> Response:
        found = imports.reasons(import_id, 0, None, actor=actor())

        def lines() -> Iterator[str]:
            yield "\ufeff" + table.line([gettext(heading) for heading in HEADINGS], ";")
            for reason in map(ReasonLine.of, found):
                yield table.line([str(reason.number), str(reason.offset), reason.reason], ";")

        response = Response(stream_with_context(lines()), mimetype="text/csv")
        response.headers.set("Content-Disposition", "attachment", filename=f"import-{import_id}-reasons.csv")
        return response

    @routes.get(f"/imports/{NUMBER}/rejected/<name>")
    @requires(Action.SEE_WORK)
    def rejected(import_id: int, name: str) -> Response:
        path = imports.rejected_file(import_id, name, actor=actor())
        return send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name)


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes under `/imports` that move an upload on."""
    routes = Blueprint("uploaded_imports_deeds", __name__)
    imports = container.uploaded_imports

    @routes.post(f"/imports/{NUMBER}/read")
    @requires(Action.IMPORT)
    def read(import_id: int) -> Response:
        imports.read_differently(import_id, _wanted(), actor=actor())
        return to(f"/imports/{import_id}")

    @routes.post(f"/imports/{NUMBER}/submit")
    @requires(Action.IMPORT)
    def submit(import_id: int) -> Response:
        imports.submit(import_id, actor=actor())
        return to(f"/imports/{import_id}")

    @routes.post(f"/imports/{NUMBER}/approve")
    @requires(Action.APPROVE)
    def approve(import_id: int) -> Response:
        imports.approve(import_id, actor=actor())
        return to(f"/imports/{import_id}")

    @routes.post(f"/imports/{NUMBER}/stop")
    @requires(Action.IMPORT)
    def stop(import_id: int) -> Response:
        imports.stop(import_id, actor=actor())
        return to(f"/imports/{import_id}")

    @routes.post(f"/imports/{NUMBER}/go-on")
    @requires(Action.IMPORT)
    def go_on(import_id: int) -> Response:
        imports.go_on(import_id, actor=actor())
        return to(f"/imports/{import_id}")

    @routes.post(f"/imports/{NUMBER}/withdraw")
    @requires(Action.WITHDRAW)
    def withdraw(import_id: int) -> Response:
        imports.withdraw(import_id, actor=actor())
        return to(f"/imports/{import_id}")

    return routes


def _wanted() -> Reading:
    return Reading(
        source_name=cleaned(request.form.get("source", ""))[:LONGEST_NAME],
        dialect=cleaned(request.form.get("dialect", ""))[:LONGEST_NAME],
        encoding=cleaned(request.form.get("encoding", ""))[:LONGEST_NAME],
    )


def _list_page(container: Container, wanted: Reading, problem: str) -> ImportsPage:
    return ImportsPage(
        csrf=csrf(),
        may_import=may(actor(), Action.IMPORT),
        megabytes=container.settings.import_megabytes,
        form=ReadingForm.of(wanted),
        lines=tuple(map(ImportLine.of, container.uploaded_imports.latest(LATEST, actor=actor()))),
        problem=problem,
    )
