"""One source on its way in: batch by batch, each batch one transaction."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from library.db.imports import Counts, RunState
from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.errors import N_, LibraryError, Message, StorageFull, UnreadableSource
from library.marc.irbis.database import cross_reference
from library.marc.source import Format, RejectedRecord, Source
from library.services import import_batch, import_reader
from library.services.import_batch import Arrival, Written
from library.services.import_prepared import PreparedBatch
from library.services.import_report import ImportOptions, SourceReport
from library.services.rejects import Rejects

REJECTS_SHOWN = 20
_CAN_NOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES)
_SLOT_BYTES = {Format.IRBIS64: 12, Format.IRBIS32: 4}


class Onlooker(Protocol):
    """Hears what becomes of each batch."""

    def foreseen(self, view: ReadingUnit, arrivals: Sequence[Arrival]) -> None:
        """What a dry run would write."""

    def written(self, tx: UnitOfWork, written: Written, at: datetime) -> None:
        """What was written, in the transaction that wrote it."""

    def rejected(self, rejected: Sequence[RejectedRecord]) -> None:
        """What was not taken."""


class Nobody:
    """Hears nothing."""

    def foreseen(self, view: ReadingUnit, arrivals: Sequence[Arrival]) -> None:
        """Pass."""

    def written(self, tx: UnitOfWork, written: Written, at: datetime) -> None:
        """Pass."""

    def rejected(self, rejected: Sequence[RejectedRecord]) -> None:
        """Pass."""


@dataclass(slots=True)
class _Tally:
    """The report of a source while it grows."""

    counts: Counts = field(default_factory=Counts)
    rejected: list[RejectedRecord] = field(default_factory=list)
    doubtful: int = 0
    staff_names: int = 0

    def reject(self, rejected: Sequence[RejectedRecord]) -> None:
        shown = rejected[: REJECTS_SHOWN - len(self.rejected)]
        self.rejected.extend(replace(record, raw=b"") for record in shown)


class SourceImport:
    """One source on its way in."""

    def __init__(
        self,
        database: Database,
        rejects_dir: Path,
        clock: Callable[[], datetime],
        source: Source,
        options: ImportOptions,
        onlooker: Onlooker = Nobody(),  # noqa: B008  (it has no state)
    ) -> None:
        self._database = database
        self._rejects_dir = rejects_dir
        self._clock = clock
        self._source = source
        self._options = options
        self._onlooker = onlooker
        self._tally = _Tally()
        self._run_id = 0

    def run(self, tell: Callable[[float, int], None], stop: Callable[[], bool]) -> tuple[SourceReport, Message | None]:
        """Import it; the report, and what keeps the whole import from going on.

        `tell` hears after each batch which share of the source is read and how many records that were; `stop` is asked
        before each.
        """
        steps = self.steps(stop)
        while True:
            try:
                share, records = next(steps)
            except StopIteration as end:
                result: tuple[SourceReport, Message | None] = end.value
                return result
            tell(share, records)

    def steps(
        self, stop: Callable[[], bool]
    ) -> Generator[tuple[float, int], None, tuple[SourceReport, Message | None]]:
        """The same batch by batch; each step gives the share that is read and the number of records."""
        problem: Message | None = None
        failure: Message | None = None
        state = RunState.COMPLETE
        rejects: Rejects | None = None
        try:
            self._start()
            with Rejects(self._rejects_dir, self._source, self._run_id) as rejects:
                state = yield from self._read(None if self._options.dry_run else rejects, stop)
        except UnreadableSource as error:
            state, problem = RunState.FAILED, error.message
        except LibraryError as error:
            state, problem, failure = RunState.FAILED, error.message, error.message
        except OSError as error:
            if error.errno not in _CAN_NOT_WRITE:
                raise
            failure = _no_space(error).message
            state, problem = RunState.FAILED, failure
        rejects_files = rejects.files if rejects is not None else ()
        report_file = rejects.report_path if rejects is not None and rejects.has_report else None
        self._finish(state, rejects_files)
        report = SourceReport(
            source=self._source,
            state=state,
            counts=self._tally.counts,
            rejected=tuple(self._tally.rejected),
            doubtful=self._tally.doubtful,
            staff_names=self._tally.staff_names,
            rejects_files=rejects_files,
            report_file=report_file,
            problem=problem,
        )
        return report, failure

    def _start(self) -> None:
        if not self._options.dry_run:
            with self._database.writing() as tx:
                self._run_id = tx.imports.start(self._source.name, str(self._source.path), self._clock())
                tx.commit()

    def _finish(self, state: RunState, rejects_files: tuple[Path, ...]) -> None:
        if self._run_id:
            try:
                with self._database.writing() as tx:
                    name = ", ".join(map(str, rejects_files))
                    tx.imports.finish(self._run_id, state, self._tally.counts, name, self._clock())
                    tx.commit()
            except LibraryError:
                # A full disk: the run stays marked as running, which is what a kill leaves too.
                return

    def _read(self, rejects: Rejects | None, stop: Callable[[], bool]) -> Generator[tuple[float, int], None, RunState]:
        batches = import_reader.batches(self._source, keep_staff_names=self._options.keep_staff_names)
        with closing(batches):
            for batch in batches:
                if stop():
                    return RunState.INTERRUPTED
                self._take(batch, rejects)
                yield self._share(batch), self._tally.counts.read
        return RunState.COMPLETE

    def _take(self, batch: PreparedBatch, rejects: Rejects | None) -> None:
        with self._database.reading() as view:
            known = view.origins.of_source(self._source.name, [record.key for record in batch.records])
            sorted_batch = import_batch.sort(batch.records, known)
            if rejects is None:
                ids = [arrival.known.record_id for arrival in sorted_batch.arrivals if arrival.known is not None]
                refused = import_batch.conflicts(sorted_batch.arrivals, view.records.states(ids))
                written = import_batch.foreseen(sorted_batch.arrivals, refused)
                self._onlooker.foreseen(view, sorted_batch.arrivals)
        if rejects is not None:
            written = self._write(batch, sorted_batch, rejects)
        self._tally.counts += _counts(batch, sorted_batch) + written.counts
        for rejected in (
            batch.rejected,
            [_rejection(refused) for refused in (*sorted_batch.refused, *written.refused)],
        ):
            self._tally.reject(rejected)
            self._onlooker.rejected(rejected)
        self._tally.staff_names += batch.staff_names
        self._tally.doubtful += sum(1 for arrival in sorted_batch.arrivals if arrival.record.warnings)

    def _write(self, batch: PreparedBatch, sorted_batch: import_batch.Sorted, rejects: Rejects) -> import_batch.Written:
        rejects.add(batch.rejected)
        rejects.add_read(sorted_batch.refused)
        for arrival in sorted_batch.arrivals:
            rejects.warn(arrival.record)
        if not sorted_batch.arrivals:
            rejects.sync()
            return import_batch.Written(counts=Counts(), refused=())
        at = self._clock()
        with self._database.writing() as tx:
            written = import_batch.write(tx, self._source, sorted_batch.arrivals, self._options.hands, at)
            self._onlooker.written(tx, written, at)
            rejects.add_read(written.refused)
            rejects.sync()
            tx.imports.advance(self._run_id, self._tally.counts + _counts(batch, sorted_batch) + written.counts)
            tx.commit()
        return written

    def _share(self, batch: PreparedBatch) -> float:
        """How much of the source is read; a base is read in the order of its MFNs, not of its bytes."""
        if self._source.format in _SLOT_BYTES:
            slots = cross_reference(self._source.path).stat().st_size // _SLOT_BYTES[self._source.format]
            return min(1.0, batch.number / max(1, slots))
        return min(1.0, batch.offset / max(1, self._source.path.stat().st_size))


def _counts(batch: PreparedBatch, sorted_batch: import_batch.Sorted) -> Counts:
    return Counts(unchanged=sorted_batch.unchanged, rejected=len(batch.rejected) + len(sorted_batch.refused))


def _rejection(refused: import_batch.Refused) -> RejectedRecord:
    return RejectedRecord(number=refused.record.number, offset=refused.record.offset, reason=refused.reason, raw=b"")


def _no_space(error: OSError) -> StorageFull:
    return StorageFull(
        N_("A file can't be written ({reason}). Free some space and start the import again: it goes on where it was."),
        reason=error.strerror or str(error),
    )
