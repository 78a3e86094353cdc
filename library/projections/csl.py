"""A record as CSL-JSON (schema csl-data 1.0.2), which citation processors and reference managers read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from library.domain.description import Creator, CreatorRole, Description, Material
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi, printed_isbn, web_address
from library.projections.name_forms import by_role, split_name
from library.projections.plain_text import clean, element

Name: TypeAlias = dict[str, str]
Date: TypeAlias = dict[str, list[list[int]]]
Item: TypeAlias = dict[str, str | list[Name] | Date]

_TYPES = MappingProxyType(
    {
        Material.BOOK: "book",
        Material.TEXTBOOK: "book",
        Material.VOLUME: "book",
        Material.ARTICLE: "article",
        Material.DISSERTATION: "thesis",
        Material.DISSERTATION_ABSTRACT: "thesis",
        Material.SERIAL: "periodical",
        Material.ISSUE: "periodical",
        Material.STANDARD: "standard",
        Material.ELECTRONIC: "webpage",
        Material.MAP: "map",
        Material.SCORE: "musical_score",
        Material.AUDIO: "song",
        Material.VIDEO: "motion_picture",
        Material.IMAGE: "graphic",
        Material.MANUSCRIPT: "manuscript",
    }
)
_ROLES = (
    ("editor", CreatorRole.EDITOR),
    ("compiler", CreatorRole.COMPILER),
    ("translator", CreatorRole.TRANSLATOR),
    ("illustrator", CreatorRole.ILLUSTRATOR),
)


def item(description: Description, *, identity: str, address: str | None = None, accessed: date | None = None) -> Item:
    """One item, without the variables that have no value; `identity` is its id."""
    url = web_address(description, address)
    texts = {
        "id": clean(identity) or "record",
        "type": _type(description),
        "title": part.work_title(description),
        **_host_texts(description),
        "collection-title": "; ".join(map(element, description.series)),
        "edition": element(description.edition),
        "publisher": _published_by(description),
        "publisher-place": part.place(description),
        "ISBN": " ".join(map(printed_isbn, description.isbns)),
        "ISSN": " ".join(map(clean, description.issns)),
        "DOI": doi(description),
        "URL": url,
        "language": part.language_tag(description),
        "abstract": clean(description.abstract),
        "keyword": ", ".join(map(element, (*description.subjects, *description.keywords))),
        "call-number": clean(description.copies[0].shelfmark) if description.copies else "",
    }
    people = {"author": part.writers(description), **{name: by_role(description, role) for name, role in _ROLES}}
    year = part.year(description)
    dates = {
        **({"issued": _date(year)} if year else {}),
        **({"accessed": _date(accessed.year, accessed.month, accessed.day)} if accessed and url else {}),
    }
    return {
        **{name: text for name, text in texts.items() if text},
        **{name: [_name(person) for person in found] for name, found in people.items() if found},
        **dates,
    }


def encode(items: Sequence[Item]) -> str:
    """The items as one JSON array, letters as they are, ending with a line feed."""
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _type(description: Description) -> str:
    host = host_of_part(description)
    if host and description.material is not Material.ELECTRONIC:
        return "article-journal" if part.is_in_serial(host) else "chapter"
    return _TYPES.get(description.material, "document")


def _host_texts(description: Description) -> dict[str, str]:
    host = host_of_part(description)
    if host is None:
        return {}
    return {
        "container-title": part.host_title(host),
        "volume": part.figure(host.volume),
        "issue": part.figure(host.issue),
        "page": "–".join(number for number in part.pages(host) if number),
    }


def _published_by(description: Description) -> str:
    return part.institution(description) if _type(description) == "thesis" else part.publisher(description)


def _name(person: Creator) -> Name:
    family, given = split_name(person.name)
    if person.role is CreatorRole.BODY or not (family and given):
        return {"literal": clean(person.name)}
    return {"family": family, "given": given}


def _date(*parts: int) -> Date:
    return {"date-parts": [list(parts)]}
