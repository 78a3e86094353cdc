"""The form behind the buttons that put records into the reader's list, one for a whole page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Response, request

from library.web.kept import kept
from library.web.session import csrf

LONGEST_BACK = 2_000
# Pages that have the buttons: only there may a form lead back.
_BACK = re.compile(r"/(?:record/[0-9]{1,10}|(?:my-list|search|browse/[a-z/-]{1,40})(?:\?[!-~]*)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListForm:
    """What the form brings back, and which records are in the list already."""

    csrf: str
    back: str
    kept: frozenset[int]


def list_form() -> ListForm:
    """The form of the page that is being made; such a page is for its reader alone (`personal`)."""
    query = request.query_string.decode("ascii", "ignore")
    return ListForm(
        csrf=csrf(), back=way_back(f"{request.path}?{query}" if query else request.path), kept=set_of_kept()
    )


def set_of_kept() -> frozenset[int]:
    """The numbers of the reader's list."""
    return frozenset(kept())


def way_back(address: str) -> str:
    """The address if it is one of a page with such a form, else that of the list: no form leads off the portal."""
    return address if len(address) <= LONGEST_BACK and _BACK.fullmatch(address) else "/my-list"


def personal(response: Response) -> Response:
    """The page, to be asked for again each time: it shows what one reader keeps."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
