"""The first page: one search box, what the catalogue holds, and ways into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response

from indexer.model import Facet
from library.container import Container
from library.domain.description import Material
from library.domain.errors import SearchUnavailable
from library.services.search import SearchOutcome, SearchRequest
from library.web import words
from library.web.pages import Page, render
from library.web.record import search_url
from library.web.search import Choice, Result, label, listed

NEWEST = 6
MOST_LANGUAGES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A type of document and how many there are."""

    label: str
    icon: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """The first page; without an index it still has its figures."""

    template: ClassVar[str] = "home/home.html"
    is_front: ClassVar[bool] = True

    published: int
    changed_at: datetime | None
    materials: tuple[Way, ...]
    languages: tuple[Choice, ...]
    newest: tuple[Result, ...]
    searchable: bool


def blueprint(container: Container) -> Blueprint:
    """The route `/`."""
    routes = Blueprint("home", __name__)

    @routes.get("/")
    def home() -> Response:
        totals = container.catalogue.totals()
        try:
            outcome = container.search.run(SearchRequest(size=1))
        except SearchUnavailable:
            outcome = None
        return render(
            HomePage(
                published=totals.published,
                changed_at=totals.changed_at,
                materials=_materials(outcome),
                languages=_languages(outcome),
                newest=listed(container, container.arrivals.page(None, NEWEST).records),
                searchable=outcome is not None,
            )
        )

    return routes


def _materials(outcome: SearchOutcome | None) -> tuple[Way, ...]:
    found_types = outcome.facets.get(Facet.MATERIAL, ()) if outcome is not None else ()
    return tuple(
        Way(
            label=label(Facet.MATERIAL, found.value),
            icon=words.ICONS.get(found.value, "book"),
            count=found.count,
            url=search_url(Facet.MATERIAL, found.value),
        )
        for found in sorted(found_types, key=lambda found: found.value == Material.OTHER)
    )


def _languages(outcome: SearchOutcome | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            label=label(Facet.LANGUAGE, found.value),
            count=found.count,
            chosen=False,
            url=search_url(Facet.LANGUAGE, found.value),
        )
        for found in (outcome.facets.get(Facet.LANGUAGE, ()) if outcome is not None else ())[:MOST_LANGUAGES]
    )
