"""Authority records: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from indexer.analysis import split
from indexer.folding import fold
from indexer.sorting import alphabet_of, sort_key
from library.db.tables import authorities, authority_forms
from library.domain.authority import Authority, AuthorityKind
from library.domain.errors import N_, NotFound, StaleVersion

CHUNK = 500
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An authority that is offered for what was typed, and the form that was met."""

    authority_id: int
    heading: str
    form: str


def form_key(form: str) -> str:
    """What forms are compared by: the folded words, one space between them, no signs."""
    return " ".join(fold(word) for word in split(form))


class ReadAuthorities:
    """Authorities as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, authority_id: int) -> Authority:
        """The authority with this number, merged or not; `NotFound` where there is none."""
        row = self._connection.execute(select(authorities).where(authorities.c.id == authority_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no authority record {id}."), id=authority_id)
        return _authority(row, self._forms([authority_id]).get(authority_id, ()))

    def page(self, kind: AuthorityKind, typed: str, offset: int, limit: int) -> list[Authority]:
        """Those of a kind that have a form beginning as typed, in the order of their accepted forms."""
        wanted = authorities.c.id.in_(self._beginning(kind, form_key(typed))) if typed.strip() else None
        query = select(authorities).where(authorities.c.kind == kind, authorities.c.merged_into == 0)
        if wanted is not None:
            query = query.where(wanted)
        rows = self._connection.execute(
            query.order_by(authorities.c.sort_key, authorities.c.id).offset(offset).limit(limit)
        ).all()
        forms = self._forms([row.id for row in rows])
        return [_authority(row, forms.get(row.id, ())) for row in rows]

    def counts(self) -> dict[AuthorityKind, int]:
        """How many there are of each kind."""
        query = (
            select(authorities.c.kind, func.count()).where(authorities.c.merged_into == 0).group_by(authorities.c.kind)
        )
        return {AuthorityKind(kind): count for kind, count in self._connection.execute(query)}

    def suggested(self, kind: AuthorityKind, typed: str, limit: int) -> list[Suggestion]:
        """Authorities of a kind with a form that begins as typed, in any script; one query."""
        key = form_key(typed)
        if not key:
            return []
        query = (
            select(authority_forms.c.authority_id, authorities.c.heading, authority_forms.c.form)
            .join(authorities, authorities.c.id == authority_forms.c.authority_id)
            .where(
                authority_forms.c.kind == kind,
                authority_forms.c.key >= key,
                authority_forms.c.key < key + _LAST,
                authorities.c.merged_into == 0,
            )
            .order_by(authority_forms.c.key, authority_forms.c.is_accepted.desc(), authority_forms.c.authority_id)
            .limit(limit * 4)
        )
        found: dict[int, Suggestion] = {}
        for row in self._connection.execute(query):
            found.setdefault(
                row.authority_id, Suggestion(authority_id=row.authority_id, heading=row.heading, form=row.form)
            )
        return list(found.values())[:limit]

    def by_forms(self, forms: Collection[str]) -> dict[str, list[Authority]]:
        """The authorities, merged ones left out, that have a form with the key of one of these; by that key."""
        keys = sorted({form_key(form) for form in forms} - {""})
        found: dict[str, list[int]] = {}
        for start in range(0, len(keys), CHUNK):
            query = (
                select(authority_forms.c.key, authority_forms.c.authority_id)
                .join(authorities, authorities.c.id == authority_forms.c.authority_id)
                .where(authority_forms.c.key.in_(keys[start : start + CHUNK]), authorities.c.merged_into == 0)
                .order_by(authority_forms.c.authority_id)
            )
            for key, authority_id in self._connection.execute(query):
                found.setdefault(key, []).append(authority_id)
        many = self._many(sorted({one for numbers in found.values() for one in numbers}))
        return {key: [many[number] for number in dict.fromkeys(numbers)] for key, numbers in found.items()}

    def _many(self, numbers: Sequence[int]) -> dict[int, Authority]:
        found: dict[int, Authority] = {}
        for start in range(0, len(numbers), CHUNK):
            some = numbers[start : start + CHUNK]
            forms = self._forms(some)
            for row in self._connection.execute(select(authorities).where(authorities.c.id.in_(some))):
                found[row.id] = _authority(row, forms.get(row.id, ()))
        return found

    def _forms(self, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        query = (
            select(authority_forms.c.authority_id, authority_forms.c.form)
            .where(authority_forms.c.authority_id.in_(numbers), authority_forms.c.is_accepted.is_(False))
            .order_by(authority_forms.c.authority_id, authority_forms.c.position)
        )
        found: dict[int, tuple[str, ...]] = {}
        for number, form in self._connection.execute(query):
            found[number] = (*found.get(number, ()), form)
        return found

    def _beginning(self, kind: AuthorityKind, key: str) -> Any:
        return select(authority_forms.c.authority_id).where(
            authority_forms.c.kind == kind, authority_forms.c.key >= key, authority_forms.c.key < key + _LAST
        )


class Authorities(ReadAuthorities):
    """Authorities that can be written."""

    def add(self, authority: Authority) -> Authority:
        """Write a new one; it is given back with its number."""
        key = self._connection.execute(insert(authorities), _row(authority)).inserted_primary_key
        assert key is not None, "the row was written"
        number = int(key[0])
        self._write_forms(number, authority)
        return self.get(number)

    def replace(self, before: Authority, after: Authority) -> None:
        """Write the next version; `StaleVersion` where it isn't in the state before any more."""
        statement = (
            update(authorities)
            .where(authorities.c.id == before.id, authorities.c.version == before.version)
            .values(_row(after))
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("“{heading}” was saved by somebody else meanwhile."), heading=before.heading)
        self._connection.execute(delete(authority_forms).where(authority_forms.c.authority_id == before.id))
        self._write_forms(before.id, after)

    def _write_forms(self, number: int, authority: Authority) -> None:
        self._connection.execute(
            insert(authority_forms),
            [
                {
                    "authority_id": number,
                    "position": position,
                    "kind": authority.kind.value,
                    "form": form,
                    "key": form_key(form),
                    "is_accepted": position == 0,
                }
                for position, form in enumerate(authority.names)
            ],
        )


def _row(authority: Authority) -> dict[str, object]:
    return {
        "kind": authority.kind.value,
        "heading": authority.heading,
        "sort_key": sort_key(authority.heading, alphabet_of(authority.heading, ("uzb",))),
        "identifier": authority.identifier,
        "note": authority.note,
        "merged_into": authority.merged_into,
        "version": authority.version,
        "changed_at": authority.changed_at,
        "changed_by": authority.changed_by,
    }


def _authority(row: Row[*tuple[Any, ...]], forms: tuple[str, ...]) -> Authority:
    return Authority(
        id=row.id,
        kind=AuthorityKind(row.kind),
        heading=row.heading,
        forms=forms,
        identifier=row.identifier,
        note=row.note,
        merged_into=row.merged_into,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
