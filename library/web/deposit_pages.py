"""Pages of deposits: one's own works, one deposit with its way, and the last look before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar

from library.container import Container
from library.db.deposits import Event
from library.domain.access import Action, may
from library.domain.configuration import said
from library.domain.deposit import Agreement, Deposit, DepositState, Stage
from library.domain.deposit_fields import DepositKind, Fields, asked, day_of
from library.domain.document import DocumentState
from library.domain.errors import FieldProblem
from library.domain.record import Status
from library.services.deposit_review import return_right
from library.services.documents_queue import QueueLine
from library.web import deposit_words as words
from library.web import formats
from library.web.deposit_form import Complaint, complaints
from library.web.documents_pages import FileLine, file_line
from library.web.languages import gettext, language, locale
from library.web.pages import Page, settings
from library.web.session import actor, csrf
from library.web.words import LANGUAGE_NAMES, text_language

MADE_BY_PROGRAM = ("worker",)
FOLDED = ("abstract", "other_abstract")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLine:
    """A deposit in a list."""

    id: int
    title: str
    kind: str
    icon: str
    stage: str
    tone: str
    by: str
    faculty: str
    at: datetime
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """One's own works, and the kinds with which a new one begins."""

    template: ClassVar[str] = "deposit/home.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    lines: tuple[DepositLine, ...]
    kinds: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step that was made: what, when, by whom, with which remark."""

    label: str
    at: datetime
    by: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMark:
    """A stage on the way: done, here, or to come."""

    label: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of a deposit; `view_url` is empty where it can't be looked at yet."""

    line: FileLine
    version: int
    view_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositPage(Page):
    """A deposit: where it stands, its way, what was typed, its files, and what this person may do."""

    template: ClassVar[str] = "deposit/deposit.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    line: DepositLine
    problem: str
    number: str
    lang: str
    version: int
    is_own: bool
    next: str
    way: tuple[WayMark, ...]
    remark: str
    asked: str
    steps: tuple[StepLine, ...]
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    authors: tuple[tuple[str, str, str], ...]
    files: tuple[FileRow, ...]
    agreement: Agreement | None
    record_url: str
    links: tuple[tuple[str, str], ...]
    may_edit: bool
    may_confirm: bool
    may_return: bool
    may_withdraw: bool
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage(Page):
    """The last look: what is missing, the agreement, and the button."""

    template: ClassVar[str] = "deposit/send.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    deposit_id: int
    version: int
    heading: str
    complaints: tuple[Complaint, ...]
    agreement: Agreement
    licence: str
    opens_on: date | None
    files: tuple[FileRow, ...]


def deposit_line(deposit: Deposit, container: Container, *, for_staff: bool = False) -> DepositLine:
    """The line of a deposit in a list; staff have it under another address."""
    stage = deposit.stage
    label = words.STAGES[stage]
    return DepositLine(
        id=deposit.id,
        title=deposit.fields.title or gettext(words.KINDS[deposit.kind]),
        kind=gettext(words.KINDS[deposit.kind]),
        icon=words.ICONS[deposit.kind],
        stage=gettext("Returned to the depositor") if for_staff and stage is Stage.RETURNED else gettext(label),
        tone=words.TONES.get(stage, "muted"),
        by=deposit.person_name,
        faculty=_faculty(deposit.fields.faculty, container),
        at=deposit.sent_at or deposit.changed_at,
        address=f"/deposits/{deposit.id}" if for_staff else f"/deposit/{deposit.id}",
    )


def home_page(container: Container, problem: str = "") -> HomePage:
    """One's own works."""
    return HomePage(
        csrf=csrf(),
        problem=problem,
        lines=tuple(deposit_line(one, container) for one in container.deposits.mine(actor=actor())),
        kinds=tuple((kind.value, gettext(words.KINDS[kind]), words.ICONS[kind]) for kind in DepositKind),
    )


def deposit_page(container: Container, deposit_id: int, problem: str = "", *, for_staff: bool = False) -> DepositPage:
    """A deposit as this person sees it."""
    here, view = actor(), container.deposits.view(deposit_id, actor=actor())
    deposit, is_own = view.deposit, view.deposit.depositor == here.key
    typed, stage = deposit.fields, deposit.stage
    may_confirm = container.deposit_review.may_confirm(deposit, actor=here)
    returnable = stage in (Stage.CATALOGUING, Stage.APPROVAL) and may(here, return_right(deposit))
    return DepositPage(
        csrf=csrf(),
        line=deposit_line(deposit, container, for_staff=for_staff),
        problem=problem,
        number=deposit.number,
        lang=text_language((typed.language,), typed.title),
        version=deposit.version,
        is_own=is_own,
        next=_next(deposit),
        way=tuple(_way(stage)),
        remark=deposit.remark,
        asked=deposit.asked_to_withdraw,
        steps=tuple(map(_step, view.events)),
        facts=tuple(_facts(deposit, container)),
        texts=tuple((words.field(name), getattr(typed, name)) for name in FOLDED if getattr(typed, name)),
        authors=tuple((one.name, one.orcid, one.affiliation) for one in typed.authors),
        files=file_rows(container, deposit),
        agreement=deposit.agreement,
        record_url=f"/record/{deposit.record_id}"
        if stage in (Stage.PUBLISHED, Stage.WITHDRAWN)
        and deposit.state is DepositState.CONFIRMED
        and deposit.record_status is not Status.DRAFT
        else "",
        links=tuple(_links(deposit)) if deposit.state is DepositState.CONFIRMED else (),
        may_edit=is_own and deposit.is_open,
        may_confirm=may_confirm,
        may_return=may_confirm or returnable,
        may_withdraw=is_own and stage not in (Stage.PUBLISHED, Stage.WITHDRAWN),
        may_ask=is_own and stage is Stage.PUBLISHED and not deposit.asked_to_withdraw,
    )


