"""Harvests: whose turn it is, and one run at a time of each partner, by the worker or by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from threading import Event

from harvest.addresses import WebAddress
from harvest.errors import AddressRefused
from harvest.intake.asking import USUAL_PATIENCE, Patience
from harvest.intake.checkpoint import Partner
from harvest.intake.run import compare, harvest
from harvest.transport import Transport
from library.db.unit_of_work import Database
from library.domain.errors import N_, InvalidPartner
from library.domain.partners import (
    COMPARED_EVERY,
    REST,
    KeptPartner,
    PartnerRun,
    PartnerState,
    RunKind,
    RunState,
    next_due,
)
from library.services.locks import held, is_held
from library.services.partners_sink import CompareSink, HarvestSink, Stopped
from library.services.partners_sweeping import Sweeping

BUSY = N_("This partner is being harvested already.")
LOOK_EVERY = timedelta(seconds=2)
_SINKS: Mapping[RunKind, type[HarvestSink]] = {RunKind.HARVEST: HarvestSink, RunKind.COMPARE: CompareSink}
_RUNS = {RunKind.HARVEST: harvest, RunKind.COMPARE: compare}

LastRuns = Mapping[tuple[int, RunKind], PartnerRun]


@dataclass(slots=True)
class Harvesting:
    """Runs harvests and comparisons; `own_identifiers` is how the names of our own records begin, empty for none.

    `locks` is a directory: whoever holds a partner's lock there runs it. Days and hours are of `zone`.
    """

    database: Database
    transport: Callable[[], Transport]
    locks: Path
    own_identifiers: str
    zone: tzinfo
    clock: Callable[[], datetime]
    patience: Patience = USUAL_PATIENCE
    _stopping: Event = field(default_factory=Event)
    _looked: datetime | None = None

    def step(self) -> bool:
        """Do the next piece of work: sweep some records, or run the harvest that is due, until `stop` is called."""
        now = self.clock()
        if self._stopping.is_set() or (self._looked is not None and now - self._looked < LOOK_EVERY):
            return False
        with self.database.reading() as view:
            partners, last = view.partners.all(), view.partners.last_runs()
        sweeping = Sweeping(database=self.database, clock=self.clock)
        for partner in partners:
            if sweeping.step(partner):
                return True
        for partner in partners:
            kind = due(partner, last, now, self.zone)
            if kind is not None and not is_held(self._lock(partner.id)):
                try:
                    self.run(partner.id, kind)
                except Stopped:
                    return False
                return True
        self._looked = now
        return False

    def stop(self) -> None:
        """Let the run at hand end after its page; it goes on when there is a worker again."""
        self._stopping.set()

    def run(self, partner_id: int, kind: RunKind, told: Callable[[PartnerRun], None] = lambda _: None) -> PartnerRun:
        """Run a harvest or a comparison to its end, and hide what is to be hidden.

        Goes on with one that was interrupted. `LibraryError` where somebody else is at it, `InvalidPartner` where it is
        paused, or its address is refused by now. `told` hears of the run after each page.
        """
        with held(self._lock(partner_id), BUSY):
            with self.database.reading() as view:
                partner = view.partners.get(partner_id)
            if partner.state is not PartnerState.ACTIVE:
                raise InvalidPartner(N_("“{name}” is paused. Resume it first."), name=partner.entry.name)
            asked = partner_of(partner, self.own_identifiers)
            run = self._begun(partner, kind)
            sink = _SINKS[kind](self.database, partner, run, self.clock, self._stopping.is_set, told, kind)
            _RUNS[kind](
                asked,
                sink,
                self.transport(),
                clock=self.clock,
                sleep=self._sleep,
                patience=self.patience,
            )
            Sweeping(database=self.database, clock=self.clock).all(partner_id)
        return sink.run

    def _begun(self, partner: KeptPartner, kind: RunKind) -> PartnerRun:
        """The run that was broken off, or a new one."""
        with self.database.writing() as tx:
            last = tx.partners.last_runs().get((partner.id, kind))
            goes_on = last is not None and last.state in (RunState.RUNNING, RunState.INTERRUPTED)
            if last is None or not goes_on:
                last = tx.partners.run(tx.partners.begin_run(partner.id, kind, self.clock()))
                if kind is RunKind.COMPARE:
                    tx.partner_records.untick(partner.id)
            run = replace(last, state=RunState.RUNNING, finished_at=None, problem=None)
            tx.partners.save_run(run)
            tx.partners.ask(partner.id, None)
            tx.commit()
        return run

    def _sleep(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopped

    def _lock(self, partner_id: int) -> Path:
        return self.locks / f"partner-{partner_id}.lock"


def partner_of(partner: KeptPartner, own_identifiers: str) -> Partner:
    """The partner as `harvest.intake` knows it; `InvalidPartner` where its address is none."""
    entry = partner.entry
    try:
        address = WebAddress.parse(entry.address)
    except AddressRefused as error:
        raise InvalidPartner(error.template, **error.values) from error
    return Partner(address=address, prefix=entry.prefix, set_spec=entry.set_spec, own_identifiers=own_identifiers)


def due(partner: KeptPartner, last: LastRuns, now: datetime, zone: tzinfo) -> RunKind | None:
    """What is to be run of a partner now: what a person asked for, what was broken off, what the schedule says."""
    if partner.state is not PartnerState.ACTIVE:
        return None
    if partner.asked is not None:
        return partner.asked
    for kind in RunKind:
        run = last.get((partner.id, kind))
        if run is not None and (
            run.state is RunState.RUNNING
            or (run.state is RunState.INTERRUPTED and run.finished_at is not None and now - run.finished_at >= REST)
        ):
            return kind
    moment = next_harvest(partner, last, zone)
    if moment is not None and moment <= now:
        return RunKind.HARVEST
    return RunKind.COMPARE if _compares(partner, last, now, zone) else None


def next_harvest(partner: KeptPartner, last: LastRuns, zone: tzinfo) -> datetime | None:
    """When the schedule has the partner harvested next; None where it never does."""
    run = last.get((partner.id, RunKind.HARVEST))
    return next_due(partner.entry, partner.changed_at if run is None else run.started_at, zone)


def _compares(partner: KeptPartner, last: LastRuns, now: datetime, zone: tzinfo) -> bool:
    harvested = last.get((partner.id, RunKind.HARVEST))
    if not partner.forgets or harvested is None or harvested.state is not RunState.COMPLETE:
        return False
    compared = last.get((partner.id, RunKind.COMPARE))
    after = partner.changed_at if compared is None else compared.started_at + COMPARED_EVERY
    moment = next_due(partner.entry, after, zone)
    return moment is not None and moment <= now
