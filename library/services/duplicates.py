"""Which records may be of the document that is being catalogued, asked of the database while it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from library.db.duplicate_keys import WorkKeys, first_author, year_of
from library.db.duplicates import ReadDuplicates
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.description import Description
from library.domain.doi import dois
from library.marc.dialects.codes import isbn

MOST_SHOWN = 8
MOST_LOOKED_AT = 300
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class Sameness(IntEnum):
    """What a record has in common with what is typed."""

    ISBN = 1
    WORK = 2
    EDITION = 3
    TITLE = 4
    DOI = 5

    @property
    def telling(self) -> int:
        """How much it tells: the less, the more. The numbers themselves stand in rows."""
        return _TELLING.index(self)

    @property
    def is_sure(self) -> bool:
        """Whether a number says it, and no words."""
        return self in (Sameness.DOI, Sameness.ISBN)


_TELLING = (Sameness.DOI, Sameness.ISBN, Sameness.WORK, Sameness.EDITION, Sameness.TITLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is typed so far; `besides` is the record itself where it has a number already."""

    isbns: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    year: int | None = None
    besides: int = 0

    @classmethod
    def typed(cls, isbns: Iterable[str], title: str, author: str, year: str, besides: int) -> Sought:
        """What inputs of a form say, whatever was typed into them."""
        found = _YEAR.search(year)
        return cls(
            isbns=tuple(filter(None, map(isbn, isbns))),
            title=title,
            author=author,
            year=int(found[0]) if found else None,
            besides=besides,
        )

    @classmethod
    def described(cls, description: Description, besides: int = 0) -> Sought:
        """What a record says."""
        author = first_author(description)
        return cls(
            isbns=description.isbns,
            dois=dois(description),
            title=description.title,
            author=author,
            year=description.year,
            besides=besides,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A record that may be of the same document, and why."""

    record: ListedRecord
    sameness: Sameness


class Duplicates:
    """Looks at the keys of all records, drafts and withdrawn ones too: what was saved a moment ago is found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sought: Sought, *, actor: Actor) -> tuple[Duplicate, ...]:
        """The likeliest records first, of equals the newest, `MOST_SHOWN` at most."""
        require(actor, Action.CATALOGUE)
        works = WorkKeys()
        title = works.folded_title(sought.title)
        with self._database.reading() as view:
            found: dict[int, Sameness] = {}
            for number, sameness in _candidates(view.duplicates, works, sought):
                found[number] = min(sameness, found.get(number, sameness), key=lambda one: one.telling)
            found.pop(sought.besides, None)
            # Twice as many as are shown, should two titles share a checksum.
            ranked = sorted(found, key=lambda number: (found[number].telling, -number))[: 2 * MOST_SHOWN]
            listed = view.records.listed(ranked)
        sure = [
            number
            for number in ranked
            if found[number].is_sure or works.folded_title(listed[number].description.title) == title
        ]
        return tuple([Duplicate(record=listed[number], sameness=found[number]) for number in sure[:MOST_SHOWN]])


def _candidates(keys: ReadDuplicates, works: WorkKeys, sought: Sought) -> Iterator[tuple[int, Sameness]]:
    for number in keys.with_dois(sought.dois, MOST_LOOKED_AT):
        yield number, Sameness.DOI
    for number in keys.with_isbns(sought.isbns, MOST_LOOKED_AT):
        yield number, Sameness.ISBN
    if not sought.author:
        span = works.span_of_title(sought.title)
        for found in keys.of_works(span, MOST_LOOKED_AT) if span else ():
            yield found.record_id, Sameness.TITLE
        return
    # With its author, and those that name none.
    for author, same_year, other_year in (
        (sought.author, Sameness.WORK, Sameness.EDITION),
        ("", Sameness.TITLE, Sameness.TITLE),
    ):
        span = works.span(sought.title, author)
        for found in keys.of_works(span, MOST_LOOKED_AT) if span else ():
            differs = None not in (sought.year, year_of(found.key)) and sought.year != year_of(found.key)
            yield found.record_id, other_year if differs else same_year
