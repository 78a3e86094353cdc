"""Pages of files for staff: the queue, one file, and what their forms hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from library.db.reading import TextGrant
from library.domain.access import Action, Actor, may
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.transfer import Transfer
from library.projections.journal_table import changes, visible
from library.services.documents import APPROVABLE, NOT_KEPT
from library.services.documents_queue import FileView, Part, Queue, QueueLine
from library.web import documents_words as words
from library.web import formats, journal_files, journal_words
from library.web.holdings import SOURCES
from library.web.languages import gettext, locale, told
from library.web.pages import Page
from library.web.words import ACCESS_LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file in a list."""

    id: int
    name: str
    record_id: int
    title: str
    state: str
    tone: str
    reason: str
    next_step: str
    size: str
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLink:
    """A part of the queue with the number of files in it."""

    label: str
    address: str
    count: int
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage(Page):
    """A part of the queue; `scanner` says how the virus scanner is."""

    template: ClassVar[str] = "documents/queue.html"
    robots: ClassVar[str] = "noindex"

    scanner: str
    is_well: bool
    part: str
    heading: str
    parts: tuple[PartLink, ...]
    words: str
    lines: tuple[FileLine, ...]
    total: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose, or to put a mark at."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeForm:
    """What a form that describes a file holds."""

    label: str
    levels: tuple[Choice, ...]
    embargo: str
    licence: str
    transfers: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFact:
    """What an entry of the journal tells of one thing; a side may be empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """An entry of the journal; `at` is None where it was tampered with."""

    deed: str
    at: datetime | None
    by: str
    facts: tuple[HistoryFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage(Page):
    """One file with all that is known of it; the `may_…` say which deeds are offered."""

    template: ClassVar[str] = "documents/file.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    line: FileLine
    version: int
    remedy: str
    facts: tuple[tuple[str, str], ...]
    rights: str
    transfer_id: int | None
    missing: str
    form: DescribeForm
    may_describe: bool
    may_approve: bool
    is_own: bool
    may_withdraw: bool
    may_restore: bool
    may_reopen: bool
    may_try: bool
    may_discard: bool
    may_grant: bool
    grants: tuple[TextGrant, ...]
    history: tuple[HistoryLine, ...]


def file_line(line: QueueLine) -> FileLine:
    """A file for a list."""
    one = line.document
    return FileLine(
        id=one.id,
        name=one.name,
        record_id=one.record_id,
        title=line.title,
        state=words.state(one),
        tone=words.tone(one),
        reason=told(one.reason) if one.reason else "",
        next_step=words.next_step(one, line.missing),
        size=formats.size(one.size, locale()),
        received_at=one.received.at,
        received_by=one.received.by_name,
    )


def part_links(queue: Queue, here: Part) -> tuple[PartLink, ...]:
    """The parts of the queue."""
    return tuple(
        PartLink(
            label=gettext(label),
            address=f"/documents?part={part}",
            count=queue.counts[part],
            is_here=part is here,
        )
        for part, label in words.PARTS.items()
    )


def levels(chosen: AccessLevel | None) -> tuple[Choice, ...]:
    """The rights to choose among."""
    return tuple(
        Choice(value=level.value, label=gettext(ACCESS_LEVELS[level]), is_chosen=level is chosen)
        for level in AccessLevel
    )


def transfer_choices(transfers: Iterable[Transfer], chosen: int | None) -> tuple[Choice, ...]:
    """Transfers to choose among."""
    return tuple(Choice(value=str(one.id), label=transfer_name(one), is_chosen=one.id == chosen) for one in transfers)


def transfer_name(transfer: Transfer) -> str:
    """A transfer in a line: number, day, source, partner."""
    day = formats.short_day(transfer.taken_on, locale())
    parts = (f"{transfer.id}", day, gettext(SOURCES[transfer.source]), transfer.partner)
    return " · ".join(part for part in parts if part)


def describe_form(document: Document, transfers: Iterable[Transfer], typed: Mapping[str, str] | None) -> DescribeForm:
    """The form of a file; `typed` is what was sent and could not be used."""
    of, sent = document.rights, typed or {}
    level = sent.get("level", of.level.value)
    transfer = sent.get("transfer", str(document.transfer_id or ""))
    return DescribeForm(
        label=sent.get("label", document.label),
        levels=levels(AccessLevel(level) if level in list(AccessLevel) else None),
        embargo=sent.get("embargo", of.embargo_until.isoformat() if of.embargo_until else ""),
        licence=sent.get("licence", of.licence),
        transfers=transfer_choices(transfers, int(transfer) if transfer.isdecimal() else None),
    )


def file_page(view: FileView, form: DescribeForm, *, today: date, actor: Actor, csrf: str, problem: str) -> FilePage:
    """The page of one file, for whoever asks."""
    one = view.document
    approver = may(actor, Action.APPROVE) and one.state in APPROVABLE and one.approved is None
    is_own = actor.key in (one.received.by, one.edited.by) or view.is_by_own_papers
    missing = view.missing
    return FilePage(
        csrf=csrf,
        problem=problem,
        line=file_line(QueueLine(document=one, title=view.title, missing=missing)),
        version=one.version,
        remedy=words.remedy(one),
        facts=tuple(_facts(view)),
        rights=words.rights(one.rights, today),
        transfer_id=one.transfer_id,
        missing=words.papers(missing) if missing else "",
        form=form,
        may_describe=may(actor, Action.DOCUMENTS),
        may_approve=approver and not is_own and missing == (),
        is_own=approver and is_own,
        may_withdraw=may(actor, Action.WITHDRAW) and one.state in (DocumentState.KEPT, DocumentState.CLOSED),
        may_restore=may(actor, Action.WITHDRAW) and one.state is DocumentState.WITHDRAWN,
        may_reopen=may(actor, Action.APPROVE) and one.state is DocumentState.CLOSED,
        may_try=may(actor, Action.DOCUMENTS) and one.state is DocumentState.QUARANTINED,
        may_discard=may(actor, Action.DOCUMENTS) and one.state in NOT_KEPT,
        may_grant=may(actor, Action.GRANT_TEXT) and one.state is DocumentState.KEPT,
        grants=view.grants,
        history=tuple(_history(view)),
    )


def typed_rights(level: str, embargo: date | None, licence: str, otherwise: AccessLevel) -> Rights:
    """The rights of a form; `otherwise` where no level was chosen."""
    chosen = AccessLevel(level) if level in list(AccessLevel) else otherwise
    return Rights(level=chosen, embargo_until=embargo, licence=licence)


def _facts(view: FileView) -> Iterable[tuple[str, str]]:
    one = view.document
    yield gettext("File size"), formats.size(one.size, locale())
    if one.media_type:
        yield gettext("Format"), one.contents.format or one.media_type
    if one.contents.pages:
        yield gettext("Pages"), formats.number(one.contents.pages, locale())
    if one.digest:
        yield "SHA-256", one.digest
    if one.scan is not None:
        finding = gettext(words.FINDINGS[one.scan.finding]) if one.scan.finding in words.FINDINGS else one.scan.finding
        yield gettext("Virus scan"), f"{finding} · {one.scan.engine} · {one.scan.signatures}"
    if one.kept_at is not None:
        text = gettext(words.TEXTS[one.contents.text])
        reason = told(one.contents.text_reason) if one.contents.text_reason else ""
        yield gettext("Text"), f"{text}. {reason}" if reason else text
    if one.approved is not None:
        yield gettext("Approved by"), one.approved.by_name
    if one.rights.licence:
        yield gettext("Licence"), one.rights.licence
    if view.transfer is not None:
        yield gettext("Transfer"), transfer_name(view.transfer)


def _history(view: FileView) -> Iterable[HistoryLine]:
    for line in view.history:
        changed = (fact.difference() for fact in changes(line.before, line.after))
        facts = tuple(
            HistoryFact(
                label=journal_words.fact(one.name), before=_said(one.name, one.before), after=_said(one.name, one.after)
            )
            for one in changed
            if one.length
        )
        yield HistoryLine(
            deed=journal_words.deed(line.deed),
            at=journal_files.moment(line.at),
            by=visible(line.actor_name or line.actor),
            facts=facts,
        )


def _said(name: str, lines: Iterable[str]) -> str:
    return "; ".join(journal_words.value(name, line) for line in lines)
