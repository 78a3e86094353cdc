"""What readers are told of the counting: what is counted, what is not, and what is kept for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response

from library.web.pages import Page, render


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage(Page):
    """The same for everybody."""

    template: ClassVar[str] = "noting/privacy.html"


def blueprint() -> Blueprint:
    """The route `/privacy`."""
    routes = Blueprint("privacy", __name__)

    @routes.get("/privacy")
    def privacy() -> Response:
        return render(PrivacyPage())

    return routes
