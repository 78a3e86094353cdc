"""Statistics for the ministry, by key: `/stat/v1/indicators`, `/stat/v1/reports` and `/stat/v1/forms`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from hashlib import sha256

import orjson
from flask import Blueprint, Response, request

from library.api import site, statistics_asked
from library.api.statistics_asked import MEDIA_TYPES, Form
from library.api.statistics_calls import given, guard, key
from library.container import Container
from library.domain.errors import N_
from library.domain.periods import Span
from library.domain.statistics import Question, StatisticsReport
from library.projections import statistics_json, statistics_table, statistics_xml
from library.projections.statistics_answer import Answer, FormAnswer, Issuer
from library.projections.statistics_table import Sheets

ROOT = "/stat/v1"
VERSION = "1.0.0"
"""Of the shapes of the answers; it stands in their ETags."""
_ENDING = "<any(json, xml, csv, xlsx):ending>"
_SHEETS = (N_("Figures"), N_("About the report"), N_("Indicators"))
_SEPARATOR = ","

Written = Callable[[], Iterable[bytes]]


def blueprint(container: Container) -> Blueprint:
    """The routes of version 1; all but the schema need a key."""
    routes = Blueprint("api_statistics", __name__)
    guard(routes, container, public=("schema",))
    service = container.statistics

    @routes.get(f"{ROOT}/indicators")
    def indicators() -> Response:
        statistics_asked.require_known(request.args, statistics_asked.ONLY_LANGUAGE)
        return _as_json(container, statistics_json.indicators(service.table))

    @routes.get(f"{ROOT}/reports")
    @routes.get(f"{ROOT}/reports.{_ENDING}")
    def reports(ending: str = "") -> Response:
        written_as = statistics_asked.form_of(ending, request.accept_mimetypes)
        question = statistics_asked.question(request.args, container.statistics_keys.today())
        _require_scope(container, question)
        return _report(container, question, written_as)

    @routes.get(f"{ROOT}/forms")
    def forms() -> Response:
        statistics_asked.require_known(request.args, statistics_asked.ONLY_LANGUAGE)
        return _as_json(container, statistics_json.forms(service.forms.all()))

    @routes.get(f"{ROOT}/forms/<form_id>")
    @routes.get(f"{ROOT}/forms/<form_id>.{_ENDING}")
    def form(form_id: str, ending: str = "") -> Response:
        written_as = statistics_asked.form_of(ending, request.accept_mimetypes)
        span, step = statistics_asked.form_period(request.args, container.statistics_keys.today())
        rows = service.forms.get(form_id).rows
        key().entry.scope.require([row.indicator for row in rows if row.indicator], span)
        answer = FormAnswer(
            filled=service.filled(form_id, span, step),
            issuer=_issuer(container),
            table=service.table,
            language=site.language(),
            default=container.settings.default_language,
        )
        return _form(container, answer, written_as)

    @routes.get(f"{ROOT}/report.xsd")
    def schema() -> Response:
        response = Response(statistics_xml.SCHEMA.read_bytes(), mimetype="application/xml")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    return routes


def _require_scope(container: Container, question: Question) -> None:
    periods = question.periods(container.statistics.table)
    key().entry.scope.require(question.indicators, Span(first=periods[0].first, last=periods[-1].last))


def _report(container: Container, question: Question, written_as: Form) -> Response:
    answer = Answer(
        report=container.statistics.report(question),
        issuer=_issuer(container),
        by=question.by,
        table=container.statistics.table,
        language=site.language(),
        default=container.settings.default_language,
    )
    writers: dict[Form, Written] = {
        Form.JSON: lambda: [orjson.dumps(statistics_json.report(answer))],
        Form.XML: lambda: [statistics_xml.report(answer, _schema(container))],
        Form.CSV: lambda: _encoded(statistics_table.csv(answer, _SEPARATOR)),
        Form.XLSX: lambda: [statistics_table.xlsx(answer, _sheets())],
    }
    names = [f"{answer.words(one.names)} {answer.words(one.definitions)}" for one in answer.indicators()]
    return _written(container, answer.report, written_as, writers[written_as], [*names, *astuple(answer.issuer)])


def _form(container: Container, answer: FormAnswer, written_as: Form) -> Response:
    writers: dict[Form, Written] = {
        Form.JSON: lambda: [orjson.dumps(statistics_json.form(answer))],
        Form.XML: lambda: [statistics_xml.form(answer, _schema(container))],
        Form.CSV: lambda: _encoded(statistics_table.form_csv(answer, _SEPARATOR)),
        Form.XLSX: lambda: [statistics_table.form_xlsx(answer, _sheets())],
    }
    names = [answer.filled.form.id, answer.title, answer.basis, *(f"{row.number} {row.title}" for row in answer.rows())]
    names += astuple(answer.issuer)
    return _written(container, answer.filled.report, written_as, writers[written_as], names)


def _written(
    container: Container, report: StatisticsReport, written_as: Form, write: Written, names: Iterable[str]
) -> Response:
    """The answer as it is written, or 304 where whoever asks has it already; `names` are what else stands in it."""
    given(len(report.lines))
    parts = (VERSION, written_as, site.language(), report.checksum, *names)
    tag = sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    media_type = MEDIA_TYPES[written_as]
    response = Response(content_type=f"{media_type}; charset=utf-8" if written_as is Form.CSV else media_type)
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    else:
        response.response = write()
    if written_as in (Form.CSV, Form.XLSX):
        name = f"statistics-{report.span.first}-{report.span.last}.{written_as}"
        response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Language"] = site.language()
    return _finished(container, response, tag)


def _as_json(container: Container, value: dict[str, object]) -> Response:
    content = orjson.dumps(value)
    return _finished(container, Response(content, mimetype="application/json"), sha256(content).hexdigest())


def _finished(container: Container, response: Response, tag: str) -> Response:
    response.set_etag(tag)
    # The answer is for this key; whoever keeps it asks each time whether it is still the newest.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.update(("Accept", "Accept-Language", "Authorization", "Cookie"))
    definitions = site.address(container.settings, f"{ROOT}/indicators")
    service = site.address(container.settings, f"{ROOT}/openapi.json")
    response.headers["Link"] = f'<{definitions}>; rel="describedby", <{service}>; rel="service-desc"'
    response.make_conditional(request)
    return response


def _issuer(container: Container) -> Issuer:
    house = site.house(container)
    return Issuer(
        library=site.library(container),
        responsible_person=house.responsible_person,
        responsible_contact=house.responsible_contact,
    )


def _schema(container: Container) -> str:
    return site.address(container.settings, f"{ROOT}/report.xsd")


def _sheets() -> Sheets:
    figures, about, indicators = map(site.translated, _SHEETS)
    return Sheets(figures=figures, about=about, indicators=indicators)


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)
