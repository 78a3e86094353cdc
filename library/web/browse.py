"""The catalogue by title, straight from the database: it works without an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.web.pages import Page, render
from library.web.record import LARGEST_NUMBER
from library.web.search import Result, result

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesPage(Page):
    """A stretch of the catalogue in the order of titles."""

    template: ClassVar[str] = "browse/titles.html"
    robots: ClassVar[str] = "noindex,follow"

    results: tuple[Result, ...]
    from_start: bool
    next_url: str


def blueprint(container: Container) -> Blueprint:
    """The route `/browse/titles`."""
    routes = Blueprint("browse", __name__)

    @routes.get("/browse/titles")
    def titles() -> Response:
        text = request.args.get("after", "")
        known = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))
        after = min(int(text), LARGEST_NUMBER) if known else None
        found = container.catalogue.browse(after, PAGE_SIZE)
        return render(
            TitlesPage(
                results=tuple(result(record) for record in found.records),
                from_start=after is None,
                next_url=f"/browse/titles?after={found.next}" if found.next is not None else "",
            )
        )

    return routes
