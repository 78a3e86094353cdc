"""Catalogue cards as a PDF: of one record, or of the reader's list."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.description import Description
from library.domain.record import Status
from library.projections import card
from library.services.printing import CardSize, CardWording
from library.web.citations import STYLES, today
from library.web.kept import kept
from library.web.languages import gettext
from library.web.list_form import personal
from library.web.record import LARGEST_NUMBER, shown, withdrawn


def blueprint(container: Container) -> Blueprint:
    """The routes `/record/<id>/card.pdf` and `/my-list/cards.pdf`, both with `?size=`."""
    routes = Blueprint("cards", __name__)

    @routes.get(f"/record/<int(max={LARGEST_NUMBER}):record_id>/card.pdf")
    def one(record_id: int) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view)
        return _pdf(container, (shown(view).description,), f"card-{record_id}.pdf")

    @routes.get("/my-list/cards.pdf")
    def several() -> Response:
        chosen = container.listing.chosen(kept())
        return personal(_pdf(container, (record.description for record in chosen.records), "cards.pdf"))

    return routes


def _pdf(container: Container, found: Iterable[Description], filename: str) -> Response:
    asked = request.args.get("size", "")
    size = CardSize(asked) if asked in list(CardSize) else CardSize.LIBRARY
    style, day = STYLES[container.settings.description_style], today(container.settings)
    cards = [card.lines(facts, style=style, accessed=day) for facts in found]
    wording = CardWording(title=gettext("Catalogue cards"), udc=gettext("UDC"), bbk=gettext("BBK"))
    response = Response(container.printing.cards(cards, size, wording), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
