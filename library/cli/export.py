"""`library export`: the catalogue as a file or on standard output."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from library.cli.choices import OneOf
from library.cli.opened import opened_container
from library.cli.progress import progress
from library.domain.errors import N_, StorageFull
from library.domain.marc import Dialect
from library.services.exporting import ExportReport
from library.services.progress import silent
from library.services.record_formats import ExportFormat

INCOMPLETE = 3


@click.command()
@click.option("--format", "written_as", required=True, type=OneOf(ExportFormat), help="How the records are written.")
@click.option(
    "--dialect",
    type=OneOf(Dialect),
    help="Without it each record is written in its own; marc21 converts all; others leave out what is not in them.",
)
@click.option("--query", "words", metavar="WORDS", help="Only what this search finds.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; without it, standard output.")
def export(written_as: ExportFormat, dialect: Dialect | None, words: str | None, output: Path | None) -> None:
    """Write all published records, or those a search finds.

    json is one object a line: id, dialect, status, version, marc. txt is the text format of IRBIS.

    Exit codes: 0 all records are written; 2 it could not be done, and there is no file; 3 some records can't be
    written so and were left out: how many and why is said on standard error.
    """
    with opened_container() as container:
        writing_to = nullcontext(sys.stdout.buffer) if output is None else _complete_file(output)
        telling = progress("Exporting") if output is not None else nullcontext(silent)
        try:
            with writing_to as target, telling as tell:
                report = container.exporting.write(target, written_as, dialect=dialect, words=words, progress=tell)
                target.flush()
        except BrokenPipeError:
            # The reader of our output went away: there is nobody to tell, and Python must not try at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)
        except OSError as error:
            raise StorageFull(
                N_("The export can't be written: {reason}."), reason=error.strerror or str(error)
            ) from error
    _tell(report)
    if not report.is_complete:
        sys.exit(INCOMPLETE)


@contextmanager
def _complete_file(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when it is whole and on the disk; nothing is left where that fails."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _tell(report: ExportReport) -> None:
    click.echo(f"{report.written:,} records written.", err=True)
    for kind in report.left_out.values():
        click.echo(f"{kind.count:,} left out, the first is record {kind.record_id}: {kind.reason}", err=True)
