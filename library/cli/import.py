# ruff: noqa: N999  (the module is named after its command)
"""`library import`: sources in, and a report that balances."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from library.cli.choices import OneOf
from library.cli.opened import opened_container
from library.cli.progress import progress
from library.container import Container
from library.db.imports import RunState
from library.db.migrating import SchemaState
from library.domain.marc import Dialect
from library.services.import_report import ImportOptions, ImportOutcome, SourceReport
from library.settings import Settings

REJECTED = 1
UNREADABLE = 2


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dialect", type=OneOf(Dialect), help="The dialect, where it is not found out rightly.")
@click.option("--encoding", metavar="NAME", help="The encoding, where it is not found out rightly: cp1251, marc-8 ...")
@click.option("--source", metavar="NAME", help="The name the source is known by; else the base's or the file's name.")
@click.option("--dry-run", is_flag=True, help="The same report, and nothing is written.")
@click.option("--keep-staff-names", is_flag=True, help="Keep the names of cataloguers (IRBIS 907 ^B).")
def import_(
    paths: tuple[Path, ...],
    dialect: Dialect | None,
    encoding: str | None,
    source: str | None,
    *,
    dry_run: bool,
    keep_staff_names: bool,
) -> None:
    """Take in records from files, IRBIS bases (their .mst) and directories of them.

    Reads ISO 2709 (MARC 21, UNIMARC/RUSMARC, IRBIS), MARCXML, MARC-in-JSON, IRBIS text, and IRBIS64 and IRBIS32
    bases. The same source can be imported again: what is unchanged stays as it is. Rejected records are kept raw in the
    data directory.

    Exit codes: 0 all records are in; 1 some were rejected; 2 a source could not be read, or the import could not go
    on; 130 it was interrupted (Ctrl-C) and goes on when it is started again.
    """
    options = ImportOptions(
        dialect=dialect, encoding=encoding, source_name=source, dry_run=dry_run, keep_staff_names=keep_staff_names
    )
    opened = _unwritten_container if dry_run else opened_container
    with opened() as container, _asked_to_stop() as stop, progress("Importing") as tell:
        outcome = container.importing.run(paths, options, progress=tell, stop=stop)
    for report in outcome.sources:
        _tell_source(report)
    _tell_outcome(outcome, dry_run=dry_run)
    sys.exit(_exit_code(outcome))


@contextmanager
def _unwritten_container() -> Iterator[Container]:
    """A container for a look only: where there is no catalogue yet, an empty one stands in that is thrown away."""
    settings = Settings.from_environment(os.environ)
    with TemporaryDirectory(prefix="library-dry-run-") as scratch:
        if not _has_catalogue(settings):
            settings = replace(settings, data_dir=Path(scratch), database_url="")
        container = Container(settings)
        try:
            container.prepare()
            yield container
        finally:
            container.close()


def _has_catalogue(settings: Settings) -> bool:
    if not settings.database_url:
        return (settings.data_dir / "library.sqlite").exists()
    container = Container(settings)
    try:
        return container.database.schema_state() is not SchemaState.EMPTY
    finally:
        container.close()


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed or SIGTERM sent; the batch at hand is finished first. A second Ctrl-C ends at once."""
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _tell_source(report: SourceReport) -> None:
    source, counts = report.source, report.counts
    click.echo(f"\n{source.name} ({source.path}): {source.format}, {source.dialect}, {source.encoding}")
    for warning in source.warnings:
        click.echo(f"  doubtful: {warning}")
    click.echo(
        f"  read {counts.read:,} = new {counts.new:,} + changed {counts.changed:,}"
        f" + unchanged {counts.unchanged:,} + rejected {counts.rejected:,}"
    )
    if report.staff_names:
        click.echo(f"  {report.staff_names:,} names of cataloguers left out (--keep-staff-names keeps them)")
    if report.doubtful:
        click.echo(f"  {report.doubtful:,} records came in mended or doubtful")
    for record in report.rejected:
        click.echo(f"  rejected: record {record.number}, byte {record.offset}: {record.reason}")
    if (more := counts.rejected - len(report.rejected)) > 0:
        click.echo(f"  ... and {more:,} more")
    for path in report.rejects_files:
        click.echo(f"  rejected records: {path}")
    if report.report_file is not None:
        click.echo(f"  all reasons: {report.report_file}")
    if report.problem is not None:
        click.echo(f"  not read to its end: {report.problem}", err=True)
    if report.state is RunState.INTERRUPTED:
        click.echo("  interrupted: what is counted here is in")


def _tell_outcome(outcome: ImportOutcome, *, dry_run: bool) -> None:
    for path in outcome.unreadable:
        click.echo(f"\n{path.reason}", err=True)
    counts = outcome.counts
    if len(outcome.sources) > 1:
        click.echo(
            f"\nIn all: read {counts.read:,} = new {counts.new:,} + changed {counts.changed:,}"
            f" + unchanged {counts.unchanged:,} + rejected {counts.rejected:,}"
        )
    if dry_run:
        click.echo("\nThis was a dry run: nothing was written.")
    if outcome.failure is not None:
        click.echo(f"\nThe import ended early: {outcome.failure}", err=True)
    if outcome.interrupted:
        click.echo(f"\nInterrupted. To go on, run the same command again:\n  {shlex.join(['library', *sys.argv[1:]])}")


def _exit_code(outcome: ImportOutcome) -> int:
    if outcome.interrupted:
        return 128 + signal.SIGINT
    if outcome.failure is not None or outcome.unreadable or any(report.problem for report in outcome.sources):
        return UNREADABLE
    return REJECTED if outcome.rejected else 0
