"""What every answer for machines says of the library: its public address and its name."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request
from flask_babel import get_locale, get_translations  # type: ignore[import-untyped]

from library.container import Container
from library.domain.errors import N_
from library.services.configuration import Imprint, imprint
from library.settings import Settings


def address(settings: Settings, path: str = "") -> str:
    """The full address of a path, by the public address of the portal where one is set."""
    return (settings.base_url.rstrip("/") or request.host_url.rstrip("/")) + path


def record_address(settings: Settings, record_id: int) -> str:
    """The permanent address of a record."""
    return address(settings, f"/record/{record_id}")


def name(container: Container) -> str:
    """The library's name and that of its institution, as far as they are set."""
    return ", ".join(part for part in (library(container), house(container).institution) if part)


def library(container: Container) -> str:
    """The library's name, as it is set or else as all such libraries are called."""
    return house(container).library_name or translated(N_("Electronic library"))


def house(container: Container) -> Imprint:
    """What is set of the library, in the language that was asked for."""
    return imprint(container.configuration.current().library, language(), container.settings)


def language() -> str:
    """The tag of the language that was asked for."""
    return str(get_locale()).replace("_", "-")


def translated(template: str) -> str:
    """A message without values, in the language that was asked for."""
    return str(get_translations().ugettext(template))


def timestamp(moment: datetime) -> str:
    """A time as RFC 3339 has it, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
