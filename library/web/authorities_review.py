"""Headings of the catalogue that have no authority record yet, and merging two records with everything seen before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, redirect, request, url_for

from library.container import Container
from library.domain.access import Action, may
from library.services.authorities import FACETS, Merging, Unlinked
from library.web.authorities import KINDS, LARGEST_NUMBER, Tab, chosen_kind, number_of, tabs
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

REVIEWED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Page):
    """Headings of the catalogue that no record has as a form, with those that look like them."""

    template: ClassVar[str] = "authorities/review.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    kind: str
    tabs: tuple[Tab, ...]
    unlinked: tuple[Unlinked, ...]
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage(Page):
    """What merging two records would do."""

    template: ClassVar[str] = "authorities/merge.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    merging: Merging


def blueprint(container: Container) -> Blueprint:
    """The routes of review and merging under `/authorities`."""
    routes = Blueprint("authorities_review", __name__)
    number = f"<int(max={LARGEST_NUMBER}):authority_id>"

    @routes.get("/authorities/review")
    @requires(Action.SEE_WORK)
    def review() -> Response:
        kind = chosen_kind()
        unlinked = tuple(container.authorities.unlinked(kind, REVIEWED, actor=actor()))
        ways = zip(tabs(container, kind, "authorities_review.review"), KINDS, strict=True)
        may_change = may(actor(), Action.AUTHORITIES)
        page = ReviewPage(
            csrf=csrf(),
            kind=kind.value,
            tabs=tuple(tab for tab, of in ways if of in FACETS),
            unlinked=unlinked,
            may_change=may_change,
        )
        return render(page)

    @routes.post(f"/authorities/{number}/forms")
    @requires(Action.AUTHORITIES)
    def add_form(authority_id: int) -> Response:
        container.authorities.add_form(authority_id, request.form.get("form", ""), actor=actor())
        return redirect(url_for("authorities_review.review", kind=chosen_kind().value), 303)  # type: ignore[return-value]

    @routes.get("/authorities/merge")
    @requires(Action.AUTHORITIES)
    def merging() -> Response:
        return render(MergePage(csrf=csrf(), merging=container.authorities.merging(*_two(), actor=actor())))

    @routes.post("/authorities/merge")
    @requires(Action.AUTHORITIES)
    def merge() -> Response:
        versions = (number_of("goes_version"), number_of("stays_version"))
        batch = container.authorities.merge(*_two(), expected=versions, actor=actor())
        if batch is None:
            return redirect(url_for("authorities.authority", authority_id=number_of("stays")), 303)  # type: ignore[return-value]
        return redirect(url_for("batches.batch", batch_id=batch), 303)  # type: ignore[return-value]

    return routes


def _two() -> tuple[int, int]:
    return number_of("goes"), number_of("stays")
