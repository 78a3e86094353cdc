"""Pages of the library's settings, and what their forms hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from library.domain.configuration import Division, LibraryFacts, Section, Texts
from library.domain.errors import N_
from library.settings import LANGUAGES
from library.web.languages import NAMES, gettext
from library.web.pages import Page

LONGEST_FIELD = 2_000
SECTIONS: Mapping[Section, str] = {
    Section.LIBRARY: N_("The library on every page"),
    Section.COLLECTIONS: N_("Collections"),
    Section.FACULTIES: N_("Faculties"),
    Section.PAPERS: N_("Papers of transfers"),
    Section.RIGHTS: N_("Rights of new files"),
    Section.DEPOSITS: N_("Agreement with depositors"),
    Section.APPEALS: N_("Working days and electronic reception"),
}
FIELDS: Mapping[str, str] = {
    "institution": N_("Name of the institution"),
    "library_name": N_("Name of the library"),
    "address": N_("Address"),
    "opening_hours": N_("Opening hours"),
    "responsible_person": N_("Responsible official"),
    "responsible_contact": N_("Telephone and e-mail"),
}
PARTS: Mapping[Section, Mapping[str, str]] = {
    Section.COLLECTIONS: {"names": N_("Name"), "description": N_("Description")},
    Section.FACULTIES: {"names": N_("Name")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput:
    """A text in one language; `meanwhile` is what somebody else saved since the form was opened."""

    name: str
    tag: str
    language: str
    value: str
    meanwhile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGroup:
    """A text in all languages; `otherwise` is what pages say where all are empty."""

    label: str
    otherwise: str
    inputs: tuple[TextInput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """A section with its newest version; `saved_at` is None where nobody saved it."""

    address: str
    label: str
    saved_at: datetime | None
    saved_by: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage(Page):
    """All sections."""

    template: ClassVar[str] = "configuration/settings.html"
    robots: ClassVar[str] = "noindex"

    sections: tuple[SectionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(Page):
    """The form of the library's texts, or of one collection or faculty; a new one is given its code there."""

    template: ClassVar[str] = "configuration/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    address: str
    heading: str
    problem: str
    version: int
    groups: tuple[TextGroup, ...]
    code: str = ""
    asks_code: bool = False
    remove_address: str = ""
    back_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionsPage(Page):
    """All collections, or all faculties: code, name, description."""

    template: ClassVar[str] = "configuration/divisions.html"
    robots: ClassVar[str] = "noindex"

    address: str
    heading: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of a section."""

    version: int
    saved_at: datetime | None
    saved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage(Page):
    """Versions of a section, the newest first."""

    template: ClassVar[str] = "configuration/versions.html"
    robots: ClassVar[str] = "noindex"

    address: str
    heading: str
    lines: tuple[VersionLine, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage(Page):
    """A version with all that it says; `newest` is the one in force."""

    template: ClassVar[str] = "configuration/version.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    address: str
    heading: str
    line: VersionLine
    newest: int
    facts: tuple[tuple[str, str], ...]


def typed(form: Mapping[str, str], name: str) -> Texts:
    """What was typed for a text in each language, of a bearable length."""
    return {tag: form.get(f"{name}-{tag}", "").strip()[:LONGEST_FIELD] for tag in LANGUAGES}


def groups(
    labels: Mapping[str, str],
    values: Mapping[str, Texts],
    saved: Mapping[str, Texts],
    otherwise: Mapping[str, str],
) -> tuple[TextGroup, ...]:
    """The texts of a form; `saved` are those that somebody else saved meanwhile."""
    return tuple(
        TextGroup(
            label=gettext(label),
            otherwise=otherwise.get(name, ""),
            inputs=tuple(
                TextInput(
                    name=f"{name}-{tag}",
                    tag=tag,
                    language=NAMES[tag],
                    value=values[name].get(tag, ""),
                    meanwhile=_other(saved.get(name, {}).get(tag, ""), values[name].get(tag, "")),
                )
                for tag in LANGUAGES
            ),
        )
        for name, label in labels.items()
    )


def texts_of(content: LibraryFacts | Division, labels: Mapping[str, str]) -> dict[str, Texts]:
    """The texts that a form with these labels shows."""
    return {name: getattr(content, name) for name in labels}


def _other(saved: str, value: str) -> str:
    return saved if saved != value else ""
