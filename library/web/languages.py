"""The language of a page: who chooses it, its catalogue of messages, and the functions that translate.

Messages have named places in braces, as the errors of the domain have; catalogues are read from their .po files when
the application starts, so that nothing has to be compiled first.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations  # type: ignore[import-untyped]
from markupsafe import Markup

from library.domain.errors import Message
from library.settings import LANGUAGES, Settings
from library.web.formats import number

DIRECTORY = Path(__file__).resolve().parents[1] / "translations"
SOURCE = "en"
COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600

NAMES = {
    "uz-Latn": "Oʻzbekcha",
    "uz-Cyrl": "Ўзбекча",
    "ky": "Кыргызча",
    "ru": "Русский",
    "en": "English",
}


def locale_of(language: str) -> Locale:
    """The locale of one of our language tags."""
    return Locale.parse(language, sep="-")


@cache
def read_translations(language: str) -> NullTranslations:
    """The messages of a language, straight from its .po file; English is what they are translated from.

    They are read once in a process, whatever applications it makes.
    """
    if language == SOURCE:
        return NullTranslations()
    path = DIRECTORY / str(locale_of(language)) / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=str(locale_of(language)))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def install(app: Flask, settings: Settings) -> None:
    """Give the application its languages; a missing catalogue stops the start."""

    def select() -> str:
        return str(locale_of(choose(settings.default_language)))

    babel = Babel(app, locale_selector=select, default_timezone=settings.time_zone, configure_jinja=False)
    with app.app_context():
        domain = babel.domain_instance
        for language in LANGUAGES:
            domain.cache[str(locale_of(language)), domain.domain[0]] = read_translations(language)
    app.after_request(_remember)


def choose(default: str) -> str:
    """The language of this request: `?lang=`, else the cookie, else what the browser asks for, else the setting."""
    if not has_request_context():
        return default
    for tag in (request.args.get("lang", ""), request.cookies.get(COOKIE, "")):
        if tag in LANGUAGES:
            return tag
    for tag, _ in request.accept_languages:
        if (language := _nearest(tag, default)) is not None:
            return language
    return default


def _nearest(tag: str, default: str) -> str | None:
    """Our language for a browser's tag; "uz" alone is the Uzbek script of the setting, else Latin."""
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] == "uz":
        if "cyrl" in parts:
            return "uz-Cyrl"
        return default if parts == ["uz"] and default.startswith("uz") else "uz-Latn"
    return parts[0] if parts[0] in LANGUAGES else None


def _remember(response: Response) -> Response:
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES and chosen != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE, chosen, max_age=COOKIE_SECONDS, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response


def locale() -> Locale:
    """The locale this page is written for."""
    return _spoken()[1]


def language() -> str:
    """The tag of the language this page is written in, as for `lang`."""
    return str(locale()).replace("_", "-")


def gettext(template: str, /, **values: object) -> str:
    """A message in the reader's language, as plain text."""
    translated: str = _spoken()[0].ugettext(template)
    return translated.format(**_localised(values))


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """A message that counts, as plain text; `{n}` is written by the rules of the language."""
    translated: str = _spoken()[0].ungettext(one, many, n)
    return translated.format(**_localised({"n": n, **values}))


def told(message: Message) -> str:
    """A message of the domain in the reader's language, as plain text."""
    translated: str = _spoken()[0].ugettext(message.template)
    return translated.format(**dict(message.values))


def gettext_in_page(template: str, /, **values: object) -> Markup:
    """A message for a template; values are escaped unless they are markup."""
    return Markup.escape(_spoken()[0].ugettext(template)).format(**_localised(values))


def ngettext_in_page(one: str, many: str, n: int, /, **values: object) -> Markup:
    """A message that counts, for a template."""
    return Markup.escape(_spoken()[0].ungettext(one, many, n)).format(**_localised({"n": n, **values}))


def _spoken() -> tuple[NullTranslations, Locale]:
    """The messages and the locale of this page, found once: a page has hundreds of messages."""
    if "spoken" not in g:
        found: Locale | None = get_locale()
        assert found is not None, "pages are written inside a request"
        g.spoken = get_translations(), found
    spoken: tuple[NullTranslations, Locale] = g.spoken
    return spoken


def _localised(values: dict[str, object]) -> dict[str, object]:
    if not values:
        return values
    here = locale()
    return {
        name: number(value, here) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in values.items()
    }
