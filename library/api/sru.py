"""Other libraries search the catalogue and copy its records: SRU 1.1, 1.2 and 2.0 at `/sru`."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from library.api import noting, site
from library.api.programs import for_programs
from library.container import Container
from library.services.sru import House

LARGEST_REQUEST = 64 * 1024
# Answers to searches have it before all records; a description of the catalogue has none.
_FOUND = re.compile(rb"numberOfRecords>([0-9]+)<")


def blueprint(container: Container) -> Blueprint:
    """The route `/sru`, by GET and POST; every answer is a document of the protocol with HTTP status 200."""
    routes = Blueprint("sru", __name__)

    @routes.route("/sru", methods=["GET", "POST"])
    @for_programs
    def sru() -> Response:
        request.max_content_length = LARGEST_REQUEST
        house = House(
            title=site.name(container),
            contact=site.house(container).responsible_contact,
            portal=site.address(container.settings),
        )
        arguments = [*request.args.items(multi=True), *request.form.items(multi=True)]
        body = container.sru.respond(arguments, house)
        if found := _FOUND.search(body):
            noting.searched(int(found[1]))
        response = Response(body, content_type="text/xml; charset=utf-8")
        response.headers["X-Robots-Tag"] = "noindex"
        # The name of the library is told in the reader's language.
        response.vary.update(("Accept-Language", "Cookie"))
        return response

    return routes
