"""What a record of a deposited work is made of, whatever its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from library.domain.description import Material
from library.domain.marc import DataField, Subfield


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedPerson:
    """A person: family name, given names as typed, and as initials. All but the first may be empty."""

    family: str
    given: str = ""
    initials: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def heading(self) -> str:
        """The name in heading order, in full."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def direct(self) -> str:
        """The name as a statement of responsibility has it."""
        return f"{self.given} {self.family}".strip()

    @property
    def expanded(self) -> str:
        """The given names where the initials say less."""
        return self.given if self.given != self.initials else ""

    @property
    def orcid_address(self) -> str:
        """The address of the ORCID; empty where there is none."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedWork:
    """What is put into a record; an empty text is left out, and all are clean.

    `genre` says in the work's language what it is, `language` is a code of ISO 639-2/B, `unit` the word for pages.
    `licence_note` and `project_note` have their labels with them, for dialects without a field for the matter;
    `licence_url` is empty for the library's own agreement.
    """

    material: Material
    is_part: bool
    title: str
    genre: str = ""
    other_title: str = ""
    language: str = ""
    is_cyrillic: bool = False
    authors: tuple[DepositedPerson, ...] = ()
    supervisor: DepositedPerson | None = None
    abstracts: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    year: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    host: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    unit: str = ""
    conference: str = ""
    publisher: str = ""
    place: str = ""
    degree: str = ""
    speciality: str = ""
    defended_on: str = ""
    project: str = ""
    project_note: str = ""
    faculty: str = ""
    licence: str = ""
    licence_url: str = ""
    licence_note: str = ""

    @property
    def doi_address(self) -> str:
        """The address that the DOI leads to; empty where there is none."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def responsibility(self) -> str:
        """The authors as a statement of responsibility."""
        return ", ".join(one.direct for one in self.authors)

    @property
    def thesis(self) -> str:
        """What is said of a thesis in one line."""
        return " ; ".join(part for part in (self.degree, self.speciality, self.defended_on) if part)

    @property
    def extent(self) -> str:
        """The number of pages with its unit; of a part, none of its own."""
        if self.is_part:
            return ""
        return f"{self.pages} {self.unit}" if self.pages.isdigit() else self.pages

    @property
    def place_in_host(self) -> str:
        """Volume, issue and pages of a part, in marks that are read in any dialect."""
        volume, pages = ("Т. ", "С. ") if self.is_cyrillic else ("Vol. ", "P. ")
        parts = ((volume, self.volume), ("№ ", self.issue), (pages, self.pages))
        return ", ".join(mark + text for mark, text in parts if text)


def field(tag: str, indicators: str, *parts: tuple[str, str]) -> Iterator[DataField]:
    """The field with the subfields that say something; none where nothing does."""
    found = tuple(Subfield(code, value) for code, value in parts if value)
    if found:
        yield DataField(tag, indicators, found)
