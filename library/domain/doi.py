"""Digital object identifiers: in web addresses, and all that a record has."""

from __future__ import annotations

import re

from library.domain.description import Description

_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)


def doi_in(url: str) -> str:
    """The DOI that this address of a resolver leads to, without the resolver; empty where it is another address."""
    found = _ADDRESS.fullmatch(url.strip())
    return found.group(1) if found is not None else ""


def dois(description: Description) -> tuple[str, ...]:
    """The DOIs of a record, each once whatever its case: those it gives as numbers, then those its links lead to."""
    found: dict[str, str] = {}
    for doi in (*description.dois, *(doi_in(link.url) for link in description.links)):
        if doi:
            found.setdefault(doi.lower(), doi)
    return tuple(found.values())
