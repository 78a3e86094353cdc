"""What the administrator sees: index and worker, people at work, backups, the imports, the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response

from library.container import Container, now
from library.db.backups import DrillOutcome, NotedBackup
from library.db.imports import ImportRun, RunState
from library.domain.access import Action
from library.domain.errors import N_
from library.domain.work import WorkState
from library.services.health import HealthState
from library.services.signing_in import IDLE_STAFF
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.session import csrf, requires

MOST_RUNS = 20
MOST_BACKUPS = 5
STATES = {
    RunState.RUNNING: N_("Not finished"),
    RunState.COMPLETE: N_("Complete"),
    RunState.INTERRUPTED: N_("Interrupted"),
    RunState.FAILED: N_("Failed"),
}
DRILLS = {
    DrillOutcome.NOT_HELD: N_("No drill yet"),
    DrillOutcome.PASSED: N_("Passed"),
    DrillOutcome.FAILED: N_("Failed"),
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
class BackupLine:
    """A backup that was taken; `drill` says how its last drill ended."""

    taken_at: datetime
    directory: str
    megabytes: int
    encrypted: bool
    drill: str
    drilled_at: datetime | None
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationPage(Page):
    """The state of the installation."""

    template: ClassVar[str] = "administration/administration.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    zone: str
    health: HealthState
    at_work: int
    submitted: int
    backups: tuple[BackupLine, ...]
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
            backups = view.backups.latest(MOST_BACKUPS)
            submitted = view.works.counts().get(WorkState.SUBMITTED, 0)
            at_work = view.sessions.people(now() - IDLE_STAFF)
        return render(
            AdministrationPage(
                csrf=csrf(),
                zone=container.settings.time_zone,
                health=container.health.state(),
                at_work=at_work,
                submitted=submitted,
                backups=tuple(map(_backup_line, backups)),
                runs=tuple(_line(run) for run in runs),
                settings=tuple(container.settings.masked()),
            )
        )

    return routes


def _backup_line(backup: NotedBackup) -> BackupLine:
    return BackupLine(
        taken_at=backup.taken_at,
        directory=backup.directory,
        megabytes=-(-backup.size // 1_000_000),
        encrypted=backup.encrypted,
        drill=gettext(DRILLS[backup.outcome]),
        drilled_at=backup.drilled_at,
        proved=backup.outcome is DrillOutcome.PASSED,
    )


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
