"""The COUNTER API of release 5.1 at `/counter/r51` (8): reports as JSON, and as tables for people.

Errors have the Code's shape and words. The key stands in the address, as the Code wants it; it is masked wherever the
address is kept.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from urllib.parse import parse_qsl

import orjson
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests

from library.api import site
from library.container import Container
from library.domain.counter_asked import CREDENTIALS
from library.domain.counter_faults import CounterRefused, Fault, Remark, remark
from library.domain.counter_reports import REPORTS, WORLD, WORLD_ID, ReportId, ReportKind
from library.domain.errors import LibraryError
from library.domain.key_errors import (
    AddressNotAllowed,
    KeyExpired,
    KeyMissing,
    KeyRevoked,
    KeyUnknown,
    OutOfScope,
    TooManyCalls,
)
from library.domain.statistics_keys import masked
from library.projections import counter_json
from library.projections.counter_table import TSV_TYPE
from library.projections.counter_used import NAMESPACE
from library.projections.workbook import MEDIA_TYPE
from library.services import counter_files
from library.services.counter import OWN_ID, CounterReport

PATH = "/counter/r51"
RELEASE = "5.1"
RETRY_SECONDS = "60"

log = logging.getLogger(__name__)


def blueprint(container: Container) -> Blueprint:
    """Status, members, the list of reports, and the reports; `.tsv` and `.xlsx` give one as a table."""
    routes = Blueprint("counter", __name__, url_prefix=PATH)
    _add_lists(routes, container)
    _add_reports(routes, container)
    _add_refusals(routes)

    @routes.after_request
    def note(response: Response) -> Response:
        if "counter_called" in g:
            query = request.query_string.decode("utf-8", "replace")
            code = g.get("counter_fault", "")
            figures = g.get("counter_entries", 0)
            container.statistics_keys.note(
                g.get("counter_key"), masked(request.path, query), response.status_code, code, figures
            )
        return response

    return routes


def _add_lists(routes: Blueprint, container: Container) -> None:
    """Whether the service works, whose use there is, and which reports of which months."""

    @routes.get("/status")
    def status() -> Response:
        return _answer(
            [
                {
                    "Description": f"COUNTER reports of {_platform(container)}",
                    "Service_Active": True,
                    "Registry_Record": "",
                }
            ]
        )

    @routes.get("/members")
    def members() -> Response:
        _admit(container)
        return _answer(
            [
                {
                    "Institution_Name": _institution(container),
                    "Customer_ID": OWN_ID,
                    "Institution_ID": {"Proprietary": [f"{NAMESPACE}:{OWN_ID}"]},
                },
                {"Institution_Name": WORLD, "Customer_ID": WORLD_ID},
            ]
        )

    @routes.get("/reports")
    def reports() -> Response:
        _admit(container)
        available = container.counter.available()
        if available.first is None or available.last is None:
            return _answer([])
        months = {
            "First_Month_Available": f"{available.first:%Y-%m}",
            "Last_Month_Available": f"{available.last:%Y-%m}",
        }
        return _answer([_listed(kind) | months for kind in REPORTS.values()])


def _add_reports(routes: Blueprint, container: Container) -> None:
    """A report as JSON, and as a table in two forms."""

    @routes.get("/reports/<name>")
    def report(name: str) -> Response:
        _admit(container)
        found = _asked(container, _report_id(name))
        return _answer(counter_files.as_json(found, _house(container)))

    @routes.get("/reports/<name>.tsv")
    def report_tsv(name: str) -> Response:
        _admit(container)
        found = _asked(container, _report_id(name))
        content = counter_files.as_tsv(found, _house(container))
        return _file(content, TSV_TYPE, counter_files.file_name(found, "tsv"))

    @routes.get("/reports/<name>.xlsx")
    def report_xlsx(name: str) -> Response:
        _admit(container)
        found = _asked(container, _report_id(name))
        content = counter_files.as_xlsx(found, _house(container))
        return _file(content, MEDIA_TYPE, counter_files.file_name(found, "xlsx"))


def _add_refusals(routes: Blueprint) -> None:
    """What went wrong, in the Code's words."""

    @routes.errorhandler(CounterRefused)
    def refused(error: CounterRefused) -> Response:
        return _told(error.remark)

    @routes.errorhandler(LibraryError)
    def unavailable(error: LibraryError) -> Response:
        log.error("A COUNTER report could not be made: %s", error)
        return _told(remark(Fault.SERVICE_NOT_AVAILABLE))

    @routes.errorhandler(TooManyRequests)
    def too_many(_error: TooManyRequests) -> Response:
        return _told(remark(Fault.TOO_MANY_REQUESTS))

    @routes.errorhandler(HTTPException)
    def not_there(error: HTTPException) -> Response:
        answer = _answer({"Message": error.name})
        answer.status_code = error.code or HTTPStatus.BAD_REQUEST
        return answer


def _arguments() -> list[tuple[str, str]]:
    query = request.query_string.decode("latin-1")
    return parse_qsl(query, keep_blank_values=True, errors="replace")


def _admit(container: Container) -> None:
    """Raise `CounterRefused` unless the key that was sent opens COUNTER's reports."""
    arguments = dict(_arguments())
    name = next((one for one in reversed(CREDENTIALS) if arguments.get(one)), "")
    customer = arguments.get("customer_id", "").strip()
    if not name or not customer:
        missing = [*(() if customer else ("customer_id",)), *(() if name else ("api_key",))]
        raise CounterRefused(remark(Fault.INSUFFICIENT_INFORMATION, ", ".join(missing)))
    g.counter_called = True
    unknown = Fault.KEY_INVALID if name == "api_key" else Fault.REQUESTOR_NOT_AUTHORIZED
    try:
        key = container.statistics_keys.find(arguments[name].strip())
        g.counter_key = key
        container.statistics_keys.admit(key, request.remote_addr or "")
        key.entry.scope.require_counter()
    except (KeyMissing, KeyUnknown) as error:
        raise CounterRefused(remark(unknown)) from error
    except TooManyCalls as error:
        raise CounterRefused(remark(Fault.TOO_MANY_REQUESTS)) from error
    except (KeyRevoked, KeyExpired, AddressNotAllowed, OutOfScope) as error:
        raise CounterRefused(remark(Fault.REQUESTOR_NOT_AUTHORIZED, str(error))) from error


def _asked(container: Container, report: ReportId) -> CounterReport:
    found = container.counter.report(report, _arguments(), platform=_platform(container))
    g.counter_entries = len(found.entries)
    return found


def _report_id(name: str) -> ReportId:
    try:
        return ReportId(name.upper())
    except ValueError:
        raise NotFound from None


def _listed(kind: ReportKind) -> dict[str, str]:
    return {
        "Report_Name": kind.name,
        "Report_ID": kind.id.value,
        "Release": RELEASE,
        "Report_Description": kind.description,
        "Path": f"/r51/reports/{kind.id.value.lower()}",
    }


def _house(container: Container) -> counter_files.House:
    return counter_files.House(
        institution=_institution(container),
        platform=_platform(container),
        record_address=site.address(container.settings, "/record/{number}"),
    )


def _institution(container: Container) -> str:
    return site.house(container).institution or _platform(container)


def _platform(container: Container) -> str:
    return site.name(container)


def _told(fault: Remark) -> Response:
    g.counter_fault = f"counter-{int(fault.fault)}"
    answer = _answer(counter_json.exception(fault))
    answer.status_code = fault.status
    if fault.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _answer(told: object) -> Response:
    return Response(orjson.dumps(told), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
