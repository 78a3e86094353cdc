"""Many readers at once: new ones get an account, known ones are brought up to date, refused lines are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter

from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidAccount, Message
from library.domain.journal import Deed
from library.domain.people import Person, Standing, login_key, require_sound, require_sound_card
from library.domain.readers import Incoming, IncomingReader, RefusedReader
from library.services.readers import READER, new_reader, with_card

AT_ONCE = 500
MOST_TOLD = 500


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of a line, or of the record with this MFN."""

    number: int
    text: Message


@dataclass(slots=True)
class ReadersReport:
    """What became of the lines: all are new, changed, unchanged or refused. Only so many remarks are kept."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)

    def refuse(self, number: int, reason: Message) -> None:
        """Count a line of which nothing was taken."""
        self.refused += 1
        if len(self.refusals) < MOST_TOLD:
            self.refusals.append(Remark(number, reason))

    def doubt(self, number: int, reason: Message) -> None:
        """Note what was not taken as it stood."""
        if len(self.doubts) < MOST_TOLD:
            self.doubts.append(Remark(number, reason))


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a chunk of lines does to the accounts."""

    new: list[Person]
    changed: list[tuple[Person, Person]]


class ReadersImport:
    """Imports lists of readers, a chunk of lines in a transaction; the same list again changes nothing more."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def run(self, incoming: Iterable[Incoming], *, dry_run: bool, actor: Actor) -> ReadersReport:
        """Take the readers in, or only tell what would become of them.

        A card makes the account, and so does the HEMIS number of somebody whose card is another one now. Accounts of
        staff get the card and nothing else; closed accounts stay closed.
        """
        require(actor, Action.READERS)
        report = ReadersReport()
        seen: dict[str, int] = {}
        for chunk in _chunks(incoming):
            fresh = list(_each_once(chunk, seen, report))
            at = self._clock()
            if dry_run:
                with self._database.reading() as view:
                    _plan(view, fresh, at, report)
                continue
            with self._database.writing() as tx:
                changes = _plan(tx, fresh, at, report)
                tx.people.add_readers(changes.new)
                for before, after in changes.changed:
                    tx.people.replace(before, after)
                tx.commit()
        if not dry_run:
            self._journal(report, actor)
        for remarks in (report.refusals, report.doubts):
            remarks.sort(key=attrgetter("number"))
        return report

    def _journal(self, report: ReadersReport, actor: Actor) -> None:
        counts = {"new": report.new, "changed": report.changed, "refused": report.refused}
        with self._database.writing() as tx:
            tx.journal.add(actor, Deed.READERS_IMPORTED, "readers", self._clock(), after=counts)
            tx.commit()


def _chunks(incoming: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    lines = iter(incoming)
    while chunk := list(islice(lines, AT_ONCE)):
        yield chunk


def _each_once(chunk: Sequence[Incoming], seen: dict[str, int], report: ReadersReport) -> Iterator[IncomingReader]:
    """The sound lines whose numbers did not stand in an earlier line."""
    for line in chunk:
        if isinstance(line, RefusedReader):
            report.refuse(line.number, line.reason)
            continue
        numbers = [
            f"card {login_key(line.card.number)}",
            *([f"hemis {line.card.hemis_number}"] if line.card.hemis_number else []),
        ]
        earlier = next((seen[number] for number in numbers if number in seen), None)
        if earlier is not None:
            reason = N_("The card or HEMIS number stands in line {line} already.")
            report.refuse(line.number, Message.of(reason, line=earlier))
            continue
        try:
            require_sound_card(line.card)
            require_sound(login=line.card.number, name=line.name, roles=READER, order=None)
        except InvalidAccount as error:
            report.refuse(line.number, error.message)
            continue
        seen.update(dict.fromkeys(numbers, line.number))
        yield line


def _plan(
    view: ReadingUnit | UnitOfWork, lines: Sequence[IncomingReader], at: datetime, report: ReadersReport
) -> _Changes:
    """What these lines do, counted in the report; numbers that belong to different people are refused."""
    known = view.people.with_numbers(
        [line.card.number for line in lines], [line.card.hemis_number for line in lines if line.card.hemis_number]
    )
    by_card = {person.card.number: person for person in known if person.card}
    by_hemis = {person.card.hemis_number: person for person in known if person.card and person.card.hemis_number}
    by_login = {login_key(person.login): person for person in known}
    changes = _Changes([], [])
    touched: set[int] = set()
    for line in lines:
        card = line.card
        holders = {
            holder.id: holder
            for holder in (
                by_card.get(card.number),
                by_hemis.get(card.hemis_number),
                by_login.get(login_key(card.number)),
            )
            if holder is not None
        }
        if len(holders) > 1 or not touched.isdisjoint(holders):
            report.refuse(line.number, Message.of(N_("Its numbers belong to different accounts.")))
            continue
        for doubt in line.doubts:
            report.doubt(line.number, doubt)
        if not holders:
            report.new += 1
            changes.new.append(new_reader(line.name, card, at))
            continue
        touched.update(holders)
        (before,) = holders.values()
        _plan_change(before, line, at, report, changes)
    return changes


def _plan_change(before: Person, line: IncomingReader, at: datetime, report: ReadersReport, changes: _Changes) -> None:
    if before.card is None:
        reason = N_("An account of staff has this login. Give that person a card by hand.")
        report.refuse(line.number, Message.of(reason))
        return
    if before.standing is Standing.CLOSED:
        report.doubt(line.number, Message.of(N_("The account is closed and stays so.")))
    former = before.card.hemis_number
    if former and line.card.hemis_number not in ("", former):
        doubt = N_("The holder of this card had the HEMIS number {number}. Look whether it is the same person.")
        report.doubt(line.number, Message.of(doubt, number=former))
    # A list without HEMIS numbers, faculties or groups does not take away those that are known.
    card = replace(
        line.card,
        hemis_number=line.card.hemis_number or before.card.hemis_number,
        faculty=line.card.faculty or before.card.faculty,
        group=line.card.group or before.card.group,
    )
    name = before.name if before.is_staff else line.name
    if (name, card) == (before.name, before.card):
        report.unchanged += 1
        return
    report.changed += 1
    changes.changed.append((before, with_card(before, name, card, at)))
