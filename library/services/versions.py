"""The versions of a record: who made and who approved each, and what differs between any two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from library.db.unit_of_work import Database, ReadingUnit
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, NotFound
from library.domain.record import CatalogueRecord
from library.domain.work import Work
from library.marc import dialects
from library.marc.differences import Difference, differences


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All versions of a record, newest first, and the work on it; `names` are those of the people in it, by key."""

    title: str
    states: tuple[CatalogueRecord, ...]
    work: Work | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two versions of a record and where they differ; nothing differs between a version and itself."""

    title: str
    before: CatalogueRecord
    after: CatalogueRecord
    differences: tuple[Difference, ...]
    names: Mapping[str, str]


class Versions:
    """What a record was; to restore a version is work like any other, see `Cataloguing.restore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def history(self, record_id: int, *, actor: Actor) -> History:
        """All versions; `RecordNotFound` where there is no such record."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            now = view.records.get(record_id)
            states = (now, *reversed(view.records.earlier(record_id)))
            work = view.works.find(record_id)
            return History(title=_title(now), states=states, work=work, names=_names(view, *states))

    def compare(self, record_id: int, before: int, after: int, *, actor: Actor) -> Comparison:
        """Two versions; `NotFound` where the record has not got both."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            view.records.get(record_id)
            found = view.records.at_versions([(record_id, before), (record_id, after)])
            for version in (before, after):
                if (record_id, version) not in found:
                    raise NotFound(N_("Record {id} has no version {version}."), id=record_id, version=version)
            first, second = found[record_id, before], found[record_id, after]
            return Comparison(
                title=_title(second),
                before=first,
                after=second,
                differences=differences(first.marc, second.marc),
                names=_names(view, first, second),
            )

    def names(self, keys: Iterable[str], *, actor: Actor) -> Mapping[str, str]:
        """The names of those of these actors that are people, by key."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.actor_names.of(keys)


def _title(record: CatalogueRecord) -> str:
    return dialects.describe(record.dialect, record.marc).title


def _names(view: ReadingUnit, *states: CatalogueRecord) -> Mapping[str, str]:
    return view.actor_names.of(key for state in states for key in (state.changed_by, state.approved_by))
