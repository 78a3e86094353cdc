"""Import: sources in, records out, and a report that balances. Repeatable, and safe to interrupt at any moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from library.db.imports import RunState
from library.db.unit_of_work import Database
from library.domain.errors import N_, Message
from library.marc import reading
from library.marc.source import Source
from library.services.import_report import ImportOptions, ImportOutcome, SourceReport
from library.services.import_source import SourceImport
from library.services.locks import held
from library.services.progress import Progress, Step, silent


class Importing:
    """Takes sources in, batch by batch; each batch is one transaction."""

    def __init__(self, database: Database, rejects_dir: Path, lock: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._rejects_dir = rejects_dir
        self._lock = lock
        self._clock = clock

    def by_clock(self, clock: Callable[[], datetime]) -> Importing:
        """The same by another clock, for records that are to be older than they are."""
        return Importing(self._database, self._rejects_dir, self._lock, clock)

    def has_run(self) -> bool:
        """Whether the catalogue holds anything, or a source was ever imported whole."""
        with self._database.reading() as view:
            runs = view.imports.latest(1)
            return bool(runs and runs[0].state is RunState.COMPLETE) or bool(view.records.counts())

    def run(
        self,
        paths: Sequence[Path],
        options: ImportOptions = ImportOptions(),  # noqa: B008  (a frozen value)
        *,
        progress: Progress = silent,
        stop: Callable[[], bool] = lambda: False,
    ) -> ImportOutcome:
        """Import files, bases and directories of them; `stop` is asked between batches.

        Bad sources and records are part of the report. Raises `LibraryError` when another import runs on this data
        directory.
        """
        if options.dry_run:
            return self._run(paths, options, progress, stop)
        with held(self._lock, N_("Another import is running here. Wait for its end and start this one again.")):
            return self._run(paths, options, progress, stop)

    def _run(
        self,
        paths: Sequence[Path],
        options: ImportOptions,
        progress: Progress,
        stop: Callable[[], bool],
    ) -> ImportOutcome:
        found = list(
            reading.find_sources(paths, dialect=options.dialect, encoding=options.encoding, name=options.source_name)
        )
        sources = [source for source in found if isinstance(source, Source)]
        unreadable = tuple(path for path in found if not isinstance(path, Source))
        meter = _Meter(progress, sum(source.path.stat().st_size for source in sources))
        reports: list[SourceReport] = []
        failure: Message | None = None
        for source in sources:
            meter.begin(source)
            one = SourceImport(self._database, self._rejects_dir, self._clock, source, options)
            report, failure = one.run(meter.tell, stop)
            reports.append(report)
            meter.end(report)
            if failure is not None or report.state is RunState.INTERRUPTED:
                break
        interrupted = any(report.state is RunState.INTERRUPTED for report in reports)
        return ImportOutcome(sources=tuple(reports), unreadable=unreadable, interrupted=interrupted, failure=failure)


@dataclass(slots=True)
class _Meter:
    """Adds the progress of single sources up."""

    progress: Progress
    total: int
    done: int = 0
    records: int = 0
    name: str = ""
    size: int = 0

    def begin(self, source: Source) -> None:
        self.name = source.name
        self.size = source.path.stat().st_size

    def tell(self, share: float, records: int) -> None:
        done = self.done + int(self.size * share)
        self.progress(Step(done, self.total, self.records + records, self.name))

    def end(self, report: SourceReport) -> None:
        self.done += self.size
        self.records += report.counts.read
        self.tell(0, 0)
