"""Pages of appeals: the form, the sender's own page, the lists of staff and one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from library.domain.appeal_files import AppealFile, FileState
from library.domain.appeals import Appeal, AppealKind
from library.domain.errors import FieldProblem
from library.services.appeals import AppealLine, ClockFace
from library.web import appeals_words as words
from library.web import formats
from library.web.documents_pages import Choice, PartLink
from library.web.languages import gettext, locale, ngettext, told
from library.web.pages import Page

TONES: Mapping[FileState, str] = {
    FileState.WAITING: "muted",
    FileState.CLEAN: "positive",
    FileState.REFUSED: "warning",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealForm:
    """What stands in the fields of the form."""

    form_key: str
    kind: AppealKind
    subject: str = ""
    text: str = ""
    name: str = ""
    contact: str = ""
    about: str = ""
    channel: str = ""
    outside_number: str = ""
    received_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is to be mended in a field."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppealPage(Page):
    """The form for everybody; staff enter with it what came in another way, and name how in `channels`."""

    template: ClassVar[str] = "appeals/new.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    address: str
    heading: str
    promise: str
    form: AppealForm
    kinds: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    reception: str
    faults: Mapping[str, Fault]
    problem: str
    most_files: int
    megabytes: int
    longest_text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """A clock in words; `tone` is how it is shown."""

    label: str
    due: datetime
    done_at: datetime | None
    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file; `address` is where staff open it, empty while it may not be opened."""

    name: str
    size: str
    state: str
    tone: str
    reason: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage(Page):
    """How far it is, for its sender."""

    template: ClassVar[str] = "appeals/status.html"
    robots: ClassVar[str] = "noindex,nofollow"

    number: int
    kind: str
    state: str
    is_done: bool
    is_escalated: bool
    subject: str
    text: str
    received_at: datetime
    clocks: tuple[ClockLine, ...]
    outcome: str
    answer: str
    answered_at: datetime | None
    files: tuple[FileRow, ...]
    permanent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal in a list."""

    id: int
    subject: str
    kind: str
    received_at: datetime
    assigned: str
    state: str
    is_escalated: bool
    clocks: tuple[ClockLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage(Page):
    """A list of work, what ran out first."""

    template: ClassVar[str] = "appeals/queue.html"
    robots: ClassVar[str] = "noindex"

    heading: str
    parts: tuple[PartLink, ...]
    part: str
    kinds: tuple[Choice, ...]
    rows: tuple[AppealRow, ...]
    total: int
    may_enter: bool
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that was done."""

    label: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page):
    """One of them, and what may be done with it."""

    template: ClassVar[str] = "appeals/case.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    row: AppealRow
    version: int
    text: str
    about: str
    record_id: int
    facts: tuple[tuple[str, str], ...]
    sender: tuple[tuple[str, str], ...]
    is_erased: bool
    status_address: str
    files: tuple[FileRow, ...]
    others: tuple[tuple[int, str], ...]
    steps: tuple[Step, ...]
    staff: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    outcome: str
    answer: str
    answered_at: datetime | None
    effect: str
    is_waiting: bool
    may_answer: bool
    may_look: bool
    may_close: bool
    may_erase: bool
    may_correct: bool
    typed_answer: str
    typed_effect: str


def faults(problems: Iterable[FieldProblem]) -> dict[str, Fault]:
    """What is to be mended, by field, in the order of the form."""
    return {
        one.field: Fault(label=gettext(words.FIELDS.get(one.field, one.field)), text=told(one.message))
        for one in problems
    }


def choices(labels: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """The options of a select."""
    return tuple(Choice(value=str(value), label=gettext(label), is_chosen=value == chosen) for value, label in labels)


def row_of(line: AppealLine) -> AppealRow:
    """An appeal as a list shows it."""
    appeal = line.appeal
    return AppealRow(
        id=appeal.id,
        subject=appeal.subject,
        kind=gettext(words.KINDS[appeal.kind]),
        received_at=appeal.received_at,
        assigned=appeal.assigned_name,
        state=gettext(words.STATES[appeal.state]),
        is_escalated=appeal.is_escalated,
        clocks=clock_lines(line),
    )


def clock_lines(line: AppealLine) -> tuple[ClockLine, ...]:
    """Both clocks in words; one where both are the same."""
    faces = line.clocks
    same = len({face.due for face in faces}) == 1
    return tuple(_clock(face) for face in (faces[1:] if same else faces))


def file_rows(appeal: Appeal, files: Iterable[AppealFile], *, for_staff: bool) -> tuple[FileRow, ...]:
    """The files of an appeal, with addresses for those who may open them."""
    return tuple(
        FileRow(
            name=one.name,
            size=formats.size(one.size, locale()),
            state=gettext(words.FILES[one.state]),
            tone=TONES[one.state],
            reason=told(one.reason) if one.reason and (for_staff or one.state is FileState.REFUSED) else "",
            address=f"/appeals/{appeal.id}/files/{one.id}" if for_staff and one.state is FileState.CLEAN else "",
        )
        for one in files
    )


def _clock(face: ClockFace) -> ClockLine:
    return ClockLine(
        label=gettext(words.CLOCKS[face.clock]),
        due=face.due,
        done_at=face.done_at,
        text=_standing(face),
        tone="warning" if face.is_late else "muted" if face.done_at is None else "positive",
    )


def _standing(face: ClockFace) -> str:
    hours, is_done = abs(face.hours_left), face.done_at is not None
    if not face.is_late:
        return gettext("In time") if is_done else ngettext("{n} hour left", "{n} hours left", hours)
    if hours == 0:
        # Less than an hour, or none of them was worked.
        return gettext("Late") if is_done else gettext("Overdue")
    if is_done:
        return ngettext("Late by {n} hour", "Late by {n} hours", hours)
    return ngettext("Overdue by {n} hour", "Overdue by {n} hours", hours)
