"""People who sign in: staff with the order that appointed them, readers with their library card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
