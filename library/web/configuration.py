"""The library's settings in the browser: names and addresses in five languages, collections, faculties, versions."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.configuration import Division, Divisions, LibraryFacts, SavedSection, Section, Texts, flat, said
from library.domain.errors import N_, InvalidConfiguration, StaleVersion
from library.services.asked import whole
from library.services.configuration import Configuration
from library.settings import Settings
from library.web import journal_words
from library.web.configuration_pages import (
    FIELDS,
    PARTS,
    SECTIONS,
    DivisionsPage,
    FormPage,
    SectionLine,
    SettingsPage,
    VersionLine,
    VersionPage,
    VersionsPage,
    groups,
    texts_of,
    typed,
)
from library.web.languages import gettext, language, told
from library.web.pages import render, settings
from library.web.session import actor, csrf, requires, to

HOME = "/administration/settings"
LISTED = 50
LARGEST_VERSION = 2**31 - 1
LONGEST_CODE = 100
SAVED_MEANWHILE = N_(
    "Somebody saved these settings meanwhile. What you typed stands below, and under it what was saved where that "
    "differs. Save again to keep yours."
)


def blueprint(container: Container) -> Blueprint:
    """The routes of all settings together, and of the library's own texts."""
    routes = Blueprint("configuration", __name__)
    office = container.configuration

    @routes.get(HOME)
    @requires(Action.SETTINGS)
    def home() -> Response:
        return render(SettingsPage(sections=tuple(_line(office.section(one, actor=actor())) for one in Section)))

    @routes.get(f"{HOME}/library")
    @requires(Action.SETTINGS)
    def library() -> Response:
        saved = office.section(Section.LIBRARY, actor=actor())
        return render(_library_form(_facts(saved), saved.version, container.settings))

    @routes.post(f"{HOME}/library")
    @requires(Action.SETTINGS)
    def save_library() -> Response:
        facts = LibraryFacts(**{name: typed(request.form, name) for name in FIELDS})
        version = _version()
        try:
            office.save_library(facts, expected=version, actor=actor())
        except InvalidConfiguration as error:
            return render(_library_form(facts, version, container.settings, told(error.message)), 422)
        except StaleVersion:
            saved = office.section(Section.LIBRARY, actor=actor())
            theirs = texts_of(_facts(saved), FIELDS)
            page = _library_form(facts, saved.version, container.settings, gettext(SAVED_MEANWHILE), theirs)
            return render(page, 409)
        return to(HOME)

    return routes


def versions_blueprint(container: Container) -> Blueprint:
    """The routes of the versions of every section."""
    routes = Blueprint("settings_versions", __name__)
    office = container.configuration
    versions_of = f"{HOME}/<any(library, collections, faculties, papers, rights, deposits, appeals):name>/versions"
    number_in = f"{versions_of}/<int(max={LARGEST_VERSION}):number>"

    @routes.get(versions_of)
    @requires(Action.SETTINGS)
    def versions(name: str) -> Response:
        below = whole(request.args.get("below", ""), limit=LARGEST_VERSION)
        found = office.history(Section(name), below, LISTED + 1, actor=actor())
        more = len(found) > LISTED
        return render(
            VersionsPage(
                address=f"{HOME}/{name}",
                heading=gettext(SECTIONS[Section(name)]),
                lines=tuple(map(_version_line, found[:LISTED])),
                next_url=f"{HOME}/{name}/versions?below={found[LISTED - 1].version}" if more else "",
            )
        )

    @routes.get(number_in)
    @requires(Action.SETTINGS)
    def version(name: str, number: int) -> Response:
        saved = office.version(Section(name), number, actor=actor())
        return render(_version_page(saved, office.section(Section(name), actor=actor()).version))

    @routes.post(f"{number_in}/restore")
    @requires(Action.SETTINGS)
    def restore(name: str, number: int) -> Response:
        office.restore(Section(name), number, expected=_version(), actor=actor())
        return to(f"{HOME}/{name}")

    return routes


def divisions_blueprint(container: Container) -> Blueprint:
    """The routes of collections and faculties."""
    routes = Blueprint("divisions", __name__)
    office = container.configuration
    all_of = f"{HOME}/<any(collections, faculties):name>"

    @routes.get(all_of)
    @requires(Action.SETTINGS)
    def divisions(name: str) -> Response:
        return render(_divisions_page(office.section(Section(name), actor=actor())))

    @routes.get(f"{all_of}/new")
    @requires(Action.SETTINGS)
    def new(name: str) -> Response:
        version = office.section(Section(name), actor=actor()).version
        return render(_new_form(Section(name), Division(code="", names={}), version))

    @routes.post(f"{all_of}/new")
    @requires(Action.SETTINGS)
    def add(name: str) -> Response:
        return _add(office, Section(name))

    @routes.get(f"{all_of}/one/<code>")
    @requires(Action.SETTINGS)
    def one(name: str, code: str) -> Response:
        saved = office.section(Section(name), actor=actor())
        return render(_division_form(Section(name), _all(saved).get(code), saved.version))

    @routes.post(f"{all_of}/one/<code>")
    @requires(Action.SETTINGS)
    def change(name: str, code: str) -> Response:
        return _change(office, Section(name), code)

    @routes.post(f"{all_of}/one/<code>/remove")
    @requires(Action.SETTINGS)
    def remove(name: str, code: str) -> Response:
        office.remove_division(Section(name), code, expected=_version(), actor=actor())
        return to(f"{HOME}/{name}")

    return routes


