"""One source on its way in: batch by batch, each batch one transaction."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from library.db.imports import Counts, RunState
from library.db.unit_of_work import Database
from library.domain.errors import N_, LibraryError, Message, StorageFull, UnreadableSource
from library.domain.marc import Dialect
from library.marc import reading
from library.marc.dialects.irbis import without_staff_names
from library.marc.irbis.database import cross_reference
from library.marc.source import Format, ReadRecord, RejectedRecord, Source
from library.services import import_batch
from library.services.import_report import ImportOptions, SourceReport
from library.services.rejects import Rejects

BATCH_RECORDS = 1000
BATCH_BYTES = 16 << 20
REJECTS_SHOWN = 20
_CAN_NOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES)
_SLOT_BYTES = {Format.IRBIS64: 12, Format.IRBIS32: 4}


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


@dataclass(slots=True)
class _Batch:
    """What was read since the last commit."""

    records: list[ReadRecord] = field(default_factory=list)
    rejected: list[RejectedRecord] = field(default_factory=list)
    staff_names: int = 0
    first_offset: int = 0
    last: ReadRecord | RejectedRecord | None = None

    @property
    def size(self) -> int:
        return len(self.records) + len(self.rejected)


class SourceImport:
    """One source on its way in."""

    def __init__(
        self,
        database: Database,
        rejects_dir: Path,
        clock: Callable[[], datetime],
        source: Source,
        options: ImportOptions,
    ) -> None:
        self._database = database
        self._rejects_dir = rejects_dir
        self._clock = clock
        self._source = source
        self._options = options
        self._tally = _Tally()
        self._run_id = 0

    def run(self, tell: Callable[[float, int], None], stop: Callable[[], bool]) -> tuple[SourceReport, Message | None]:
        """Import it; the report, and what keeps the whole import from going on.

        `tell` hears after each batch which share of the source is read and how many records that were; `stop` is asked
        before each.
        """
        problem: Message | None = None
        failure: Message | None = None
        state = RunState.COMPLETE
        rejects: Rejects | None = None
        try:
            self._start()
            with Rejects(self._rejects_dir, self._source, self._run_id) as rejects:
                state = self._read(None if self._options.dry_run else rejects, tell, stop)
        except UnreadableSource as error:
            state, problem = RunState.FAILED, error.message
        except LibraryError as error:
            state, problem, failure = RunState.FAILED, error.message, error.message
        except OSError as error:
            if error.errno not in _CAN_NOT_WRITE:
                raise
            failure = _no_space(error).message
            state, problem = RunState.FAILED, failure
        rejects_file = rejects.path if rejects is not None and rejects.has_records else None
        report_file = rejects.report_path if rejects is not None and rejects.has_report else None
        self._finish(state, rejects_file)
        report = SourceReport(
            source=self._source,
            state=state,
            counts=self._tally.counts,
            rejected=tuple(self._tally.rejected),
            doubtful=self._tally.doubtful,
            staff_names=self._tally.staff_names,
            rejects_file=rejects_file,
            report_file=report_file,
            problem=problem,
        )
        return report, failure

    def _start(self) -> None:
        if not self._options.dry_run:
            with self._database.writing() as tx:
                self._run_id = tx.imports.start(self._source.name, str(self._source.path), self._clock())
                tx.commit()

    def _finish(self, state: RunState, rejects_file: Path | None) -> None:
        if self._run_id:
            try:
                with self._database.writing() as tx:
                    name = str(rejects_file or "")
                    tx.imports.finish(self._run_id, state, self._tally.counts, name, self._clock())
                    tx.commit()
            except LibraryError:
                # A full disk: the run stays marked as running, which is what a kill leaves too.
                return

    def _read(self, rejects: Rejects | None, tell: Callable[[float, int], None], stop: Callable[[], bool]) -> RunState:
        for batch in _batches(self._source, keep_staff_names=self._options.keep_staff_names):
            if stop():
                return RunState.INTERRUPTED
            self._take(batch, rejects)
            tell(self._share(batch), self._tally.counts.read)
        return RunState.COMPLETE

    def _take(self, batch: _Batch, rejects: Rejects | None) -> None:
        with self._database.reading() as view:
            known = view.origins.of_source(self._source.name, [read.key for read in batch.records])
            sorted_batch = import_batch.sort(self._source, batch.records, known)
            if rejects is None:
                ids = [arrival.known.record_id for arrival in sorted_batch.arrivals if arrival.known is not None]
                refused = import_batch.conflicts(sorted_batch.arrivals, view.records.many(ids))
                written = import_batch.foreseen(sorted_batch.arrivals, refused)
        if rejects is not None:
            written = self._write(batch, sorted_batch, rejects)
        rejected = [*batch.rejected, *sorted_batch.rejected, *written.rejected]
        self._tally.counts += _counts(batch, sorted_batch) + written.counts
        self._tally.reject(rejected)
        self._tally.staff_names += batch.staff_names
        self._tally.doubtful += sum(1 for arrival in sorted_batch.arrivals if arrival.read.warnings)

    def _write(self, batch: _Batch, sorted_batch: import_batch.Sorted, rejects: Rejects) -> import_batch.Written:
        rejects.add([*batch.rejected, *sorted_batch.rejected])
        for arrival in sorted_batch.arrivals:
            rejects.warn(arrival.read)
        if not sorted_batch.arrivals:
            rejects.sync()
            return import_batch.Written(counts=Counts(), rejected=())
        with self._database.writing() as tx:
            written = import_batch.write(tx, self._source, sorted_batch.arrivals, self._clock())
            rejects.add(written.rejected)
            rejects.sync()
            tx.imports.advance(self._run_id, self._tally.counts + _counts(batch, sorted_batch) + written.counts)
            tx.commit()
        return written

    def _share(self, batch: _Batch) -> float:
        """How much of the source is read; a base is read in the order of its MFNs, not of its bytes."""
        assert batch.last is not None
        if self._source.format in _SLOT_BYTES:
            slots = cross_reference(self._source.path).stat().st_size // _SLOT_BYTES[self._source.format]
            return min(1.0, batch.last.number / max(1, slots))
        return min(1.0, batch.last.offset / max(1, self._source.path.stat().st_size))


def _batches(source: Source, *, keep_staff_names: bool) -> Iterator[_Batch]:
    """The records of a source in batches that are small in number and in bytes."""
    batch = _Batch()
    for item in reading.read(source):
        if batch.last is None:
            batch.first_offset = item.offset
        batch.last = item
        if isinstance(item, RejectedRecord):
            batch.rejected.append(item)
        else:
            read, names = (item, 0) if keep_staff_names else _without_names(source, item)
            batch.records.append(read)
            batch.staff_names += names
        if batch.size >= BATCH_RECORDS or item.offset - batch.first_offset >= BATCH_BYTES:
            yield batch
            batch = _Batch()
    if batch.size:
        yield batch


def _without_names(source: Source, read: ReadRecord) -> tuple[ReadRecord, int]:
    if source.dialect is not Dialect.IRBIS:
        return read, 0
    marc, count = without_staff_names(read.marc)
    earlier = []
    for version in read.earlier:
        cleaned, names = without_staff_names(version)
        earlier.append(cleaned)
        count += names
    return (replace(read, marc=marc, earlier=tuple(earlier)) if count else read), count


def _counts(batch: _Batch, sorted_batch: import_batch.Sorted) -> Counts:
    return Counts(unchanged=sorted_batch.unchanged, rejected=len(batch.rejected) + len(sorted_batch.rejected))


def _no_space(error: OSError) -> StorageFull:
    return StorageFull(
        N_("A file can't be written ({reason}). Free some space and start the import again: it goes on where it was."),
        reason=error.strerror or str(error),
    )
