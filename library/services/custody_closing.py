"""Closing the documents of a file in which something was found, and opening them again when it is mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from library.db.outbox import Topic
from library.db.unit_of_work import UnitOfWork
from library.domain.access import Actor
from library.domain.document import DocumentState, Scan
from library.domain.errors import Message
from library.domain.journal import Deed, Facts
from storage.model import Digest, Verdict

KEEPER = Actor(key="worker", name="library worker")
"""Who does what the worker does by itself."""


def scan_of(verdict: Verdict) -> Scan:
    """A verdict as a document bears it."""
    return Scan(
        finding=verdict.finding.value,
        engine=verdict.engine,
        signatures=verdict.signatures,
        at=verdict.scanned_at,
    )


def close(tx: UnitOfWork, digest: Digest, reason: Message, found: Facts, at: datetime) -> int:
    """Close all documents with these bytes that are not closed yet, each with a line in the journal; how many."""
    closed = 0
    for document in tx.documents.with_digest(digest.hex):
        if document.state not in (DocumentState.KEPT, DocumentState.WITHDRAWN):
            continue
        tx.documents.save(document.closed(reason))
        facts = {"name": document.name, "digest": digest.hex, "reason": str(reason), **found}
        tx.journal.add(KEEPER, Deed.DOCUMENT_CLOSED, f"document:{document.id}", at, after=facts)
        tx.outbox.add(Topic.INDEX_RECORD, [document.record_id], at)
        closed += 1
    return closed


def reopen(tx: UnitOfWork, digest: Digest, verdict: Verdict, actor: Actor, at: datetime) -> int:
    """Open all closed documents with these bytes, which were just found sound and clean; how many."""
    opened = 0
    for document in tx.documents.with_digest(digest.hex):
        if document.state is not DocumentState.CLOSED:
            continue
        tx.documents.save(replace(document.reopened(), scan=scan_of(verdict)))
        before = {"reason": str(document.reason or "")}
        facts = {"name": document.name, "digest": digest.hex, "engine": verdict.engine}
        tx.journal.add(actor, Deed.DOCUMENT_REOPENED, f"document:{document.id}", at, before=before, after=facts)
        tx.outbox.add(Topic.INDEX_RECORD, [document.record_id], at)
        opened += 1
    return opened
