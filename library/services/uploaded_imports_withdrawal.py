"""An import is taken back: records that it added are withdrawn, records that it changed are as they were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor
from library.domain.errors import N_
from library.domain.journal import Deed
from library.domain.record import CatalogueRecord, Status
from library.domain.uploaded_import import Fate, ImportedRecord, UploadedImport, UploadState
from library.marc import dialects
from library.marc.differences import differences
from library.marc.writing import field_line

# As many records are taken back in one transaction: others wait for it about as long as for a page.
AT_ONCE = 100
REASON = N_("withdrawn together with the import that brought it")
_WAITING = (Fate.ADDED, Fate.CHANGED)
_THOUSAND = 1000


def withdraw_some(database: Database, upload: UploadedImport, at: datetime) -> None:
    """Take back the next records of this import, or note that all are done.

    A record that somebody changed since, or works on, is kept as it is.
    """
    who = withdrawer(upload)
    with database.writing() as tx:
        upload = tx.uploaded_imports.get(upload.id)
        items = tx.uploaded_imports.records(upload.id, _WAITING, AT_ONCE)
        if items:
            _take_back(tx, upload, items, who, at)
            counts = tx.uploaded_imports.counts(upload.id)
            left = sum(counts.get(fate, 0) for fate in _WAITING)
            tx.uploaded_imports.advance(upload.id, _THOUSAND * (sum(counts.values()) - left) // sum(counts.values()))
        else:
            counts = tx.uploaded_imports.counts(upload.id)
            tx.uploaded_imports.replace(
                upload, replace(upload, state=UploadState.WITHDRAWN, share=_THOUSAND, finished_at=at)
            )
            facts = {fate.value: count for fate, count in counts.items()}
            tx.journal.add(who, Deed.IMPORT_WITHDRAWAL_ENDED, f"import:{upload.id}", at, after=facts)
        tx.commit()


def withdrawer(upload: UploadedImport) -> Actor:
    """Who asked for the import to be taken back."""
    facts = upload.outcome
    return Actor(key=str(facts["withdrawn_by"]), name=str(facts["withdrawn_by_name"]))


def _take_back(
    tx: UnitOfWork, upload: UploadedImport, items: Sequence[ImportedRecord], who: Actor, at: datetime
) -> None:
    numbers = [item.record_id for item in items]
    now, busy = tx.records.many(numbers), tx.works.many(numbers)
    wanted = [(item.record_id, item.version_before) for item in items if item.fate is Fate.CHANGED]
    former = tx.records.at_versions(wanted) if wanted else {}
    decided: list[ImportedRecord] = []
    changed: list[tuple[CatalogueRecord, DescribedRecord]] = []
    set_back: list[tuple[int, str, int]] = []
    for item in items:
        record = now[item.record_id]
        if record.version != item.version_after or item.record_id in busy:
            decided.append(replace(item, fate=Fate.KEPT))
            continue
        if item.fate is Fate.ADDED:
            after = record.withdraw(REASON, by=who.key, at=at)
        else:
            after = _restored(record, former[item.record_id, item.version_before], who, at)
        changed.append(
            (record, DescribedRecord(record=after, description=dialects.describe(after.dialect, after.marc)))
        )
        set_back.append((record.id, item.digest_before, after.version))
        decided.append(replace(item, fate=Fate.WITHDRAWN if item.fate is Fate.ADDED else Fate.RESTORED))
    tx.records.replace(changed)
    tx.uploaded_imports.decide(upload.id, decided)
    tx.origins.set_back(upload.reading.source_name, set_back)
    tx.outbox.add(Topic.INDEX_RECORD, [record.id for record, _ in changed], at)
    for before, after_described in changed:
        _journal(tx, upload, before, after_described.record, who, at)


def _restored(record: CatalogueRecord, former: CatalogueRecord, who: Actor, at: datetime) -> CatalogueRecord:
    """The next version, with everything that it was before the import."""
    return replace(
        former,
        version=record.version + 1,
        created_at=record.created_at,
        changed_at=at,
        changed_by=who.key,
        approved_by="",
    )


def _journal(
    tx: UnitOfWork,
    upload: UploadedImport,
    before: CatalogueRecord,
    after: CatalogueRecord,
    who: Actor,
    at: datetime,
) -> None:
    name, told = f"record:{before.id}", {"import": upload.id, "version": after.version}
    if after.status is Status.WITHDRAWN:
        tx.journal.add(
            who,
            Deed.RECORD_WITHDRAWN,
            name,
            at,
            before={"status": before.status.value},
            after={"reason": after.withdrawal_reason, **told},
        )
        return
    found = differences(before.marc, after.marc)
    tx.journal.add(
        who,
        Deed.RECORD_RESTORED,
        name,
        at,
        before={"fields": [field_line(field) for place in found for field in place.removed]},
        after={"fields": [field_line(field) for place in found for field in place.added], **told},
    )
