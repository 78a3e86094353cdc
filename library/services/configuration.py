"""Settings that are made in the browser: every version is kept, every change stands in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from library.db.migrating import SchemaState
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.appeal_terms import AppealTerms, NamedDay
from library.domain.configuration import (
    Content,
    Division,
    Divisions,
    LibraryFacts,
    SavedSection,
    Section,
    Texts,
    empty,
    flat,
    require_sound,
    said,
)
from library.domain.deposit_terms import DepositTerms
from library.domain.errors import N_, InvalidConfiguration, LibraryError
from library.domain.intake_rules import DefaultRights, PapersNeeded
from library.domain.journal import Deed
from library.projections.plain_text import clean
from library.services.remembered import Remembered
from library.settings import LANGUAGES, Settings

COUNTER = ".settings.changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a page says of the library in one language."""

    institution: str
    library_name: str
    responsible_person: str
    responsible_contact: str
    address: str
    opening_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """All sections as they are in force."""

    library: LibraryFacts
    collections: Divisions
    faculties: Divisions
    papers: PapersNeeded
    rights: DefaultRights
    deposits: DepositTerms
    deposits_version: int
    appeals: AppealTerms
    appeals_version: int


class Configuration:
    """Reads for every page without a query, and saves for those who keep the settings.

    `NotEntitled` where the actor may not; `StaleVersion` where somebody saved meanwhile; `InvalidConfiguration` with
    the remedy.
    """

    def __init__(self, database: Database, data_dir: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        nothing = {section: empty(section) for section in Section}
        self._remembered = Remembered(self._newest, data_dir / COUNTER, nothing)

    def current(self) -> Current:
        """What is in force; raises nothing, and costs no query but after a change."""
        sections = self._remembered.get()
        return Current(
            library=_library(sections[Section.LIBRARY]),
            collections=_divisions(sections[Section.COLLECTIONS]),
            faculties=_divisions(sections[Section.FACULTIES]),
            papers=papers_of(sections[Section.PAPERS]),
            rights=rights_of(sections[Section.RIGHTS]),
            deposits=terms_of(sections[Section.DEPOSITS]),
            deposits_version=sections[Section.DEPOSITS].version,
            appeals=appeals_of(sections[Section.APPEALS]),
            appeals_version=sections[Section.APPEALS].version,
        )

    def section(self, section: Section, *, actor: Actor) -> SavedSection:
        """A section as it is in force, from the database."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            return view.configurations.newest()[section]

    def history(self, section: Section, below: int | None, limit: int, *, actor: Actor) -> list[SavedSection]:
        """Versions of a section under `below` (None: all), the newest first."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            return view.configurations.history(section, below, limit)

    def version(self, section: Section, version: int, *, actor: Actor) -> SavedSection:
        """A version of a section."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            return view.configurations.version(section, version)

    def save_library(self, facts: LibraryFacts, *, expected: int, actor: Actor) -> int:
        """Save what pages say of the library; the new version."""
        cleaned = LibraryFacts(**{name: _cleaned(getattr(facts, name)) for name in LibraryFacts.__dataclass_fields__})
        return self._save(Section.LIBRARY, lambda _: cleaned, expected, actor)

    def save_rules(self, rules: PapersNeeded | DefaultRights, *, expected: int, actor: Actor) -> int:
        """Save which papers each source needs, or which rights files begin with; the new version."""
        section = Section.PAPERS if isinstance(rules, PapersNeeded) else Section.RIGHTS
        return self._save(section, lambda _: rules, expected, actor)

    def save_terms(self, terms: DepositTerms, *, expected: int, actor: Actor) -> int:
        """Save what the library agrees on with depositors; the new version."""
        texts = {tag: _paragraphs(terms.agreement.get(tag, "")) for tag in LANGUAGES}
        kept = DepositTerms(agreement={tag: text for tag, text in texts.items() if text})
        return self._save(Section.DEPOSITS, lambda _: kept, expected, actor)

    def save_appeals(self, terms: AppealTerms, *, expected: int, actor: Actor) -> int:
        """Save the working days and the address of the electronic reception; the new version."""
        kept = AppealTerms(
            reception=clean(terms.reception),
            weekdays=tuple(sorted(set(terms.weekdays))),
            holidays=tuple(NamedDay(day=one.day, name=clean(one.name)) for one in terms.holidays),
            workdays=tuple(NamedDay(day=one.day, name=clean(one.name)) for one in terms.workdays),
        )
        return self._save(Section.APPEALS, lambda _: kept, expected, actor)

    def add_division(self, section: Section, division: Division, *, expected: int, actor: Actor) -> int:
        """Add a collection or a faculty, whose code no other has; the new version."""
        division = _clean_division(division)

        def added(before: SavedSection) -> Divisions:
            if any(one.code == division.code for one in _divisions(before).all):
                raise InvalidConfiguration(N_("The code {code} is taken. Choose another."), code=division.code)
            return _divisions(before).with_one(division)

        return self._save(section, added, expected, actor)

    def change_division(self, section: Section, division: Division, *, expected: int, actor: Actor) -> int:
        """Change the collection or faculty that has this code; the new version."""
        division = _clean_division(division)

        def changed(before: SavedSection) -> Divisions:
            return _divisions(before).without(division.code).with_one(division)

        return self._save(section, changed, expected, actor)

    def remove_division(self, section: Section, code: str, *, expected: int, actor: Actor) -> int:
        """Take a collection or a faculty away; the new version."""
        return self._save(section, lambda before: _divisions(before).without(code), expected, actor)

    def restore(self, section: Section, version: int, *, expected: int, actor: Actor) -> int:
        """Save once more what a section was; the new version."""
        require(actor, Action.SETTINGS)
        with self._database.reading() as view:
            content = view.configurations.version(section, version).content
        return self._save(section, lambda _: content, expected, actor)

    def _save(self, section: Section, change: Callable[[SavedSection], Content], expected: int, actor: Actor) -> int:
        require(actor, Action.SETTINGS)
        at = self._clock()
        with self._database.writing() as tx:
            tx.configurations.hold()
            before = tx.configurations.newest()[section].expecting(expected)
            content = change(before)
            require_sound(content)
            was, now = flat(before.content), flat(content)
            if was == now:
                return before.version
            after = SavedSection(
                section=section,
                version=before.version + 1,
                content=content,
                saved_at=at,
                saved_by=actor.key,
                saved_by_name=actor.name,
            )
            tx.configurations.add(after)
            gone = {name: text for name, text in was.items() if now.get(name) != text}
            came = {name: text for name, text in now.items() if was.get(name) != text}
            tx.journal.add(
                actor,
                Deed.SETTINGS_CHANGED,
                f"settings:{section}",
                at,
                before=gone,
                after={**came, "version": after.version},
            )
            tx.commit()
        self._remembered.changed()
        return after.version

    def _newest(self) -> dict[Section, SavedSection]:
        if self._database.schema_state() is not SchemaState.CURRENT:
            raise LibraryError(N_("The database can't be read, or is not of this release."))
        with self._database.reading() as view:
            return view.configurations.newest()


def imprint(facts: LibraryFacts, language: str, settings: Settings) -> Imprint:
    """What pages in this language say: set in the browser, in it or in another language, or in the environment."""

    def text(name: str) -> str:
        return said(getattr(facts, name), language, settings.default_language) or str(getattr(settings, name))

    return Imprint(
        institution=text("institution"),
        library_name=text("library_name"),
        responsible_person=text("responsible_person"),
        responsible_contact=text("responsible_contact"),
        address=text("address"),
        opening_hours=text("opening_hours"),
    )


def _clean_division(division: Division) -> Division:
    return Division(
        code=clean(division.code).lower(),
        names=_cleaned(division.names),
        description=_cleaned(division.description),
    )


def _cleaned(texts: Texts) -> Mapping[str, str]:
    """The texts in our languages, on one line each and without what cannot be seen; empty ones are left out."""
    return {tag: text for tag in LANGUAGES if (text := clean(texts.get(tag, "")))}


def _paragraphs(text: str) -> str:
    return "\n".join(line for line in map(clean, text.splitlines()) if line)


def _library(saved: SavedSection) -> LibraryFacts:
    assert isinstance(saved.content, LibraryFacts)
    return saved.content


def _divisions(saved: SavedSection) -> Divisions:
    assert isinstance(saved.content, Divisions)
    return saved.content


def papers_of(saved: SavedSection) -> PapersNeeded:
    """What a version of that section says."""
    assert isinstance(saved.content, PapersNeeded)
    return saved.content


def rights_of(saved: SavedSection) -> DefaultRights:
    """What a version of that section says."""
    assert isinstance(saved.content, DefaultRights)
    return saved.content


def terms_of(saved: SavedSection) -> DepositTerms:
    """What a version of that section says."""
    assert isinstance(saved.content, DepositTerms)
    return saved.content


def appeals_of(saved: SavedSection) -> AppealTerms:
    """What a version of that section says."""
    assert isinstance(saved.content, AppealTerms)
    return saved.content