def _next(deposit: Deposit) -> str:
    """What comes next, in words."""
    if deposit.hidden_until is not None:
        return gettext(words.CLOSED, day=formats.long_day(deposit.hidden_until, locale()))
    return gettext(words.NEXT[deposit.stage])


def send_page(container: Container, deposit: Deposit, problems: Sequence[FieldProblem] = ()) -> SendPage:
    """The last look before a deposit is sent."""
    found = tuple(problems) or container.deposits.problems(deposit)
    here = f"/deposit/{deposit.id}"
    on_form = complaints([one for one in found if one.field not in ("files", "accepted")], f"{here}/edit?check=1")
    on_files = complaints([one for one in found if one.field == "files"], f"{here}/files")
    return SendPage(
        csrf=csrf(),
        deposit_id=deposit.id,
        version=deposit.version,
        heading=deposit.fields.title or gettext(words.KINDS[deposit.kind]),
        complaints=(*on_form, *on_files, *complaints([one for one in found if one.field == "accepted"])),
        agreement=container.deposits.agreement(language()),
        licence=words.licence(deposit.fields.licence),
        opens_on=deposit.fields.opens_on(deposit.kind, container.deposits.today()),
        files=file_rows(container, deposit),
    )


def file_rows(container: Container, deposit: Deposit) -> tuple[FileRow, ...]:
    """The files of a deposit."""
    found = container.deposits.view(deposit.id, actor=actor()).files
    return tuple(
        FileRow(
            line=file_line(QueueLine(document=one, title=deposit.fields.title, missing=())),
            version=one.version,
            view_url=f"/view/{one.id}" if one.state is DocumentState.KEPT else "",
        )
        for one in found
        if one.state is not DocumentState.WITHDRAWN
    )


def _way(stage: Stage) -> Iterator[WayMark]:
    """The stages; what was returned or withdrawn stands where it began."""
    here = words.WAY.index(stage) if stage in words.WAY else 0
    for number, one in enumerate(words.WAY):
        yield WayMark(
            label=gettext(words.STAGES[one]),
            state="done" if number < here else "here" if number == here else "to-come",
        )


def _step(event: Event) -> StepLine:
    by = gettext("The program itself") if event.actor in MADE_BY_PROGRAM else event.actor_name
    # What librarians write to one another is theirs.
    remark = event.remark if event.deed.value.startswith("deposit") else ""
    return StepLine(label=gettext(words.STEPS[event.deed]), at=event.at, by=by, remark=remark)


def _facts(deposit: Deposit, container: Container) -> Iterator[tuple[str, str]]:
    typed = deposit.fields
    known = {one.name for one in fields(Fields)}
    for name in asked(deposit.kind):
        value = str(getattr(typed, name)) if name in known else ""
        if name in (*FOLDED, "title") or not value:
            continue
        if name == "faculty":
            value = _faculty(value, container)
        elif name == "language":
            value = gettext(LANGUAGE_NAMES.get(value, value))
        elif name == "licence":
            value = words.licence(value)
        elif name == "embargo_of":
            value = gettext(words.WHOLE)
        elif (day := day_of(value)) is not None:
            value = formats.long_day(day, locale())
        yield words.field(name), value


def _links(deposit: Deposit) -> Iterator[tuple[str, str]]:
    """Where a librarian goes on with it."""
    if may(actor(), Action.CATALOGUE):
        yield gettext("Complete the description"), f"/cataloguing/{deposit.record_id}"
    if deposit.stage is Stage.APPROVAL and may(actor(), Action.SEE_WORK):
        yield gettext("Look at the description"), f"/review/{deposit.record_id}"
    if may(actor(), Action.SEE_WORK):
        yield gettext("Files of the record"), f"/documents/new?record={deposit.record_id}"
    if deposit.asked_to_withdraw and deposit.is_published and may(actor(), Action.WITHDRAW):
        yield gettext("Withdraw the record"), f"/cataloguing/{deposit.record_id}/withdraw"


def _faculty(code: str, container: Container) -> str:
    for one in container.configuration.current().faculties.all:
        if one.code == code:
            return said(one.names, language(), settings().default_language)
    return code
