"""The catalogue for machines: `/api/v1/search`, `/api/v1/suggest` and `/api/v1/records/<id>`."""

from __future__ import annotations

from dataclasses import replace

import orjson
from flask import Blueprint, Response, request

from indexer.queries import SearchField
from library.api import answers, noting, site
from library.container import Container
from library.domain.access import GUEST, Visit
from library.domain.errors import N_, RecordNotFound
from library.domain.record import Status
from library.services.asked import Arguments, Asked, cleaned, one, whole
from library.services.search import LARGEST_PAGE, SearchRequest
from library.services.suggestions import MOST_SUGGESTIONS

LARGEST_NUMBER = 2**31 - 1
USUAL_SIZE = 20
USUAL_SUGGESTIONS = 10
SUGGESTED = (SearchField.ANY, SearchField.TITLE, SearchField.AUTHOR, SearchField.SUBJECT)


def blueprint(container: Container) -> Blueprint:
    """The routes of version 1; what the portal shows to everybody, and nothing else."""
    routes = Blueprint("api_search", __name__)
    settings = container.settings

    @routes.get("/api/v1/search")
    def search() -> Response:
        asked = Asked.read(request.args)
        outcome = container.search.run(sized(asked, request.args), _nobody(container))
        noting.searched(outcome.total)
        return as_json(answers.results(settings, asked, outcome))

    @routes.get("/api/v1/suggest")
    def suggest() -> Response:
        text, field, limit = read_beginning(request.args)
        found = container.suggestions.run(text, field, limit)
        return as_json(
            {
                "q": text,
                "suggestions": [{"text": said.text, "field": said.field, "records": said.entries} for said in found],
            }
        )

    @routes.get(f"/api/v1/records/<int(max={LARGEST_NUMBER}):record_id>")
    def record(record_id: int) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            message = site.translated(N_("This record has been withdrawn"))
            error = {"code": "withdrawn", "message": message, "problems": []}
            return as_json({"error": error, "record": answers.tombstone(settings, view)}, 410)
        if view.record.status is not Status.PUBLISHED:
            raise RecordNotFound(N_("There is no record {id}."), id=record_id)
        noting.record_viewed(record_id)
        return as_json(answers.record(settings, view, container.reading.of_record(record_id, _nobody(container))))

    return routes


def _nobody(container: Container) -> Visit:
    """A guest from anywhere: what machines are told is the same for all, so that it may be kept by caches."""
    return container.reading.visit(GUEST, "")


def sized(asked: Asked, args: Arguments) -> SearchRequest:
    """The request, with as many records a page as `size` says."""
    size = whole(one(args, "size"), limit=LARGEST_PAGE * 10)
    return replace(asked.request(), size=USUAL_SIZE if size is None else min(max(size, 1), LARGEST_PAGE))


def read_beginning(args: Arguments) -> tuple[str, SearchField, int]:
    """What is being typed, where it is looked for, and how many suggestions are wanted."""
    field, limit = one(args, "field"), whole(one(args, "limit"), limit=10**3)
    return (
        cleaned(one(args, "q")),
        SearchField(field) if field in list(SUGGESTED) else SearchField.ANY,
        USUAL_SUGGESTIONS if limit is None else min(max(limit, 1), MOST_SUGGESTIONS),
    )


def as_json(value: answers.Json, status: int = 200) -> Response:
    """The value as UTF-8 JSON that crawlers leave alone."""
    response = Response(orjson.dumps(value), status, mimetype="application/json")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
