"""Collections of the library: what each is, how much is in it, what came last, and how it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response

from indexer.model import Facet
from library.container import Container
from library.domain.configuration import Division, said
from library.services.asked import LONGEST_VALUE, Asked
from library.services.search import SearchRequest
from library.web.languages import language
from library.web.pages import Page, render, settings
from library.web.search import Result, listed
from library.web.statistics_figures import UseFigures, figures_of_collection

HOME = "/collections"
NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A collection in the list of all."""

    name: str
    description: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionsPage(Page):
    """All collections."""

    template: ClassVar[str] = "collection/collections.html"

    collections: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage(Page):
    """One of them; `newest` are the last that came into the catalogue, `use` is None where nothing is told of it."""

    template: ClassVar[str] = "collection/collection.html"

    name: str
    description: str
    total: int
    search_url: str
    newest: tuple[Result, ...]
    use: UseFigures | None
    is_one_of_several: bool


def blueprint(container: Container) -> Blueprint:
    """The routes `/collections` and `/collections/CODE`."""
    routes = Blueprint("collection", __name__)

    @routes.get(HOME)
    def collections() -> Response:
        return render(CollectionsPage(collections=tuple(map(_line, container.configuration.current().collections.all))))

    @routes.get(f"{HOME}/<code>")
    def collection(code: str) -> Response:
        known = container.configuration.current().collections
        chosen = known.get(code)
        line, asked = _line(chosen), _search(chosen)
        return render(
            CollectionPage(
                name=line.name,
                description=line.description,
                total=container.search.run(SearchRequest(filters=asked.filters, size=1)).total,
                search_url=asked.url(),
                newest=listed(container, container.arrivals.found(asked.request(), NEWEST)),
                use=figures_of_collection(container, code),
                is_one_of_several=len(known.all) > 1,
            )
        )

    return routes


def collection_url(division: Division | None) -> str:
    """The page of a collection; empty for none."""
    return f"{HOME}/{division.code}" if division is not None else ""


def _search(division: Division) -> Asked:
    """The search for all that is in it: copies bear its name in one language or another, or its code."""
    names = {name for name in (*division.names.values(), division.code) if len(name) <= LONGEST_VALUE}
    return Asked(filters={Facet.COLLECTION: frozenset(names)})


def _line(division: Division) -> Line:
    default = settings().default_language
    return Line(
        name=said(division.names, language(), default) or division.code,
        description=said(division.description, language(), default),
        url=collection_url(division),
    )
