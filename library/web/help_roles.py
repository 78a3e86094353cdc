"""Help for each role: what it is for, its tasks, its keys, what is refused, its rights, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response

from library.domain.access import MEANINGS, PERMISSIONS, Action
from library.domain.errors import N_
from library.domain.people import Role
from library.web.accounts_words import ROLES
from library.web.help_refusals import KEYS, REFUSALS
from library.web.help_tasks import ROOMS
from library.web.languages import gettext
from library.web.pages import Page, render


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLink:
    """The help of a role."""

    label: str
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePage(Page):
    """Help for one role; `rights` are all there are, with whether the program grants them."""

    template: ClassVar[str] = "help/role.html"

    role: str
    purpose: str
    rooms: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    keys: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]
    rights: tuple[tuple[str, bool], ...]
    asking: str
    others: tuple[HelpLink, ...]


PURPOSES: Mapping[Role, str] = {
    Role.READER: N_(
        "Searching and reading take no account. With one you have a password and sessions of your own; loans and "
        "requests are not part of this release."
    ),
    Role.DEPOSITOR: N_(
        "You give your own works to the open archive of the university and follow them until everybody finds them. "
        "Besides, your account is that of a reader."
    ),
    Role.DEPARTMENT: N_(
        "You confirm the works that people of your department give to the open archive, or return them. Besides, your "
        "account is that of a reader."
    ),
    Role.CATALOGUER: N_(
        "You describe what the library has, and keep its copies and readers. Another person approves what you submit."
    ),
    Role.APPROVER: N_(
        "You look at what others submitted: you let readers see it, or return it with a remark. You type no records."
    ),
    Role.HEAD: N_(
        "You can do what cataloguers and approvers do, though your own work is approved by another person. Write-offs, "
        "emergencies, settings and the journal are yours besides."
    ),
    Role.INSPECTOR: N_("You see the work of the library and its journal. You change nothing but your own account."),
    Role.ADMINISTRATOR: N_(
        "You keep accounts, settings and the system in order. You do no cataloguing and see no drafts."
    ),
}
_LIBRARY = N_("The library: its telephone and address stand at the foot of every page where they are set.")
ASKING: Mapping[Role, str] = {
    Role.READER: _LIBRARY,
    Role.DEPOSITOR: _LIBRARY,
    Role.DEPARTMENT: _LIBRARY,
    Role.CATALOGUER: N_(
        "About a remark, whoever made it; about rights, the head of the library; about signing in, the administrator."
    ),
    Role.APPROVER: N_(
        "About a record, whoever entered it; about rights, the head of the library; about signing in, the "
        "administrator."
    ),
    Role.HEAD: N_("About signing in, backups and the machine: the administrator."),
    Role.INSPECTOR: N_("About what you see, the head of the library; about signing in, the administrator."),
    Role.ADMINISTRATOR: N_(
        "The head of the library says who gets which role. About the machine, see the manual of operations."
    ),
}


def blueprint() -> Blueprint:
    """The route `/help/ROLE`."""
    routes = Blueprint("roles", __name__)

    @routes.get(f"/help/<any({', '.join(Role)}):name>")
    def role(name: str) -> Response:
        return render(role_page(Role(name)))

    return routes


def role_page(role: Role) -> RolePage:
    """The help of this role in the reader's language."""
    rooms = (
        (
            gettext(room.name),
            tuple((gettext(task.name), task.address, gettext(task.how)) for task in room.tasks if role in task.roles),
        )
        for room in ROOMS
    )
    keys = KEYS if role in PERMISSIONS[Action.CATALOGUE] else KEYS[:1]
    return RolePage(
        role=gettext(ROLES[role]),
        purpose=gettext(PURPOSES[role]),
        rooms=tuple((name, tasks) for name, tasks in rooms if tasks),
        keys=tuple((key, gettext(does)) for key, does in keys),
        refusals=tuple(gettext(text) for roles, text in REFUSALS if role in roles),
        rights=tuple((gettext(MEANINGS[action]), role in PERMISSIONS[action]) for action in Action),
        asking=gettext(ASKING[role]),
        others=links(role),
    )


def links(here: Role | None = None) -> tuple[HelpLink, ...]:
    """The help of all roles."""
    return tuple(HelpLink(label=gettext(ROLES[role]), address=f"/help/{role}", is_here=role is here) for role in Role)
