"""What the library sets in the browser: its names and addresses, collections, faculties, papers of files, rights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from library.domain.appeal_terms import (
    AppealTerms,
    flat_appeals,
    require_sound_appeals,
    terms_facts,
    terms_from_facts,
)
from library.domain.deposit_terms import DepositTerms, flat_terms, require_sound_terms, terms_from
from library.domain.errors import N_, InvalidConfiguration, NotFound, StaleVersion
from library.domain.intake_rules import (
    DefaultRights,
    PapersNeeded,
    flat_papers,
    flat_rights,
    papers_from,
    require_sound_papers,
    require_sound_rights,
    rights_from,
)

Texts = Mapping[str, str]
"""What is said in some languages, by their tags (`uz-Latn`); an empty one is not there."""

LONGEST_TEXT = 500
MOST_DIVISIONS = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_OTHER_SCRIPT = {"uz-Latn": "uz-Cyrl", "uz-Cyrl": "uz-Latn"}


class Section(StrEnum):
    """A part of the settings that is saved, and kept in versions, as one."""

    LIBRARY = "library"
    COLLECTIONS = "collections"
    FACULTIES = "faculties"
    PAPERS = "papers"
    RIGHTS = "rights"
    DEPOSITS = "deposits"
    APPEALS = "appeals"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFacts:
    """What every page says of the library; what is empty here is taken from the environment's settings."""

    institution: Texts = field(default_factory=dict)
    library_name: Texts = field(default_factory=dict)
    responsible_person: Texts = field(default_factory=dict)
    responsible_contact: Texts = field(default_factory=dict)
    address: Texts = field(default_factory=dict)
    opening_hours: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A collection of the library or a faculty of the university. Its code names it for ever."""

    code: str
    names: Texts
    description: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Divisions:
    """All collections, or all faculties, in the order of their codes."""

    all: tuple[Division, ...] = ()

    def get(self, code: str) -> Division:
        """The one with this code; `NotFound` where there is none."""
        for one in self.all:
            if one.code == code:
                return one
        raise NotFound(N_("There is nothing with the code {code}."), code=code)

    def named(self, name: str) -> Division | None:
        """The one that is called so in any language, or that has this code, whatever its capitals and spaces."""
        key = name_key(name)
        return next((one for one in self.all if key in map(name_key, (*one.names.values(), one.code))), None)

    def with_one(self, division: Division) -> Divisions:
        """These with one more, or with one instead of that which has its code."""
        others = [one for one in self.all if one.code != division.code]
        return replace(self, all=tuple(sorted([*others, division], key=lambda one: one.code)))

    def without(self, code: str) -> Divisions:
        """These without one; `NotFound` where it is not there."""
        gone = self.get(code)
        return replace(self, all=tuple(one for one in self.all if one is not gone))


Content = LibraryFacts | Divisions | PapersNeeded | DefaultRights | DepositTerms | AppealTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSection:
    """A version of a section; version 0 was saved by nobody."""

    section: Section
    version: int = 0
    content: Content
    saved_at: datetime | None = None
    saved_by: str = ""
    saved_by_name: str = ""

    def expecting(self, version: int) -> SavedSection:
        """This, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("These settings were saved by somebody else meanwhile."))
        return self


def empty(section: Section) -> SavedSection:
    """A section that nobody saved yet."""
    kinds: Mapping[Section, type[Content]] = {
        Section.LIBRARY: LibraryFacts,
        Section.PAPERS: PapersNeeded,
        Section.RIGHTS: DefaultRights,
        Section.DEPOSITS: DepositTerms,
        Section.APPEALS: AppealTerms,
    }
    return SavedSection(section=section, content=kinds.get(section, Divisions)())


def require_sound(content: Content) -> None:
    """Raise `InvalidConfiguration` unless a section may be like this."""
    if isinstance(content, LibraryFacts):
        _require_short(text for texts in asdict(content).values() for text in texts.values())
    elif isinstance(content, PapersNeeded):
        require_sound_papers(content)
    elif isinstance(content, DefaultRights):
        require_sound_rights(content)
    elif isinstance(content, DepositTerms):
        require_sound_terms(content)
    elif isinstance(content, AppealTerms):
        # Which days are worked is the same in every zone.
        require_sound_appeals(content, UTC)
    else:
        _require_sound_divisions(content)


def _require_sound_divisions(content: Divisions) -> None:
    if len(content.all) > MOST_DIVISIONS:
        raise InvalidConfiguration(N_("There can be {most} at most."), most=MOST_DIVISIONS)
    for one in content.all:
        if not _CODE.fullmatch(one.code):
            raise InvalidConfiguration(
                N_("A code has 1 to 40 small Latin letters, figures and hyphens, and begins with a letter or figure.")
            )
        if not one.names:
            raise InvalidConfiguration(N_("Write the name in one language at least."))
        _require_short([*one.names.values(), *one.description.values()])


def name_key(name: str) -> str:
    """What names of a division have in common that differ in capitals, spaces and forms of letters."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def said(texts: Texts, language: str, default: str) -> str:
    """The text in this language; else in its other script, in the default language, in any; empty where none is."""
    for tag in (language, _OTHER_SCRIPT.get(language, ""), default, *texts):
        if text := texts.get(tag):
            return text
    return ""


def as_facts(content: Content) -> dict[str, object]:
    """The content as JSON holds it."""
    return terms_facts(content) if isinstance(content, AppealTerms) else asdict(content)


def from_facts(section: Section, facts: Mapping[str, Any]) -> Content:
    """The content of a section out of JSON; what a later release wrote in addition is left out."""
    if section is Section.LIBRARY:
        names = {one.name for one in fields(LibraryFacts)}
        return LibraryFacts(**{name: texts for name, texts in facts.items() if name in names})
    if section is Section.PAPERS:
        return papers_from(facts)
    if section is Section.RIGHTS:
        return rights_from(facts)
    if section is Section.DEPOSITS:
        return terms_from(facts)
    if section is Section.APPEALS:
        return terms_from_facts(facts)
    found = cast("list[dict[str, Any]]", facts["all"])
    return Divisions(
        all=tuple(
            Division(code=one["code"], names=one["names"], description=one.get("description", {})) for one in found
        )
    )


def flat(content: Content) -> dict[str, str]:
    """Every text of the content by what it is: `institution (ru)`, `maktab, names (uz-Latn)`."""
    if isinstance(content, LibraryFacts):
        return _flat("", asdict(content))
    if isinstance(content, PapersNeeded):
        return flat_papers(content)
    if isinstance(content, DefaultRights):
        return flat_rights(content)
    if isinstance(content, DepositTerms):
        return flat_terms(content)
    if isinstance(content, AppealTerms):
        return flat_appeals(content)
    return {
        name: text
        for one in content.all
        for name, text in _flat(f"{one.code}, ", {"names": one.names, "description": one.description}).items()
    }


def _flat(prefix: str, parts: Mapping[str, Texts]) -> dict[str, str]:
    return {f"{prefix}{name} ({tag})": text for name, texts in parts.items() for tag, text in texts.items()}


def _require_short(texts: Iterable[str]) -> None:
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise InvalidConfiguration(N_("A text has {most} characters at most."), most=LONGEST_TEXT)
