"""Files for readers: the bytes of those who may have them, and covers."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for

from indexer.extraction.page_images import IMAGE_TYPE
from library.container import Container
from library.domain.access import Rule
from library.web import reading_refused
from library.web.reading_bytes import FOR_ONE, answer
from library.web.reading_titled import titled_answer
from library.web.record import LARGEST_NUMBER
from library.web.session import actor, same_for_all

# An embargo that is set today hides the cover within ten minutes.
COVER_FOR_EVERYBODY = "public, max-age=600"
FILE = f"/files/<int(max={LARGEST_NUMBER}):document_id>"


def blueprint(container: Container) -> Blueprint:
    """The routes under `/files/N`. The name in an address is for people: the number alone says which file it is."""
    routes = Blueprint("reading", __name__)
    reading_refused.install(routes, container)

    def download(document_id: int) -> Response:
        if request.args.get("cover") == "1":
            return redirect(url_for("reading.titled", document_id=document_id))  # type: ignore[return-value]
        found = container.reading.open(document_id, actor(), request.remote_addr or "")
        return answer(found, inline=request.args.get("inline") == "1")

    @routes.get(FILE)
    @same_for_all
    def file(document_id: int) -> Response:
        return download(document_id)

    @routes.get(f"{FILE}/cover")
    @same_for_all
    def cover(document_id: int) -> Response:
        small = request.args.get("size") == "small"
        found = container.covers.of(document_id, actor(), request.remote_addr or "", small=small)
        response = Response(found.jpeg, mimetype=IMAGE_TYPE)
        response.set_etag(f"{found.digest}-{'small' if small else 'cover'}")
        response.headers["Cache-Control"] = FOR_ONE if found.rule is Rule.STAFF else COVER_FOR_EVERYBODY
        response.headers["X-Robots-Tag"] = "noindex"
        response.make_conditional(request.environ)
        return response

    @routes.get(f"{FILE}/titled")
    def titled(document_id: int) -> Response:
        found = container.reading.open(document_id, actor(), request.remote_addr or "")
        return titled_answer(container, found)

    @routes.get(f"{FILE}/<name>")
    @same_for_all
    def named(document_id: int, name: str) -> Response:  # noqa: ARG001  (it stands in the address)
        return download(document_id)

    return routes
