"""The pages of long lists of codes: for people to look through, and for forms to offer while a code is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response

from library.domain.access import Action
from library.domain.errors import N_, NotFound
from library.marc.worksheets import WORKSHEETS, CodeList
from library.web.cataloguing_codes import name_of
from library.web.pages import Page, render
from library.web.session import requires


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    """All codes of a list with their names."""

    template: ClassVar[str] = "cataloguing/codes.html"
    robots: ClassVar[str] = "noindex"

    codes: tuple[tuple[str, str], ...]


def blueprint() -> Blueprint:
    """The route `/cataloguing/codes/NAME`."""
    routes = Blueprint("lists", __name__)
    lists = _lists()

    @routes.get("/cataloguing/codes/<name>")
    @requires(Action.CATALOGUE)
    def codes(name: str) -> Response:
        found = lists.get(name)
        if found is None:
            raise NotFound(N_("There is no list of codes {name}."), name=name)
        return render(CodesPage(codes=tuple((code.value, name_of(code, found)) for code in found.codes)))

    return routes


def _lists() -> Mapping[str, CodeList]:
    found: dict[str, CodeList] = {}
    for worksheet in WORKSHEETS.values():
        for field in worksheet.fields:
            lists = (
                *(part.codes for part in field.subfields),
                *(part.codes for part in field.positions),
                *(part.codes for part in field.choices),
            )
            found.update((codes.name, codes) for codes in lists if codes is not None)
    return found
