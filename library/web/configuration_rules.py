"""What the library rules for files, in the browser: the papers each source needs, the rights new files begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.access_level import AccessLevel
from library.domain.configuration import Section
from library.domain.description import Material
from library.domain.errors import N_, InvalidConfiguration, LibraryError, StaleVersion
from library.domain.holdings import Source
from library.domain.intake_rules import MOST_RULES, DefaultRights, PaperRule, PapersNeeded, RightsRule
from library.domain.transfer import PaperKind
from library.services.asked import whole
from library.services.configuration import papers_of, rights_of
from library.web.configuration import HOME, LARGEST_VERSION
from library.web.configuration_pages import SECTIONS
from library.web.documents_pages import Choice
from library.web.documents_words import PAPERS
from library.web.holdings import SOURCES
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to
from library.web.words import ACCESS_LEVELS, MATERIALS

EMPTY_ROWS = 3
SAVED_MEANWHILE = N_("Somebody saved these settings meanwhile. What you chose stands below: save again to keep it.")


class Need(StrEnum):
    """How a source needs a kind of paper."""

    NO = "no"
    REQUIRED = "required"
    ONE_OF = "one-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperField:
    """How one source needs one kind of paper."""

    name: str
    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPage(Page):
    """A row for each source, a column for each kind of paper."""

    template: ClassVar[str] = "configuration/papers.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    heading: str
    version: int
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[PaperField, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule: each select with what is chosen."""

    materials: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    levels: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsPage(Page):
    """A row for each rule, empty ones for more, and what holds for all other files."""

    template: ClassVar[str] = "configuration/rights.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    heading: str
    version: int
    rows: tuple[RuleRow, ...]
    otherwise: tuple[Choice, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes of both sections."""
    routes = Blueprint("configuration_rules", __name__)
    office = container.configuration

    @routes.get(f"{HOME}/papers")
    @requires(Action.SETTINGS)
    def papers() -> Response:
        saved = office.section(Section.PAPERS, actor=actor())
        return render(_papers_page(papers_of(saved), saved.version))

    @routes.post(f"{HOME}/papers")
    @requires(Action.SETTINGS)
    def save_papers() -> Response:
        typed = PapersNeeded(by_source={source: _typed_rule(source) for source in Source})
        try:
            office.save_rules(typed, expected=_version(), actor=actor())
        except (InvalidConfiguration, StaleVersion) as error:
            newest = office.section(Section.PAPERS, actor=actor()).version
            return render(_papers_page(typed, newest, _problem(error)), _status(error))
        return to(HOME)

    @routes.get(f"{HOME}/rights")
    @requires(Action.SETTINGS)
    def rights() -> Response:
        saved = office.section(Section.RIGHTS, actor=actor())
        return render(_rights_page(rights_of(saved), saved.version))

    @routes.post(f"{HOME}/rights")
    @requires(Action.SETTINGS)
    def save_rights() -> Response:
        typed = _typed_rights()
        if "more" in request.form:
            return render(_rights_page(typed, _version()))
        try:
            office.save_rules(typed, expected=_version(), actor=actor())
        except (InvalidConfiguration, StaleVersion) as error:
            newest = office.section(Section.RIGHTS, actor=actor()).version
            return render(_rights_page(typed, newest, _problem(error)), _status(error))
        return to(HOME)

    return routes


def _version() -> int:
    version = whole(request.form.get("version", ""), limit=LARGEST_VERSION)
    return -1 if version is None else version


def _problem(error: LibraryError) -> str:
    return gettext(SAVED_MEANWHILE) if isinstance(error, StaleVersion) else told(error.message)


def _status(error: LibraryError) -> int:
    return 409 if isinstance(error, StaleVersion) else 422


def _typed_rule(source: Source) -> PaperRule:
    def chosen(need: Need) -> tuple[PaperKind, ...]:
        return tuple(kind for kind in PaperKind if request.form.get(f"{source}.{kind}") == need)

    return PaperRule(required=chosen(Need.REQUIRED), one_of=chosen(Need.ONE_OF))


def _papers_page(papers: PapersNeeded, version: int, problem: str = "") -> PapersPage:
    return PapersPage(
        csrf=csrf(),
        problem=problem,
        heading=gettext(SECTIONS[Section.PAPERS]),
        version=version,
        kinds=tuple(gettext(label) for label in PAPERS.values()),
        rows=tuple((gettext(label), tuple(_fields(source, papers.of(source)))) for source, label in SOURCES.items()),
    )


def _fields(source: Source, rule: PaperRule) -> Iterable[PaperField]:
    for kind in PAPERS:
        need = Need.REQUIRED if kind in rule.required else Need.ONE_OF if kind in rule.one_of else Need.NO
        yield PaperField(name=f"{source}.{kind}", need=need.value)


def _typed_rights() -> DefaultRights:
    """The rules that were typed; a row without a level says nothing."""
    columns = [request.form.getlist(name)[:MOST_RULES] for name in ("material", "source", "level")]
    otherwise = request.form.get("otherwise", "")
    return DefaultRights(
        rules=tuple(
            RightsRule(
                material=Material(material) if material in list(Material) else None,
                source=Source(source) if source in list(Source) else None,
                level=AccessLevel(level),
            )
            for material, source, level in zip(*columns, strict=False)
            if level in list(AccessLevel)
        ),
        otherwise=AccessLevel(otherwise) if otherwise in list(AccessLevel) else AccessLevel.VIEW_ONLY,
    )


def _rights_page(rights: DefaultRights, version: int, problem: str = "") -> RightsPage:
    return RightsPage(
        csrf=csrf(),
        problem=problem,
        heading=gettext(SECTIONS[Section.RIGHTS]),
        version=version,
        rows=(*map(_row, rights.rules), *(_row(None) for _ in range(EMPTY_ROWS))),
        otherwise=_choices(ACCESS_LEVELS.items(), rights.otherwise),
    )


def _row(rule: RightsRule | None) -> RuleRow:
    return RuleRow(
        materials=_choices(MATERIALS.items(), rule.material if rule else None),
        sources=_choices(SOURCES.items(), rule.source if rule else None),
        levels=_choices(ACCESS_LEVELS.items(), rule.level if rule else None),
    )


def _choices(labels: Iterable[tuple[str, str]], chosen: str | None) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(value), label=gettext(label), is_chosen=value == chosen) for value, label in labels)
