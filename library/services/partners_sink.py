"""Where the pages of a harvest go: each in one transaction, together with how far the harvest has got."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from harvest.intake.checkpoint import (
    Checkpoint,
    Counts,
    Ending,
    Outcome,
    Standing,
    Vanishing,
    dump_windows,
    load_windows,
)
from harvest.intake.pages import ListPage
from harvest.model import Granularity, write_datestamp
from library.db.duplicate_keys import KeyKind, WorkKeys, doi_keys, isbn_keys
from library.db.partners import KeptStanding
from library.db.partners_records import TWIN, Mark, PartnerRecord
from library.db.partners_rejects import Reject
from library.db.record_rows import Derived
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor
from library.domain.errors import Message
from library.domain.journal import Deed
from library.domain.partners import KeptPartner, PartnerRun, RejectKind, RejectState, RunCounts, RunKind, RunState
from library.services.duplicates import Sameness
from library.services.import_batch import Arrival, sort, write
from library.services.import_report import Hands
from library.services.partner_access import message_of
from library.services.partners_reading import Coming, SortedPage, raw_of, sorted_page, source_for

HARVESTER = Actor(key="harvest", name="")
MOST_TWINS = 5
# Pages of a partner may be of any length, lists in a query may not.
AT_ONCE = 2_000
# The most telling first.
_SAMENESS = {KeyKind.DOI: Sameness.DOI, KeyKind.ISBN: Sameness.ISBN, KeyKind.WORK: Sameness.WORK}
ENDINGS = {
    Ending.COMPLETE: RunState.COMPLETE,
    Ending.INTERRUPTED: RunState.INTERRUPTED,
    Ending.FAILED: RunState.FAILED,
}


class Stopped(Exception):
    """The program ends in the middle of a run; what is stored is stored, and the next one goes on there."""


@dataclass(slots=True)
class HarvestSink:
    """What `harvest.intake` stores through, for one partner and one run; `told` hears of the counts after each page."""

    database: Database
    partner: KeptPartner
    run: PartnerRun
    clock: Callable[[], datetime]
    stop: Callable[[], bool] = lambda: False
    told: Callable[[PartnerRun], None] = lambda _: None
    kind: RunKind = RunKind.HARVEST
    _begun: datetime = field(init=False)
    _worked: int = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()
        self._worked = self.run.seconds

    def standing(self) -> Standing:
        """Where the last run stopped; a checkpoint that can't be read is none."""
        with self.database.reading() as view:
            kept = view.partners.standing(self.partner.id, self.kind)
        try:
            checkpoint = Checkpoint.loaded(kept.checkpoint) if kept.checkpoint else None
        except (ValueError, KeyError, TypeError):
            checkpoint = None
        return Standing(since=kept.since, holes=load_windows(json.loads(kept.holes)), checkpoint=checkpoint)

    def take(self, page: ListPage, checkpoint: Checkpoint) -> None:
        """Store both; a page that comes again changes nothing. `Stopped` afterwards where the program ends."""
        found = sorted_page(page, self.partner)
        at = self.clock()
        with self.database.writing() as tx:
            for part in found.parts(AT_ONCE):
                self.run = replace(self.run, counts=self._plus(put(tx, self.partner, part, at)))
            self._keep(tx, checkpoint, self.run.counts, at)
            tx.commit()
        self._go_on()

    def vanishing(self) -> Vanishing:
        """How many records the partner deleted since a person was last asked, of those that readers see."""
        with self.database.reading() as view:
            records = view.partner_records
            return Vanishing(visible=records.visible(self.partner.id), hidden=records.marked(self.partner.id))

    def finish(self, outcome: Outcome) -> None:
        """Store what the run came to; what is to be hidden is marked so, for `partners_sweeping`."""
        at = self.clock()
        with self.database.writing() as tx:
            self._close(tx, outcome)
            vanishing = outcome.vanishing
            self.run = replace(
                self.run,
                state=ENDINGS[outcome.ending],
                finished_at=at,
                seconds=self._seconds(at),
                counts=_with_engine(self.run.counts, outcome.counts),
                problem=None if outcome.error is None else message_of(outcome.error),
                holes=len(outcome.holes),
                missing=outcome.counts.missing,
                asks=outcome.hide is False,
                visible=vanishing.visible if vanishing else 0,
                vanishing=vanishing.hidden if vanishing else 0,
            )
            tx.partners.save_run(self.run)
            if outcome.identity is not None:
                by_day = outcome.identity.granularity is Granularity.DAY
                tx.partners.met(self.partner.id, outcome.identity.deleted_records.value, by_day=by_day)
            facts = {"kind": self.kind.value, "state": self.run.state.value, **self.run.counts.facts()}
            tx.journal.add(HARVESTER, Deed.HARVEST_ENDED, f"partner:{self.partner.id}", at, after=facts)
            tx.commit()

    def _close(self, tx: UnitOfWork, outcome: Outcome) -> None:
        checkpoint = "" if outcome.checkpoint is None else outcome.checkpoint.dumped()
        holes = json.dumps(dump_windows(outcome.holes))
        standing = KeptStanding(since=outcome.since, holes=holes, checkpoint=checkpoint)
        tx.partners.keep_standing(self.partner.id, self.kind, standing)
        if outcome.hide:
            tx.partner_records.decide_marks(self.partner.id, hide=True)

    def _plus(self, counts: RunCounts) -> RunCounts:
        mine = self.run.counts
        return replace(
            mine,
            new=mine.new + counts.new,
            changed=mine.changed + counts.changed,
            unchanged=mine.unchanged + counts.unchanged,
            gone=mine.gone + counts.gone,
            set_aside=mine.set_aside + counts.set_aside,
        )

    def _keep(self, tx: UnitOfWork, checkpoint: Checkpoint, counts: RunCounts, at: datetime) -> None:
        tx.partners.keep_checkpoint(self.partner.id, self.kind, checkpoint.dumped())
        self.run = replace(self.run, counts=_with_engine(counts, checkpoint.counts), seconds=self._seconds(at))
        tx.partners.save_run(self.run)

    def _seconds(self, at: datetime) -> int:
        return self._worked + max(0, round((at - self._begun).total_seconds()))

    def _go_on(self) -> None:
        self.told(self.run)
        if self.stop():
            raise Stopped


