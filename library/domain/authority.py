"""Authority records: one accepted form of a name or subject, and all the forms it goes by, in every script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from library.domain.errors import N_, InvalidAuthority, StaleVersion

LONGEST_FORM = 300
LONGEST_NOTE = 2_000
MOST_FORMS = 100


class AuthorityKind(StrEnum):
    """What is named."""

    PERSON = "person"
    BODY = "body"
    SUBJECT = "subject"
    SERIES = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A name or subject. `heading` is the accepted form, `forms` the others; `merged_into` is another's number or 0.

    `identifier` is its number elsewhere (ORCID, VIAF, ISNI), `note` is for cataloguers.
    """

    id: int
    kind: AuthorityKind
    heading: str
    forms: tuple[str, ...] = ()
    identifier: str = ""
    note: str = ""
    merged_into: int = 0
    version: int = 1
    changed_at: datetime
    changed_by: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every form, the accepted one first."""
        return (self.heading, *self.forms)

    def expecting(self, version: int) -> Authority:
        """This authority, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("“{heading}” was saved by somebody else meanwhile."), heading=self.heading)
        return self


def sound_forms(heading: str, forms: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The accepted form and the others, without spaces too many and doubles. Raises `InvalidAuthority`."""
    heading = " ".join(heading.split())
    others = tuple(dict.fromkeys(" ".join(form.split()) for form in forms if form.strip()))
    others = tuple(form for form in others if form != heading)
    if not heading:
        raise InvalidAuthority(N_("Write the accepted form."))
    if len(others) > MOST_FORMS:
        raise InvalidAuthority(N_("There can be {most} other forms at most."), most=MOST_FORMS)
    for form in (heading, *others):
        if len(form) > LONGEST_FORM or not form.isprintable():
            raise InvalidAuthority(N_("A form has {longest} characters at most."), longest=LONGEST_FORM)
    return heading, others
