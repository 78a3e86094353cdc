"""The pages of uploads: the list, one upload with its reports, all reasons of rejection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from library.db.imports import Counts
from library.domain.access import Action, Actor, may
from library.domain.marc import Dialect
from library.domain.uploaded_import import AT_WORK, Fate, Reading, UploadedImport, UploadState
from library.services.uploaded_imports import KeptRecord, Move, UploadView, may_approve
from library.services.uploaded_imports_report import Reason, Report
from library.web import words
from library.web.languages import gettext, told
from library.web.pages import Page
from library.web.uploaded_imports_words import FATES, FORMATS, MOVES, SAMENESS, STATES

ENCODINGS = ("", "utf-8", "cp1251", "cp866", "koi8-r", "marc-8")
RIGHTS = {Move.APPROVE: Action.APPROVE, Move.WITHDRAW: Action.WITHDRAW}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingForm:
    """How a file is to be read, as a form asks for it."""

    source: str
    dialect: str
    encoding: str
    dialects: tuple[tuple[str, str], ...]
    encodings: tuple[str, ...]

    @classmethod
    def of(cls, reading: Reading) -> ReadingForm:
        """The form with what was chosen."""
        return cls(
            source=reading.source_name,
            dialect=reading.dialect,
            encoding=reading.encoding,
            dialects=tuple((dialect.value, words.DIALECTS[dialect]) for dialect in Dialect),
            encodings=ENCODINGS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """An upload in the list."""

    id: int
    filename: str
    source: str
    state: str
    is_at_work: bool
    entered_by: str
    entered_at: datetime

    @classmethod
    def of(cls, upload: UploadedImport) -> ImportLine:
        """The upload in one line."""
        return cls(
            id=upload.id,
            filename=upload.filename,
            source=upload.reading.source_name,
            state=gettext(STATES[upload.state]),
            is_at_work=upload.state in AT_WORK,
            entered_by=upload.entered_by_name,
            entered_at=upload.entered_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsPage(Page):
    """The form of an upload, and the newest uploads."""

    template: ClassVar[str] = "uploaded_imports/imports.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    may_import: bool
    megabytes: int
    form: ReadingForm
    lines: tuple[ImportLine, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """Why a record was not taken: its number in the file, the byte at which it starts, the reason."""

    number: int
    offset: int
    reason: str

    @classmethod
    def of(cls, reason: Reason) -> ReasonLine:
        """The reason in the reader's language."""
        return cls(number=reason.number, offset=reason.offset, reason=told(reason.message))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsPage(Page):
    """All reasons of rejection, page by page."""

    template: ClassVar[str] = "uploaded_imports/reasons.html"
    robots: ClassVar[str] = "noindex"

    id: int
    filename: str
    reasons: tuple[ReasonLine, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """A report in words: sums, facts, doubts, titles, records that may be here already."""

    sums: tuple[tuple[str, int], ...]
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    problem: str
    titles: tuple[str, ...]
    duplicates: int
    twice: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button, and what is said beside it; one that takes back or stops is a quiet one."""

    address: str
    label: str
    hint: str
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """An upload as it stands, with its reports and what can be done."""

    template: ClassVar[str] = "uploaded_imports/import.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    filename: str
    kilobytes: int
    digest: str
    source: str
    state: str
    is_at_work: bool
    share: int
    entered_by: str
    entered_at: datetime
    are_files_gone: bool
    foreseen: ReportPart | None
    outcome: ReportPart | None
    meets_former: bool
    reasons: tuple[ReasonLine, ...]
    rejected: int
    rejected_files: tuple[str, ...]
    fates: tuple[tuple[str, int], ...]
    kept: tuple[KeptRecord, ...]
    buttons: tuple[Button, ...]
    form: ReadingForm | None


def import_page(
    view: UploadView, reasons: Iterable[Reason], kept: Iterable[KeptRecord], *, actor: Actor, csrf: str
) -> ImportPage:
    """The page of an upload for this person."""
    upload, foreseen = view.upload, view.foreseen
    newest = view.outcome or foreseen
    may_read = Move.READ in view.possible and may(actor, Action.IMPORT)
    taken_back = upload.state in (UploadState.WITHDRAWING, UploadState.WITHDRAWN)
    return ImportPage(
        csrf=csrf,
        id=upload.id,
        filename=upload.filename,
        kilobytes=max(1, upload.size >> 10),
        digest=upload.digest,
        source=upload.reading.source_name,
        state=gettext(STATES[upload.state]),
        is_at_work=upload.state in AT_WORK,
        share=upload.share,
        entered_by=upload.entered_by_name,
        entered_at=upload.entered_at,
        are_files_gone=not upload.directory,
        foreseen=_report(foreseen) if foreseen and view.outcome is None else None,
        outcome=_report(view.outcome) if view.outcome else None,
        meets_former=bool(foreseen and (foreseen.counts.changed or foreseen.counts.unchanged or view.other_uses)),
        reasons=tuple(map(ReasonLine.of, reasons)),
        rejected=newest.counts.rejected if newest else 0,
        rejected_files=view.rejected_files,
        fates=tuple((gettext(FATES[fate]), view.fates[fate]) for fate in Fate if fate in view.fates and taken_back),
        kept=tuple(kept),
        buttons=tuple(_buttons(view, actor)),
        form=ReadingForm.of(upload.reading) if may_read else None,
    )


def _report(report: Report) -> ReportPart:
    return ReportPart(
        sums=_sums(report.counts),
        facts=tuple(_facts(report)),
        warnings=tuple(map(told, report.warnings)),
        problem=told(report.problem) if report.problem else "",
        titles=report.titles,
        duplicates=report.duplicates,
        twice=tuple((one.title, one.record_id, gettext(SAMENESS[one.kind])) for one in report.twice),
    )


def _sums(counts: Counts) -> tuple[tuple[str, int], ...]:
    return (
        (gettext("new"), counts.new),
        (gettext("changed"), counts.changed),
        (gettext("unchanged"), counts.unchanged),
        (gettext("rejected"), counts.rejected),
    )


def _facts(report: Report) -> Iterable[str]:
    """What the file is, and what was done to its records on the way."""
    if report.format:
        name = gettext(FORMATS[report.format])
        yield f"{name} · {words.DIALECTS[Dialect(report.dialect)]} · {report.encoding}"
    if report.doubtful:
        yield gettext("Records that are mended or doubtful: {count}", count=report.doubtful)
    if report.staff_names:
        yield gettext("Names of cataloguers that are left out: {count}", count=report.staff_names)


def _buttons(view: UploadView, actor: Actor) -> Iterable[Button]:
    for move, (label, hint) in MOVES.items():
        if move not in view.possible or not may(actor, RIGHTS.get(move, Action.IMPORT)):
            continue
        if move is Move.APPROVE and not may_approve(actor, view.upload):
            continue
        running = view.upload.state is UploadState.RUNNING
        said = gettext(hint) if move is not Move.STOP or running else ""
        yield Button(
            address=f"/imports/{view.upload.id}/{move}",
            label=gettext(label),
            hint=said,
            is_quiet=move in (Move.STOP, Move.WITHDRAW),
        )
