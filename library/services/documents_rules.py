"""What the library rules for a file that comes: its rights to begin with, its papers, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from library.db.journal import Wanted
from library.db.unit_of_work import ReadingUnit, UnitOfWork
from library.domain.access import Actor
from library.domain.access_level import Rights
from library.domain.document import LONGEST_LABEL, Document, DocumentState
from library.domain.errors import N_, InvalidDocument, PapersMissing
from library.domain.intake_rules import DefaultRights, PapersNeeded
from library.domain.record import Status
from library.domain.transfer import PaperKind, Transfer
from library.projections.plain_text import clean

LONGEST_LICENCE = 200
# States in which the bytes of a file are there for good, or on their way to be.
HELD = frozenset({DocumentState.QUARANTINED, DocumentState.KEPT, DocumentState.CLOSED, DocumentState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is said of a file that comes; without `rights` it begins with those that the library rules."""

    label: str = ""
    rights: Rights | None = None
    transfer_id: int | None = None


def settled(view: ReadingUnit | UnitOfWork, record_id: int, terms: Terms, ruled: DefaultRights) -> tuple[str, Rights]:
    """Label and rights that a file of this record begins with; raises where the record or transfer can't have it."""
    described = view.records.described(record_id)
    require_open_to_files(described.record.status, record_id)
    source = view.transfers.get(terms.transfer_id).source if terms.transfer_id is not None else None
    rights = terms.rights or Rights(level=ruled.level_for(described.description.material, source))
    return sound(terms.label, rights)


def require_open_to_files(status: Status, record_id: int) -> None:
    """Raise `InvalidDocument` for a record that was withdrawn."""
    if status is Status.WITHDRAWN:
        raise InvalidDocument(N_("Record {id} is withdrawn and takes no files."), id=record_id)


def sound(label: str, rights: Rights) -> tuple[str, Rights]:
    """Label and rights as they are kept; `InvalidDocument` with the remedy."""
    label, licence = clean(label), clean(rights.licence)
    if len(label) > LONGEST_LABEL:
        raise InvalidDocument(N_("A label has {most} characters at most."), most=LONGEST_LABEL)
    if len(licence) > LONGEST_LICENCE:
        raise InvalidDocument(N_("A licence has {most} characters at most."), most=LONGEST_LICENCE)
    return label, replace(rights, licence=licence)


def require_not_there(view: ReadingUnit | UnitOfWork, document: Document) -> None:
    """Raise `InvalidDocument` where the record has the same file already."""
    for other in view.documents.with_digest(document.digest):
        if other.record_id == document.record_id and other.id != document.id and other.state in HELD:
            raise InvalidDocument(
                N_("The record has this file already: it is file {id}, “{name}”."), id=other.id, name=other.name
            )


def wrote_papers(view: ReadingUnit | UnitOfWork, transfer_id: int | None, actor: Actor) -> bool:
    """Whether this actor entered or ever changed the transfer, by the journal: one query."""
    if transfer_id is None:
        return False
    return view.journal.count(Wanted(actors=(actor.key,), object=f"transfer:{transfer_id}")) > 0


def missing_papers(transfer: Transfer | None, needed: PapersNeeded) -> tuple[tuple[PaperKind, ...], ...] | None:
    """What is lacking, one of each tuple; None where nobody entered by which transfer the file came."""
    return None if transfer is None else needed.of(transfer.source).missing(transfer.papers)


def require_papers(document: Document, transfer: Transfer | None, needed: PapersNeeded) -> None:
    """Raise `PapersMissing` unless the papers are entered that the file's source needs."""
    missing = missing_papers(transfer, needed)
    if missing is None:
        raise PapersMissing(
            N_("Nobody entered by which transfer the file “{name}” came. Choose its transfer."), name=document.name
        )
    if missing:
        raise PapersMissing(
            N_("Papers are missing for the file “{name}”: {papers}. Enter them in its transfer."),
            name=document.name,
            papers="; ".join(" / ".join(kinds) for kinds in missing),
        )


def facts(document: Document) -> dict[str, object]:
    """What the journal tells of a file."""
    rights = document.rights
    return {
        "record": document.record_id,
        "name": document.name,
        "label": document.label,
        "size": document.size,
        "digest": document.digest,
        "state": document.state.value,
        "reason": str(document.reason) if document.reason else "",
        "level": rights.level.value,
        "embargo": rights.embargo_until.isoformat() if rights.embargo_until else "",
        "licence": rights.licence,
        "transfer": document.transfer_id or "",
        "approved_by": document.approved.by if document.approved else "",
        "next_try": document.next_try_at.isoformat(timespec="seconds") if document.next_try_at else "",
    }
