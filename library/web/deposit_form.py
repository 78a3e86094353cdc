"""The form in which a depositor describes a work: what it shows, and what was typed into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from flask import request

from library.container import Container
from library.domain.configuration import said
from library.domain.deposit import Deposit
from library.domain.deposit_fields import (
    LANGUAGES,
    LICENCES,
    LONG,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_AUTHORS,
    WHOLE,
    Author,
    Fields,
    asked,
    must,
)
from library.domain.errors import FieldProblem
from library.web import deposit_words as words
from library.web.languages import gettext, language, told
from library.web.pages import Page, settings
from library.web.session import csrf
from library.web.words import LANGUAGE_NAMES

PARTS = ("name", "orcid", "affiliation")
DAYS = frozenset({"defence_date", "embargo_until"})
WIDE = LONG | {"title", "other_title", "host", "conference", "keywords", "licence"}
EMPTY_ROWS = 1
# The fields after which the form turns to something else, by what comes.
GROUPS = (
    ("work", ("title", "other_title", "language", "year")),
    ("content", ("abstract", "other_abstract", "keywords", "project", "faculty")),
    ("terms", ("licence", "embargo_until", "embargo_of")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormInput:
    """An input: `kind` is line, text, day, number or choice; `problem` says what is wrong with its value."""

    name: str
    id: str
    label: str
    kind: str
    value: str
    hint: str
    is_needed: bool
    is_wide: bool
    longest: int
    options: tuple[Option, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRow:
    """The inputs of one author."""

    number: int
    inputs: tuple[FormInput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A line of the list of problems, with the place on the page that it leads to."""

    target: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFormPage(Page):
    """The form. `own` are the fields of this kind of work; `notice` says that it was saved."""

    template: ClassVar[str] = "deposit/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    deposit_id: int
    version: int
    kind: str
    heading: str
    remark: str
    problem: str
    notice: str
    complaints: tuple[Complaint, ...]
    work: tuple[FormInput, ...]
    authors: tuple[AuthorRow, ...]
    own: tuple[FormInput, ...]
    content: tuple[FormInput, ...]
    terms: tuple[FormInput, ...]
    saved_at: datetime


def typed() -> Fields:
    """What the form of this request holds; rows of authors in which nothing stands are left out."""
    form = request.form
    texts = {
        one.name: form.get(one.name, "").strip()[: LONGEST_TEXT if one.name in LONG else LONGEST_LINE]
        for one in fields(Fields)
        if one.name != "authors"
    }
    columns = [form.getlist(f"author-{part}")[: MOST_AUTHORS + EMPTY_ROWS] for part in PARTS]
    rows = (
        Author(name=name.strip(), orcid=orcid.strip(), affiliation=place.strip())
        for name, orcid, place in zip(*columns, strict=False)
    )
    return Fields(authors=tuple(row for row in rows if row.says_anything), **texts)


def form_page(
    container: Container,
    deposit: Deposit,
    *,
    problems: Sequence[FieldProblem] = (),
    problem: str = "",
    notice: str = "",
    more: int = EMPTY_ROWS,
) -> DepositFormPage:
    """The form of a deposit with what is wrong in it, and empty rows for more authors."""
    wrong = {one.field: told(one.message) for one in problems}
    groups = dict(GROUPS)
    general = {name for names in groups.values() for name in names}
    shown = [name for name in asked(deposit.kind) if name != "faculty" or _faculties(container)]

    def inputs(names: Sequence[str]) -> tuple[FormInput, ...]:
        return tuple(_input(container, deposit, name, wrong) for name in shown if name in names)

    return DepositFormPage(
        csrf=csrf(),
        deposit_id=deposit.id,
        version=deposit.version,
        kind=gettext(words.KINDS[deposit.kind]),
        heading=deposit.fields.title or gettext(words.KINDS[deposit.kind]),
        remark=deposit.remark,
        problem=problem,
        notice=notice,
        complaints=complaints(problems),
        work=inputs(groups["work"]),
        authors=tuple(_authors(deposit.fields.authors, wrong, more)),
        own=inputs([name for name in shown if name not in general]),
        content=inputs(groups["content"]),
        terms=inputs(groups["terms"]),
        saved_at=deposit.changed_at,
    )


def complaints(problems: Sequence[FieldProblem], page: str = "") -> tuple[Complaint, ...]:
    """What is wrong, with links to the fields; those of the form on another page stand under its address."""
    return tuple(
        Complaint(target=f"{page}#{input_id(one.field)}", label=words.field(one.field), text=told(one.message))
        for one in problems
    )


def input_id(name: str) -> str:
    """The id of an input."""
    return f"f-{name.replace('.', '-')}"


def _input(container: Container, deposit: Deposit, name: str, wrong: dict[str, str]) -> FormInput:
    value = str(getattr(deposit.fields, name))
    options = tuple(_options(container, name, value))
    kind = "choice" if options else "text" if name in LONG else "day" if name in DAYS else "line"
    hint = words.HINTS.get(name, "")
    return FormInput(
        name=name,
        id=input_id(name),
        label=words.field(name),
        kind=kind,
        value=value,
        hint=gettext(hint) if hint else "",
        is_needed=name in must(deposit.kind) or name == "faculty",
        is_wide=name in WIDE,
        longest=LONGEST_TEXT if name in LONG else LONGEST_LINE,
        options=options,
        problem=wrong.get(name, ""),
    )


def _options(container: Container, name: str, value: str) -> Iterator[Option]:
    pairs: list[tuple[str, str]] = []
    if name == "language":
        pairs = [(code, gettext(LANGUAGE_NAMES[code])) for code in LANGUAGES]
    elif name == "licence":
        pairs = [(code, words.licence(code)) for code in LICENCES]
    elif name == "embargo_of":
        pairs = [(WHOLE, gettext(words.WHOLE))]
    elif name == "faculty":
        pairs = _faculties(container)
    for code, label in pairs:
        yield Option(value=code, label=label, is_chosen=code == value)


def _faculties(container: Container) -> list[tuple[str, str]]:
    found = container.configuration.current().faculties.all
    return [(one.code, said(one.names, language(), settings().default_language)) for one in found]


def _authors(authors: tuple[Author, ...], wrong: dict[str, str], more: int) -> Iterator[AuthorRow]:
    empty = max(more, 1 - len(authors)) if len(authors) < MOST_AUTHORS else 0
    for number, one in enumerate((*authors, *(Author() for _ in range(empty)))):
        yield AuthorRow(
            number=number + 1,
            inputs=tuple(
                FormInput(
                    name=f"author-{part}",
                    id=input_id(f"authors.{number}.{part}"),
                    label=words.field(f"authors.{number}.{part}"),
                    kind="line",
                    value=str(getattr(one, part)),
                    hint=gettext("Surname, then given names.") if part == "name" and number == 0 else "",
                    is_needed=part == "name" and number == 0,
                    is_wide=False,
                    longest=LONGEST_LINE,
                    options=(),
                    problem=wrong.get(f"authors.{number}.{part}", ""),
                )
                for part in PARTS
            ),
        )
