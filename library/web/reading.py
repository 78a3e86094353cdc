"""Files for readers: the bytes of those who may have them, and covers."""

from __future__ import annotations

from flask import Blueprint, Response, request

from library.container import Container
from library.web import reading_refused
from library.web.reading_bytes import answer
from library.web.record import LARGEST_NUMBER
from library.web.session import actor

FILE = f"/files/<int(max={LARGEST_NUMBER}):document_id>"


def blueprint(container: Container) -> Blueprint:
    """The routes under `/files/N`. The name in an address is for people: the number alone says which file it is."""
    routes = Blueprint("reading", __name__)
    reading_refused.install(routes, container)

    def download(document_id: int) -> Response:
        found = container.reading.open(document_id, actor(), request.remote_addr or "")
        return answer(found, inline=request.args.get("inline") == "1")

    @routes.get(FILE)
    def file(document_id: int) -> Response:
        return download(document_id)

    @routes.get(f"{FILE}/<name>")
    def named(document_id: int, name: str) -> Response:  # noqa: ARG001  (it stands in the address)
        return download(document_id)

    return routes
