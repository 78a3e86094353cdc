"""What the administrator sees: index and worker, the imports, the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response

from library.container import Container
from library.db.imports import ImportRun, RunState
from library.domain.access import Action
from library.domain.errors import N_
from library.services.health import HealthState
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.session import csrf, requires

MOST_RUNS = 20
STATES = {
    RunState.RUNNING: N_("Not finished"),
    RunState.COMPLETE: N_("Complete"),
    RunState.INTERRUPTED: N_("Interrupted"),
    RunState.FAILED: N_("Failed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """An import of one source."""

    source: str
    path: str
    state: str
    complete: bool
    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    rejects_file: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationPage(Page):
    """The state of the installation."""

    template: ClassVar[str] = "administration/administration.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    zone: str
    health: HealthState
    runs: tuple[RunLine, ...]
    settings: tuple[tuple[str, str, str], ...]


def blueprint(container: Container) -> Blueprint:
    """The route `/administration`."""
    routes = Blueprint("administration", __name__)

    @routes.get("/administration")
    @requires(Action.SYSTEM)
    def administration() -> Response:
        with container.database.reading() as view:
            runs = view.imports.latest(MOST_RUNS)
        return render(
            AdministrationPage(
                csrf=csrf(),
                zone=container.settings.time_zone,
                health=container.health.state(),
                runs=tuple(_line(run) for run in runs),
                settings=tuple(container.settings.masked()),
            )
        )

    return routes


def _line(run: ImportRun) -> RunLine:
    return RunLine(
        source=run.source,
        path=run.path,
        state=gettext(STATES[run.state]),
        complete=run.state is RunState.COMPLETE,
        read=run.counts.read,
        new=run.counts.new,
        changed=run.counts.changed,
        unchanged=run.counts.unchanged,
        rejected=run.counts.rejected,
        rejects_file=run.rejects_file,
        started_at=run.started_at,
    )
