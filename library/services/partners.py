"""Partners that are harvested: entered, tried, changed, paused and removed by those who answer for the library."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from harvest.addresses import Reach, Resolver, WebAddress, is_public, resolve, system_resolver
from harvest.errors import AddressRefused, PartnerError
from harvest.intake.trial import Trial, try_partner
from harvest.transport import USUAL_PORTS, Transport
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidPartner, StaleVersion
from library.domain.journal import Deed
from library.domain.partners import (
    KeptPartner,
    PartnerEntry,
    PartnerRun,
    PartnerState,
    RunKind,
    require_sound,
)
from library.services.partners_harvesting import next_harvest, partner_of

RUNS_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLine:
    """A partner in the list: its last run, when it is harvested next, and how many records wait for a person."""

    partner: KeptPartner
    last: PartnerRun | None
    next: datetime | None
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """A partner with its runs, newest first; `visible` of its records are shown, `marked` of these it has deleted.

    `asks` is the run that waits for a person to say whether these may be hidden.
    """

    partner: KeptPartner
    runs: tuple[PartnerRun, ...]
    next: datetime | None
    rejected: int
    visible: int
    marked: int
    asks: PartnerRun | None


@dataclass(frozen=True, slots=True)
class Partners:
    """Each method is one transaction, journalled; nobody is asked inside of one. Days are of `zone`."""

    database: Database
    transport: Callable[[], Transport]
    reach: Reach
    zone: tzinfo
    clock: Callable[[], datetime]
    resolver: Resolver = system_resolver

    def listed(self, *, actor: Actor) -> list[PartnerLine]:
        """All partners by name: a fixed number of queries."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            partners, last = view.partners.all(), view.partners.last_runs()
            rejected = view.partner_rejects.open_rejects()
        lines = []
        for partner in partners:
            runs = [run for kind in RunKind if (run := last.get((partner.id, kind))) is not None]
            lines.append(
                PartnerLine(
                    partner=partner,
                    last=max(runs, key=lambda run: run.id, default=None),
                    next=self._next(partner, last),
                    rejected=rejected.get(partner.id, 0),
                )
            )
        return lines

    def get(self, partner_id: int, *, actor: Actor) -> KeptPartner:
        """One of them; `NotFound` where there is none."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            return view.partners.get(partner_id)

    def view(self, partner_id: int, *, actor: Actor) -> PartnerView:
        """One of them with its runs."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            partner = view.partners.get(partner_id)
            runs = view.partners.runs(partner_id, RUNS_SHOWN)
            last = view.partners.last_runs()
            records = view.partner_records
            marked = records.marked(partner_id)
            asking = [run for run in runs if run.asks]
            return PartnerView(
                partner=partner,
                runs=tuple(runs),
                next=self._next(partner, last),
                rejected=view.partner_rejects.open_rejects().get(partner_id, 0),
                visible=records.visible(partner_id),
                marked=marked,
                asks=asking[0] if asking and marked else None,
            )

    def add(self, entry: PartnerEntry, *, actor: Actor) -> int:
        """Enter a partner; its number. `InvalidPartner` says what is wrong with the entry."""
        require(actor, Action.PARTNERS)
        on_internet = self._judged(entry)
        at = self.clock()
        with self.database.writing() as tx:
            _refuse(tx, entry, besides=0)
            number = tx.partners.add(entry, at, is_public=on_internet)
            tx.journal.add(actor, Deed.PARTNER_ADDED, _name(number), at, after=entry.facts())
            tx.commit()
        return number

    def change(self, partner_id: int, entry: PartnerEntry, *, expected: int, actor: Actor) -> None:
        """Change an entry; `StaleVersion` where somebody else did meanwhile.

        Its records are told anew to the index and to those who harvest us where the change concerns them.
        """
        require(actor, Action.PARTNERS)
        on_internet = self._judged(entry)
        at = self.clock()
        with self.database.writing() as tx:
            before = _expected(tx, partner_id, expected)
            _refuse(tx, entry, besides=partner_id)
            was, now = before.entry.facts(), entry.facts()
            changed = [name for name in now if was[name] != now[name]]
            concerns = {"name", "collection", "expose", "address", "form"} & set(changed)
            after = replace(before, entry=entry, is_public=on_internet, told_to=0 if concerns else before.told_to)
            tx.partners.replace(before, after, at)
            tx.journal.add(
                actor,
                Deed.PARTNER_CHANGED,
                _name(partner_id),
                at,
                before={name: was[name] for name in changed},
                after={name: now[name] for name in changed},
            )
            tx.commit()

    def pause(self, partner_id: int, *, actor: Actor) -> None:
        """Harvest a partner no more until it is resumed; its records stay."""
        self._turn(partner_id, PartnerState.ACTIVE, PartnerState.PAUSED, Deed.PARTNER_PAUSED, actor)

    def resume(self, partner_id: int, *, actor: Actor) -> None:
        """Harvest a paused partner again."""
        self._turn(partner_id, PartnerState.PAUSED, PartnerState.ACTIVE, Deed.PARTNER_RESUMED, actor)

    def remove(self, partner_id: int, *, expected: int, actor: Actor) -> None:
        """Take a partner away: the worker hides its records, with a tombstone each; they are harvested no more."""
        require(actor, Action.PARTNERS)
        at = self.clock()
        with self.database.writing() as tx:
            before = _expected(tx, partner_id, expected)
            records = tx.partner_records.visible(partner_id)
            tx.partners.replace(before, replace(before, state=PartnerState.REMOVING, told_to=0), at)
            facts = before.entry.facts() | {"withdrawn": records}
            tx.journal.add(actor, Deed.PARTNER_REMOVED, _name(partner_id), at, before=facts)
            tx.commit()

    def ask(self, partner_id: int, kind: RunKind, *, actor: Actor) -> None:
        """Have the worker run a harvest or a comparison as soon as it can."""
        require(actor, Action.HARVEST)
        at = self.clock()
        with self.database.writing() as tx:
            partner = tx.partners.get(partner_id)
            if partner.state is not PartnerState.ACTIVE:
                raise InvalidPartner(N_("“{name}” is paused. Resume it first."), name=partner.entry.name)
            tx.partners.ask(partner_id, kind)
            tx.journal.add(actor, Deed.HARVEST_ASKED, _name(partner_id), at, after={"kind": kind.value})
            tx.commit()

    def decide_vanishing(self, partner_id: int, *, hide: bool, actor: Actor) -> None:
        """Let the records that the partner deleted be hidden, or keep them; what waits for nobody stays as it is."""
        require(actor, Action.PARTNERS)
        at = self.clock()
        with self.database.writing() as tx:
            tx.partners.get(partner_id)
            facts = {"records": tx.partner_records.marked(partner_id)}
            tx.partner_records.decide_marks(partner_id, hide=hide)
            for run in tx.partners.runs(partner_id, RUNS_SHOWN):
                if run.asks:
                    tx.partners.save_run(replace(run, asks=False))
            deed = Deed.VANISHING_AGREED if hide else Deed.VANISHING_REFUSED
            tx.journal.add(actor, deed, _name(partner_id), at, after=facts)
            tx.commit()

    def try_out(self, entry: PartnerEntry, *, actor: Actor) -> Trial:
        """Ask a partner, entered or not, who it is, for its formats and a first page; failures are findings."""
        require(actor, Action.PARTNERS)
        found = KeptPartner(id=0, version=0, entry=entry, changed_at=self.clock())
        return try_partner(partner_of(found, ""), self.transport(), clock=self.clock, sleep=time.sleep)

    def _turn(self, partner_id: int, now: PartnerState, then: PartnerState, deed: Deed, actor: Actor) -> None:
        require(actor, Action.PARTNERS)
        at = self.clock()
        with self.database.writing() as tx:
            before = tx.partners.get(partner_id)
            if before.state is now:
                tx.partners.replace(before, replace(before, state=then), at)
                tx.journal.add(actor, deed, _name(partner_id), at)
                tx.commit()

    def _next(self, partner: KeptPartner, last: dict[tuple[int, RunKind], PartnerRun]) -> datetime | None:
        return next_harvest(partner, last, self.zone) if partner.state is PartnerState.ACTIVE else None

    def _judged(self, entry: PartnerEntry) -> bool:
        """Whether it is on the public internet; refuses what may never be reached, as far as it can be told now.

        It is judged anew at each request.
        """
        require_sound(entry)
        try:
            address = WebAddress.parse(entry.address)
            found = resolve(address.host, address.port, usual=USUAL_PORTS, reach=self.reach, resolver=self.resolver)
        except AddressRefused as error:
            raise InvalidPartner(error.template, **error.values) from error
        except PartnerError:
            # Its name is not known today: that may pass.
            return False
        return all(map(is_public, found))


def _expected(tx: UnitOfWork, partner_id: int, version: int) -> KeptPartner:
    kept = tx.partners.get(partner_id)
    if kept.state is PartnerState.REMOVING:
        raise InvalidPartner(N_("“{name}” is being removed."), name=kept.entry.name)
    if kept.version != version:
        raise StaleVersion(N_("The partner “{name}” was changed meanwhile."), name=kept.entry.name)
    return kept


def _refuse(tx: UnitOfWork, entry: PartnerEntry, besides: int) -> None:
    if tx.partners.has_name(entry.name, besides):
        raise InvalidPartner(N_("There is a partner “{name}” already."), name=entry.name)


def _name(partner_id: int) -> str:
    return f"partner:{partner_id}"
