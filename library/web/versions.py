"""The versions of a record in the browser: a list, the difference between any two, and the way back to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action, may
from library.domain.record import CatalogueRecord
from library.services.asked import whole
from library.services.versions import Comparison, History
from library.web.cataloguing_duplicates import STANDINGS
from library.web.cataloguing_state import LARGEST_NUMBER, stamp_of
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.review_sides import SideBySide, side_by_side
from library.web.session import actor, csrf, requires, to
from library.web.staff_names import named

ROUTE = f"/cataloguing/<int(max={LARGEST_NUMBER}):record_id>/versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version, by whom, when, and who approved it; `is_alone` where that was the same person."""

    version: int
    standing: str
    changed_by: str
    approved_by: str
    changed_at: datetime
    reason: str
    is_alone: bool
    is_newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage(Page):
    """All versions, newest first."""

    template: ClassVar[str] = "cataloguing/versions.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    stamp: str
    lines: tuple[VersionLine, ...]
    may_restore: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage(Page):
    """Two versions side by side."""

    template: ClassVar[str] = "cataloguing/compared.html"
    robots: ClassVar[str] = "noindex"

    record_id: int
    title: str
    before: VersionLine
    after: VersionLine
    sides: tuple[SideBySide, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes under `/cataloguing/N/versions`."""
    routes = Blueprint("versions", __name__)

    @routes.get(ROUTE)
    @requires(Action.SEE_WORK)
    def versions(record_id: int) -> Response:
        first, second = (whole(request.args.get(name, ""), limit=LARGEST_NUMBER) for name in ("before", "after"))
        if first and second:
            found = container.versions.compare(record_id, first, second, actor=actor())
            return render(_comparison_page(record_id, found))
        return render(_versions_page(record_id, container.versions.history(record_id, actor=actor())))

    @routes.post(f"{ROUTE}/restore")
    @requires(Action.CATALOGUE)
    def restore(record_id: int) -> Response:
        stamp = stamp_of(request.form.get("stamp", ""))
        version = whole(request.form.get("version", ""), limit=LARGEST_NUMBER) or 0
        container.cataloguing.restore(record_id, version, expected=stamp, actor=actor())
        return to(f"/cataloguing/{record_id}?done=restored")

    return routes


def _versions_page(record_id: int, history: History) -> VersionsPage:
    newest = history.states[0].version
    return VersionsPage(
        csrf=csrf(),
        record_id=record_id,
        title=history.title,
        stamp=f"{newest}.{history.work.version if history.work else 0}",
        lines=tuple(_line(state, history.names, is_newest=state.version == newest) for state in history.states),
        may_restore=may(actor(), Action.CATALOGUE),
    )


def _comparison_page(record_id: int, found: Comparison) -> ComparisonPage:
    return ComparisonPage(
        record_id=record_id,
        title=found.title,
        before=_line(found.before, found.names, is_newest=False),
        after=_line(found.after, found.names, is_newest=False),
        sides=side_by_side(found.differences),
    )


def _line(state: CatalogueRecord, names: Mapping[str, str], *, is_newest: bool) -> VersionLine:
    return VersionLine(
        version=state.version,
        standing=gettext(STANDINGS[state.status]),
        changed_by=named(state.changed_by, names),
        approved_by=named(state.approved_by, names) if state.approved_by else "",
        changed_at=state.changed_at,
        reason=state.withdrawal_reason,
        is_alone=state.approved_by == state.changed_by,
        is_newest=is_newest,
    )
