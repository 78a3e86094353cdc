"""Authority records: kept, chosen while typing, merged; records are found by every form of the names they bear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.model import Facet, Query
from indexer.queries import InField, Phrase, SearchField
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.authorities import Suggestion, form_key
from library.db.outbox import Topic
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.authority import LONGEST_NOTE, Authority, AuthorityKind, sound_forms
from library.domain.errors import N_, InvalidAuthority, SearchUnavailable
from library.domain.journal import Deed
from library.marc.changes import Change, Kind
from library.projections.search_entry import record_number

SUGGESTED = 10
MOST_RECORDS = 20_000
REVIEWED = 5_000

FACETS: Mapping[AuthorityKind, Facet] = {
    AuthorityKind.PERSON: Facet.AUTHOR,
    AuthorityKind.BODY: Facet.AUTHOR,
    AuthorityKind.SUBJECT: Facet.SUBJECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An authority as a form says it."""

    kind: AuthorityKind
    heading: str
    forms: tuple[str, ...] = ()
    identifier: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """A heading of the catalogue that no authority has as one of its forms, with those that look like it."""

    heading: str
    count: int
    candidates: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What merging would do: the forms that come together, and how many records bear the form that goes."""

    goes: Authority
    stays: Authority
    forms: tuple[str, ...]
    records: tuple[int, ...]


class Authorities:
    """Each method is one transaction; the records that bear a changed name are indexed again by the worker."""

    def __init__(self, database: Database, index: SearchIndex, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._index = index
        self._clock = clock

    def page(self, kind: AuthorityKind, typed: str, offset: int, limit: int, *, actor: Actor) -> list[Authority]:
        """Those of a kind with a form that begins as typed, in any script, in the order of their accepted forms."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.authorities.page(kind, typed, offset, limit)

    def counts(self, *, actor: Actor) -> dict[AuthorityKind, int]:
        """How many there are of each kind."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.authorities.counts()

    def get(self, authority_id: int, *, actor: Actor) -> Authority:
        """The authority with this number; `NotFound` where there is none."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.authorities.get(authority_id)

    def suggested(self, kind: AuthorityKind, typed: str, *, actor: Actor) -> list[Suggestion]:
        """What a cataloguer may mean by what was typed so far; one query."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.authorities.suggested(kind, typed, SUGGESTED)

    def add(self, wanted: Wanted, *, actor: Actor) -> int:
        """A new authority; its number. A form that another of the kind has is refused: `InvalidAuthority`."""
        require(actor, Action.AUTHORITIES)
        at = self._clock()
        new = _authority(wanted, actor, at)
        touched = self._records_of(new.kind, new.names)
        with self._database.writing() as tx:
            _refuse_taken(tx, new)
            added = tx.authorities.add(new)
            tx.journal.add(actor, Deed.AUTHORITY_ADDED, _name(added.id), at, after=_facts(added))
            tx.outbox.add(Topic.INDEX_RECORD, touched, at)
            tx.commit()
        return added.id

    def change(self, authority_id: int, wanted: Wanted, *, expected: int, actor: Actor) -> None:
        """Save other forms or facts of an authority; its kind stays. Raises as `add`, and `StaleVersion`."""
        require(actor, Action.AUTHORITIES)
        at = self._clock()
        touched: set[int] = set()
        with self._database.reading() as view:
            before = view.authorities.get(authority_id)
        touched.update(self._records_of(before.kind, (*before.names, wanted.heading, *wanted.forms)))
        with self._database.writing() as tx:
            before = tx.authorities.get(authority_id).expecting(expected)
            _refuse_merged(before)
            told = _authority(wanted, actor, at)
            after = replace(told, id=before.id, kind=before.kind, version=before.version + 1)
            _refuse_taken(tx, after)
            tx.authorities.replace(before, after)
            tx.journal.add(
                actor, Deed.AUTHORITY_CHANGED, _name(authority_id), at, before=_facts(before), after=_facts(after)
            )
            tx.outbox.add(Topic.INDEX_RECORD, sorted(touched), at)
            tx.commit()

    def merging(self, goes: int, stays: int, *, actor: Actor) -> Merging:
        """What merging these two would do. Raises `InvalidAuthority` for two that can't be."""
        require(actor, Action.AUTHORITIES)
        with self._database.reading() as view:
            loser, winner = view.authorities.get(goes), view.authorities.get(stays)
        _require_mergeable(loser, winner)
        return Merging(
            goes=loser,
            stays=winner,
            forms=_joined_forms(loser, winner),
            records=tuple(self._records_of(loser.kind, (loser.heading,))),
        )

    def merge(self, goes: int, stays: int, *, expected: tuple[int, int], actor: Actor) -> int | None:
        """Give all forms of one to the other; readers find both by any form from then on.

        Where records bear the form that goes, a batch that writes the accepted form into them is prepared: its number.
        The batch changes nothing before it was submitted and approved by another person.
        """
        require(actor, Action.AUTHORITIES)
        merging = self.merging(goes, stays, actor=actor)
        touched = self._records_of(merging.goes.kind, (*merging.goes.names, *merging.stays.names))
        at = self._clock()
        with self._database.writing() as tx:
            loser = tx.authorities.get(goes).expecting(expected[0])
            winner = tx.authorities.get(stays).expecting(expected[1])
            _require_mergeable(loser, winner)
            merged = replace(
                winner,
                forms=_joined_forms(loser, winner),
                version=winner.version + 1,
                changed_at=at,
                changed_by=actor.key,
            )
            tx.authorities.replace(
                loser,
                replace(loser, merged_into=winner.id, version=loser.version + 1, changed_at=at, changed_by=actor.key),
            )
            tx.authorities.replace(winner, merged)
            tx.journal.add(actor, Deed.AUTHORITIES_MERGED, _name(stays), at, before=_facts(loser), after=_facts(merged))
            batch = _batch(tx, merging, actor, at) if merging.records else None
            tx.outbox.add(Topic.INDEX_RECORD, touched, at)
            tx.commit()
        return batch

    def unlinked(self, kind: AuthorityKind, limit: int, *, actor: Actor) -> list[Unlinked]:
        """The commonest headings of the catalogue that no authority has, for review. Raises `SearchUnavailable`."""
        require(actor, Action.SEE_WORK)
        facet = FACETS.get(kind)
        if facet is None:
            return []
        try:
            values = self._index.search(Query(facets=(facet,), size=1, facet_size=REVIEWED)).facets[facet]
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
        with self._database.reading() as view:
            known = view.authorities.by_forms([value.value for value in values])
            rest = [value for value in values if form_key(value.value) not in known][:limit]
            return [
                Unlinked(
                    heading=value.value,
                    count=value.count,
                    candidates=tuple(view.authorities.suggested(kind, _first_word(value.value), 3)),
                )
                for value in rest
            ]

    def add_form(self, authority_id: int, form: str, *, actor: Actor) -> None:
        """Say that a heading of the catalogue is another form of this authority."""
        with self._database.reading() as view:
            before = view.authorities.get(authority_id)
        wanted = Wanted(
            kind=before.kind,
            heading=before.heading,
            forms=(*before.forms, form),
            identifier=before.identifier,
            note=before.note,
        )
        self.change(authority_id, wanted, expected=before.version, actor=actor)

    def _records_of(self, kind: AuthorityKind, names: Sequence[str]) -> list[int]:
        """Records that bear one of these names, by the index; without an index none: its rebuild reads them all."""
        facet = FACETS.get(kind)
        found: set[int] = set()
        for name in dict.fromkeys(names):
            query = (
                Query(filters={facet: frozenset({name})}, size=MOST_RECORDS)
                if facet is not None
                else Query(match=InField(SearchField.TITLE, Phrase(name)), size=MOST_RECORDS)
            )
            try:
                found.update(record_number(hit.key) for hit in self._index.search(query).hits)
            except IndexUnavailable:
                return []
        return sorted(found)


