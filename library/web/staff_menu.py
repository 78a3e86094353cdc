"""The pages that staff find under their name at the head of every page."""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.access import Action, Actor, may
from library.domain.errors import N_
from library.domain.people import Role
from library.web.languages import gettext


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page, and the right it takes to open it."""

    label: str
    address: str
    action: Action


MENU = (
    MenuEntry(N_("My desk"), "/cataloguing", Action.CATALOGUE),
    MenuEntry(N_("Waiting for approval"), "/review", Action.SEE_WORK),
    MenuEntry(N_("Files"), "/documents", Action.SEE_WORK),
    MenuEntry(N_("Transfers of files"), "/transfers", Action.SEE_WORK),
    MenuEntry(N_("Works given to the open archive"), "/deposits", Action.SEE_DEPOSITS),
    MenuEntry(N_("Give a work to the open archive"), "/deposit", Action.DEPOSIT),
    MenuEntry(N_("Complaints and questions"), "/appeals/", Action.SEE_APPEALS),
    MenuEntry(N_("Quality of the catalogue"), "/quality", Action.SEE_WORK),
    MenuEntry(N_("Authority records"), "/authorities", Action.SEE_WORK),
    MenuEntry(N_("Labels"), "/labels", Action.SEE_WORK),
    MenuEntry(N_("Accession book"), "/holdings", Action.SEE_WORK),
    MenuEntry(N_("Copy cataloguing"), "/copy-cataloguing", Action.CATALOGUE),
    MenuEntry(N_("Partner catalogues"), "/copy-cataloguing/catalogues", Action.SETTINGS),
    MenuEntry(N_("Partners that are harvested"), "/partners", Action.HARVEST),
    MenuEntry(N_("Import of files"), "/imports", Action.SEE_WORK),
    MenuEntry(N_("Batches of changes"), "/batches", Action.SEE_WORK),
    MenuEntry(N_("Readers"), "/readers", Action.READERS),
    MenuEntry(N_("Accounts of staff"), "/accounts", Action.STAFF),
    MenuEntry(N_("Keys for statistics"), "/statistics/keys", Action.SEE_STATISTICS),
    MenuEntry(N_("Statistics of use"), "/statistics/", Action.SEE_STATISTICS),
    MenuEntry(N_("Reports of COUNTER"), "/statistics/counter", Action.SEE_STATISTICS),
    MenuEntry(N_("Journal of actions"), "/journal", Action.JOURNAL),
    MenuEntry(N_("Settings of the library"), "/administration/settings", Action.SETTINGS),
    MenuEntry(N_("Administration"), "/administration", Action.SYSTEM),
)
HELP = N_("Help for my work")
# Whose help is opened by somebody with several roles: that of the role with the most tasks.
MOST_TASKS = (
    *(Role.HEAD, Role.ADMINISTRATOR, Role.CATALOGUER, Role.APPROVER, Role.INSPECTOR),
    *(Role.DEPARTMENT, Role.DEPOSITOR, Role.READER),
)


def entries(actor: Actor) -> tuple[MenuEntry, ...]:
    """The pages this actor may open, in the reader's language; the help of their role is the last."""
    helps = [MenuEntry(HELP, f"/help/{role}", Action.OWN_ACCOUNT) for role in MOST_TASKS if role in actor.roles]
    offered = (*MENU, *helps[:1])
    return tuple(
        MenuEntry(gettext(entry.label), entry.address, entry.action) for entry in offered if may(actor, entry.action)
    )
