"""What is done with readers: closed, let in again, given codes, imported from lists."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, InvalidAccount, UnreadableSource
from library.domain.readers import Incoming
from library.marc.irbis.readers import Reading
from library.projections import table
from library.services import readers_sources
from library.services.readers import Activation
from library.services.readers_import import ReadersReport
from library.web.accounts import link_page
from library.web.accounts_form import day, version_of_form
from library.web.languages import gettext, told
from library.web.pages import Page, permanent, render
from library.web.readers_form import read_filter
from library.web.session import actor, csrf, requires, to

DIGEST_LENGTH = 64
LARGEST_LIST = 64 * 1024 * 1024
MOST_FILES = 2
ENDINGS = frozenset({".csv", ".tsv", ".txt", ".mst", ".xrf", ".iso"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    """Activation codes, to be printed and cut apart; they are shown this once."""

    template: ClassVar[str] = "readers/codes.html"
    robots: ClassVar[str] = "noindex"

    address: str
    until: datetime
    activations: tuple[Activation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """The form that takes a list of readers, and what became of the last one."""

    template: ClassVar[str] = "readers/import.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    is_trial: bool
    report: ReadersReport | None
    refusals: tuple[tuple[int, str], ...]
    doubts: tuple[tuple[int, str], ...]


def blueprint(container: Container) -> Blueprint:
    """The routes `/readers/NUMBER/…`, `/readers/codes…` and `/readers/import`."""
    routes = Blueprint("readers_deeds", __name__)
    accounts, readers = container.accounts, container.readers

    @routes.post("/readers/<int(max=2147483647):person_id>/close")
    @requires(Action.READERS)
    def close(person_id: int) -> Response:
        accounts.close(person_id, expected=version_of_form(), actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/<int(max=2147483647):person_id>/reopen")
    @requires(Action.READERS)
    def reopen(person_id: int) -> Response:
        accounts.reopen(person_id, expected=version_of_form(), actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/<int(max=2147483647):person_id>/link")
    @requires(Action.READERS)
    def link(person_id: int) -> Response:
        return render(link_page(accounts.link(person_id, actor=actor()), f"/readers/{person_id}"))

    @routes.post("/readers/<int(max=2147483647):person_id>/sessions/end")
    @requires(Action.READERS)
    def end_session(person_id: int) -> Response:
        accounts.end_session(person_id, request.form.get("session", "")[:DIGEST_LENGTH], actor=actor())
        return to(f"/readers/{person_id}")

    @routes.post("/readers/codes")
    @requires(Action.READERS)
    def codes() -> Response:
        activations = readers.activation_codes(read_filter(request.form), actor=actor())
        address = permanent("set_password.code_form")
        if "csv" in request.form:
            return _as_table(activations, address)
        return render(CodesPage(address=address, until=activations[0].expires_at, activations=activations))

    @routes.get("/readers/import")
    @requires(Action.READERS)
    def import_form() -> Response:
        return render(_import_page("", None, is_trial=True))

    @routes.post("/readers/import")
    @requires(Action.READERS, largest=LARGEST_LIST)
    def import_() -> Response:
        is_trial = "import" not in request.form
        try:
            with _uploaded() as incoming:
                report = container.readers_import.run(incoming, dry_run=is_trial, actor=actor())
        except (InvalidAccount, UnreadableSource) as error:
            return render(_import_page(told(error.message), None, is_trial=True), 422)
        return render(_import_page("", report, is_trial=is_trial))

    return routes


@contextmanager
def _uploaded() -> Iterator[Iterator[Incoming]]:
    """The readers in the files of the form: one table or export, or both files of a base."""
    files = [file for file in request.files.getlist("list") if file.filename][:MOST_FILES]
    if not files:
        raise UnreadableSource(N_("Choose a file first."))
    reading = Reading(
        faculty=request.form.get("faculty", "").strip()[:1],
        group=request.form.get("group", "").strip()[:1],
        valid_until=day(until) if (until := request.form.get("until", "").strip()) else None,
    )
    with tempfile.TemporaryDirectory(prefix="library-readers-") as directory:
        paths = [_stored(file, Path(directory)) for file in files]
        main = next((path for path in paths if path.suffix != ".xrf"), paths[0])
        yield readers_sources.read(main, reading)


def _stored(file: FileStorage, directory: Path) -> Path:
    """The file under a name of ours; of the name it came with only a known ending is kept."""
    ending = Path(file.filename or "").suffix.lower()
    path = directory / f"list{ending if ending in ENDINGS else '.csv'}"
    file.save(path)
    return path


def _as_table(activations: tuple[Activation, ...], address: str) -> Response:
    headings = (N_("Library card"), N_("Surname and name"), N_("Faculty"), N_("Group"), N_("Activation code"), N_("Address"))
    lines = [table.line([gettext(heading) for heading in headings], ";")]
    for activation in activations:
        person, card = activation.person, activation.person.card
        place = (card.faculty, card.group) if card else ("", "")
        lines.append(table.line((person.login, person.name, *place, activation.code, address), ";"))
    response = Response("\ufeff" + "".join(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="activation-codes.csv")
    return response


def _import_page(problem: str, report: ReadersReport | None, *, is_trial: bool) -> ImportPage:
    return ImportPage(
        csrf=csrf(),
        problem=problem,
        is_trial=is_trial,
        report=report,
        refusals=tuple((remark.number, told(remark.text)) for remark in report.refusals) if report else (),
        doubts=tuple((remark.number, told(remark.text)) for remark in report.doubts) if report else (),
    )
