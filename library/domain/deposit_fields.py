"""What a depositor says of a work, as it was typed, and what has to be mended before it can be sent.

Everything is text, so that a form may be kept half filled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from library.domain.description import Material
from library.domain.errors import N_, FieldProblem, Message

LONGEST_LINE = 1_000
LONGEST_TEXT = 20_000
MOST_AUTHORS = 100
# A text may be closed for so long and no longer: whoever mistypes a year would close it for ever.
MOST_YEARS_AHEAD = 20

_ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])/?", re.ASCII)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}(?:\.\d+)*/[!-~]+)", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_EARLIEST_YEAR = 1900
_MODULUS, _X = 11, 10


class DepositKind(StrEnum):
    """The type of work."""

    ARTICLE = "article"
    CONFERENCE_PAPER = "conference-paper"
    DISSERTATION = "dissertation"
    ABSTRACT = "abstract"
    TEXTBOOK = "textbook"
    COURSE_WORK = "course-work"


MATERIALS: Mapping[DepositKind, Material] = {
    DepositKind.ARTICLE: Material.ARTICLE,
    DepositKind.CONFERENCE_PAPER: Material.ARTICLE,
    DepositKind.DISSERTATION: Material.DISSERTATION,
    DepositKind.ABSTRACT: Material.DISSERTATION_ABSTRACT,
    DepositKind.TEXTBOOK: Material.TEXTBOOK,
    DepositKind.COURSE_WORK: Material.BOOK,
}
"""What each kind is in the catalogue."""

THESES = frozenset({DepositKind.DISSERTATION, DepositKind.ABSTRACT})
PARTS = frozenset({DepositKind.ARTICLE, DepositKind.CONFERENCE_PAPER})

_THESIS = ("degree", "speciality", "supervisor", "defence_date")
_OWN: Mapping[DepositKind, tuple[str, ...]] = {
    DepositKind.ARTICLE: ("host", "issn", "volume", "issue", "pages", "doi"),
    DepositKind.CONFERENCE_PAPER: ("conference", "host", "isbn", "volume", "issue", "pages", "doi"),
    DepositKind.DISSERTATION: (*_THESIS, "pages"),
    DepositKind.ABSTRACT: (*_THESIS, "pages"),
    DepositKind.TEXTBOOK: ("publisher", "place", "isbn", "pages", "doi"),
    DepositKind.COURSE_WORK: ("supervisor", "pages"),
}
_ABOUT = ("title", "other_title", "language", "year")
_WORDS = ("abstract", "other_abstract", "keywords", "project", "faculty")
_TERMS = ("licence", "embargo_until", "embargo_of")
WHOLE = "whole"
"""The embargo closes the description too."""
_MUST: Mapping[DepositKind, frozenset[str]] = {
    DepositKind.ARTICLE: frozenset({"abstract", "host"}),
    DepositKind.CONFERENCE_PAPER: frozenset({"abstract", "host"}),
    DepositKind.DISSERTATION: frozenset({"abstract", "supervisor", "degree", "defence_date"}),
    DepositKind.ABSTRACT: frozenset({"supervisor", "degree", "defence_date"}),
    DepositKind.TEXTBOOK: frozenset(),
    DepositKind.COURSE_WORK: frozenset({"supervisor"}),
}
_ALWAYS = frozenset({"title", "language", "year", "licence"})
LONG = frozenset({"abstract", "other_abstract"})

LANGUAGES = ("uzb", "kaa", "kir", "rus", "eng", "kaz", "tgk", "tuk", "ger", "fre", "tur", "ara", "per")
"""Languages of works that the form offers, by their codes of ISO 639-2/B."""

AGREEMENT = "agreement"
"""The licence that is the library's own agreement with authors."""