class CompareSink(HarvestSink):
    """The same for a comparison, which only ticks off what the partner still has."""

    def take(self, page: ListPage, checkpoint: Checkpoint) -> None:
        """Tick off the living ones."""
        names = [record.identifier for record in page.records if not record.deleted]
        with self.database.writing() as tx:
            for start in range(0, len(names), AT_ONCE):
                known = tx.origins.of_source(self.partner.source, names[start : start + AT_ONCE])
                tx.partner_records.tick([origin.record_id for origin in known.values()])
                self.run = replace(self.run, counts=self._plus(RunCounts(unchanged=len(known))))
            counts = self._plus(RunCounts(set_aside=len(page.rejected)))
            self._keep(tx, checkpoint, counts, self.clock())
            tx.commit()
        self._go_on()

    def vanishing(self) -> Vanishing:
        """What readers see and the partner did not list."""
        with self.database.reading() as view:
            records = view.partner_records
            return Vanishing(visible=records.visible(self.partner.id), hidden=records.unticked(self.partner.id))

    def _close(self, tx: UnitOfWork, outcome: Outcome) -> None:
        if outcome.hide is not None:
            tx.partner_records.mark_unticked(self.partner.id)
            self.run = replace(self.run, counts=replace(self.run.counts, gone=_hidden(outcome)))
        super()._close(tx, outcome)
        if outcome.checkpoint is None:
            tx.partner_records.untick(self.partner.id)


def put(tx: UnitOfWork, partner: KeptPartner, page: SortedPage, at: datetime) -> RunCounts:
    """Write what a page holds: a fixed number of queries, and one more for each changed record."""
    source = source_for(partner)
    names = [one.prepared.key for one in page.coming]
    known = tx.origins.of_source(source.name, [*names, *page.deleted])
    facts = tx.partner_records.of_records([origin.record_id for origin in known.values()])
    here = {name: facts[origin.record_id] for name, origin in known.items()}
    # What a person said to be the same as a record of ours stays hidden, whatever becomes of it there.
    open_ones = [one for one in page.coming if one.prepared.key not in here or here[one.prepared.key].hidden != TWIN]
    told_apart = sort([one.prepared for one in open_ones], known)
    written = write(tx, source, told_apart.arrivals, Hands(by=HARVESTER.key), at)
    conflicts = {one.record.key: one.reason for one in written.refused}
    numbers = _numbers(told_apart.arrivals, [one.after.id for one in written.records], conflicts)
    fresh = {arrival.record.key for arrival in told_apart.arrivals} - conflicts.keys()
    _note(tx, partner, page.coming, numbers, here, fresh, at)
    gone = [here[name].record_id for name in page.deleted if name in here and _is_shown(here[name])]
    # One that a person hid behind another is noted too: it must not come back when that is taken back.
    behind = [here[name].record_id for name in page.deleted if name in here and here[name].hidden == TWIN]
    tx.partner_records.mark([*gone, *behind], Mark.DELETED)
    aside = [
        *(_reject(partner, one.identifier, one.raw, one.reason, RejectKind.UNREADABLE, at) for one in page.unfit),
        *(
            _reject(partner, one.prepared.key, raw_of(one.record), conflicts[one.prepared.key], RejectKind.CONFLICT, at)
            for one in page.coming
            if one.prepared.key in conflicts
        ),
    ]
    tx.partner_rejects.set_aside(aside)
    tx.partner_rejects.settle(partner.id, [name for name in (*names, *page.deleted) if name not in conflicts])
    _suggest(
        tx,
        partner,
        [(arrival, numbers[arrival.record.key]) for arrival in told_apart.arrivals if arrival.record.key in fresh],
    )
    return RunCounts(
        new=written.counts.new,
        changed=written.counts.changed,
        unchanged=told_apart.unchanged + len(page.coming) - len(open_ones),
        gone=len(gone),
        set_aside=len(aside),
    )


