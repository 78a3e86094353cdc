"""The worker's part in uploads: they are examined and imported batch by batch, taken back, and removed when old.

A run is held open from one step to the next, so that a large file is read once. A worker that was killed begins such a
run anew: what came in before is found unchanged, for an import can be repeated.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from library.db.imports import Counts, RunState
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor
from library.domain.errors import N_, LibraryError, Message, UnreadableSource
from library.domain.journal import Deed
from library.domain.uploaded_import import Fate, ImportedRecord, UploadedImport, UploadState
from library.marc import codec
from library.marc.differences import differences
from library.marc.source import RejectedRecord
from library.marc.writing import field_line
from library.services.import_batch import Written, WrittenRecord
from library.services.import_report import Hands, ImportOptions, SourceReport
from library.services.import_source import SourceImport
from library.services.locks import held, is_held
from library.services.uploaded_imports_intake import Intake, in_their_words
from library.services.uploaded_imports_report import Foresight, Reasons, Report
from library.services.uploaded_imports_withdrawal import withdraw_some

KEPT = timedelta(days=30)
TIDIED_EVERY = timedelta(hours=1)
# A directory without its row is that of an upload going on, unless it is old.
ORPHANED = timedelta(days=1)
THOUSAND = 1000
LONGEST_REASON = 500
REASONS = "reasons.jsonl"
REJECTED = "rejected"

log = logging.getLogger(__name__)


class UploadedImportsWork:
    """One step at a time, for the worker alone: it has the run that is going on."""

    def __init__(
        self, database: Database, intake: Intake, root: Path, lock: Path, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._intake = intake
        self._root = root
        self._lock = lock
        self._clock = clock
        self._run: Generator[None, None, None] | None = None
        self._tidied_at: datetime | None = None

    def step(self) -> bool:
        """Do one piece of work; False when there is none."""
        if self._run is None:
            with self._database.reading() as view:
                upload = view.uploaded_imports.at_work()
            if upload is None:
                return self._tidy()
            if upload.state is UploadState.WITHDRAWING:
                withdraw_some(self._database, upload, self._clock())
                return True
            if upload.state is UploadState.RUNNING and is_held(self._lock):
                return False  # an import on the command line: this one waits for its end
            self._run = self._begun(upload)
        try:
            next(self._run)
        except StopIteration:
            self._run = None
        except BaseException:
            self._run = None
            raise
        return True

    def _begun(self, upload: UploadedImport) -> Generator[None, None, None]:
        job = _Job(self._database, self._intake, upload, self._clock)
        try:
            if upload.state is UploadState.EXAMINING:
                yield from job.examine()
            else:
                with held(self._lock):
                    yield from job.import_()
        except LibraryError:
            raise  # the database is out of reach or full: the worker tells, and tries again
        except OSError as error:
            reason = error.strerror or str(error)
            job.fail(
                Message.of(
                    N_("Its files can't be read or written: {reason}. Tell the administrator, then try again."),
                    reason=reason,
                )
            )
        except Exception as error:
            # Whatever a strange file does to a reader, the worker goes on, and people are told.
            log.exception("Import %s failed", upload.id)
            reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
            job.fail(
                Message.of(N_("The program failed over this file: {reason}. Tell the administrator."), reason=reason)
            )

    def _tidy(self) -> bool:
        """Remove files of uploads that are old, and directories that belong to none."""
        at = self._clock()
        if self._tidied_at is not None and at - self._tidied_at < TIDIED_EVERY:
            return False
        self._tidied_at = at
        with self._database.writing() as tx:
            for upload in tx.uploaded_imports.with_files_before(at - KEPT):
                waiting = upload.state in (UploadState.EXAMINED, UploadState.SUBMITTED)
                state = UploadState.STOPPED if waiting else upload.state
                shutil.rmtree(self._intake.path(upload.directory), ignore_errors=True)
                tx.uploaded_imports.replace(upload, replace(upload, directory="", state=state))
            tx.commit()
        with self._database.reading() as view:
            known = view.uploaded_imports.directories()
        for place in self._root.iterdir() if self._root.is_dir() else ():
            age = at.timestamp() - place.stat().st_mtime
            if place.is_dir() and place.name not in known and age > ORPHANED.total_seconds():
                shutil.rmtree(place, ignore_errors=True)
        return False


class _Job:
    """One run over an upload; each step of it is one batch."""

    def __init__(
        self, database: Database, intake: Intake, upload: UploadedImport, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._intake = intake
        self._upload = upload
        self._clock = clock
        self._place = intake.path(upload.directory)
        self._reasons = Reasons(self._place / REASONS)
        self._stopped = False

    def examine(self) -> Generator[None, None, None]:
        """The dry run: what the file would bring."""
        foresight = Foresight(self._reasons)
        try:
            with closing(self._steps(foresight, Hands(), dry_run=True)) as steps:
                report = yield from steps
        except UnreadableSource as error:
            self._end(UploadState.REFUSED, foreseen=Report(problem=error.message))
            return
        if not self._stopped:
            told = self._told(report, foresight)
            state = UploadState.EXAMINED if told.problem is None else UploadState.REFUSED
            self._end(state, foreseen=told)

    def import_(self) -> Generator[None, None, None]:
        """The import proper, by the hands of who entered and who approved it."""
        upload = self._upload
        if self._intake.digest(upload.directory) != upload.digest:
            self.fail(Message.of(N_("The file is not the one that was examined. Upload it again.")))
            return
        hands = Hands(by=upload.entered_by, approved_by=upload.approved_by)
        try:
            with closing(self._steps(_Recorder(upload, self._reasons), hands, dry_run=False)) as steps:
                report = yield from steps
        except UnreadableSource as error:
            self.fail(error.message)
            return
        told = self._told(report)
        state = {RunState.COMPLETE: UploadState.DONE, RunState.INTERRUPTED: UploadState.STOPPED}
        self._end(state.get(report.state, UploadState.FAILED), outcome=told)

    def fail(self, problem: Message) -> None:
        """Note that the file can't be read to its end."""
        if self._upload.state is UploadState.EXAMINING:
            self._end(UploadState.REFUSED, foreseen=Report(problem=problem))
        else:
            self._end(UploadState.FAILED, outcome=Report(problem=problem))

    def _steps(
        self, onlooker: Foresight | _Recorder, hands: Hands, *, dry_run: bool
    ) -> Generator[None, None, SourceReport]:
        upload = self._upload
        self._reasons.begin()
        rejected = self._place / REJECTED
        shutil.rmtree(rejected, ignore_errors=True)
        try:
            for _ in self._intake.unpacked(upload.directory):
                yield
            source = self._intake.source(upload.directory, upload.reading, upload.filename)
            options = ImportOptions(dry_run=dry_run, hands=hands)
            run = SourceImport(self._database, rejected, self._clock, source, options, onlooker)
            steps = run.steps(lambda: self._stopped)
            while True:
                try:
                    share, _ = next(steps)
                except StopIteration as end:
                    report: SourceReport = end.value[0]
                    return report
                self._advance(share)
                yield
        finally:
            self._reasons.end()

    def _advance(self, share: float) -> None:
        """Note how far it is, and whether somebody stopped it."""
        with self._database.writing() as tx:
            self._stopped = tx.uploaded_imports.state_of(self._upload.id) is not self._upload.state
            tx.uploaded_imports.advance(self._upload.id, int(share * THOUSAND))
            tx.commit()

    def _told(self, report: SourceReport, foresight: Foresight | None = None) -> Report:
        """The report, without paths of ours."""
        told = Report.of(report, foresight)
        if told.problem is None:
            return told
        return replace(told, problem=in_their_words(told.problem, self._place, self._upload.filename))

    def _end(self, state: UploadState, *, foreseen: Report | None = None, outcome: Report | None = None) -> None:
        """Write down how it ended; what somebody stopped meanwhile stays stopped."""
        at = self._clock()
        with self._database.writing() as tx:
            upload = tx.uploaded_imports.get(self._upload.id)
            if upload.state is UploadState.STOPPED:
                state = UploadState.STOPPED
            after = replace(upload, state=state, share=THOUSAND)
            if foreseen is not None:
                after = replace(after, foreseen=foreseen.to_facts())
            if outcome is not None:
                outcome = replace(outcome, counts=_whole(tx, upload.id, outcome.counts))
                after = replace(after, outcome=outcome.to_facts(), finished_at=at)
                _journal_end(tx, after, outcome, at)
            tx.uploaded_imports.replace(upload, after)
            tx.commit()


