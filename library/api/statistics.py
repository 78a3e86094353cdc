"""Statistics for the ministry, by key: `/stat/v1/indicators`, `/stat/v1/reports` and national forms."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import orjson
from flask import Blueprint, Response, request

from library.api import site, statistics_asked
from library.api.statistics_asked import MEDIA_TYPES, Form
from library.api.statistics_calls import given, guard, key
from library.container import Container
from library.domain.errors import N_
from library.domain.periods import Span
from library.domain.statistics import Question
from library.projections import statistics_json, statistics_table, statistics_xml
from library.projections.statistics_answer import Answer

ROOT = "/stat/v1"
VERSION = "1.0.0"
"""Of the shapes of the answers; it stands in their ETags."""
_ENDING = "<any(json, xml, csv, xlsx):ending>"
_SHEETS = (N_("Report"), N_("About the report"), N_("Indicators"))
_SEPARATOR = ","


def blueprint(container: Container) -> Blueprint:
    """The routes of version 1; all but the schema need a key."""
    routes = Blueprint("api_statistics", __name__)
    guard(routes, container, public=("schema",))
    service = container.statistics

    @routes.get(f"{ROOT}/indicators")
    def indicators() -> Response:
        statistics_asked.require_known(request.args, statistics_asked.ONLY_LANGUAGE)
        content = orjson.dumps(statistics_json.indicators(service.table))
        return _finished(container, Response(content, mimetype="application/json"), sha256(content).hexdigest())

    @routes.get(f"{ROOT}/reports")
    @routes.get(f"{ROOT}/reports.{_ENDING}")
    def reports(ending: str = "") -> Response:
        form = statistics_asked.form_of(ending, request.accept_mimetypes)
        question = statistics_asked.question(request.args, container.statistics_keys.today())
        _require_scope(container, question)
        report = service.report(question)
        answer = Answer(
            report=report,
            by=question.by,
            table=service.table,
            language=site.language(),
            default=container.settings.default_language,
        )
        return _written(container, answer, form)

    @routes.get(f"{ROOT}/report.xsd")
    def schema() -> Response:
        response = Response(statistics_xml.SCHEMA.read_bytes(), mimetype="application/xml")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    return routes


def _require_scope(container: Container, question: Question) -> None:
    periods = question.periods(container.statistics.table)
    key().entry.scope.require(question.indicators, Span(first=periods[0].first, last=periods[-1].last))


def _written(container: Container, answer: Answer, form: Form) -> Response:
    """The answer in this form, or 304 where whoever asks has it already."""
    given(len(answer.report.lines))
    names = "".join(answer.words(one.names) + answer.words(one.definitions) for one in answer.indicators())
    parts = (VERSION, form, answer.language, answer.report.checksum, names)
    tag = sha256("\n".join(parts).encode()).hexdigest()
    response = Response(content_type=f"{MEDIA_TYPES[form]}; charset=utf-8" if form is Form.CSV else MEDIA_TYPES[form])
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    else:
        response.response = _content(container, answer, form)
    if form in (Form.CSV, Form.XLSX):
        span = answer.report.span
        name = f"statistics-{span.first}-{span.last}.{form}"
        response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Language"] = answer.language
    return _finished(container, response, tag)


def _content(container: Container, answer: Answer, form: Form) -> Iterator[bytes] | list[bytes]:
    if form is Form.JSON:
        return [orjson.dumps(statistics_json.report(answer))]
    if form is Form.XML:
        return [statistics_xml.report(answer, site.address(container.settings, f"{ROOT}/report.xsd"))]
    if form is Form.XLSX:
        report, about, indicators = map(site.translated, _SHEETS)
        return [statistics_table.xlsx(answer, (report, about, indicators))]
    return (line.encode() for line in statistics_table.csv(answer, _SEPARATOR))


def _finished(container: Container, response: Response, tag: str) -> Response:
    response.set_etag(tag)
    # The answer is for this key; whoever keeps it asks each time whether it is still the newest.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.update(("Accept", "Accept-Language", "Authorization", "Cookie"))
    definitions, service = (
        site.address(container.settings, f"{ROOT}/{name}") for name in ("indicators", "openapi.json")
    )
    response.headers["Link"] = f'<{definitions}>; rel="describedby", <{service}>; rel="service-desc"'
    response.make_conditional(request)
    return response