def _authority(wanted: Wanted, actor: Actor, at: datetime) -> Authority:
    heading, forms = sound_forms(wanted.heading, wanted.forms)
    if not form_key(heading):
        raise InvalidAuthority(N_("Write the accepted form."))
    if max(len(wanted.identifier), len(wanted.note)) > LONGEST_NOTE:
        raise InvalidAuthority(N_("A note has {longest} characters at most."), longest=LONGEST_NOTE)
    return Authority(
        id=0,
        kind=wanted.kind,
        heading=heading,
        forms=tuple(form for form in forms if form_key(form)),
        identifier=wanted.identifier.strip(),
        note=wanted.note.strip(),
        changed_at=at,
        changed_by=actor.key,
    )


def _refuse_taken(tx: UnitOfWork, authority: Authority) -> None:
    """No form may stand for two: what was typed would be ambiguous. Forms that fold to one of its own are fine."""
    for others in tx.authorities.by_forms(authority.names).values():
        for other in others:
            if other.id != authority.id and other.kind is authority.kind:
                raise InvalidAuthority(
                    N_("“{form}” is a form of “{heading}” already. Merge the two, or tell them apart by dates."),
                    form=next(name for name in authority.names if form_key(name) in set(map(form_key, other.names))),
                    heading=other.heading,
                )


def _refuse_merged(authority: Authority) -> None:
    if authority.merged_into:
        raise InvalidAuthority(N_("“{heading}” was merged into another record."), heading=authority.heading)


def _require_mergeable(loser: Authority, winner: Authority) -> None:
    if loser.id == winner.id or loser.kind is not winner.kind:
        raise InvalidAuthority(N_("Choose two different records of one kind."))
    _refuse_merged(loser)
    _refuse_merged(winner)


def _joined_forms(loser: Authority, winner: Authority) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in (*winner.forms, *loser.names) if form != winner.heading))


def _batch(tx: UnitOfWork, merging: Merging, actor: Actor, at: datetime) -> int:
    change = Change(
        kind=Kind.HEADING,
        tag="",
        code=merging.goes.kind.value,
        find=merging.goes.heading,
        value=merging.stays.heading,
    )
    facts = change.as_facts()
    number = tx.batches.add(facts, merging.goes.heading, merging.records, by=actor.key, name=actor.name, at=at)
    tx.journal.add(
        actor,
        Deed.BATCH_PREPARED,
        f"batch:{number}",
        at,
        after={"change": facts, "records": len(merging.records)},
    )
    return number


def _first_word(heading: str) -> str:
    return heading.replace(",", " ").split(" ")[0]


def _facts(authority: Authority) -> dict[str, object]:
    return {
        "kind": authority.kind.value,
        "heading": authority.heading,
        "forms": list(authority.forms),
        "identifier": authority.identifier,
        "merged_into": authority.merged_into,
    }


def _name(authority_id: int) -> str:
    return f"authority:{authority_id}"
