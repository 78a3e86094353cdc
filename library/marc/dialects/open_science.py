"""What records of open archives say besides: the ORCID of a person, the DOI of the work, and on which terms it is used.

IRBIS has no fields for them: they are notes, in the words in which works given to the archive have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from library.domain.deposit_fields import doi_of, orcid_of
from library.domain.description import Creator, Terms
from library.domain.marc import DataField

# An ISNI looks the same, so the number alone is not enough: it has to be said what it is.
_ORCID = re.compile(r"orcid[^\d]{0,20}(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX])\b", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LICENCE_NOTE = re.compile(r"(?:litsenziya|лицензия|licen[cs]e)\s*:\s*(\S.*)", re.IGNORECASE)
_COMMONS = re.compile(r"https?://creativecommons\.org/\S+", re.IGNORECASE)
_ORCID_NOTE = re.compile(r"([^:]+):\s*ORCID\s+(\S+)", re.IGNORECASE)


def orcid(values: Iterable[str]) -> str:
    """The first ORCID that one of these subfields names, in groups of four; none with a wrong check character."""
    found = (_ORCID.search(value) for value in values)
    return next((number for match in found if match and (number := orcid_of(match[1]))), "")


def dois(fields: Iterable[DataField]) -> tuple[str, ...]:
    """The DOIs of fields for standard numbers that say that they have one ($2)."""
    said = (field for field in fields if (field.first("2") or "").strip().lower() == "doi")
    return tuple(dict.fromkeys(found for field in said for text in field.values("a") if (found := doi_of(text))))


def terms(fields: Iterable[DataField]) -> tuple[Terms, ...]:
    """The terms in fields that have them in words ($a, $f) and as an address ($u, or among the words)."""
    found = (_terms(" ".join(field.values("af")), field.first("u") or "") for field in fields)
    return tuple(dict.fromkeys(one for one in found if one.text or one.url))


def terms_in_notes(notes: Iterable[str]) -> tuple[Terms, ...]:
    """The terms in notes that begin with the word for a licence, or name an address of Creative Commons."""
    return tuple(dict.fromkeys(_licences(notes)))


def with_orcids(creators: tuple[Creator, ...], notes: Iterable[str]) -> tuple[Creator, ...]:
    """The creators with the ORCIDs that notes give to their names ("Karimova, Lola: ORCID 0000-0002-1825-0097")."""
    told = dict(_orcid_notes(notes))
    return tuple(replace(one, orcid=_told_of(one.name, told)) for one in creators) if told else creators


def _terms(words: str, address: str) -> Terms:
    url = _WEB.search(address) or _WEB.search(words)
    text = words.replace(url[0], " ") if url else words
    return Terms(text=" ".join(text.split()).rstrip(" ,;"), url=url[0].rstrip(".,;)") if url else "")


def _licences(notes: Iterable[str]) -> Iterator[Terms]:
    for note in notes:
        said = _LICENCE_NOTE.fullmatch(note.strip())
        if said is not None:
            yield _terms(said[1], "")
        elif (address := _COMMONS.search(note)) is not None:
            yield _terms("", address[0])


def _orcid_notes(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for note in notes:
        said = _ORCID_NOTE.fullmatch(note.strip())
        if said is not None and (number := orcid_of(said[2])):
            yield said[1].strip(), number


def _told_of(name: str, told: Mapping[str, str]) -> str:
    """The ORCID of the one name that is this one, be its given names in full here and initials there."""
    mine = _surname_and_initial(name)
    found = {number for other, number in told.items() if other == name}
    found = found or {number for other, number in told.items() if _surname_and_initial(other) == mine}
    return found.pop() if len(found) == 1 else ""


def _surname_and_initial(name: str) -> tuple[str, str]:
    surname, _, given = name.partition(",")
    return surname.strip().casefold(), given.strip()[:1].casefold()
