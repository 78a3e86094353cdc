"""People with an account: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from indexer.folding import fold
from library.db.tables import credentials, people
from library.db.title_keys import title_key
from library.domain.errors import N_, InvalidAccount, NotFound, StaleVersion
from library.domain.people import (
    APPOINTED,
    LibraryCard,
    Order,
    Person,
    ReaderCategory,
    Role,
    Standing,
    login_key,
)

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """Which people a list shows: staff or all others, with words of the name, the login, or a number of theirs."""

    words: str = ""
    staff: bool | None = None
    role: Role | None = None
    standing: Standing | None = None
    category: ReaderCategory | None = None
    faculty: str = ""
    group: str = ""
    without_password: bool = False


class ReadPeople:
    """People as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person_id: int) -> Person:
        """The person with this number; `NotFound` where there is none."""
        row = self._connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no account {id}."), id=person_id)
        return person_of(row)

    def by_login(self, login: str) -> Person | None:
        """The person with this login, in any case of its letters; else with this card number; else HEMIS number."""
        ways = (people.c.login_key == login_key(login), people.c.card_number == login, people.c.hemis_number == login)
        query = select(people).where(or_(*ways)).order_by(case(*((way, rank) for rank, way in enumerate(ways))))
        row = self._connection.execute(query.limit(1)).one_or_none()
        return None if row is None else person_of(row)

    def with_numbers(self, cards: Sequence[str], hemis_numbers: Sequence[str]) -> list[Person]:
        """Everybody who has one of these cards, HEMIS numbers, or a login like one of these cards."""
        query = select(people).where(
            or_(
                people.c.card_number.in_(cards),
                people.c.hemis_number.in_(hemis_numbers),
                people.c.login_key.in_([login_key(card) for card in cards]),
            )
        )
        return [person_of(row) for row in self._connection.execute(query)]

    def found(self, wanted: PeopleFilter, limit: int, offset: int = 0) -> list[Person]:
        """People by name."""
        query = _matching(select(people), wanted).order_by(people.c.name_key, people.c.id).limit(limit).offset(offset)
        return [person_of(row) for row in self._connection.execute(query)]

    def count(self, wanted: PeopleFilter) -> int:
        """How many people the list has."""
        counted: int = self._connection.execute(
            _matching(select(func.count()).select_from(people), wanted)
        ).scalar_one()
        return counted


class People(ReadPeople):
    """People who can be written."""

    def add(self, person: Person) -> Person:
        """Write a new account; it comes back with its number. `InvalidAccount` where a number of it is taken."""
        try:
            result = self._connection.execute(insert(people).values(_row(person)).returning(people.c.id))
        except IntegrityError as error:
            raise _taken(person) from error
        return replace(person, id=result.scalar_one())

    def add_readers(self, persons: Sequence[Person]) -> None:
        """Write many new accounts of which the caller knows that no number is taken."""
        if persons:
            self._connection.execute(insert(people), [_row(person) for person in persons])

    def replace(self, before: Person, after: Person) -> None:
        """Write the next version; `StaleVersion` where the account isn't in the state before any more."""
        statement = update(people).where(people.c.id == before.id, people.c.version == before.version)
        try:
            changed = self._connection.execute(statement.values(_row(after))).rowcount
        except IntegrityError as error:
            raise _taken(after) from error
        if changed != 1:
            raise StaleVersion(N_("The account of {name} was changed by somebody else meanwhile."), name=before.name)

    def administrators(self) -> frozenset[int]:
        """The numbers of the administrators whose accounts are open; they stay so until the transaction ends."""
        query = select(people.c.id).where(_has_role(Role.ADMINISTRATOR), people.c.standing == Standing.ACTIVE.value)
        return frozenset(self._connection.execute(query.with_for_update()).scalars())


def _taken(person: Person) -> InvalidAccount:
    return InvalidAccount(
        N_("The login {login}, or the card or HEMIS number, belongs to another account."), login=person.login
    )


def name_key(name: str) -> str:
    """What names are ordered by, each by its alphabet, and after that what they are found by in any alphabet."""
    return f"{title_key(name, ())} {_found_by(name)}"


def _found_by(words: str) -> str:
    return " ".join(filter(None, map(fold, words.split())))


def person_of(row: Row[*tuple[Any, ...]]) -> Person:
    """The person in a row that has the columns of `people`."""
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=frozenset(map(Role, row.roles.split())),
        standing=Standing(row.standing),
        order=Order(number=row.order_number, date=row.order_date) if row.order_date else None,
        card=LibraryCard(
            number=row.card_number,
            hemis_number=row.hemis_number or "",
            category=ReaderCategory(row.category),
            faculty=row.faculty,
            group=row.study_group,
            valid_until=row.valid_until,
        )
        if row.card_number
        else None,
        email=row.email,
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _row(person: Person) -> dict[str, object]:
    card, order = person.card, person.order
    return {
        "login": person.login,
        "login_key": login_key(person.login),
        "name": person.name,
        "name_key": name_key(person.name),
        "roles": " ".join(sorted(person.roles)),
        "standing": person.standing.value,
        "order_number": order.number if order else "",
        "order_date": order.date if order else None,
        "email": person.email,
        "card_number": card.number if card else None,
        "hemis_number": (card.hemis_number or None) if card else None,
        "category": card.category.value if card else "",
        "faculty": card.faculty if card else "",
        "study_group": card.group if card else "",
        "valid_until": card.valid_until if card else None,
        "version": person.version,
        "created_at": person.created_at,
        "changed_at": person.changed_at,
    }


def _has_role(role: Role) -> ColumnElement[bool]:
    return (" " + people.c.roles + " ").contains(f" {role.value} ")


def _matching(query: Select[*Ts], wanted: PeopleFilter) -> Select[*Ts]:
    if wanted.words:
        key = _found_by(wanted.words)
        query = query.where(
            or_(
                people.c.name_key.contains(key, autoescape=True) if key else people.c.name == wanted.words,
                people.c.login_key.startswith(login_key(wanted.words), autoescape=True),
                people.c.card_number == wanted.words,
                people.c.hemis_number == wanted.words,
            )
        )
    if wanted.staff is not None:
        staff = or_(*map(_has_role, sorted(APPOINTED)))
        query = query.where(staff if wanted.staff else ~staff)
    if wanted.role is not None:
        query = query.where(_has_role(wanted.role))
    if wanted.standing is not None:
        query = query.where(people.c.standing == wanted.standing.value)
    if wanted.category is not None:
        query = query.where(people.c.category == wanted.category.value)
    if wanted.faculty:
        query = query.where(people.c.faculty == wanted.faculty)
    if wanted.group:
        query = query.where(people.c.study_group == wanted.group)
    if wanted.without_password:
        has_one = select(credentials.c.person_id).where(credentials.c.password_hash != "")
        query = query.where(people.c.id.not_in(has_one))
    return query
