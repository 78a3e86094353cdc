"""Import of uploaded files: kept, examined, approved by another person, imported by the worker, taken back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, may, require
from library.domain.errors import N_, FourEyes, NotFound, NotSubmitted, TooManyAttempts, UnreadableSource
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.domain.uploaded_import import Fate, Reading, UploadedImport, UploadState
from library.marc import encodings
from library.services.uploaded_imports_intake import Intake, SentFile
from library.services.uploaded_imports_report import Reason, Reasons, Report
from library.services.uploaded_imports_work import REASONS, REJECTED

MOST_IN_AN_HOUR = 20
HOUR = timedelta(hours=1)
LONGEST_NAME = 100


class Move(StrEnum):
    """What people do with an upload."""

    READ = "read"
    SUBMIT = "submit"
    APPROVE = "approve"
    STOP = "stop"
    GO_ON = "go-on"
    WITHDRAW = "withdraw"


_BEFORE: Mapping[Move, tuple[UploadState, ...]] = {
    Move.READ: (UploadState.EXAMINED, UploadState.REFUSED),
    Move.SUBMIT: (UploadState.EXAMINED,),
    Move.APPROVE: (UploadState.SUBMITTED,),
    Move.STOP: (UploadState.EXAMINING, UploadState.EXAMINED, UploadState.SUBMITTED, UploadState.RUNNING),
    Move.GO_ON: (UploadState.FAILED,),
    Move.WITHDRAW: (UploadState.DONE, UploadState.FAILED, UploadState.STOPPED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """A record that was not taken back, since somebody changed it after the import."""

    record_id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """An upload as it stands: the reports that there are, and what became of its records.

    `other_uses` is how many other imports came in under the same name of a source.
    """

    upload: UploadedImport
    foreseen: Report | None
    outcome: Report | None
    fates: dict[Fate, int]
    other_uses: int
    rejected_files: tuple[str, ...]

    @property
    def possible(self) -> frozenset[Move]:
        """What can be done with it now."""
        return possible(self.upload, self.fates)


def possible(upload: UploadedImport, fates: Mapping[Fate, int]) -> frozenset[Move]:
    """What can be done with an upload whose records have these fates."""
    moves = {move for move, states in _BEFORE.items() if upload.state in states}
    if not upload.directory:
        moves -= {Move.READ, Move.SUBMIT, Move.APPROVE, Move.GO_ON}
    if not (fates.get(Fate.ADDED) or fates.get(Fate.CHANGED)):
        moves -= {Move.WITHDRAW}
    return frozenset(moves)


class UploadedImports:
    """Each method is one transaction, journalled; the work itself is done by `UploadedImportsWork`."""

    def __init__(self, database: Database, intake: Intake, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock

    def receive(self, files: Sequence[SentFile], wanted: Reading, *, actor: Actor) -> int:
        """Keep an upload and let the worker examine it; its number.

        `UnreadableSource` says why it can't be imported, `TooManyAttempts` that it is one too many in an hour.
        """
        require(actor, Action.IMPORT)
        _refuse_reading(wanted)
        at = self._clock()
        with self._database.reading() as view:
            recent = view.uploaded_imports.of_person_since(actor.key, at - HOUR)
        if recent >= MOST_IN_AN_HOUR:
            raise TooManyAttempts(HOUR.seconds)
        kept = self._intake.receive(files, wanted)
        upload = UploadedImport(
            id=0,
            state=UploadState.EXAMINING,
            filename=kept.filename,
            directory=kept.directory,
            size=kept.size,
            digest=kept.digest,
            reading=kept.reading,
            share=0,
            foreseen={},
            outcome={},
            entered_by=actor.key,
            entered_by_name=actor.name,
            approved_by="",
            entered_at=at,
            finished_at=None,
        )
        with self._database.writing() as tx:
            number = tx.uploaded_imports.add(upload)
            facts = {"name": kept.filename, "bytes": kept.size, "digest": kept.digest, **_facts(kept.reading)}
            tx.journal.add(actor, Deed.IMPORT_UPLOADED, _name(number), at, after=facts)
            tx.commit()
        return number

    def latest(self, limit: int, *, actor: Actor) -> list[UploadedImport]:
        """The newest uploads first."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.uploaded_imports.latest(limit)

    def view(self, import_id: int, *, actor: Actor) -> UploadView:
        """An upload as it stands."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            upload = view.uploaded_imports.get(import_id)
            fates = view.uploaded_imports.counts(import_id)
            uses = view.uploaded_imports.uses_of_source(upload.reading.source_name, import_id)
        return UploadView(
            upload=upload,
            foreseen=Report.from_facts(upload.foreseen) if upload.foreseen else None,
            outcome=Report.from_facts(upload.outcome) if "counts" in upload.outcome else None,
            fates=fates,
            other_uses=uses,
            rejected_files=tuple(path.name for path in self._rejected(upload)),
        )

    def reasons(self, import_id: int, skip: int, limit: int | None, *, actor: Actor) -> Iterator[Reason]:
        """Why records were rejected, in the order of the file, after the first ones."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            upload = view.uploaded_imports.get(import_id)
        return Reasons(self._intake.path(upload.directory) / REASONS).read(skip, limit)

    def rejected_file(self, import_id: int, name: str, *, actor: Actor) -> Path:
        """One of the files of rejected records, by the name that `view` gives; `NotFound` where there is none."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            upload = view.uploaded_imports.get(import_id)
        for path in self._rejected(upload):
            if path.name == name:
                return path
        raise NotFound(N_("There is no such file, or not any more."))

    def kept(self, import_id: int, after: int, limit: int, *, actor: Actor) -> list[KeptRecord]:
        """Records with numbers above `after` that were not taken back."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            found = view.uploaded_imports.records(import_id, (Fate.KEPT,), limit, after)
            listed = view.records.listed([one.record_id for one in found])
        return [KeptRecord(record_id=one.record_id, title=listed[one.record_id].description.title) for one in found]

    def read_differently(self, import_id: int, wanted: Reading, *, actor: Actor) -> None:
        """Examine the file again, as of another dialect, encoding or source."""
        require(actor, Action.IMPORT)
        _refuse_reading(wanted)

        def change(upload: UploadedImport) -> UploadedImport:
            name = wanted.source_name.strip() or upload.reading.source_name
            reading = replace(wanted, source_name=name[:LONGEST_NAME])
            return replace(upload, state=UploadState.EXAMINING, reading=reading, foreseen={}, share=0)

        self._move(import_id, Move.READ, change, Deed.IMPORT_READ_DIFFERENTLY, actor)

    def submit(self, import_id: int, *, actor: Actor) -> None:
        """Give an examined file to a second person."""
        require(actor, Action.IMPORT)
        self._move(
            import_id,
            Move.SUBMIT,
            lambda upload: replace(upload, state=UploadState.SUBMITTED),
            Deed.IMPORT_SUBMITTED,
            actor,
        )

    def approve(self, import_id: int, *, actor: Actor) -> None:
        """Let the worker import a submitted file of another person; raises `FourEyes` else."""
        require(actor, Action.APPROVE)

        def change(upload: UploadedImport) -> UploadedImport:
            if not may_approve(actor, upload):
                raise FourEyes(N_("You uploaded import {id} yourself: another person has to approve it."), id=upload.id)
            return replace(upload, state=UploadState.RUNNING, approved_by=actor.key, share=0)

        self._move(import_id, Move.APPROVE, change, Deed.IMPORT_APPROVED, actor)

    def stop(self, import_id: int, *, actor: Actor) -> None:
        """Give up a file, or stop its import; what came in stays and can be withdrawn."""
        require(actor, Action.IMPORT)
        self._move(
            import_id,
            Move.STOP,
            lambda upload: replace(upload, state=UploadState.STOPPED),
            Deed.IMPORT_STOPPED,
            actor,
        )

    def go_on(self, import_id: int, *, actor: Actor) -> None:
        """Try an approved import again that failed; what came in before stays as it is."""
        require(actor, Action.IMPORT)
        self._move(
            import_id,
            Move.GO_ON,
            lambda upload: replace(upload, state=UploadState.RUNNING, share=0),
            Deed.IMPORT_RESUMED,
            actor,
        )

    def withdraw(self, import_id: int, *, actor: Actor) -> None:
        """Let the worker withdraw what the import added and restore what it changed, but what was changed since."""
        require(actor, Action.WITHDRAW)

        def change(upload: UploadedImport) -> UploadedImport:
            outcome = {**upload.outcome, "withdrawn_by": actor.key, "withdrawn_by_name": actor.name}
            return replace(upload, state=UploadState.WITHDRAWING, outcome=outcome, share=0)

        self._move(import_id, Move.WITHDRAW, change, Deed.IMPORT_WITHDRAWN, actor)

    def _move(
        self,
        import_id: int,
        move: Move,
        change: Callable[[UploadedImport], UploadedImport],
        deed: Deed,
        actor: Actor,
    ) -> None:
        at = self._clock()
        with self._database.writing() as tx:
            upload = tx.uploaded_imports.get(import_id)
            if move not in possible(upload, tx.uploaded_imports.counts(import_id)):
                raise NotSubmitted(N_("Import {id} is not in a state in which this can be done."), id=import_id)
            after = change(upload)
            tx.uploaded_imports.replace(upload, after)
            before_facts = {"state": upload.state.value, **_facts(upload.reading)}
            after_facts = {"state": after.state.value, **_facts(after.reading)}
            changed = [fact for fact in after_facts if after_facts[fact] != before_facts[fact]]
            tx.journal.add(
                actor,
                deed,
                _name(import_id),
                at,
                before={fact: before_facts[fact] for fact in changed},
                after={fact: after_facts[fact] for fact in changed},
            )
            tx.commit()

    def _rejected(self, upload: UploadedImport) -> list[Path]:
        place = self._intake.path(upload.directory) / REJECTED
        if not upload.directory or not place.is_dir():
            return []
        return sorted(path for path in place.iterdir() if not path.name.endswith(".report.txt"))


def may_approve(actor: Actor, upload: UploadedImport) -> bool:
    """Whether this actor may approve this upload: entitled, and another person than who uploaded it."""
    return may(actor, Action.APPROVE) and actor.key != upload.entered_by


def _refuse_reading(wanted: Reading) -> None:
    if wanted.dialect and wanted.dialect not in list(Dialect):
        raise UnreadableSource(N_("Choose the dialect of the records."))
    if wanted.encoding and not encodings.is_known(wanted.encoding):
        raise UnreadableSource(N_("Records can't be read in the encoding “{encoding}”."), encoding=wanted.encoding)


def _facts(reading: Reading) -> dict[str, object]:
    return {"source": reading.source_name, "dialect": reading.dialect, "encoding": reading.encoding}


def _name(import_id: int) -> str:
    return f"import:{import_id}"
