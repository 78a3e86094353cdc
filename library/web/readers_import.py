"""Lists of readers from a file: tried first, then imported."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, InvalidAccount, UnreadableSource
from library.domain.readers import Incoming
from library.marc.irbis.readers import Reading
from library.services import readers_sources
from library.services.readers_import import ReadersReport
from library.web.accounts_form import day
from library.web.languages import told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

LARGEST_LIST = 64 * 1024 * 1024
MOST_FILES = 2
ENDINGS = frozenset({".csv", ".tsv", ".txt", ".mst", ".xrf", ".iso"})


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
    """The routes `/readers/import`."""
    routes = Blueprint("readers_import", __name__)

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


def _import_page(problem: str, report: ReadersReport | None, *, is_trial: bool) -> ImportPage:
    return ImportPage(
        csrf=csrf(),
        problem=problem,
        is_trial=is_trial,
        report=report,
        refusals=tuple((remark.number, told(remark.text)) for remark in report.refusals) if report else (),
        doubts=tuple((remark.number, told(remark.text)) for remark in report.doubts) if report else (),
    )
