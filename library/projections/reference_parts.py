"""What every reference format asks of a record: a title in one piece, an institution, pages and figures."""

from __future__ import annotations

import re

from library.domain.description import Creator, CreatorRole, Description, HostItem
from library.projections.gost_elements import host_of_part, title_and_part
from library.projections.gost_style import GOST_R_7_0_5_2008
from library.projections.item_language import item_language
from library.projections.name_forms import authors, by_role
from library.projections.plain_text import clean, element, elements, name_element, stopped

_SPAN = re.compile(r"(\d+)\s*[-‐–—]\s*(\d+)")
_FIGURE = re.compile(r"\d+(?:[/–-]\d+)*|\b[IVXLC]+\b")
_LANGUAGES = {"rus": "ru", "kir": "ky", "eng": "en", "kaz": "kk", "tgk": "tg", "deu": "de", "ger": "de", "fra": "fr"}
_NOT_WORKS_OF_BODIES = (CreatorRole.AUTHOR, CreatorRole.EDITOR, CreatorRole.COMPILER)


def work_title(description: Description) -> str:
    """The title with the part and the other title information: "Title. Part: remainder"."""
    common, own = title_and_part(description, GOST_R_7_0_5_2008)
    whole = f"{stopped(common)} {own}" if own else common
    remainder = element(description.remainder).replace(" : ", ": ")
    return f"{whole}: {remainder}" if remainder else whole


def host_title(host: HostItem) -> str:
    """The title of the host with an ordinary colon."""
    return name_element(host.title).replace(" : ", ": ")


def is_in_serial(host: HostItem) -> bool:
    """Whether the host is a journal: it has an ISSN, a volume or an issue."""
    return bool(clean(host.issn) or clean(host.issue) or clean(host.volume))


def bodies_as_authors(description: Description) -> tuple[Creator, ...]:
    """The bodies, where no person wrote, edited or compiled the work."""
    if any(by_role(description, role) for role in _NOT_WORKS_OF_BODIES):
        return ()
    return by_role(description, CreatorRole.BODY)


def writers(description: Description) -> tuple[Creator, ...]:
    """The authors, or the bodies that stand for them."""
    return authors(description) or bodies_as_authors(description)


def institution(description: Description) -> str:
    """Where a thesis was defended, as far as the record tells: its body, else its publisher."""
    bodies = by_role(description, CreatorRole.BODY)
    return clean(bodies[0].name) if bodies else publisher(description)


def publisher(description: Description) -> str:
    """The publishers in one piece."""
    return "; ".join(elements(description.publishers))


def place(description: Description) -> str:
    """The places in one piece."""
    return "; ".join(elements(description.places))


def year(description: Description) -> int | None:
    """The year of the work, else that of its host."""
    part_of = host_of_part(description)
    return description.year or (part_of.year if part_of else None)


def pages(host_item: HostItem) -> tuple[str, str]:
    """The first and the last page; the last is empty where there is one page only or none."""
    span = _SPAN.search(element(host_item.pages))
    if span:
        return span.group(1), span.group(2)
    return figure(host_item.pages), ""


def figure(text: str) -> str:
    """The number in "Т. 5" or "№ 3–4"; the whole text where there is no number."""
    found = _FIGURE.search(element(text))
    return found.group() if found else element(text)


def language_tag(description: Description) -> str:
    """The language of the item as a BCP 47 tag, with the script for Uzbek; its own code where none shorter is known."""
    code = description.languages[0] if description.languages else ""
    if code == "uzb":
        return item_language(description).value
    return _LANGUAGES.get(code, clean(code)) or item_language(description).value
