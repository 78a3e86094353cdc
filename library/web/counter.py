"""Reports of COUNTER for the head and the inspector, who take them as files; programs have an address of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.counter_faults import CounterRefused
from library.domain.counter_reports import REPORTS, ReportId
from library.domain.errors import N_, InvalidPeriod, NotFound
from library.projections.counter_table import TSV_TYPE
from library.projections.workbook import MEDIA_TYPE
from library.services import counter_files
from library.services.counter import OWN_ID
from library.web.pages import Page, render, site
from library.web.session import requires

HOME = "/statistics/counter"
_RECORD = "/record/{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterPage(Page):
    """The reports there are, of whole months between `earliest` and `latest`; both None where none is over yet."""

    template: ClassVar[str] = "counter/reports.html"
    robots: ClassVar[str] = "noindex"

    reports: tuple[tuple[str, str], ...]
    earliest: date | None
    latest: date | None


def blueprint(container: Container) -> Blueprint:
    """The routes `/statistics/counter`, and the files under it."""
    routes = Blueprint("counter_files", __name__)

    @routes.get(HOME)
    @requires(Action.SEE_STATISTICS)
    def reports() -> Response:
        available = container.counter.available()
        names = tuple((kind.id.value, kind.name) for kind in REPORTS.values())
        return render(CounterPage(reports=names, earliest=available.first, latest=available.last))

    @routes.get(f"{HOME}/report")
    @requires(Action.SEE_STATISTICS)
    def report() -> Response:
        name, form = request.args.get("report", ""), request.args.get("form", "")
        if name not in REPORTS:
            raise NotFound(N_("There is no such report."))
        arguments = [("customer_id", OWN_ID)]
        arguments += [(key, request.args.get(key, "").strip()) for key in ("begin_date", "end_date")]
        house = _house(container)
        try:
            found = container.counter.report(ReportId(name), arguments, platform=house.platform)
        except CounterRefused as error:
            raise InvalidPeriod(
                N_("There is no report of these months. Choose months that are over, the first one first.")
            ) from error
        if form == "tsv":
            return _file(counter_files.as_tsv(found, house), TSV_TYPE, counter_files.file_name(found, "tsv"))
        return _file(counter_files.as_xlsx(found, house), MEDIA_TYPE, counter_files.file_name(found, "xlsx"))

    return routes


def _house(container: Container) -> counter_files.House:
    here = site()
    platform = ", ".join(part for part in (here.library, here.institution) if part)
    base = container.settings.base_url.rstrip("/") or request.host_url.rstrip("/")
    return counter_files.House(
        institution=here.institution or platform, platform=platform, record_address=f"{base}{_RECORD}"
    )


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
