"""Copy cataloguing: partners' catalogues are searched, a record is looked at and taken over into a draft."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from harvest.errors import PartnerError
from harvest.lookup.model import Found, FoundRecord, Lookup
from harvest.lookup.search import Catalogues
from library.db.targets import KeptTarget
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.description import Description
from library.domain.errors import N_, InvalidRecord, LibraryError, Message, PartnerFailed
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.marc.copied import CopiedRecord, Provenance, copied, number_of
from library.services.cataloguing import Cataloguing
from library.services.duplicates import Duplicate, Duplicates, Sought
from library.services.foreign_records import describe, read
from library.services.partner_access import message_of, told_plainly

PAGE = 10
MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """A record of a partner in a list: its place in the result (from 1), and records of ours that may be the same."""

    position: int
    description: Description
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one catalogue answered: `total` records match; `problem` is why it gave none, `faults` why single ones lack.

    `next` is the place at which the list goes on, 0 at its end.
    """

    target: KeptTarget
    total: int = 0
    lines: tuple[FoundLine, ...] = ()
    faults: tuple[Message, ...] = ()
    problem: Message | None = None
    next: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A record of a partner, and what it would be as a draft of ours, by dialect."""

    target: KeptTarget
    position: int
    dialect: Dialect
    marc: MarcRecord
    description: Description
    warnings: tuple[Message, ...]
    drafts: tuple[CopiedRecord, ...]
    duplicates: tuple[Duplicate, ...]


class CopyCataloguing:
    """Partners are asked outside of any transaction; each has its own time, and one that fails costs no other."""

    def __init__(
        self,
        database: Database,
        catalogues: Callable[[], Catalogues],
        cataloguing: Cataloguing,
        duplicates: Duplicates,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._cataloguing = cataloguing
        self._duplicates = duplicates
        self._clock = clock

    def targets(self, *, actor: Actor) -> list[KeptTarget]:
        """The catalogues that can be searched, by name."""
        require(actor, Action.CATALOGUE)
        with self._database.reading() as view:
            return view.targets.all()

    def search(self, lookup: Lookup, target_ids: tuple[int, ...], start: int, *, actor: Actor) -> tuple[Searched, ...]:
        """What these catalogues have, `PAGE` records of each from place `start` (from 1), asked at the same time.

        Without numbers the first `MOST_AT_ONCE` are asked. `PartnerFailed` only where there is nothing to search for,
        or nowhere.
        """
        require(actor, Action.CATALOGUE)
        with told_plainly():
            lookup.terms()
        with self._database.reading() as view:
            targets = view.targets.some(target_ids) if target_ids else view.targets.all()[:MOST_AT_ONCE]
        if not 0 < len(targets) <= MOST_AT_ONCE:
            raise PartnerFailed(N_("Choose from 1 to {most} partner catalogues."), most=MOST_AT_ONCE)
        catalogues = self._catalogues()
        with ThreadPoolExecutor(max_workers=len(targets)) as pool:
            found = list(pool.map(lambda target: _searched(catalogues, target, lookup, start), targets))
        return tuple(replace(one, lines=tuple(self._compared(line, actor) for line in one.lines)) for one in found)

    def preview(self, target_id: int, lookup: Lookup, position: int, *, actor: Actor) -> Preview:
        """The record at this place of the result, asked for anew; `PartnerFailed` where it can't be had."""
        require(actor, Action.CATALOGUE)
        with self._database.reading() as view:
            target = view.targets.get(target_id)
        with told_plainly():
            found = self._catalogues().search(target.target, lookup, position, 1)
            if not found.records:
                raise _missing(found)
        dialect = _dialect(target)
        record = read(found.records[0], dialect, target.target.record_charset)
        description = describe(dialect, record.marc)
        return Preview(
            target=target,
            position=position,
            dialect=dialect,
            marc=record.marc,
            description=description,
            warnings=record.warnings,
            drafts=tuple(self._draft(target, record.marc, into) for into in dict.fromkeys((dialect, Dialect.MARC21))),
            duplicates=self._duplicates.find(Sought.described(description), actor=actor),
        )

    def take_over(self, target_id: int, marc: MarcRecord, into: Dialect, *, actor: Actor) -> int:
        """Make a draft of a record of this partner, in its own dialect or MARC 21; the draft's number.

        `InvalidRecord` where even a draft of it would break the rules of its dialect.
        """
        require(actor, Action.CATALOGUE)
        with self._database.reading() as view:
            target = view.targets.get(target_id)
        draft = self._draft(target, marc, into)
        if draft.problems:
            raise InvalidRecord(draft.problems)
        number = self._cataloguing.create(draft.dialect, draft.marc, actor=actor)
        with self._database.writing() as tx:
            source = {"target": target.target.name, "address": target.target.address, "number": number_of(marc)}
            tx.journal.add(actor, Deed.RECORD_COPIED, f"record:{number}", self._clock(), after=source)
            tx.commit()
        return number

    def _draft(self, target: KeptTarget, marc: MarcRecord, into: Dialect) -> CopiedRecord:
        source = Provenance(name=target.target.name, number=number_of(marc))
        return copied(_dialect(target), marc, source, into, self._clock())

    def _compared(self, line: FoundLine, actor: Actor) -> FoundLine:
        return replace(line, duplicates=self._duplicates.find(Sought.described(line.description), actor=actor))


def _searched(catalogues: Catalogues, target: KeptTarget, lookup: Lookup, start: int) -> Searched:
    try:
        found = catalogues.search(target.target, lookup, start, PAGE)
    except PartnerError as error:
        return Searched(target=target, problem=message_of(error))
    lines: list[FoundLine] = []
    faults = [message_of(fault.error) for fault in found.faults]
    for record in found.records:
        try:
            lines.append(FoundLine(position=record.position, description=_described(target, record)))
        except LibraryError as error:
            faults.append(error.message)
    after = start + PAGE
    return Searched(
        target=target,
        total=found.total,
        lines=tuple(lines),
        faults=tuple(dict.fromkeys(faults)),
        next=after if after <= found.total and (lines or faults) else 0,
    )


def _described(target: KeptTarget, record: FoundRecord) -> Description:
    dialect = _dialect(target)
    return describe(dialect, read(record, dialect, target.target.record_charset).marc)


def _missing(found: Found) -> PartnerError | PartnerFailed:
    if found.faults:
        return found.faults[0].error
    return PartnerFailed(N_("The record is not there any more. Search again."))


def _dialect(target: KeptTarget) -> Dialect:
    return Dialect(target.target.dialect.value)
