"""What becomes of the records of one batch: new, changed, unchanged, or rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from library.db.imports import Counts
from library.db.origins import Origin
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import UnitOfWork
from library.domain.description import Description
from library.domain.errors import N_, Message
from library.domain.marc import MarcRecord
from library.domain.record import CatalogueRecord, Status
from library.marc import codec, dialects
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

BY = "import"
DELETED_IN_SOURCE = N_("deleted in the source")
DATABASES = (Format.IRBIS64, Format.IRBIS32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A record that is new here, or differs from what was imported before under its key (`known`)."""

    read: ReadRecord
    encoded: str
    digest: str
    description: Description
    known: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A batch, told apart without writing anything."""

    arrivals: tuple[Arrival, ...]
    unchanged: int
    rejected: tuple[RejectedRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of a batch, and what could not be."""

    counts: Counts
    rejected: tuple[RejectedRecord, ...]


def sort(source: Source, batch: Sequence[ReadRecord], known: Mapping[str, Origin]) -> Sorted:
    """Tell new and changed records from those that are here as they are, and describe the former."""
    arrivals: list[Arrival] = []
    rejected: list[RejectedRecord] = []
    unchanged = 0
    for read in batch:
        origin = known.get(read.key)
        encoded = codec.to_json(read.marc)
        digest = _digest(source, read, encoded)
        if origin is not None and origin.digest == digest:
            unchanged += 1
            continue
        try:
            description = dialects.describe(source.dialect, read.marc)
        except Exception as error:  # noqa: BLE001  (one odd record must not cost the others; it is reported)
            reason = Message.of(
                N_("The record can't be described: {reason}."), reason=f"{type(error).__name__}: {error}"
            )
            rejected.append(_rejection(read, reason))
            continue
        arrivals.append(Arrival(read=read, encoded=encoded, digest=digest, description=description, known=origin))
    return Sorted(arrivals=tuple(arrivals), unchanged=unchanged, rejected=tuple(rejected))


def conflicts(arrivals: Sequence[Arrival], here: Mapping[int, CatalogueRecord]) -> dict[str, RejectedRecord]:
    """Those of the changed records that were edited here since their import, by key, with the reason."""
    found = {}
    for arrival in arrivals:
        if arrival.known is None:
            continue
        record = here[arrival.known.record_id]
        if record.version != arrival.known.imported_version:
            reason = Message.of(
                N_(
                    "Record {id} was edited here since its import, and the source changed too. "
                    "Nothing was overwritten: compare both and save by hand."
                ),
                id=record.id,
            )
            found[arrival.read.key] = _rejection(arrival.read, reason)
    return found


def write(tx: UnitOfWork, source: Source, arrivals: Sequence[Arrival], at: datetime) -> Written:
    """Write new and changed records with their histories, origins and tasks for the index.

    A fixed number of queries, and one more for each changed record.
    """
    new = [arrival for arrival in arrivals if arrival.known is None]
    here = tx.records.many([arrival.known.record_id for arrival in arrivals if arrival.known is not None])
    refused = conflicts(arrivals, here)
    changed = [
        (here[arrival.known.record_id], arrival)
        for arrival in arrivals
        if arrival.known is not None and arrival.read.key not in refused
    ]
    numbers = tx.records.reserve(len(new)) if new else ()
    added = [
        (_first_states(source, number, arrival, at), arrival) for number, arrival in zip(numbers, new, strict=True)
    ]
    tx.records.add([_described(states[-1], arrival) for states, arrival in added])
    tx.records.keep_earlier([state for states, _ in added for state in states[:-1]])
    tx.origins.add([_origin(source, states[-1], arrival) for states, arrival in added])

    next_states = [(before, _next_states(source, before, arrival, at), arrival) for before, arrival in changed]
    tx.records.replace([(before, _described(states[-1], arrival)) for before, states, arrival in next_states])
    tx.records.keep_earlier([state for _, states, _ in next_states for state in states[:-1]])
    tx.origins.replace([_origin(source, states[-1], arrival) for _, states, arrival in next_states])

    tx.outbox.add(Topic.INDEX_RECORD, [*numbers, *(before.id for before, _ in changed)], at)
    return Written(
        counts=Counts(new=len(new), changed=len(changed), rejected=len(refused)), rejected=tuple(refused.values())
    )


def _digest(source: Source, read: ReadRecord, encoded: str) -> str:
    content = f"{source.dialect} {'deleted' if read.deleted else 'live'} {encoded}"
    return hashlib.sha256(content.encode()).hexdigest()


def _rejection(read: ReadRecord, reason: Message) -> RejectedRecord:
    return RejectedRecord(number=read.number, offset=read.offset, reason=reason, raw=b"")


def _first_states(source: Source, number: int, arrival: Arrival, at: datetime) -> list[CatalogueRecord]:
    """The record's life in its source, oldest state first: version 1."""
    read = arrival.read
    first = CatalogueRecord(
        id=number,
        dialect=source.dialect,
        marc=read.earlier[0] if read.earlier else read.marc,
        status=Status.PUBLISHED,
        version=1,
        created_at=at,
        changed_at=at,
        changed_by=BY,
    )
    states = [first]
    for marc in (*read.earlier[1:], read.marc) if read.earlier else ():
        states.append(states[-1].revise(marc, by=BY, at=at))
    states[-1] = _with_status(states[-1], deleted=read.deleted)
    return states


def _next_states(source: Source, before: CatalogueRecord, arrival: Arrival, at: datetime) -> list[CatalogueRecord]:
    """The states after the one we have, the last one as the source has it now."""
    states = []
    state = replace(before, dialect=source.dialect)
    for marc in (*_missed(before.marc, arrival.read.earlier), arrival.read.marc):
        state = state.revise(marc, by=BY, at=at)
        states.append(state)
    states[-1] = _with_status(states[-1], deleted=arrival.read.deleted)
    return states


def _missed(ours: MarcRecord, earlier: tuple[MarcRecord, ...]) -> tuple[MarcRecord, ...]:
    """The versions that were saved in the source after ours and before its newest."""
    for position in range(len(earlier) - 1, -1, -1):
        if earlier[position] == ours:
            return earlier[position + 1 :]
    return ()


def _with_status(record: CatalogueRecord, *, deleted: bool) -> CatalogueRecord:
    if deleted:
        return replace(record, status=Status.WITHDRAWN, withdrawal_reason=DELETED_IN_SOURCE)
    return replace(record, status=Status.PUBLISHED, withdrawal_reason="")


def _described(record: CatalogueRecord, arrival: Arrival) -> DescribedRecord:
    return DescribedRecord(record=record, description=arrival.description, encoded=arrival.encoded)


def _origin(source: Source, record: CatalogueRecord, arrival: Arrival) -> Origin:
    of_database = source.format in DATABASES
    return Origin(
        source=source.name,
        key=arrival.read.key,
        record_id=record.id,
        digest=arrival.digest,
        imported_version=record.version,
        base=source.name.upper() if of_database else "",
        mfn=arrival.read.number if of_database else 0,
    )


def foreseen(arrivals: Sequence[Arrival], refused: Mapping[str, RejectedRecord]) -> Written:
    """What `write` would report, without writing."""
    new = sum(1 for arrival in arrivals if arrival.known is None)
    counts = Counts(new=new, changed=len(arrivals) - new - len(refused), rejected=len(refused))
    return Written(counts=counts, rejected=tuple(refused.values()))
