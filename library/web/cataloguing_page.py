"""The page of a cataloguing form: in labelled fields, or as lines of MARC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from library.container import Container
from library.domain.errors import N_
from library.domain.marc import MarcRecord
from library.domain.record import Status
from library.domain.work import WorkState
from library.marc import dialects
from library.marc.checks import Problem, check_form
from library.marc.worksheets import LineProblem, worksheets
from library.services.cataloguing import Workplace
from library.services.duplicates import Sought
from library.web import words
from library.web.cataloguing_drawn import Complaint, DrawnForm, drawn
from library.web.cataloguing_duplicates import DuplicateLine, lines
from library.web.cataloguing_state import FormState
from library.web.languages import gettext, told
from library.web.pages import Page
from library.web.session import actor, csrf

STATES: Mapping[WorkState, str] = {
    WorkState.DRAFT: N_("Draft"),
    WorkState.SUBMITTED: N_("Waits for approval"),
    WorkState.RETURNED: N_("Returned with a remark"),
}
NOTICES: Mapping[str, str] = {
    "saved": N_("Saved as a draft. Readers see nothing of it until it is approved."),
    "submitted": N_("Submitted. Another person has to approve it."),
    "restored": N_("The earlier version is a draft now. Submit it for approval."),
    "template": N_("The template is kept. It stands on your desk."),
    "checked": N_("Nothing is wrong with it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongLine:
    """Why a line of the text can't be read; line 0 is the whole text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(Page):
    """A cataloguing form. `form` is set where it is in fields, `text` where it is in lines.

    `focus` is the id or the name of the place that the cursor belongs in. `is_refused` says that nothing was saved.
    """

    template: ClassVar[str] = "cataloguing/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    action: str
    record_id: int
    title: str
    lang: str
    dialect: str
    worksheet: str
    worksheets: tuple[tuple[str, str], ...]
    state: str
    is_submitted: bool
    is_withdrawn: bool
    closed_until: date | None
    has_work: bool
    remark: str
    hidden: tuple[tuple[str, str], ...]
    form: DrawnForm | None
    text: str
    wrong_lines: tuple[WrongLine, ...]
    complaints: tuple[Complaint, ...]
    focus: str
    is_refused: bool
    notice: str
    restored_at: datetime | None
    duplicates: tuple[DuplicateLine, ...]
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page says besides the form itself."""

    problems: Sequence[Problem] = ()
    wrong_lines: Sequence[LineProblem] = ()
    duplicates: tuple[DuplicateLine, ...] = ()
    focus: str = ""
    is_refused: bool = False
    notice: str = ""
    restored_at: datetime | None = None


def problems_of(container: Container, state: FormState, marc: MarcRecord) -> tuple[Problem, ...]:
    """What the checks of its worksheet say of a record today."""
    return check_form(state.worksheet, marc, here(container).date())


def here(container: Container) -> datetime:
    """The time in the library."""
    return datetime.now(UTC).astimezone(ZoneInfo(container.settings.time_zone))


def duplicates_of(container: Container, state: FormState, marc: MarcRecord) -> tuple[DuplicateLine, ...]:
    """The records that may be of the same document."""
    facts = dialects.describe(state.worksheet.dialect, marc)
    return lines(container.duplicates.find(Sought.described(facts, state.record_id), actor=actor()))


def form_page(container: Container, state: FormState, workplace: Workplace | None, shown: Shown) -> FormPage:
    """The page of a form; `workplace` is what is saved of its record, if it was ever saved."""
    form = drawn(state.worksheet, state.values, shown.problems) if state.text is None else None
    complaints = form.complaints if form is not None else tuple(map(_unplaced, shown.problems))
    work = workplace.work if workplace else None
    sheets = worksheets(state.worksheet.dialect)
    wrong = (one.target for one in complaints if one.is_error and one.target)
    title, lang = _title(workplace)
    is_seen = workplace is None or workplace.record.status is Status.PUBLISHED
    embargo = None if is_seen else container.embargoes.find(state.record_id)
    return FormPage(
        csrf=csrf(),
        action=f"/cataloguing/{state.record_id or 'new'}",
        record_id=state.record_id,
        title=title,
        lang=lang,
        dialect=words.DIALECTS[state.worksheet.dialect],
        worksheet=state.worksheet.key,
        worksheets=tuple((one.key, gettext(words.MATERIALS[one.material])) for one in sheets),
        state=gettext(STATES[work.state]) if work else "",
        is_submitted=work is not None and work.state is WorkState.SUBMITTED,
        is_withdrawn=workplace is not None and workplace.record.status is Status.WITHDRAWN,
        closed_until=embargo.until if embargo is not None else None,
        has_work=work is not None,
        remark=work.remark if work else "",
        hidden=state.hidden(),
        form=form,
        text=state.text or "",
        wrong_lines=tuple(WrongLine(line=one.line, text=told(one.message)) for one in shown.wrong_lines),
        complaints=complaints,
        focus=shown.focus or next(wrong, ""),
        is_refused=shown.is_refused,
        notice=gettext(NOTICES[shown.notice]) if shown.notice in NOTICES else "",
        restored_at=shown.restored_at,
        duplicates=shown.duplicates,
        stamp="" if state.stamp is None else f"{state.stamp.record}.{state.stamp.work}",
    )


def _title(workplace: Workplace | None) -> tuple[str, str]:
    if workplace is None:
        return "", ""
    facts = dialects.describe(workplace.record.dialect, workplace.marc)
    return facts.title, words.text_language(facts.languages, facts.title)


def _unplaced(problem: Problem) -> Complaint:
    """A problem as it is told beside a text, by the tag of its field."""
    return Complaint(text=told(problem.message), is_error=problem.severity == "error", label=problem.tag)
