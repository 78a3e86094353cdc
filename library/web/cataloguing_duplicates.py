"""Records that may be of the document that is being catalogued: beside the form, and alone for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_
from library.domain.record import Status
from library.services.asked import whole
from library.services.duplicates import Duplicate, Sameness, Sought
from library.web import words
from library.web.cataloguing_state import LARGEST_NUMBER
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.search import imprint
from library.web.session import actor, requires

LONGEST_TYPED = 1_000
MOST_ISBNS = 10
MOST_CREATORS = 3

REASONS: Mapping[Sameness, str] = {
    Sameness.DOI: N_("The same DOI"),
    Sameness.ISBN: N_("The same ISBN"),
    Sameness.WORK: N_("The same title, author and year"),
    Sameness.EDITION: N_("The same title and author, another year"),
    Sameness.TITLE: N_("The same title"),
}
STANDINGS: Mapping[Status, str] = {
    Status.DRAFT: N_("Draft"),
    Status.PUBLISHED: N_("Published"),
    Status.WITHDRAWN: N_("Withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateLine:
    """A record that may be the same, with what it has in common."""

    record_id: int
    title: str
    lang: str
    creators: str
    imprint: str
    standing: str
    reason: str
    url: str
    is_strong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatesPage(Page):
    """The list alone, as a form takes it in."""

    template: ClassVar[str] = "cataloguing/duplicates.html"
    robots: ClassVar[str] = "noindex"

    duplicates: tuple[DuplicateLine, ...]


def blueprint(container: Container) -> Blueprint:
    """The route `/cataloguing/duplicates`."""
    routes = Blueprint("duplicates", __name__)

    @routes.get("/cataloguing/duplicates")
    @requires(Action.CATALOGUE)
    def duplicates() -> Response:
        title, author, year = (request.args.get(name, "")[:LONGEST_TYPED] for name in ("title", "author", "year"))
        isbns = [typed[:LONGEST_TYPED] for typed in request.args.getlist("isbn")[:MOST_ISBNS]]
        besides = whole(request.args.get("besides", ""), limit=LARGEST_NUMBER) or 0
        sought = Sought.typed(isbns, title, author, year, besides)
        return render(DuplicatesPage(duplicates=lines(container.duplicates.find(sought, actor=actor()))))

    return routes


def lines(found: Iterable[Duplicate]) -> tuple[DuplicateLine, ...]:
    """The records as they are shown."""
    return tuple(map(_line, found))


def _line(one: Duplicate) -> DuplicateLine:
    facts, status = one.record.description, one.record.status
    return DuplicateLine(
        record_id=one.record.id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        creators="; ".join(creator.name for creator in facts.creators[:MOST_CREATORS]),
        imprint=imprint(facts.places, facts.publishers, facts.year),
        standing=gettext(STANDINGS[status]),
        reason=gettext(REASONS[one.sameness]),
        url=f"/record/{one.record.id}" if status is Status.PUBLISHED else f"/cataloguing/{one.record.id}",
        is_strong=one.sameness.is_sure or one.sameness is Sameness.WORK,
    )
