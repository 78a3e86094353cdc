"""What records lack or have wrong: found by the worker a little after each change.

Once a day all are looked at anew: a change that was committed late, or the other one of two doubles, is met then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol

from library.db.quality import FlawedRecord, Sweep
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.description import Description, Material
from library.domain.quality import Flaw, FlawKind
from library.domain.record import Status
from library.marc.checks.scripts import mixed_words

AT_ONCE = 500
ROUND = timedelta(days=1)
LINKS_EVERY = timedelta(days=30)
# Parts of something else are classed with it.
WITHOUT_CLASS = frozenset({Material.ARTICLE, Material.ISSUE})


class LinkCheck(Protocol):
    """Tells whether a web address answers."""

    def problem(self, address: str) -> str:
        """Why an address can't be opened, in a few words; empty where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flawed:
    """A page of records with one flaw; `next` is what to give as `after` for the one that follows, or 0."""

    records: tuple[FlawedRecord, ...]
    next: int


class Quality:
    """`step` and `check_link` are for the worker; a page of the list is one query."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def counts(self, *, actor: Actor) -> dict[FlawKind, int]:
        """How many records have each flaw."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.quality.counts()

    def flawed(self, kind: FlawKind, after: int, limit: int, *, actor: Actor) -> Flawed:
        """Records with this flaw and numbers above `after`."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            found = view.quality.with_flaw(kind, after, limit + 1)
        shown = tuple(found[:limit])
        return Flawed(records=shown, next=shown[-1].record_id if len(found) > limit else 0)

    def step(self) -> bool:
        """Look at the next records; False when all were looked at. A record that is looked at twice gives the same."""
        at = self._clock()
        with self._database.reading() as view:
            sweep = view.quality.sweep() or Sweep(changed_at=None, record_id=0, began_at=at)
            if at - sweep.began_at >= ROUND:
                sweep = Sweep(changed_at=None, record_id=0, began_at=at)
            found = view.quality.changed_after(sweep.changed_at, sweep.record_id, AT_ONCE)
            if not found:
                return False
            numbers = [number for number, _ in found]
            listed = list(view.records.listed(numbers).values())
            doubles = view.quality.doubles([record.id for record in listed if record.status is Status.PUBLISHED])
        published = [record for record in listed if record.status is Status.PUBLISHED]
        flaws = list(chain.from_iterable(_flaws(record, doubles.get(record.id)) for record in published))
        addresses = dict.fromkeys(numbers, ()) | {
            record.id: tuple(link.url for link in record.description.links) for record in published
        }
        last_number, last_time = found[-1]
        seen = replace(sweep, changed_at=last_time, record_id=last_number)
        with self._database.writing() as tx:
            tx.quality.replace(numbers, flaws)
            tx.quality.replace_links(addresses)
            tx.quality.note_sweep(seen)
            tx.commit()
        return len(found) == AT_ONCE

    def check_link(self, links: LinkCheck) -> bool:
        """Try the next address that nobody tried for a month; False when there is none."""
        at = self._clock()
        with self._database.reading() as view:
            waiting = view.quality.links_to_check(at - LINKS_EVERY, 1)
        if not waiting:
            return False
        problem = links.problem(waiting[0].address)
        with self._database.writing() as tx:
            tx.quality.note_link(waiting[0], problem, at)
            tx.commit()
        return True


def _flaws(record: ListedRecord, double: int | None) -> Iterator[Flaw]:
    facts = record.description
    lacking = {
        FlawKind.NO_CLASS: not facts.udc and not facts.bbk and facts.material not in WITHOUT_CLASS,
        FlawKind.NO_LANGUAGE: not facts.languages,
        FlawKind.NO_SUBJECT: not facts.subjects and not facts.keywords,
        FlawKind.NO_YEAR: facts.year is None and facts.material is not Material.SERIAL,
    }
    for kind, lacks in lacking.items():
        if lacks:
            yield Flaw(record_id=record.id, kind=kind)
    mixed = next(iter(mixed_words(" ".join(_read(facts)))), "")
    if mixed:
        yield Flaw(record_id=record.id, kind=FlawKind.MIXED_SCRIPTS, detail=mixed)
    if double is not None:
        yield Flaw(record_id=record.id, kind=FlawKind.DUPLICATE, detail=str(double))


def _read(facts: Description) -> Iterator[str]:
    """What readers read and search for."""
    yield facts.title
    yield facts.remainder
    yield from (creator.name for creator in facts.creators)
    yield from facts.subjects
    yield from facts.keywords
    yield from facts.publishers
