"""People who sign in: staff with the order that appointed them, readers with their library card."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from library.domain.errors import N_, InvalidAccount


class Role(StrEnum):
    """What a person is here for; one person may have several. What each may do stands in `domain.access`."""

    READER = "reader"
    DEPOSITOR = "depositor"
    DEPARTMENT = "department"
    CATALOGUER = "cataloguer"
    APPROVER = "approver"
    HEAD = "head"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


APPOINTED = frozenset({Role.DEPARTMENT, Role.CATALOGUER, Role.APPROVER, Role.HEAD, Role.INSPECTOR, Role.ADMINISTRATOR})
"""Roles that are given by an order of the university or the ministry."""

CATALOGUING = frozenset({Role.CATALOGUER, Role.APPROVER, Role.HEAD})
"""Roles that nobody has who gives roles: who keeps the accounts does not keep the catalogue."""

LONGEST_LOGIN = 64
LONGEST_OF_CARD = 200
LONGEST_NAME = 200


class ReaderCategory(StrEnum):
    """Who a reader is to the university; HEMIS tells the same kinds apart."""

    STUDENT = "student"
    MASTER = "master"
    DOCTORAL = "doctoral"
    TEACHER = "teacher"
    EMPLOYEE = "employee"
    EXTERNAL = "external"


class Standing(StrEnum):
    """Whether an account lets its person in."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order by which a person was appointed."""

    number: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryCard:
    """A reader's card. `valid_until` is the last day it holds; None where it holds without end."""

    number: str
    hemis_number: str = ""
    category: ReaderCategory
    faculty: str = ""
    group: str = ""
    valid_until: date | None = None

    def is_valid(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.valid_until is None or today <= self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account. `login` is unique without regard to case; `version` rises with every change."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    standing: Standing = Standing.ACTIVE
    order: Order | None = None
    card: LibraryCard | None = None
    email: str = ""
    version: int = 1
    created_at: datetime
    changed_at: datetime

    @property
    def is_staff(self) -> bool:
        """Whether an order has to stand behind the account."""
        return bool(self.roles & APPOINTED)

    @property
    def is_administrator(self) -> bool:
        """Whether the second factor is a must."""
        return Role.ADMINISTRATOR in self.roles

    def card_ended(self, today: date) -> date | None:
        """The last day of a reader's card that holds no more; staff are let in whatever their card says."""
        if self.is_staff or self.card is None or self.card.is_valid(today):
            return None
        return self.card.valid_until

    def may_come_in(self, today: date) -> bool:
        """Whether the account lets its person in on this day."""
        return self.standing is Standing.ACTIVE and self.card_ended(today) is None


def require_sound_card(card: LibraryCard) -> None:
    """Raise `InvalidAccount` with the remedy unless a card may be like this."""
    numbers = [card.number, *([card.hemis_number] if card.hemis_number else [])]
    for number in numbers:
        if not number or len(number) > LONGEST_LOGIN or not number.isprintable() or any(map(str.isspace, number)):
            raise InvalidAccount(
                N_("A card or HEMIS number has 1 to {longest} letters, digits and signs, without spaces."),
                longest=LONGEST_LOGIN,
            )
    if max(len(card.faculty), len(card.group)) > LONGEST_OF_CARD:
        raise InvalidAccount(N_("Faculty and group have {longest} characters at most."), longest=LONGEST_OF_CARD)


def login_key(login: str) -> str:
    """What logins are told apart by: neither case nor full-width letters make another one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).casefold())


def require_sound(*, login: str, name: str, roles: frozenset[Role], order: Order | None) -> None:
    """Raise `InvalidAccount` with the remedy unless an account may be like this."""
    if not login or len(login) > LONGEST_LOGIN or not login.isprintable() or any(map(str.isspace, login)):
        raise InvalidAccount(
            N_("A login has 1 to {longest} letters, digits and signs, without spaces."), longest=LONGEST_LOGIN
        )
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidAccount(N_("Write the person's name, {longest} characters at most."), longest=LONGEST_NAME)
    if not roles:
        raise InvalidAccount(N_("Choose at least one role."))
    if Role.ADMINISTRATOR in roles and roles & CATALOGUING:
        raise InvalidAccount(N_("An administrator does no cataloguing: give the cataloguing roles to another person."))
    if roles & APPOINTED and (order is None or not order.number.strip()):
        raise InvalidAccount(N_("These roles are given by an order: write its number and its date."))
