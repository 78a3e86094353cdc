"""Licences that everybody knows by a code, as SPDX writes them, and where they stand."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.\d)")
_NO_RIGHTS = "CC0-1.0"
_DEEDS = "https://creativecommons.org"


def licence_name(licence: str) -> str:
    """The licence as people write it: `CC BY 4.0`; words stay as they are."""
    found = _CREATIVE_COMMONS.fullmatch(licence)
    if found is None:
        return "CC0 1.0" if licence == _NO_RIGHTS else licence
    return f"CC {found[1]} {found[2]}"


def licence_url(licence: str) -> str:
    """The address of the deed; empty for what is no code of Creative Commons."""
    if licence == _NO_RIGHTS:
        return f"{_DEEDS}/publicdomain/zero/1.0/"
    found = _CREATIVE_COMMONS.fullmatch(licence)
    return f"{_DEEDS}/licenses/{found[1].lower()}/{found[2]}/" if found is not None else ""
