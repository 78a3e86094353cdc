"""What an import is asked for and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from library.db.imports import Counts, RunState
from library.domain.errors import Message
from library.domain.marc import Dialect
from library.marc.reading import Unreadable
from library.marc.source import RejectedRecord, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Whose work an import is: keys of actors. What the command line imports, nobody approves."""

    by: str = "import"
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to read, and what to do. Dialect, encoding and name of the source are found out where they are not given."""

    dialect: Dialect | None = None
    encoding: str | None = None
    source_name: str | None = None
    dry_run: bool = False
    keep_staff_names: bool = False
    hands: Hands = Hands()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What became of one source; `problem` is why it was not read to its end, if it was not.

    `rejected` are the first few of the rejected records; all of them are in `rejects_files` and `report_file`, where
    there are such. `staff_names` is the number of names of cataloguers that were left out.
    """

    source: Source
    state: RunState
    counts: Counts
    rejected: tuple[RejectedRecord, ...]
    doubtful: int
    staff_names: int
    rejects_files: tuple[Path, ...]
    report_file: Path | None
    problem: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """The report of an import: its sources, and the paths that were none; `failure` is what ended it too early."""

    sources: tuple[SourceReport, ...]
    unreadable: tuple[Unreadable, ...]
    interrupted: bool
    failure: Message | None

    @property
    def counts(self) -> Counts:
        """The sum over all sources."""
        return sum((report.counts for report in self.sources), Counts())

    @property
    def rejected(self) -> int:
        """How many records were rejected."""
        return self.counts.rejected
