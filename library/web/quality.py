"""What records lack or have wrong: a number for each flaw, and lists that lead into the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request, url_for

from library.container import Container
from library.db.quality import FlawedRecord
from library.domain.access import Action, may
from library.domain.errors import N_
from library.domain.quality import FlawKind
from library.services.asked import whole
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.session import actor, requires

SHOWN = 50
LARGEST_NUMBER = 2**31 - 1

FLAWS: Mapping[FlawKind, str] = {
    FlawKind.NO_CLASS: N_("Without a class (UDC or BBK)"),
    FlawKind.NO_SUBJECT: N_("Without a subject"),
    FlawKind.NO_LANGUAGE: N_("Without a language"),
    FlawKind.NO_YEAR: N_("Without a year"),
    FlawKind.DUPLICATE: N_("Perhaps entered twice"),
    FlawKind.MIXED_SCRIPTS: N_("Latin and Cyrillic letters in one word"),
    FlawKind.DEAD_LINK: N_("With an address that does not answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawTile:
    """A flaw and how many records have it."""

    label: str
    count: int
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPage(Page):
    """The flaws, and the records of the chosen one."""

    template: ClassVar[str] = "quality/quality.html"
    robots: ClassVar[str] = "noindex"

    tiles: tuple[FlawTile, ...]
    heading: str
    is_duplicate: bool
    records: tuple[FlawedRecord, ...]
    next_url: str
    may_change: bool
    checks_links: bool


def blueprint(container: Container) -> Blueprint:
    """The route `/quality`."""
    routes = Blueprint("quality", __name__)

    @routes.get("/quality")
    @requires(Action.SEE_WORK)
    def quality() -> Response:
        counts = container.quality.counts(actor=actor())
        asked = request.args.get("flaw", "")
        chosen = FlawKind(asked) if asked in list(FlawKind) else None
        after = whole(request.args.get("after", ""), limit=LARGEST_NUMBER) or 0
        found = container.quality.flawed(chosen, after, SHOWN, actor=actor()) if chosen else None
        page = QualityPage(
            tiles=tuple(
                FlawTile(
                    label=gettext(label),
                    count=counts.get(kind, 0),
                    url=url_for("quality.quality", flaw=kind.value),
                    is_here=kind is chosen,
                )
                for kind, label in FLAWS.items()
            ),
            heading=gettext(FLAWS[chosen]) if chosen else "",
            is_duplicate=chosen is FlawKind.DUPLICATE,
            records=found.records if found else (),
            next_url=url_for("quality.quality", flaw=asked, after=found.next) if found and found.next else "",
            may_change=may(actor(), Action.CATALOGUE),
            checks_links=container.settings.check_links,
        )
        return render(page)

    return routes
