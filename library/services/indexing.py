"""Keeping the index equal to the catalogue. The index is a derivative: it can be made again at any time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.model import Entry
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.authorities import form_key
from library.db.records import ListedRecord
from library.db.unit_of_work import Database, ReadingUnit
from library.domain.authority import AuthorityKind
from library.domain.configuration import Divisions, Section, said
from library.domain.partners import KeptPartner
from library.domain.record import Status
from library.projections.search_entry import entry_key, search_entry
from library.projections.ways_to_read import ways_to_read
from library.services.progress import Progress, Step, silent
from library.services.texts import Texts

PAGE = 1000
CREATORS = frozenset({AuthorityKind.PERSON, AuthorityKind.BODY})
# Persons and bodies are subjects too.
SUBJECTS = frozenset({AuthorityKind.SUBJECT, *CREATORS})


class Indexing:
    """Reads records as they are now and writes them to the index."""

    def __init__(self, database: Database, index: SearchIndex, texts: Texts) -> None:
        self._database = database
        self._index = index
        self._texts = texts

    def refresh(self, record_ids: Sequence[int]) -> None:
        """Bring these records up to date in the index, in one commit; again, late or out of order gives the same.

        Raises `IndexUnavailable` and `IndexBusy`.
        """
        with self._database.reading() as view:
            found = view.records.listed(record_ids)
            entries = _entries(view, self._texts, list(found.values()))
        published = {entry.key for entry in entries}
        self._index.apply(entries, [key for key in map(entry_key, record_ids) if key not in published])

    def rebuild(self, progress: Progress = silent) -> None:
        """Build the index anew beside the one that is read, and swap them; what waited before is done then.

        An error, also one that `progress` raises, leaves the former index in its place. Raises `IndexBusy`.
        """
        with self._database.reading() as view:
            waiting = view.outbox.ids()
            total = sum(view.records.counts().values())
        with self._index.rebuild() as generation:
            done = 0
            progress(Step(done, total, done))
            for read, entries in self._pages():
                generation.add(entries)
                done += read
                progress(Step(done, max(done, total), done))
            generation.publish()
        with self._database.writing() as tx:
            tx.outbox.remove(waiting)
            tx.commit()

    def is_usable(self) -> bool:
        """Whether the index can be searched."""
        try:
            self._index.state()
        except IndexUnavailable:
            return False
        return True

    def _pages(self) -> Iterator[tuple[int, list[Entry]]]:
        after = 0
        while True:
            with self._database.reading() as view:
                page = view.records.listed_page(after, PAGE)
                entries = _entries(view, self._texts, page)
            if not page:
                return
            yield len(page), entries
            after = page[-1].id


def _entries(view: ReadingUnit, texts: Texts, found: Sequence[ListedRecord]) -> list[Entry]:
    published = [record for record in found if record.status is Status.PUBLISHED]
    numbers = [record.id for record in published]
    origins, documents = view.origins.of_records(numbers), view.documents.of_records(numbers)
    partners = view.partners.of_sources([origin.source for origin in origins.values()])
    names = {source: partner.entry.name for source, partner in partners.items()}
    collections = _collections(view, partners)
    bodies = texts.bodies(documents)
    entries = [
        search_entry(
            record.id,
            record.description,
            names.get(origins[record.id].source, origins[record.id].source) if record.id in origins else "",
            bodies.get(record.id, ()),
            ways_to_read(documents.get(record.id, ())),
            collections.get(origins[record.id].source, "") if record.id in origins else "",
        )
        for record in published
    ]
    return _with_forms(view, entries) if view.authorities.counts() else entries


def _collections(view: ReadingUnit, partners: Mapping[str, KeptPartner]) -> dict[str, str]:
    """The names of the collections into which records of these sources are put."""
    codes = {source: partner.entry.collection for source, partner in partners.items() if partner.entry.collection}
    if not codes:
        return {}
    collections = view.configurations.newest()[Section.COLLECTIONS].content
    assert isinstance(collections, Divisions)
    names = {one.code: said(one.names, "", "") or one.code for one in collections.all}
    return {source: names[code] for source, code in codes.items() if code in names}


def _with_forms(view: ReadingUnit, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with all forms of the names they bear, so that each is found by any."""
    names = {name for entry in entries for name in (*entry.creators, *entry.subjects)}
    known = view.authorities.by_forms(names)

    def forms(bears: Sequence[str], kinds: frozenset[AuthorityKind]) -> tuple[str, ...]:
        found = [
            form for name in bears for one in known.get(form_key(name), ()) if one.kind in kinds for form in one.names
        ]
        return tuple(dict.fromkeys(form for form in found if form not in bears))

    return [
        replace(entry, creator_forms=forms(entry.creators, CREATORS), subject_forms=forms(entry.subjects, SUBJECTS))
        for entry in entries
    ]
