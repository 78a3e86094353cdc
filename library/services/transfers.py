"""Transfers: from whom files came, by which papers, until when; what a change of them does to their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from library.db.documents import DocumentFilter
from library.db.outbox import Topic
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.document import Document, Signed
from library.domain.journal import Deed
from library.domain.transfer import Paper, PaperKind, Transfer, require_sound
from library.projections.plain_text import clean
from library.services.configuration import Configuration
from library.services.documents_rules import missing_papers

WARNING_DAYS = 60
MOST_FILES = 10_000
MOST_ENDING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """A transfer with its files, the titles of their records, and the papers that are lacking, one of each tuple."""

    transfer: Transfer
    documents: tuple[Document, ...]
    titles: Mapping[int, str]
    missing: tuple[tuple[PaperKind, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTransfer:
    """A transfer in a list; `days_left` until its term ends, None without one; negative when it is over."""

    transfer: Transfer
    missing: tuple[tuple[PaperKind, ...], ...]
    days_left: int | None


class Transfers:
    """Each method is one transaction. `NotEntitled`; `InvalidTransfer` with the remedy; `NotFound`; `StaleVersion`."""

    def __init__(
        self, database: Database, configuration: Configuration, clock: Callable[[], datetime], time_zone: str
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def today(self) -> date:
        """The day it is in the library."""
        return self._clock().astimezone(self._zone).date()

    def enter(self, transfer: Transfer, *, actor: Actor) -> Transfer:
        """Keep a new transfer; it comes back with its number."""
        require(actor, Action.DOCUMENTS)
        cleaned = _cleaned(transfer)
        require_sound(cleaned)
        at = self._clock()
        with self._database.writing() as tx:
            added = tx.transfers.add(
                replace(cleaned, entered_by=actor.key, entered_by_name=actor.name, entered_at=at, version=1)
            )
            tx.journal.add(actor, Deed.TRANSFER_ENTERED, f"transfer:{added.id}", at, after=facts(added))
            tx.commit()
        return added

    def change(self, transfer: Transfer, *, expected: int, actor: Actor) -> Transfer:
        """Save what a transfer is now.

        Files that more people or later days may read by it, or whose papers are lacking now, need a new approval.
        """
        require(actor, Action.DOCUMENTS)
        cleaned = _cleaned(transfer)
        require_sound(cleaned)
        at = self._clock()
        needed = self._configuration.current().papers
        with self._database.writing() as tx:
            before = tx.transfers.get(transfer.id).expecting(expected)
            after = replace(
                cleaned,
                entered_by=before.entered_by,
                entered_by_name=before.entered_by_name,
                entered_at=before.entered_at,
                version=before.version,
            )
            was, now = facts(before), facts(after)
            changed = [name for name in now if was[name] != now[name]]
            if not changed:
                return before
            saved = tx.transfers.save(after)
            gone, come = ({name: said[name] for name in changed} for said in (was, now))
            tx.journal.add(actor, Deed.TRANSFER_CHANGED, f"transfer:{saved.id}", at, before=gone, after=come)
            documents = tx.documents.found(DocumentFilter(transfer_id=saved.id), MOST_FILES)
            if _lets_more(before, after) or missing_papers(after, needed):
                _ask_again(tx, documents, Signed(by=actor.key, by_name=actor.name, at=at), actor)
            tx.outbox.add(Topic.INDEX_RECORD, sorted({document.record_id for document in documents}), at)
            tx.commit()
        return saved

    def one(self, transfer_id: int, *, actor: Actor) -> TransferView:
        """A transfer with its files."""
        require(actor, Action.SEE_WORK)
        needed = self._configuration.current().papers
        with self._database.reading() as view:
            transfer = view.transfers.get(transfer_id)
            documents = tuple(view.documents.found(DocumentFilter(transfer_id=transfer_id), MOST_FILES))
            listed = view.records.listed(sorted({document.record_id for document in documents}))
        return TransferView(
            transfer=transfer,
            documents=documents,
            titles={number: one.description.title for number, one in listed.items()},
            missing=missing_papers(transfer, needed) or (),
        )

    def latest(self, limit: int, offset: int = 0, *, actor: Actor) -> tuple[ListedTransfer, ...]:
        """The newest first."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            found = view.transfers.latest(limit, offset)
        return tuple(map(self._listed, found))

    def ending(self, *, actor: Actor) -> tuple[ListedTransfer, ...]:
        """Subscriptions whose term ends in the next 60 days, or ended in the last, the soonest first."""
        require(actor, Action.SEE_WORK)
        today, near = self.today(), timedelta(days=WARNING_DAYS)
        with self._database.reading() as view:
            found = view.transfers.ending(today - near, today + near)[:MOST_ENDING]
        return tuple(map(self._listed, found))

    def _listed(self, transfer: Transfer) -> ListedTransfer:
        ends = transfer.term_ends
        return ListedTransfer(
            transfer=transfer,
            missing=missing_papers(transfer, self._configuration.current().papers) or (),
            days_left=None if ends is None else (ends - self.today()).days,
        )


def facts(transfer: Transfer) -> dict[str, object]:
    """What the journal tells of a transfer."""
    return {
        "source": transfer.source.value,
        "partner": transfer.partner,
        "date": transfer.taken_on.isoformat(),
        "papers": [f"{paper.kind} {paper.number} ({paper.date.isoformat()})" for paper in transfer.papers],
        "cost": str(transfer.price),
        "licence": transfer.licence,
        "term": transfer.term_ends.isoformat() if transfer.term_ends else "",
        "remark": transfer.note,
    }


def _cleaned(transfer: Transfer) -> Transfer:
    return replace(
        transfer,
        partner=clean(transfer.partner),
        licence=clean(transfer.licence),
        note=clean(transfer.note),
        papers=tuple(Paper(kind=one.kind, number=clean(one.number), date=one.date) for one in transfer.papers),
    )


def _lets_more(before: Transfer, after: Transfer) -> bool:
    """Whether it is another transfer in law: another source or partner, or a later end."""
    if (before.source, before.partner) != (after.source, after.partner):
        return True
    return before.term_ends is not None and (after.term_ends is None or after.term_ends > before.term_ends)


def _ask_again(tx: UnitOfWork, documents: Iterable[Document], by: Signed, actor: Actor) -> None:
    """Take back the approvals of these files."""
    for document in documents:
        if document.approved is not None:
            saved = tx.documents.save(replace(document, edited=by, approved=None))
            was, now = {"approved_by": document.approved.by}, {"approved_by": ""}
            tx.journal.add(actor, Deed.DOCUMENT_CHANGED, f"document:{saved.id}", by.at, before=was, after=now)
