"""People who catalogue in tests, and what two of them do to a record together."""

from __future__ import annotations

from library.domain.access import Actor
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.services.cataloguing import Cataloguing, Stamp

NODIRA = Actor.person(1, "Nodira", frozenset({Role.CATALOGUER}))
AZIZA = Actor.person(2, "Aziza", frozenset({Role.APPROVER}))
BOTIR = Actor.person(3, "Botir", frozenset({Role.HEAD}))


def published(cataloguing: Cataloguing, dialect: Dialect, marc: MarcRecord) -> int:
    """Nodira enters a record and Aziza approves it; its number. The record has version 2 then."""
    number = cataloguing.create(dialect, marc, actor=NODIRA)
    stamp = cataloguing.submit(number, expected=Stamp(1, 1), actor=NODIRA)
    cataloguing.approve(number, expected=stamp, actor=AZIZA)
    return number


def revised(cataloguing: Cataloguing, number: int, marc: MarcRecord) -> int:
    """Nodira changes an approved record and Aziza approves the change; the new version."""
    stamp = cataloguing.workplace(number, actor=NODIRA).stamp
    stamp = cataloguing.save(number, marc, expected=stamp, actor=NODIRA)
    stamp = cataloguing.submit(number, expected=stamp, actor=NODIRA)
    return cataloguing.approve(number, expected=stamp, actor=AZIZA)


def withdrawn(cataloguing: Cataloguing, number: int, reason: str) -> int:
    """Aziza withdraws a record; its new version."""
    stamp = cataloguing.workplace(number, actor=AZIZA).stamp
    return cataloguing.withdraw(number, reason, expected=stamp, actor=AZIZA)
