"""The content of a catalogue card (GOST 7.51-98 and library tradition), for a printer to lay out.

The front: shelfmark at the top left, heading on the first vertical, description on the second, notes and numbers as a
paragraph of their own, tracings at the foot, class indices at the bottom right. The back: inventory numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from library.domain.description import CreatorRole, Description
from library.projections.gost import GostStyle, areas, joined
from library.projections.gost_responsibility import MOST_AUTHORS_IN_HEADING, author_count
from library.projections.gost_style import rules_of
from library.projections.gost_words import words_of
from library.projections.item_language import item_language
from library.projections.name_forms import authors, by_role, heading_form
from library.projections.plain_text import clean, element, stopped

_ADDED_ROLES = (CreatorRole.EDITOR, CreatorRole.COMPILER, CreatorRole.TRANSLATOR, CreatorRole.ILLUSTRATOR)
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What stands on a card, paragraph by paragraph; an empty value takes no room.

    `shelfmark` is the class index and below it the author mark. `heading` is to be set bold. `tracings` are numbered:
    subjects in Arabic, added entries in Roman figures.
    """

    shelfmark: tuple[str, ...]
    heading: str
    description: str
    notes: str
    abstract: str
    tracings: str
    udc: tuple[str, ...]
    bbk: tuple[str, ...]
    inventory_numbers: tuple[str, ...]


def lines(
    description: Description,
    *,
    style: GostStyle = GostStyle.GOST_7_1_2003,
    address: str | None = None,
    accessed: date | None = None,
) -> Card:
    """The lines of a card; a part of a host is described on one card with it."""
    found = areas(description, rules_of(style), address=address, accessed=accessed)
    body = joined((*found.body, found.content)) if found.host else joined(found.body)
    if found.host:
        body = f"{body} // {joined(found.host)}"
    notes = joined((*found.notes, found.access, *found.numbers, "" if found.host else found.content))
    udc, bbk = _indices(description.udc), _indices(description.bbk)
    return Card(
        shelfmark=_shelfmark(description, bbk or udc),
        heading=stopped(found.heading),
        description=stopped(body),
        notes=stopped(notes),
        abstract=clean(description.abstract),
        tracings=_tracings(description, has_heading=bool(found.heading)),
        udc=udc,
        bbk=bbk,
        inventory_numbers=_indices(copy.inventory_number for copy in description.copies),
    )


def _shelfmark(description: Description, indices: tuple[str, ...]) -> tuple[str, ...]:
    """The shelfmark of the first copy that has one, a line for each part; else the first class index."""
    marks = (clean(copy.shelfmark) for copy in description.copies)
    return tuple(next((mark for mark in marks if mark), "").replace("/", " ").split()) or indices[:1]


def _indices(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in map(clean, values) if value))


def _tracings(description: Description, *, has_heading: bool) -> str:
    """Under which other headings the work stands: "1. Subject. I. Added entry. II. Загл."."""
    language = item_language(description)
    named = authors(description)
    further = named[1:] if has_heading else named[: 1 if author_count(description) > MOST_AUTHORS_IN_HEADING else None]
    others = (person for role in _ADDED_ROLES for person in by_role(description, role))
    entries = [heading_form(person.name, language) for person in (*further, *others)]
    entries += [clean(body.name) for body in by_role(description, CreatorRole.BODY)]
    if has_heading:
        entries.append(words_of(language).title_tracing)
    subjects = [subject for subject in map(element, description.subjects) if subject]
    numbered = (
        *(f"{number}. {subject}" for number, subject in enumerate(subjects, 1)),
        *(f"{_roman(number)}. {entry}" for number, entry in enumerate(dict.fromkeys(entries), 1)),
    )
    return " ".join(map(stopped, numbered))


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text
