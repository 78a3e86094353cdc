"""The page of an author: all their works, in whatever spelling the catalogue has the name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from indexer.model import Facet
from library.container import Container
from library.domain.deposit_fields import orcid_of
from library.services.asked import cleaned, whole
from library.services.author import LONGEST_NAME, AuthorWorks
from library.web.pages import Page, permanent, render
from library.web.record import author_url, search_url
from library.web.search import Result, listed

ON_A_PAGE = 50
LAST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPage(Page):
    """All works of a person, the newest first; `json_ld` tells programs who it is."""

    template: ClassVar[str] = "author/author.html"

    name: str
    spellings: tuple[str, ...]
    orcid: str
    identifier: str
    total: int
    records: tuple[Result, ...]
    search_url: str
    permanent: str
    previous_url: str
    next_url: str
    json_ld: Mapping[str, object]


def blueprint(container: Container) -> Blueprint:
    """The route."""
    routes = Blueprint("author", __name__)

    @routes.get("/author/<path:name>")
    def author(name: str) -> Response:
        number = min(max(whole(request.args.get("page", ""), limit=LAST_PAGE) or 1, 1), LAST_PAGE)
        works = container.author.works(cleaned(name)[:LONGEST_NAME], number, ON_A_PAGE)
        return render(_page(works, listed(container, works.records), number))

    return routes


def _page(works: AuthorWorks, records: tuple[Result, ...], number: int) -> AuthorPage:
    address = permanent("author.author", name=works.name)
    orcid = orcid_of(works.identifier)
    here = author_url(works.name)
    is_more = number * ON_A_PAGE < works.total and number < LAST_PAGE
    return AuthorPage(
        name=works.name,
        spellings=works.spellings,
        orcid=orcid,
        identifier="" if orcid else works.identifier,
        total=works.total,
        records=records,
        search_url=search_url(Facet.AUTHOR, works.name),
        permanent=address,
        previous_url=f"{here}?page={number - 1}" if number > 1 else "",
        next_url=f"{here}?page={number + 1}" if is_more else "",
        json_ld=_json_ld(works, address, orcid),
    )


def _json_ld(works: AuthorWorks, address: str, orcid: str) -> dict[str, object]:
    person: dict[str, object] = {"@type": "Person", "@id": address, "name": works.name}
    if works.spellings:
        person["alternateName"] = list(works.spellings)
    if orcid:
        person["sameAs"] = f"https://orcid.org/{orcid}"
    return {"@context": "https://schema.org", "@type": "ProfilePage", "url": address, "mainEntity": person}
