"""Lists of literature as a PDF: the bulletin of new arrivals, and the reader's list by GOST."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from indexer.model import Facet
from library.container import Container
from library.domain.description import Description
from library.services.bulletins import MOST_LISTED, arrived, main_class, sections
from library.services.printing import Bibliography
from library.web import classes, formats
from library.web.citations import described, today
from library.web.kept import kept
from library.web.languages import gettext, language, locale, ngettext
from library.web.list_form import personal
from library.web.pages import Page, render, site

QUARTER = timedelta(days=91)
SCHEMES = {"udc": Facet.UDC, "bbk": Facet.BBK}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinPage(Page):
    """The period of a bulletin, and how many records came in it."""

    template: ClassVar[str] = "browse/bulletin.html"
    robots: ClassVar[str] = "noindex"

    first: date
    last: date
    total: int
    is_cut: bool


def blueprint(container: Container) -> Blueprint:
    """The routes `/bulletin`, `/bulletin.pdf` and `/my-list/list.pdf`."""
    routes = Blueprint("bulletin", __name__)
    zone = ZoneInfo(container.settings.time_zone)

    def period() -> tuple[date, date]:
        last = _day("last", today(container.settings))
        first = _day("first", last - QUARTER)
        return min(first, last), max(first, last)

    def moments(first: date, last: date) -> tuple[datetime, datetime]:
        return (
            datetime.combine(first, time(), tzinfo=zone),
            datetime.combine(last, time(), tzinfo=zone) + timedelta(days=1),
        )

    @routes.get("/bulletin")
    def bulletin() -> Response:
        first, last = period()
        found = arrived(container.arrivals, *moments(first, last))
        return render(BulletinPage(first=first, last=last, total=len(found.records), is_cut=found.is_cut))

    @routes.get("/bulletin.pdf")
    def bulletin_file() -> Response:
        first, last = period()
        found = arrived(container.arrivals, *moments(first, last))
        about = [f"{formats.short_day(first, locale())} – {formats.short_day(last, locale())}"]
        if found.is_cut:
            about.append(
                ngettext(
                    "Only the newest {n} record of the period is here.",
                    "Only the newest {n} records of the period are here.",
                    MOST_LISTED,
                )
            )
        records = [one.description for one in found.records]
        return _pdf(container, gettext("Bulletin of new arrivals"), about, records, _class_name, f"bulletin-{last}.pdf")

    @routes.get("/my-list/list.pdf")
    def own_list() -> Response:
        chosen = container.listing.chosen(kept())
        records = [record.description for record in chosen.records]
        return personal(_pdf(container, gettext("List of literature"), [], records, lambda _: "", "list.pdf"))

    return routes


def _pdf(
    container: Container,
    title: str,
    about: Iterable[str],
    records: Iterable[Description],
    heading: Callable[[Description], str],
    filename: str,
) -> Response:
    parts, index = sections(records, heading, lambda one: described(one, container.settings))
    around = site()
    content = container.printing.bibliography(
        Bibliography(
            title=title,
            library=", ".join(filter(None, (around.library, around.institution))),
            about=tuple(about),
            sections=parts,
            index_heading=gettext("Index of names"),
            index=index,
        )
    )
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _class_name(description: Description) -> str:
    scheme, number = main_class(description)
    if not scheme:
        return gettext("Without a class")
    facet = SCHEMES[scheme]
    return f"{classes.notation(facet, number)} {classes.name(facet, number, language())}"


def _day(name: str, otherwise: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
    return min(max(asked, date(1990, 1, 1)), date(2200, 1, 1))