class _Recorder:
    """Looks on at an import: which records it wrote, for the day when all of it is taken back."""

    def __init__(self, upload: UploadedImport, reasons: Reasons) -> None:
        self._upload = upload
        self._reasons = reasons

    def foreseen(self, *_: object) -> None:
        """An import foresees nothing."""

    def written(self, tx: UnitOfWork, written: Written, at: datetime) -> None:
        """Note the records; of those that were here before, what changed in them goes into the journal."""
        tx.uploaded_imports.note(self._upload.id, [_imported(record) for record in written.records])
        author = _author(self._upload)
        for record in written.records:
            if record.before is not None:
                found = differences(codec.from_json(record.before.marc), codec.from_json(record.after.marc))
                tx.journal.add(
                    author,
                    Deed.RECORD_CHANGED_BY_IMPORT,
                    f"record:{record.after.id}",
                    at,
                    before={"fields": [field_line(field) for place in found for field in place.removed]},
                    after={
                        "fields": [field_line(field) for place in found for field in place.added],
                        "import": self._upload.id,
                        "version": record.after.version,
                    },
                )

    def rejected(self, rejected: Sequence[RejectedRecord]) -> None:
        """Keep the reasons."""
        self._reasons.add(rejected)


def _imported(record: WrittenRecord) -> ImportedRecord:
    return ImportedRecord(
        record_id=record.after.id,
        fate=Fate.ADDED if record.before is None else Fate.CHANGED,
        version_before=0 if record.before is None else record.before.version,
        version_after=record.after.version,
        digest_before=record.digest_before,
    )


def _whole(tx: UnitOfWork, import_id: int, counts: Counts) -> Counts:
    """The counts of an import that may have gone on after an interruption: what came in before is not unchanged."""
    fates = tx.uploaded_imports.counts(import_id)
    new, changed = fates.get(Fate.ADDED, 0), fates.get(Fate.CHANGED, 0)
    unchanged = max(0, counts.read - counts.rejected - new - changed)
    return Counts(new=new, changed=changed, unchanged=unchanged, rejected=counts.rejected)


def _journal_end(tx: UnitOfWork, upload: UploadedImport, outcome: Report, at: datetime) -> None:
    counts = outcome.counts
    facts = {
        "state": upload.state.value,
        "source": upload.reading.source_name,
        "digest": upload.digest,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
    }
    tx.journal.add(_author(upload), Deed.IMPORT_ENDED, f"import:{upload.id}", at, after=facts)


def _author(upload: UploadedImport) -> Actor:
    return Actor(key=upload.entered_by, name=upload.entered_by_name)
