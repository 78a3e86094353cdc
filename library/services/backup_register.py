"""What the database of an installation knows of its backups: when they were taken, and how their drills ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from library.db.backups import DrillOutcome, NotedBackup
from library.db.migrating import SchemaState
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import LibraryError
from library.domain.journal import Deed
from library.services.backup_manifest import Backup, read_backup
from library.services.backup_sealing import Key

RESTORER = Actor(key="restore", name="library restore")


class Register:
    """Notes what was done with backups; a database of an earlier release has no place for it and is left alone."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def taken(self, backup: Backup) -> None:
        """Note a new backup."""
        self._note(_noted(backup))

    def drilled(self, directory: Path, key: Key | None, *, passed: bool) -> None:
        """Note how a drill of what lies in this directory ended, also where another installation took it."""
        moment = self._clock()
        try:
            backup = read_backup(directory, key)
        except LibraryError:
            if self._has_place():
                with self._database.writing() as tx:
                    tx.backups.doubt(str(directory), moment)
                    tx.commit()
        else:
            self._note(_noted(backup, moment, DrillOutcome.PASSED if passed else DrillOutcome.FAILED))

    def restored(self, backup: Backup) -> None:
        """Note, here and in the journal, that this installation came out of the backup: no drill proves more."""
        moment = self._clock()
        with self._database.writing() as tx:
            tx.backups.note(_noted(backup, moment, DrillOutcome.PASSED))
            facts = {"date": backup.manifest.taken_at.isoformat(timespec="seconds"), "source": str(backup.directory)}
            tx.journal.add(RESTORER, Deed.INSTALLATION_RESTORED, "installation", moment, after=facts)
            tx.commit()

    def proved(self) -> str:
        """The seal of the newest backup whose last drill passed; empty where there is none."""
        if not self._has_place():
            return ""
        with self._database.reading() as view:
            proved = view.backups.proved()
        return proved.seal if proved else ""

    def _note(self, noted: NotedBackup) -> None:
        if not self._has_place():
            return
        with self._database.writing() as tx:
            tx.backups.note(noted)
            tx.commit()

    def _has_place(self) -> bool:
        return self._database.schema_state() is SchemaState.CURRENT


def _noted(
    backup: Backup, drilled_at: datetime | None = None, outcome: DrillOutcome = DrillOutcome.NOT_HELD
) -> NotedBackup:
    return NotedBackup(
        seal=backup.seal,
        taken_at=backup.manifest.taken_at,
        directory=str(backup.directory),
        size=backup.manifest.size,
        encrypted=backup.manifest.encrypted,
        drilled_at=drilled_at,
        outcome=outcome,
    )