def _add(office: Configuration, section: Section) -> Response:
    code, version = request.form.get("code", "").strip()[:LONGEST_CODE], _version()
    division = Division(code=code, **{name: typed(request.form, name) for name in PARTS[section]})
    try:
        office.add_division(section, division, expected=version, actor=actor())
    except InvalidConfiguration as error:
        return render(_new_form(section, division, version, told(error.message)), 422)
    except StaleVersion:
        newest = office.section(section, actor=actor()).version
        return render(_new_form(section, division, newest, gettext(SAVED_MEANWHILE)), 409)
    return to(f"{HOME}/{section}")


def _change(office: Configuration, section: Section, code: str) -> Response:
    version = _version()
    division = Division(code=code, **{name: typed(request.form, name) for name in PARTS[section]})
    try:
        office.change_division(section, division, expected=version, actor=actor())
    except InvalidConfiguration as error:
        return render(_division_form(section, division, version, told(error.message)), 422)
    except StaleVersion:
        saved = office.section(section, actor=actor())
        theirs = texts_of(_all(saved).get(code), PARTS[section])
        return render(_division_form(section, division, saved.version, gettext(SAVED_MEANWHILE), theirs), 409)
    return to(f"{HOME}/{section}")


def _version() -> int:
    """The version that the form of this request was filled from; what is none is older than all."""
    version = whole(request.form.get("version", ""), limit=LARGEST_VERSION)
    return -1 if version is None else version


def _line(saved: SavedSection) -> SectionLine:
    if isinstance(saved.content, Divisions):
        names = [_named(one.names) for one in saved.content.all]
    elif not isinstance(saved.content, LibraryFacts):
        names = []
    else:
        names = [text for text in (_named(getattr(saved.content, name)) for name in FIELDS) if text]
    return SectionLine(
        address=f"{HOME}/{saved.section}",
        label=gettext(SECTIONS[saved.section]),
        saved_at=saved.saved_at,
        saved_by=saved.saved_by_name,
        names=tuple(names),
    )


def _library_form(
    facts: LibraryFacts,
    version: int,
    options: Settings,
    problem: str = "",
    saved: Mapping[str, Texts] | None = None,
) -> FormPage:
    return FormPage(
        csrf=csrf(),
        address=f"{HOME}/library",
        heading=gettext(SECTIONS[Section.LIBRARY]),
        problem=problem,
        version=version,
        groups=groups(FIELDS, texts_of(facts, FIELDS), saved or {}, {name: getattr(options, name) for name in FIELDS}),
        back_address=HOME,
    )


def _new_form(section: Section, division: Division, version: int, problem: str = "") -> FormPage:
    return FormPage(
        csrf=csrf(),
        address=f"{HOME}/{section}/new",
        heading=gettext(SECTIONS[section]),
        problem=problem,
        version=version,
        groups=groups(PARTS[section], texts_of(division, PARTS[section]), {}, {}),
        code=division.code,
        asks_code=True,
        back_address=f"{HOME}/{section}",
    )


def _division_form(
    section: Section,
    division: Division,
    version: int,
    problem: str = "",
    saved: Mapping[str, Texts] | None = None,
) -> FormPage:
    own = f"{HOME}/{section}/one/{quote(division.code, safe='')}"
    return FormPage(
        csrf=csrf(),
        address=own,
        heading=division.code,
        problem=problem,
        version=version,
        groups=groups(PARTS[section], texts_of(division, PARTS[section]), saved or {}, {}),
        remove_address=f"{own}/remove",
        back_address=f"{HOME}/{section}",
    )


def _divisions_page(saved: SavedSection) -> DivisionsPage:
    return DivisionsPage(
        address=f"{HOME}/{saved.section}",
        heading=gettext(SECTIONS[saved.section]),
        lines=tuple((one.code, _named(one.names), _named(one.description)) for one in _all(saved).all),
    )


def _version_page(saved: SavedSection, newest: int) -> VersionPage:
    return VersionPage(
        csrf=csrf(),
        address=f"{HOME}/{saved.section}",
        heading=gettext(SECTIONS[saved.section]),
        line=_version_line(saved),
        newest=newest,
        facts=tuple(
            (journal_words.fact(name), journal_words.value(name, text)) for name, text in flat(saved.content).items()
        ),
    )


def _version_line(saved: SavedSection) -> VersionLine:
    return VersionLine(version=saved.version, saved_at=saved.saved_at, saved_by=saved.saved_by_name)


def _named(texts: Texts) -> str:
    return said(texts, language(), settings().default_language)


def _facts(saved: SavedSection) -> LibraryFacts:
    assert isinstance(saved.content, LibraryFacts)
    return saved.content


def _all(saved: SavedSection) -> Divisions:
    assert isinstance(saved.content, Divisions)
    return saved.content