def _numbers(arrivals: Sequence[Arrival], written: Sequence[int], conflicts: Mapping[str, Message]) -> dict[str, int]:
    """The numbers of records that were written, by their names: new ones come first, as `write` gives them."""
    new = [arrival.record.key for arrival in arrivals if arrival.known is None]
    changed = [arrival.record.key for arrival in arrivals if arrival.known is not None]
    names = [*new, *(name for name in changed if name not in conflicts)]
    return dict(zip(names, written, strict=True))


def _note(
    tx: UnitOfWork,
    partner: KeptPartner,
    coming: Iterable[Coming],
    numbers: Mapping[str, int],
    here: Mapping[str, PartnerRecord],
    fresh: set[str],
    at: datetime,
) -> None:
    """Keep what is known of each record beside its content; nothing is written where nothing differs."""
    comparing = bool(tx.partners.standing(partner.id, RunKind.COMPARE).checkpoint)
    new: list[PartnerRecord] = []
    known: list[PartnerRecord] = []
    for one in coming:
        name, before = one.prepared.key, here.get(one.prepared.key)
        now = PartnerRecord(
            record_id=numbers[name] if before is None else before.record_id,
            partner_id=partner.id,
            identifier=name,
            datestamp=write_datestamp(one.record.datestamp),
            harvested_at=at if before is None or name in fresh else before.harvested_at,
            hidden=before.hidden if before is not None and name not in fresh else "",
            earlier=one.earlier,
        )
        if before is None:
            new.append(now)
        elif comparing or now != replace(before, version=0):
            known.append(now)
    tx.partner_records.came(new, known)


def _suggest(tx: UnitOfWork, partner: KeptPartner, written: Sequence[tuple[Arrival, int]]) -> None:
    """Keep the records that may be of the same documents, for a person."""
    works = WorkKeys()
    wanted: dict[KeyKind, dict[int, list[int]]] = {kind: {} for kind in _SAMENESS}
    for arrival, number in written:
        facts: Derived = arrival.derived
        for key in isbn_keys(facts.isbns):
            wanted[KeyKind.ISBN].setdefault(key, []).append(number)
        for key in doi_keys(facts.dois):
            wanted[KeyKind.DOI].setdefault(key, []).append(number)
        if facts.author or facts.year:
            work = works.key(facts.title, facts.author, facts.year)
            if work is not None:
                wanted[KeyKind.WORK].setdefault(work, []).append(number)
    pairs: dict[tuple[int, int], int] = {}
    found: dict[int, int] = {}
    for kind, sameness in _SAMENESS.items():
        for key, other in tx.partner_records.sharing(kind, sorted(wanted[kind]), partner.id):
            for number in wanted[kind][key]:
                if (number, other) not in pairs and found.get(number, 0) < MOST_TWINS:
                    pairs[number, other] = sameness
                    found[number] = found.get(number, 0) + 1
    tx.partner_records.suggest(pairs)


def _reject(
    partner: KeptPartner, identifier: str, raw: bytes, reason: Message, kind: RejectKind, at: datetime
) -> Reject:
    return Reject(
        id=0,
        partner_id=partner.id,
        identifier=identifier,
        kind=kind,
        state=RejectState.OPEN,
        raw=raw,
        reason=reason,
        came_at=at,
    )


def _is_shown(record: PartnerRecord) -> bool:
    return not record.hidden and record.mark is Mark.NONE


def _hidden(outcome: Outcome) -> int:
    return outcome.vanishing.hidden if outcome.vanishing is not None else 0


def _with_engine(counts: RunCounts, engine: Counts) -> RunCounts:
    """The counts with what the engine alone knows, over all parts of the run."""
    requests = engine.pages + engine.repeats + engine.waits
    return replace(counts, mended=engine.mended, own=engine.own, requests=requests, octets=engine.octets)
