"""OAI-PMH 2.0 for harvesters, at `/oai`: this module knows HTTP and nothing of the protocol."""

from __future__ import annotations

import gzip
import logging
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, request, url_for
from lxml import etree
from werkzeug.exceptions import HTTPException, TooManyRequests

from library.api import noting, site
from library.api.programs import for_programs
from library.container import Container
from library.domain.errors import LibraryError
from library.services.open_archive import PATH

FORM = "application/x-www-form-urlencoded"
STYLESHEET = "oai.xsl"
METHODS = ("GET", "HEAD", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS")
LARGEST_REQUEST = 64 * 1024
RETRY_SECONDS = "120"
PACKED_FROM = 1024
# Beyond this level a page takes twice the time and is hardly smaller.
LEVEL = 4

log = logging.getLogger(__name__)


def blueprint(container: Container) -> Blueprint:
    """The route `/oai`; its errors are short texts, for those who ask are programs."""
    routes = Blueprint("open_archive", __name__)
    settings = container.settings

    # The other methods are taken to be refused here: elsewhere they would be forms without a token.
    @routes.route(PATH, methods=[*METHODS, *OTHER_METHODS], provide_automatic_options=False)
    @for_programs
    def respond() -> Response:
        request.max_content_length = LARGEST_REQUEST
        if request.method in OTHER_METHODS:
            return _not_allowed()
        if request.method == "POST" and request.mimetype != FORM:
            return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the arguments as {FORM}.")
        # The body alone counts in a POST, as the protocol has it.
        sent = request.get_data(cache=False) if request.method == "POST" else request.query_string
        pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True, errors="replace")
        try:
            stylesheet = url_for("static", filename=STYLESHEET)
            body = container.open_archive.respond(pairs, portal=site.address(settings), stylesheet=stylesheet)
        except LibraryError as error:
            log.error("The open archive could not answer: %s", error)
            return _later("The archive can't answer now. Try again later.", RETRY_SECONDS)
        noting.harvested()
        return _page(body) if _is_person() else _answer(body)

    @routes.errorhandler(TooManyRequests)
    def too_many(error: TooManyRequests) -> Response:
        # Harvesters know 503 with Retry-After from the protocol, and few of them 429.
        return _later("Too many requests. Wait a little.", str(error.retry_after or RETRY_SECONDS))

    @routes.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _refusal(HTTPStatus(error.code or HTTPStatus.BAD_REQUEST), error.name)

    return routes


def _is_person() -> bool:
    """Whether a browser will show this to somebody. `Accept` tells nothing: programs in Java ask for text/html too."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def _page(body: bytes) -> Response:
    """The answer by our stylesheet: browsers are about to do this themselves no longer."""
    path = Path(current_app.static_folder or "") / STYLESHEET
    stylesheet = etree.XSLT(etree.parse(path), access_control=etree.XSLTAccessControl.DENY_ALL)
    page = bytes(stylesheet(etree.fromstring(body)))
    return _fresh(Response(page, content_type="text/html; charset=utf-8"))


def _answer(body: bytes) -> Response:
    response = Response(content_type="text/xml; charset=utf-8")
    if request.accept_encodings["gzip"] and len(body) >= PACKED_FROM:
        body = gzip.compress(body, LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(body)
    response.vary.add("Accept-Encoding")
    return _fresh(response)


def _not_allowed() -> Response:
    response = _refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Ask by GET or POST.")
    response.headers["Allow"] = ", ".join(METHODS)
    return response


def _later(text: str, seconds: str) -> Response:
    response = _refusal(HTTPStatus.SERVICE_UNAVAILABLE, text)
    response.headers["Retry-After"] = seconds
    return response


def _refusal(status: HTTPStatus, text: str) -> Response:
    return _fresh(Response(f"{text}\n", status, content_type="text/plain; charset=utf-8"))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Sec-Fetch-Dest")
    return response
