"""All works of a person, in whatever spelling the catalogue has the name."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.model import Facet, Query, Sort
from indexer.queries import InField, Or, Phrase, SearchField
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.authorities import form_key
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.authority import Authority, AuthorityKind
from library.domain.errors import N_, NotFound, SearchUnavailable
from library.domain.record import Status
from library.projections.search_entry import record_number

MOST_SPELLINGS = 500
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorWorks:
    """A page of the works of a person, the newest first.

    `name` is the accepted form where there is an authority record, else the commonest spelling; `spellings` are the
    others that records or the authority record have; `identifier` is an ORCID, VIAF or ISNI, empty for none.
    """

    name: str
    spellings: tuple[str, ...]
    identifier: str
    total: int
    records: tuple[ListedRecord, ...]


class AuthorPages:
    """Two questions to the index and, with an authority record, four queries to the database, however many works."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def works(self, name: str, page: int, size: int) -> AuthorWorks:
        """A page (from 1) of the works of whoever is called so; `NotFound` where there is none.

        Names are the same that differ in alphabet, case and signs alone; others are one by an authority record.
        """
        name = name[:LONGEST_NAME]
        authority = self._authority(name)
        forms = authority.names if authority is not None else (name,)
        keys = {key for key in map(form_key, forms) if key}
        if not keys:
            raise _nobody(name)
        try:
            spellings = self._spellings(forms, keys)
            if not spellings:
                raise _nobody(name)
            wanted = Query(
                filters={Facet.AUTHOR: frozenset(spellings)},
                sort=Sort.NEWEST,
                page=page,
                size=size,
            )
            results = self._index.search(wanted)
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
        numbers = [record_number(hit.key) for hit in results.hits]
        with self._database.reading() as view:
            rows = view.records.listed(numbers)
        shown = authority.heading if authority is not None else spellings[0]
        others = dict.fromkeys(form for form in (*forms, *spellings) if form != shown)
        return AuthorWorks(
            name=shown,
            spellings=tuple(others),
            identifier=authority.identifier if authority is not None else "",
            total=results.total,
            records=tuple(
                rows[number] for number in numbers if number in rows and rows[number].status is Status.PUBLISHED
            ),
        )

    def _authority(self, name: str) -> Authority | None:
        """The person of this name; None where nobody, or more than one, has it as a form."""
        with self._database.reading() as view:
            found = [
                one
                for some in view.authorities.by_forms([name]).values()
                for one in some
                if one.kind in (AuthorityKind.PERSON, AuthorityKind.BODY)
            ]
        return found[0] if len(found) == 1 else None

    def _spellings(self, forms: tuple[str, ...], keys: set[str]) -> list[str]:
        """The spellings that records have, the commonest first."""
        asked = Or(tuple(InField(SearchField.AUTHOR, Phrase(form)) for form in forms))
        results = self._index.search(Query(match=asked, facets=(Facet.AUTHOR,), facet_size=MOST_SPELLINGS, size=1))
        return [one.value for one in results.facets.get(Facet.AUTHOR, ()) if form_key(one.value) in keys]


def _nobody(name: str) -> NotFound:
    return NotFound(N_("No work of {name} is in the catalogue."), name=name)
