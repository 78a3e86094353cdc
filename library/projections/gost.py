"""Bibliographic description by GOST 7.1-2003 and GOST R 7.0.100-2018.

Areas are parted by a full stop and a dash; the stop is not doubled after an abbreviation. An empty element takes its
sign with it. The text has ordinary spaces only. Sections: 4 (signs, abbreviations), 5 (areas), 6 (volumes), 7 (parts).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from library.domain.description import Description, Material
from library.projections import gost_elements as element_of
from library.projections.gost_abbreviations import shorten
from library.projections.gost_responsibility import heading, statement
from library.projections.gost_style import GostStyle, Rules, rules_of
from library.projections.identifiers import web_address
from library.projections.item_language import item_language
from library.projections.plain_text import stopped

__all__ = ["Areas", "GostStyle", "areas", "describe", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """A description in its areas, empty ones included, without the signs between them.

    `body` runs from the title to the series; `notes` and `numbers` stand apart on a card; `host` follows " // ".
    """

    heading: str
    body: tuple[str, ...]
    host: tuple[str, ...]
    notes: tuple[str, ...]
    numbers: tuple[str, ...]
    access: str
    content: str


def describe(description: Description, *, style: GostStyle, address: str | None, accessed: date | None) -> str:
    """The description in one line of text, ending with a full stop.

    `address` is where the electronic form is read: with it the item is described as electronic. An electronic item
    without one takes its first link. `accessed` is the date of access and appears with an address only.
    """
    found = areas(description, rules_of(style), address=address, accessed=accessed)
    return stopped(" ".join(part for part in (stopped(found.heading), _body(found, style)) if part))


def areas(description: Description, rules: Rules, *, address: str | None, accessed: date | None) -> Areas:
    """The areas of the description by these rules."""
    url = web_address(description, address)
    electronic = bool(url) or description.material is Material.ELECTRONIC
    host = element_of.host_of_part(description)
    numbers = element_of.standard_numbers(description)
    return Areas(
        heading=heading(description),
        body=(
            _title_area(description, rules, electronic=electronic),
            *(() if host else _further_body(description, rules)),
        ),
        host=element_of.host_areas(description, host, rules) if host else (),
        notes=element_of.notes(description),
        numbers=tuple(number for number in numbers if number.startswith("DOI")) if host else numbers,
        access=element_of.access(url, accessed, rules, item_language(description)) if url else "",
        content=element_of.content_and_medium(description, electronic=electronic) if rules.content else "",
    )


def joined(parts: Iterable[str], sign: str = "— ") -> str:
    """The areas with a full stop and a dash between them, the stop not doubled."""
    text = ""
    for part in parts:
        if part:
            text = f"{stopped(text)} {sign}{part}" if text else part
    return text


def _body(found: Areas, style: GostStyle) -> str:
    """The areas in the order of the standard: in 2003 the address is a note, in 2018 it follows the numbers."""
    is_2003 = style is GostStyle.GOST_7_1_2003
    notes = (*found.notes, found.access, *found.numbers) if is_2003 else (*found.notes, *found.numbers, found.access)
    if found.host:
        return f"{joined((*found.body, found.content))} // {joined((*found.host, *notes))}"
    return joined((*found.body, *notes, found.content))


def _title_area(description: Description, rules: Rules, *, electronic: bool) -> str:
    title = element_of.title(description, rules, electronic=electronic)
    responsible = statement(description, rules)
    if rules.shortened:
        responsible = shorten(responsible, item_language(description))
    return f"{title} / {responsible}" if responsible else title


def _further_body(description: Description, rules: Rules) -> tuple[str, ...]:
    return (
        element_of.edition(description, rules),
        element_of.numbering(description, rules),
        element_of.imprint(description, rules),
        element_of.extent(description),
        element_of.series(description),
    )