LICENCES = (
    *("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0"),
    AGREEMENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as typed: "Karimov, Islom", an ORCID, where they work."""

    name: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def says_anything(self) -> bool:
        """Whether anything was typed."""
        return bool(self.name or self.orcid or self.affiliation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """All that may be said of a work; which of it is asked for depends on its kind. Days are in ISO 8601."""

    title: str = ""
    other_title: str = ""
    language: str = ""
    authors: tuple[Author, ...] = ()
    abstract: str = ""
    other_abstract: str = ""
    keywords: str = ""
    year: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    host: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    conference: str = ""
    publisher: str = ""
    place: str = ""
    degree: str = ""
    speciality: str = ""
    supervisor: str = ""
    defence_date: str = ""
    project: str = ""
    faculty: str = ""
    licence: str = ""
    embargo_until: str = ""
    embargo_of: str = ""

    @property
    def keyword_list(self) -> tuple[str, ...]:
        """The keywords, each once; a semicolon, a comma or a new line parts them."""
        parts = (" ".join(part.split()) for part in re.split(r"[;,\n]", self.keywords))
        return tuple(dict.fromkeys(part for part in parts if part))

    def opens_on(self, kind: DepositKind, today: date) -> date | None:
        """The first day on which the text is open; None where it may be at once.

        A thesis is not open before it was defended.
        """
        days = [day_of(self.embargo_until), day_of(self.defence_date) if kind in THESES else None]
        return max((day for day in days if day is not None and day > today), default=None)

    def hidden_until(self, kind: DepositKind, today: date) -> date | None:
        """The first day on which anybody is told of the work; None where the description may be open at once."""
        return self.opens_on(kind, today) if self.embargo_of == WHOLE else None


NOTHING = Fields()


def asked(kind: DepositKind) -> tuple[str, ...]:
    """The names of the fields of this kind, in the order of the form; authors stand after the first of them."""
    return (*_ABOUT, *_OWN[kind], *_WORDS, *_TERMS)


def must(kind: DepositKind) -> frozenset[str]:
    """The fields of this kind that can't be left empty."""
    return _ALWAYS | _MUST[kind]


def problems(kind: DepositKind, typed: Fields, today: date, faculties: Collection[str]) -> tuple[FieldProblem, ...]:
    """What has to be mended before a work can be sent, in the order of the form.

    ISBN and ISSN are checked beside, by the rules of the catalogue. `faculties` are the codes of those there are: where
    there are some, one has to be chosen.
    """
    return tuple(_problems(kind, typed, today, faculties))


def _problems(kind: DepositKind, typed: Fields, today: date, faculties: Collection[str]) -> Iterator[FieldProblem]:
    needed = must(kind) | ({"faculty"} if faculties else set())
    for name in asked(kind):
        text = str(getattr(typed, name))
        if not text:
            if name in needed:
                yield _problem(name, N_("Fill in this field"))
        elif name in _CHECKS and (message := _CHECKS[name](text, today)):
            yield FieldProblem(field=name, message=message)
        elif name == "embargo_of" and typed.hidden_until(kind, today) is None:
            yield _problem("embargo_until", N_("Say until which day the work is closed."))
        elif name == "faculty" and faculties and text not in faculties:
            yield _problem(name, N_("There is no such faculty. Choose one of the list."))
        if name == "title":
            yield from _of_authors(typed.authors)


def _of_authors(authors: tuple[Author, ...]) -> Iterator[FieldProblem]:
    if not any(one.name for one in authors):
        yield _problem("authors.0.name", N_("Write the author: surname, then given names."))
    for number, one in enumerate(authors):
        if one.says_anything and not one.name and any(other.name for other in authors):
            yield _problem(f"authors.{number}.name", N_("Write the author: surname, then given names."))
        if one.orcid and (message := orcid_problem(one.orcid)):
            yield FieldProblem(field=f"authors.{number}.orcid", message=message)


def orcid_of(typed: str) -> str:
    """The ORCID in what was typed, as 0000-0002-1825-0097; empty unless its check character is right."""
    found = _ORCID.fullmatch(typed.strip())
    number = "-".join(found.groups()).upper() if found else ""
    return number if number and number[-1] == orcid_check(number[:-1]) else ""


def orcid_check(digits: str) -> str:
    """The check character of the first fifteen digits of an ORCID (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in digits.replace("-", ""):
        total = (total + int(digit)) * 2
    rest = (12 - total % _MODULUS) % _MODULUS
    return "X" if rest == _X else str(rest)


def orcid_problem(typed: str) -> Message | None:
    """What is wrong with an ORCID; None for a right one."""
    if orcid_of(typed):
        return None
    if _ORCID.fullmatch(typed.strip()):
        return Message.of(N_("ORCID is wrong: the check character does not match. Compare it with orcid.org."))
    return Message.of(N_("An ORCID has 16 digits in four groups, such as 0000-0002-1825-0097."))


def doi_of(typed: str) -> str:
    """The DOI in what was typed, without resolver and in small letters, for its case means nothing; empty for none."""
    found = _DOI.fullmatch(typed.strip())
    return found[1].rstrip(".,;").lower() if found else ""


def day_of(typed: str) -> date | None:
    """The day in ISO 8601; None for what is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _doi_problem(typed: str, _: date) -> Message | None:
    if doi_of(typed):
        return None
    return Message.of(N_("A DOI begins with 10. and has a slash, such as 10.1234/5678."))


def _year_problem(typed: str, today: date) -> Message | None:
    if _YEAR.fullmatch(typed) and _EARLIEST_YEAR <= int(typed) <= today.year + 1:
        return None
    return Message.of(
        N_("Write the year in four digits, from {first} to {last}."), first=_EARLIEST_YEAR, last=today.year + 1
    )


def _day_problem(typed: str, _: date) -> Message | None:
    return None if day_of(typed) else Message.of(N_("This is no date: {typed}"), typed=typed[:20])


def _embargo_problem(typed: str, today: date) -> Message | None:
    day = day_of(typed)
    if day is not None and day.year > today.year + MOST_YEARS_AHEAD:
        return Message.of(N_("An embargo lasts {years} years at most."), years=MOST_YEARS_AHEAD)
    return _day_problem(typed, today)


def _language_problem(typed: str, _: date) -> Message | None:
    return None if typed in LANGUAGES else Message.of(N_("Choose the language of the work."))


def _licence_problem(typed: str, _: date) -> Message | None:
    return None if typed in LICENCES else Message.of(N_("Choose a licence."))


_CHECKS = {
    "language": _language_problem,
    "year": _year_problem,
    "doi": _doi_problem,
    "defence_date": _embargo_problem,
    "embargo_until": _embargo_problem,
    "licence": _licence_problem,
}


def _problem(field: str, sentence: str) -> FieldProblem:
    return FieldProblem(field=field, message=Message.of(sentence))


def cut(typed: Fields) -> Fields:
    """The same within the lengths that are kept, without authors of whom nothing is said."""
    texts = {
        one.name: getattr(typed, one.name)[: LONGEST_TEXT if one.name in LONG else LONGEST_LINE]
        for one in fields(Fields)
        if one.name != "authors"
    }
    authors = (
        Author(
            name=one.name[:LONGEST_LINE],
            orcid=one.orcid[:LONGEST_LINE],
            affiliation=one.affiliation[:LONGEST_LINE],
        )
        for one in typed.authors
        if one.says_anything
    )
    return replace(typed, **texts, authors=tuple(authors)[:MOST_AUTHORS])


def from_facts(facts: Mapping[str, Any]) -> Fields:
    """The fields out of JSON; what a later release wrote in addition is left out."""
    names = {one.name for one in fields(Fields)} - {"authors"}
    authors = tuple(
        Author(**{name: str(one.get(name, "")) for name in ("name", "orcid", "affiliation")})
        for one in facts.get("authors", ())
    )
    return Fields(authors=authors, **{name: str(text) for name, text in facts.items() if name in names})
