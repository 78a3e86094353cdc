"""Forms of a name: in a heading, in a statement of responsibility, in a reference.

GOST 7.80-2000 gives the heading "Фамилия, И. О."; a statement has the initials first; a reference drops the comma.
"""

from __future__ import annotations

import re

from library.domain.description import Creator, CreatorRole, Description
from library.projections.item_language import ItemLanguage
from library.projections.plain_text import clean

# The patronymic words of Uzbek, Kyrgyz and Azerbaijani names have no initial: Каримов, Анвар Бахтиёр ўғли -> А. Б.
_PATRONYMIC = re.compile(r"(?:o[ʻʼ'‘’`]?g[ʻʼ'‘’`]?li|ў[гғ]ли|угли|огли|оглы|qizi|[қк]изи|кызы|уулу|уул)", re.IGNORECASE)
_UZBEK_INITIAL = re.compile(r"(?:sh|ch|[og][ʻʼ'‘’`])", re.IGNORECASE)
_AFTER_STOP = re.compile(r"(?<=\.)(?=\w)")
_READY_INITIAL = re.compile(r"[^\W\d_][\wʻʼ'‘’`]{0,2}\.")
_FULL_NAME = re.compile(r"[^\W\d_]{4,}")


def authors(description: Description) -> tuple[Creator, ...]:
    """The authors of the record, in its order."""
    return by_role(description, CreatorRole.AUTHOR)


def by_role(description: Description, role: CreatorRole) -> tuple[Creator, ...]:
    """The creators with this role whose name has a letter or a figure in it."""
    return tuple(found for found in description.creators if found.role is role and any(map(str.isalnum, found.name)))


def split_name(name: str) -> tuple[str, str]:
    """The family name and the rest ("Karimov", "I. A."); a name without comma is all family name."""
    family, _, given = clean(name).strip(" ,").partition(",")
    return family.strip(), given.strip(" ,")


def heading_form(name: str, language: ItemLanguage) -> str:
    """The name as a heading: "Каримов, А. Б."."""
    family, initials = _with_initials(name, language)
    return f"{family}, {initials}" if initials else family


def reference_form(name: str, language: ItemLanguage) -> str:
    """The name as a reference has it: "Каримов А. Б."."""
    return " ".join(part for part in _with_initials(name, language) if part)


def statement_form(name: str, language: ItemLanguage) -> str:
    """The name as a statement of responsibility has it: "А. Б. Каримов"."""
    family, initials = _with_initials(name, language)
    return f"{initials} {family}" if initials else family


def full_form(name: str) -> str:
    """The name in full as on the title page of a dissertation, "Каримов Анвар Бахтиёрович"; empty if not known so."""
    family, given = split_name(name)
    return f"{family} {given}" if _FULL_NAME.search(given) else ""


def _with_initials(name: str, language: ItemLanguage) -> tuple[str, str]:
    family, given = split_name(name)
    words = _AFTER_STOP.sub(" ", given.partition(",")[0]).split()
    return family, " ".join(form for form in (_initial(word, language) for word in words) if form)


def _initial(word: str, language: ItemLanguage) -> str:
    """The initial of one given name; particles ("фон", "ibn") stay, patronymic words and signs go."""
    if _PATRONYMIC.fullmatch(word):
        return ""
    if word.islower() and word.isalpha():
        return word
    parts = (_short(part, language) for part in word.split("-"))
    return "-".join(part for part in parts if part)


def _short(part: str, language: ItemLanguage) -> str:
    if not part[:1].isalpha():
        return ""
    if part.islower() or _READY_INITIAL.fullmatch(part):
        return part
    digraph = _UZBEK_INITIAL.match(part) if language is ItemLanguage.UZBEK_LATIN else None
    return f"{digraph.group() if digraph else part[0]}."
