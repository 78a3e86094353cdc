"""The agreement with those who give works to the open archive, in the browser: its words in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.configuration import Section
from library.domain.deposit_terms import LONGEST_AGREEMENT, STANDARD_AGREEMENT, DepositTerms
from library.domain.errors import InvalidConfiguration, StaleVersion
from library.services.asked import whole
from library.services.configuration import terms_of
from library.settings import LANGUAGES
from library.web.configuration import HOME, LARGEST_VERSION, SAVED_MEANWHILE
from library.web.configuration_pages import SECTIONS
from library.web.languages import NAMES, gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementText:
    """The words in one language; `standard` are those that stand where the library wrote none."""

    tag: str
    language: str
    value: str
    standard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage(Page):
    """The form."""

    template: ClassVar[str] = "configuration/deposits.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    heading: str
    version: int
    longest: int
    texts: tuple[AgreementText, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes of the section."""
    routes = Blueprint("configuration_deposits", __name__)
    office = container.configuration

    @routes.get(f"{HOME}/deposits")
    @requires(Action.SETTINGS)
    def agreement() -> Response:
        saved = office.section(Section.DEPOSITS, actor=actor())
        return render(_page(terms_of(saved), saved.version))

    @routes.post(f"{HOME}/deposits")
    @requires(Action.SETTINGS)
    def save() -> Response:
        typed = DepositTerms(
            agreement={tag: request.form.get(f"agreement-{tag}", "")[: 2 * LONGEST_AGREEMENT] for tag in LANGUAGES}
        )
        version = whole(request.form.get("version", ""), limit=LARGEST_VERSION)
        try:
            office.save_terms(typed, expected=-1 if version is None else version, actor=actor())
        except (InvalidConfiguration, StaleVersion) as error:
            newest = office.section(Section.DEPOSITS, actor=actor()).version
            is_stale = isinstance(error, StaleVersion)
            problem = gettext(SAVED_MEANWHILE) if is_stale else told(error.message)
            return render(_page(typed, newest, problem), 409 if is_stale else 422)
        return to(HOME)

    return routes


def _page(terms: DepositTerms, version: int, problem: str = "") -> AgreementPage:
    return AgreementPage(
        csrf=csrf(),
        problem=problem,
        heading=gettext(SECTIONS[Section.DEPOSITS]),
        version=version,
        longest=LONGEST_AGREEMENT,
        texts=tuple(
            AgreementText(
                tag=tag, language=NAMES[tag], value=terms.agreement.get(tag, ""), standard=STANDARD_AGREEMENT[tag]
            )
            for tag in LANGUAGES
        ),
    )
