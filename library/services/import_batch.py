"""What becomes of the records of one batch: new, changed, unchanged, or rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from library.db.imports import Counts
from library.db.origins import Origin
from library.db.outbox import Topic
from library.db.record_rows import Derived
from library.db.records import State
from library.db.unit_of_work import UnitOfWork
from library.domain.errors import N_, Message
from library.domain.record import Status
from library.marc.source import Format, Source
from library.services.import_prepared import PreparedRecord
from library.services.import_report import Hands

DELETED_IN_SOURCE = N_("deleted in the source")
DATABASES = (Format.IRBIS64, Format.IRBIS32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A record that is new here, or differs from what was imported before under its key (`known`)."""

    record: PreparedRecord
    derived: Derived
    known: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that was read but is not taken in."""

    record: PreparedRecord
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A batch, told apart without writing anything."""

    arrivals: tuple[Arrival, ...]
    unchanged: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRecord:
    """A record that was written: its new state, the one before it and the digest of that in the source, if any."""

    after: State
    before: State | None = None
    digest_before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of a batch, and what could not be; a dry run writes no records."""

    counts: Counts
    refused: tuple[Refused, ...]
    records: tuple[WrittenRecord, ...] = ()


def sort(batch: Sequence[PreparedRecord], known: Mapping[str, Origin]) -> Sorted:
    """Tell new and changed records from those that are here as they are and those that can't be described."""
    arrivals: list[Arrival] = []
    refused: list[Refused] = []
    unchanged = 0
    for record in batch:
        origin = known.get(record.key)
        if origin is not None and origin.digest == record.digest:
            unchanged += 1
        elif isinstance(record.derived, Message):
            refused.append(Refused(record=record, reason=record.derived))
        else:
            arrivals.append(Arrival(record=record, derived=record.derived, known=origin))
    return Sorted(arrivals=tuple(arrivals), unchanged=unchanged, refused=tuple(refused))


def conflicts(arrivals: Sequence[Arrival], here: Mapping[int, State]) -> dict[str, Refused]:
    """Those of the changed records that were edited here since their import, by key, with the reason."""
    found = {}
    for arrival in arrivals:
        if arrival.known is None:
            continue
        state = here[arrival.known.record_id]
        if state.version != arrival.known.imported_version:
            reason = Message.of(
                N_(
                    "Record {id} was edited here since its import, and the source changed too. "
                    "Nothing was overwritten: compare both and save by hand."
                ),
                id=state.id,
            )
            found[arrival.record.key] = Refused(record=arrival.record, reason=reason)
    return found


def write(tx: UnitOfWork, source: Source, arrivals: Sequence[Arrival], hands: Hands, at: datetime) -> Written:
    """Write new and changed records with their histories, origins and tasks for the index.

    A fixed number of queries, and one more for each changed record.
    """
    new = [arrival for arrival in arrivals if arrival.known is None]
    here = tx.records.states([arrival.known.record_id for arrival in arrivals if arrival.known is not None])
    refused = conflicts(arrivals, here)
    changed = [
        (here[arrival.known.record_id], arrival)
        for arrival in arrivals
        if arrival.known is not None and arrival.record.key not in refused
    ]
    numbers = tx.records.reserve(len(new)) if new else ()
    added = [
        (_first_states(source, number, arrival.record, hands, at), arrival)
        for number, arrival in zip(numbers, new, strict=True)
    ]
    tx.records.add_states([(states[-1], arrival.derived) for states, arrival in added])
    tx.records.keep_earlier([state for states, _ in added for state in states[:-1]])
    tx.origins.add([_origin(source, states[-1], arrival.record) for states, arrival in added])

    next_states = [
        (before, _next_states(source, before, arrival.record, hands, at), arrival) for before, arrival in changed
    ]
    tx.records.replace_states([(before, states[-1], arrival.derived) for before, states, arrival in next_states])
    tx.records.keep_earlier([state for _, states, _ in next_states for state in states[:-1]])
    tx.origins.replace([_origin(source, states[-1], arrival.record) for _, states, arrival in next_states])

    tx.outbox.add(Topic.INDEX_RECORD, [*numbers, *(before.id for before, _ in changed)], at)
    return Written(
        counts=Counts(new=len(new), changed=len(changed), rejected=len(refused)),
        refused=tuple(refused.values()),
        records=(
            *(WrittenRecord(after=states[-1]) for states, _ in added),
            *(
                WrittenRecord(before=before, after=states[-1], digest_before=_known(arrival).digest)
                for before, states, arrival in next_states
            ),
        ),
    )


def foreseen(arrivals: Sequence[Arrival], refused: Mapping[str, Refused]) -> Written:
    """What `write` would report, without writing."""
    new = sum(1 for arrival in arrivals if arrival.known is None)
    counts = Counts(new=new, changed=len(arrivals) - new - len(refused), rejected=len(refused))
    return Written(counts=counts, refused=tuple(refused.values()))


def _known(arrival: Arrival) -> Origin:
    assert arrival.known is not None, "only what was imported before is changed"
    return arrival.known


def _first_states(source: Source, number: int, record: PreparedRecord, hands: Hands, at: datetime) -> list[State]:
    """The record's life in its source, oldest state first: version 1."""
    status, reason = _status(record)
    states = [
        State(
            id=number,
            dialect=source.dialect,
            marc=marc,
            status=Status.PUBLISHED,
            version=version,
            created_at=at,
            changed_at=at,
            changed_by=hands.by,
            approved_by=hands.approved_by,
        )
        for version, marc in enumerate(record.earlier, start=1)
    ]
    newest = State(
        id=number,
        dialect=source.dialect,
        marc=record.marc,
        status=status,
        version=len(states) + 1,
        created_at=at,
        changed_at=at,
        changed_by=hands.by,
        approved_by=hands.approved_by,
        withdrawal_reason=reason,
    )
    return [*states, newest]


def _next_states(source: Source, before: State, record: PreparedRecord, hands: Hands, at: datetime) -> list[State]:
    """The states after the one we have, the last one as the source has it now."""
    texts = (*_missed(before.marc, record.earlier), record.marc)
    states = [
        replace(
            before,
            dialect=source.dialect,
            marc=marc,
            version=version,
            changed_at=at,
            changed_by=hands.by,
            approved_by=hands.approved_by,
        )
        for version, marc in enumerate(texts, start=before.version + 1)
    ]
    status, reason = _status(record)
    states[-1] = replace(states[-1], status=status, withdrawal_reason=reason)
    return states


def _missed(ours: str, earlier: tuple[str, ...]) -> tuple[str, ...]:
    """The versions that were saved in the source after ours and before its newest; equal records are equal texts."""
    for position in range(len(earlier) - 1, -1, -1):
        if earlier[position] == ours:
            return earlier[position + 1 :]
    return ()


def _status(record: PreparedRecord) -> tuple[Status, str]:
    return (Status.WITHDRAWN, DELETED_IN_SOURCE) if record.deleted else (Status.PUBLISHED, "")


def _origin(source: Source, state: State, record: PreparedRecord) -> Origin:
    of_database = source.format in DATABASES
    return Origin(
        source=source.name,
        key=record.key,
        record_id=state.id,
        digest=record.digest,
        imported_version=state.version,
        base=source.name.upper() if of_database else "",
        mfn=record.number if of_database else 0,
    )
