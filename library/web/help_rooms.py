"""What the help of roles is made of: tasks, and the rooms that they stand in.

A task belongs to those who have its right, by the one table of permissions: the help can't promise what is refused.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from library.domain.access import PERMISSIONS, Action
from library.domain.people import Role

EVERYBODY = frozenset(Role)
AT_WORK = PERMISSIONS[Action.SEE_WORK]
CATALOGUERS = PERMISSIONS[Action.CATALOGUE]
APPROVERS = PERMISSIONS[Action.APPROVE]
READERS = EVERYBODY - AT_WORK - PERMISSIONS[Action.SYSTEM]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: for whom, on which page, and how. `address` is empty where the page depends on a record."""

    name: str
    address: str
    roles: Set[Role]
    how: str


@dataclass(frozen=True, slots=True)
class Room:
    """Tasks that belong together."""

    name: str
    tasks: tuple[Task, ...]
