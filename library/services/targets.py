"""Partners' catalogues: entered, tried, changed and removed by those who answer for the installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from harvest.errors import PartnerError
from harvest.lookup.explain import Explained
from harvest.lookup.model import Lookup, Protocol, Target
from harvest.lookup.search import Catalogues
from library.db.targets import KeptTarget
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, LibraryError, Message, PartnerFailed, StaleVersion
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.services.foreign_records import describe, read
from library.services.partner_access import message_of

LONGEST_NAME = 100
LONGEST_ADDRESS = 500
# A word that every catalogue has, should it have books at all.
USUAL_WORD = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a catalogue answered when it was tried: its description of itself, and the first search.

    `first_title` is that of the first record, to see that its letters are right. A problem is empty where all went
    well; most servers of SRU search well and do not describe themselves.
    """

    explained: Explained | None
    explain_problem: Message | None
    total: int
    first_title: str
    problem: Message | None


class Targets:
    """Each method is one transaction, journalled; nobody is asked inside of one."""

    def __init__(self, database: Database, catalogues: Callable[[], Catalogues], clock: Callable[[], datetime]) -> None:
        self._database = database
        self._catalogues = catalogues
        self._clock = clock

    def all(self, *, actor: Actor) -> list[KeptTarget]:
        """All catalogues, by name."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            return view.targets.all()

    def get(self, target_id: int, *, actor: Actor) -> KeptTarget:
        """One of them; `NotFound` where there is none."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            return view.targets.get(target_id)

    def add(self, target: Target, *, actor: Actor) -> int:
        """Enter a catalogue; its number. `PartnerFailed` says what is wrong with the entry."""
        require(actor, Action.SETTINGS)
        at = self._clock()
        with self._database.writing() as tx:
            _refuse(tx, target, besides=0)
            number = tx.targets.add(target, at)
            tx.journal.add(actor, Deed.TARGET_ADDED, _name(number), at, after=_facts(target))
            tx.commit()
        return number

    def change(self, target_id: int, target: Target, *, expected: int, actor: Actor) -> None:
        """Change an entry; `StaleVersion` where somebody else did meanwhile."""
        require(actor, Action.SETTINGS)
        at = self._clock()
        with self._database.writing() as tx:
            before = _expected(tx, target_id, expected)
            _refuse(tx, target, besides=target_id)
            tx.targets.replace(before, target, at)
            was, now = _facts(before.target), _facts(target)
            changed = [name for name in now if was[name] != now[name]]
            tx.journal.add(
                actor,
                Deed.TARGET_CHANGED,
                _name(target_id),
                at,
                before={name: was[name] for name in changed},
                after={name: now[name] for name in changed},
            )
            tx.commit()

    def remove(self, target_id: int, *, expected: int, actor: Actor) -> None:
        """Take an entry away; records that came from there stay."""
        require(actor, Action.SETTINGS)
        at = self._clock()
        with self._database.writing() as tx:
            before = _expected(tx, target_id, expected)
            tx.targets.remove(before)
            tx.journal.add(actor, Deed.TARGET_REMOVED, _name(target_id), at, before=_facts(before.target))
            tx.commit()

    def try_out(self, target: Target, words: str, *, actor: Actor) -> Trial:
        """Ask a catalogue, entered or not, to describe itself and to search for these words."""
        require(actor, Action.SETTINGS)
        catalogues = self._catalogues()
        explained, explain_problem = None, None
        if target.protocol is Protocol.SRU:
            try:
                explained = catalogues.explain(target)
            except PartnerError as error:
                explain_problem = message_of(error)
        total, title, problem = 0, "", None
        try:
            found = catalogues.search(target, Lookup(words=words.strip() or USUAL_WORD), 1, 1)
            total = found.total
            if found.records:
                dialect = Dialect(target.dialect.value)
                title = describe(dialect, read(found.records[0], dialect, target.record_charset).marc).title
            elif found.faults:
                problem = message_of(found.faults[0].error)
        except PartnerError as error:
            problem = message_of(error)
        except LibraryError as error:
            problem = error.message
        return Trial(
            explained=explained, explain_problem=explain_problem, total=total, first_title=title, problem=problem
        )


def _expected(tx: UnitOfWork, target_id: int, version: int) -> KeptTarget:
    kept = tx.targets.get(target_id)
    if kept.version != version:
        raise StaleVersion(N_("The partner catalogue “{name}” was changed meanwhile."), name=kept.target.name)
    return kept


def _refuse(tx: UnitOfWork, target: Target, besides: int) -> None:
    if not target.name or len(target.name) > LONGEST_NAME or not target.name.isprintable():
        raise PartnerFailed(N_("Name the catalogue, in {longest} characters at most."), longest=LONGEST_NAME)
    if not target.address or len(target.address) > LONGEST_ADDRESS:
        raise PartnerFailed(
            N_("Write the address of the catalogue, {longest} characters at most."), longest=LONGEST_ADDRESS
        )
    if tx.targets.has_name(target.name, besides):
        raise PartnerFailed(N_("There is a partner catalogue “{name}” already."), name=target.name)


def _facts(target: Target) -> dict[str, object]:
    return {
        "name": target.name,
        "protocol": target.protocol.value,
        "address": target.address,
        "database": target.database,
        "version": target.version,
        "format": target.record_format,
        "dialect": target.dialect.value,
        "query_charset": target.query_charset,
        "record_charset": target.record_charset,
        "indexes": {name.value: index for name, index in target.indexes.items()},
    }


def _name(target_id: int) -> str:
    return f"target:{target_id}"
