"""What of the catalogue outsiders can harvest: in which formats an item is there, in which sets, and since when.

An item comes with the first publication of its record and stays for ever: what is withdrawn later is a deleted item, in
the sets and formats that it had.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntFlag

from library.domain.access import GUEST, Use, Visit, ruling
from library.domain.access_level import AccessLevel
from library.domain.configuration import Divisions, name_key
from library.domain.description import Material
from library.domain.document import Document
from library.domain.marc import Dialect

RULES = 2
"""Raised when what harvesters are given of the same record changes: then they are given all of it anew."""


class Format(IntFlag):
    """The formats; the name in small letters is the prefix in requests. The values are kept: they never change."""

    OAI_DC = 1
    QDC = 2
    MARC21 = 4
    MODS = 8
    OAI_OPENAIRE = 16
    ETDMS = 32
    DATACITE = 64
    UNIMARC = 128
    IRBIS = 256

    @property
    def prefix(self) -> str:
        """Its name in requests."""
        return str(self.name).lower()


COLLECTION, TYPE, FACULTY, UDC = "collection", "type", "faculty", "udc"
OPENAIRE = "openaire"
"""Records with a full text that is open, or will be when its embargo ends: what OpenAIRE collects."""
OPEN_ARCHIVE = "openarchive"
"""Records with a full text that anybody may have today."""

_CLASS = re.compile(r"\d{1,3}")
_OWN_DIALECTS = {Dialect.UNIMARC: Format.UNIMARC, Dialect.IRBIS: Format.IRBIS}
_SHORTEST_NAME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of a record decides on its sets and formats.

    `collections` are those of its copies and of its partner, `bodies` the names of the institutions behind it.
    """

    dialect: Dialect
    material: Material
    udc: Sequence[str]
    collections: Sequence[str]
    bodies: Sequence[str]
    has_creator: bool
    has_year: bool
    has_publisher: bool
    has_doi: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an item stands: its own sets in order, its formats, and the first day that changes this by itself.

    `files` tells apart what harvesters are told of its files: equal texts, equal tellings.
    """

    sets: tuple[str, ...]
    formats: Format
    files: str
    due_on: date | None


class Places:
    """The collections and faculties that have a set each."""

    def __init__(self, collections: Divisions, faculties: Divisions) -> None:
        self._collections = {
            name_key(name): one.code for one in collections.all for name in (*one.names.values(), one.code)
        }
        self._faculties = {
            key: one.code
            for one in faculties.all
            for name in one.names.values()
            if len(key := name_key(name)) >= _SHORTEST_NAME
        }
        told = json.dumps([sorted(self._collections.items()), sorted(self._faculties.items())])
        self.fingerprint = f"{RULES}.{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        """Changes with anything that can put an item into other sets though its record stays as it is."""

    def of(self, facts: Facts) -> Iterator[str]:
        """The sets of the collections that it is in, and of the faculties that are named as institutions."""
        for name in facts.collections:
            if code := self._collections.get(name_key(name)):
                yield f"{COLLECTION}:{code}"
        bodies = [name_key(name) for name in facts.bodies] if self._faculties else []
        for name, code in self._faculties.items():
            if any(name in body for body in bodies):
                yield f"{FACULTY}:{code}"


def standing(facts: Facts, documents: Iterable[Document], places: Places, today: date) -> Standing:
    """How the item of a published record with these files stands on this day."""
    visible = [document for document in documents if document.is_published]
    nobody = Visit(actor=GUEST, on_campus=False, today=today)
    open_now = {document.id for document in visible if ruling(document, Use.DOWNLOAD, nobody).allowed}
    sets = {f"{TYPE}:{facts.material}", *places.of(facts), *_classes(facts.udc)}
    if open_now:
        sets.add(OPEN_ARCHIVE)
    if open_now or any(_will_be_open(document, today) for document in visible):
        sets.add(OPENAIRE)
    return Standing(
        sets=tuple(sorted(sets)),
        formats=_formats(facts),
        files=" ".join(
            f"{document.id}.{document.version}.{document.term_ends or ''}.{int(document.id in open_now)}"
            for document in visible
        ),
        due_on=min((day for document in visible for day in _turns(document, today)), default=None),
    )


def with_ancestors(sets: Iterable[str]) -> frozenset[str]:
    """These sets, and those that contain them."""
    found: set[str] = set()
    for spec in sets:
        parts = spec.split(":")
        found.update(":".join(parts[:length]) for length in range(1, len(parts) + 1))
    return frozenset(found)


def _classes(udc: Iterable[str]) -> Iterator[str]:
    """The set of the main class: `udc:5:51:517` for 517.9 of the Universal Decimal Classification."""
    for notation in udc:
        if found := _CLASS.match(notation.strip()):
            digits = found.group()
            yield ":".join([UDC, *(digits[:length] for length in range(1, len(digits) + 1))])


def _formats(facts: Facts) -> Format:
    formats = Format.OAI_DC | Format.QDC | Format.MARC21 | Format.MODS
    formats |= _OWN_DIALECTS.get(facts.dialect, Format(0))
    if facts.has_creator and facts.has_year:
        formats |= Format.OAI_OPENAIRE
        if facts.has_publisher and facts.has_doi:
            formats |= Format.DATACITE
    if facts.material is Material.DISSERTATION:
        formats |= Format.ETDMS
    return formats


def _will_be_open(document: Document, today: date) -> bool:
    rights = document.rights
    embargoed = rights.embargo_until is not None and today < rights.embargo_until
    ends_before = document.term_ends is not None and document.term_ends < (rights.embargo_until or today)
    return rights.level is AccessLevel.OPEN and embargoed and not ends_before


def _turns(document: Document, today: date) -> Iterator[date]:
    """The coming days on which the rights of a file change by themselves."""
    embargo, ends = document.rights.embargo_until, document.term_ends
    if embargo is not None and embargo > today:
        yield embargo
    if ends is not None and ends >= today:
        yield ends + timedelta(days=1)
