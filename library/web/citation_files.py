"""The files of a record's page: its citations for reference managers and the QR code of its permanent address."""

from __future__ import annotations

from flask import Blueprint, Response

from library.container import Container
from library.domain.record import Status
from library.projections import qr
from library.web import citations, noting
from library.web.pages import permanent
from library.web.record import LARGEST_NUMBER, shown, withdrawn


def blueprint(container: Container) -> Blueprint:
    """The routes `/record/<id>/cite.<ending>` and `/record/<id>/qr.svg`."""
    routes = Blueprint("citations", __name__)
    number = f"<int(max={LARGEST_NUMBER}):record_id>"

    @routes.get(f"/record/{number}/cite.<any({', '.join(citations.MEDIA_TYPES)}):form>")
    def cite(record_id: int, form: str) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view)
        text = citations.file(record_id, shown(view).description, container.settings, form)
        noting.record_viewed(record_id)
        response = Response(text, content_type=citations.MEDIA_TYPES[form])
        response.headers.set("Content-Disposition", "attachment", filename=f"record-{record_id}.{form}")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @routes.get(f"/record/{number}/qr.svg")
    def code(record_id: int) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view)
        address = permanent("record.record", record_id=shown(view).record.id)
        response = Response(qr.svg(address), mimetype="image/svg+xml")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return routes
