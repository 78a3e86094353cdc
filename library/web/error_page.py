"""The page of an error: what happened, what to do, and a number to name when asking for help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import request

from library.web.pages import Page

MACHINE_PATHS = ("/api/", "/stat/", "/health")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    """What happened in a sentence, the reason where it is known, and the ways on."""

    template: ClassVar[str] = "error/error.html"
    robots: ClassVar[str] = "noindex"

    status: int
    heading: str
    reason: str
    problems: tuple[str, ...]
    remedy: str
    browse: bool
    request_id: str


def asked_by_machine() -> bool:
    """Whether this request is answered in JSON: its address is for programs, or it prefers JSON to a page."""
    if request.path.startswith(MACHINE_PATHS):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
