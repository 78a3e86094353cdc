"""Roles, browsers and sessions in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from library.db.sessions import Session
from library.domain.errors import N_
from library.domain.people import ReaderCategory, Role
from library.web.languages import gettext

ROLES: Mapping[Role, str] = {
    Role.READER: N_("Reader"),
    Role.DEPOSITOR: N_("Author who deposits works"),
    Role.DEPARTMENT: N_("Department"),
    Role.CATALOGUER: N_("Cataloguer"),
    Role.APPROVER: N_("Approver"),
    Role.HEAD: N_("Head of the library"),
    Role.INSPECTOR: N_("Inspector (reads only)"),
    Role.ADMINISTRATOR: N_("Administrator (accounts and system)"),
}
CATEGORIES: Mapping[ReaderCategory, str] = {
    ReaderCategory.STUDENT: N_("Student"),
    ReaderCategory.MASTER: N_("Master's student"),
    ReaderCategory.DOCTORAL: N_("Doctoral student"),
    ReaderCategory.TEACHER: N_("Teacher"),
    ReaderCategory.EMPLOYEE: N_("Employee"),
    ReaderCategory.EXTERNAL: N_("Reader from outside"),
}
# Every browser calls itself by the names of others too: the first that is found counts.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session in a list; `digest` names it in a form."""

    digest: str
    browser: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def role_names(roles: frozenset[Role]) -> tuple[str, ...]:
    """The roles by their names, in the order of the table."""
    return tuple(gettext(name) for role, name in ROLES.items() if role in roles)


def day_text(day: date | None) -> str:
    """A date as it stands on cards and orders; empty where there is none."""
    return f"{day:%d.%m.%Y}" if day else ""


def session_line(session: Session, this: str = "") -> SessionLine:
    """A session for a list; `this` is the digest of the one that the list is shown in."""
    return SessionLine(
        digest=session.digest,
        browser=browser_name(session.browser),
        address=session.address,
        began_at=session.began_at,
        seen_at=session.seen_at,
        is_this=session.digest == this,
    )


def browser_name(text: str) -> str:
    """What a browser calls itself, short."""
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return ", ".join(filter(None, (browser, system))) or gettext("Unknown browser")
