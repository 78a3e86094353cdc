"""Digital object identifiers in web addresses."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)


def doi_in(url: str) -> str:
    """The DOI that this address of a resolver leads to, without the resolver; empty where it is another address."""
    found = _ADDRESS.fullmatch(url)
    return found.group(1) if found is not None else ""
