"""Pages are dataclasses: `render` is the only way to a template, and a template sees its page and the site alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, request, url_for
from jinja2 import Environment, StrictUndefined

import library
from library.container import Container
from library.domain.configuration import said
from library.domain.maintenance import WindowState
from library.services.configuration import Configuration, Imprint, imprint
from library.services.maintenance import Maintenance
from library.settings import LANGUAGES, Settings
from library.web import formats, languages
from library.web.kept import kept

EXTENSION = "library-site"
LONGEST_REPEATED = 2_000
STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page shows.

    `template` names the file it is drawn by; `robots` tells crawlers what to do with it; a page that `is_front` names
    the institution itself.
    """

    template: ClassVar[str]
    robots: ClassVar[str] = "index,follow"
    is_front: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink:
    """The same page in another language."""

    tag: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Maintenance that is announced, or runs."""

    text: str
    begins_at: datetime
    ends_at: datetime
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page shows around its own content."""

    institution: str
    library: str
    language: str
    links: tuple[LanguageLink, ...]
    canonical: str
    kept: int
    contacts: tuple[tuple[str, str], ...]
    training: bool
    has_statistics: bool
    notice: Notice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stays the same while the application runs."""

    settings: Settings
    configuration: Configuration
    maintenance: Maintenance
    digests: Mapping[str, str]

    def asset(self, name: str) -> str:
        """The address of a static file; it changes with the content, so that it may be kept for ever."""
        return url_for("static", filename=name, v=self.digests[name])


class Portal(Flask):
    """Flask with templates that escape everything and stop at an undefined name."""

    jinja_options: ClassVar[dict[str, object]] = {  # type: ignore[misc]
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def templates_directory() -> Path:
    """`library/templates` where the program is installed, `templates` beside `library` in a checkout."""
    package = Path(library.__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def install(app: Flask, container: Container) -> None:
    """Prepare the application for `render`."""
    # Read now, so that not even the first page has to.
    container.configuration.current()
    container.maintenance.told()
    digests = {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in STATIC.rglob("*")
        if path.is_file()
    }
    frame = Frame(
        settings=container.settings,
        configuration=container.configuration,
        maintenance=container.maintenance,
        digests=digests,
    )
    app.extensions[EXTENSION] = frame
    if container.settings.training:
        app.after_request(_hide_from_search_engines)
    environment: Environment = app.jinja_env
    for name in ("config", "request", "session", "g", "get_flashed_messages"):
        environment.globals.pop(name)
    environment.globals.update(_=languages.gettext_in_page, ngettext=languages.ngettext_in_page, asset=frame.asset)
    environment.filters.update(
        number=_number,
        money=_money,
        short_day=_short_day,
        long_date=_long_date,
        long_day=_long_day,
        date_and_time=_date_and_time,
        short_moment=_short_moment,
    )


def render(page: Page, status: int = 200) -> Response:
    """The page as HTML in the reader's language."""
    template = current_app.jinja_env.get_template(page.template)
    response = Response(template.render(page=page, site=site()), status, mimetype="text/html")
    response.headers["Content-Language"] = languages.language()
    response.headers["X-Robots-Tag"] = page.robots
    return response


def _hide_from_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex,nofollow"
    return response


def permanent(endpoint: str, **values: object) -> str:
    """The full address of a page, by the public address of the portal where one is set."""
    base = settings().base_url.rstrip("/") or request.host_url.rstrip("/")
    return base + url_for(endpoint, **values)  # type: ignore[arg-type]


def settings() -> Settings:
    """The settings of the running application."""
    frame: Frame = current_app.extensions[EXTENSION]
    return frame.settings


def site() -> Site:
    """What this page shows around its own content."""
    frame: Frame = current_app.extensions[EXTENSION]
    options, language = frame.settings, languages.language()
    house = imprint(frame.configuration.current().library, language, options)
    return Site(
        institution=house.institution,
        library=house.library_name or languages.gettext("Electronic library"),
        language=language,
        links=tuple(LanguageLink(tag=tag, name=languages.NAMES[tag], url=_in_language(tag)) for tag in LANGUAGES),
        canonical=(options.base_url.rstrip("/") or request.host_url.rstrip("/")) + _address({}),
        kept=len(kept()),
        contacts=_contacts(house),
        training=options.training,
        has_statistics=options.public_statistics,
        notice=_notice(frame.maintenance, language, options),
    )


def _contacts(house: Imprint) -> tuple[tuple[str, str], ...]:
    lines = (
        (languages.gettext("Responsible official"), house.responsible_person),
        (languages.gettext("Telephone and e-mail"), house.responsible_contact),
        (languages.gettext("Address"), house.address),
        (languages.gettext("Opening hours"), house.opening_hours),
    )
    return tuple((heading, text) for heading, text in lines if text)


def _notice(maintenance: Maintenance, language: str, options: Settings) -> Notice | None:
    window = maintenance.told()
    if window is None:
        return None
    return Notice(
        text=said(window.texts, language, options.default_language),
        begins_at=window.begins_at,
        ends_at=window.over_at,
        is_running=maintenance.state(window) is WindowState.RUNNING,
    )


def _in_language(tag: str) -> str:
    return _address({"lang": tag})


def _address(extra: Mapping[str, str]) -> str:
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    query = urlencode([*pairs, *extra.items()])
    path = request.root_path + request.path
    # A page repeats its address for every language: an overlong query would make it heavy.
    return f"{path}?{query}" if 0 < len(query) <= LONGEST_REPEATED else path


def _number(value: int) -> str:
    return formats.number(value, languages.locale())


def _money(value: Decimal) -> str:
    return formats.money(value, languages.locale())


def _short_day(day: date) -> str:
    return formats.short_day(day, languages.locale())


def _long_day(day: date) -> str:
    return formats.long_day(day, languages.locale())


def _long_date(moment: datetime) -> str:
    return formats.long_date(moment, languages.locale(), ZoneInfo(settings().time_zone))


def _date_and_time(moment: datetime) -> str:
    return formats.date_and_time(moment, languages.locale(), ZoneInfo(settings().time_zone))


def _short_moment(moment: datetime) -> str:
    return formats.short_moment(moment, languages.locale(), ZoneInfo(settings().time_zone))
