"""What pages call whoever did something."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.errors import N_
from library.web.languages import gettext

PROGRAMS: Mapping[str, str] = {"import": N_("Import"), "worker": N_("The program itself")}


def named(key: str, names: Mapping[str, str]) -> str:
    """The name of the actor with this key: of a person, or of a part of the program; else the key itself."""
    return names.get(key) or (gettext(PROGRAMS[key]) if key in PROGRAMS else key)
