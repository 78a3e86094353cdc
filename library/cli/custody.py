"""`library custody`: files are taken in, listed, checked, audited, mended, swept, exported, and brought back."""

from __future__ import annotations

import csv
import json
import sys
from datetime import timedelta
from pathlib import Path

import click

from library.cli.accounts import CONSOLE
from library.cli.custody_add import add
from library.cli.custody_rows import COLUMNS, as_json, as_row, told
from library.cli.opened import opened_container
from library.cli.progress import progress
from library.domain.document import DocumentState
from library.services.custody_scanner import ScannerCondition
from storage.model import Digest

REJECTED = 1
INCOMPLETE = 3


class _Sha256(click.ParamType[Digest]):
    """A digest."""

    name = "DIGEST"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Digest:
        if isinstance(value, Digest):
            return value
        try:
            return Digest(str(value).lower())
        except ValueError:
            self.fail("write the SHA-256 of the file, 64 hexadecimal digits: library custody list tells it", param, ctx)


@click.group()
def custody() -> None:
    """Take files in, list and check them, mend, export and rebuild the store of files."""


custody.add_command(add)


@custody.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def list_(form: str) -> None:
    """List every file with its state, reason, digest, verdict and rights."""
    with opened_container() as container:
        listed = list(container.custody.listed(actor=CONSOLE))
    if form == "json":
        click.echo(json.dumps([as_json(one) for one in listed], ensure_ascii=False, indent=1))
    elif form == "csv":
        lines = csv.writer(sys.stdout)
        lines.writerow(COLUMNS)
        lines.writerows(as_row(one) for one in listed)
    else:
        for one in listed:
            click.echo(told(one.document))


@custody.command()
def inspect() -> None:
    """Run the checks now on all that waits for them; exit code 1 where something still waits afterwards."""
    with opened_container() as container:
        container.scanner_watch.look()
        container.inspection.hurry()
        waiting = 0
        while (document := container.inspection.next()) is not None:
            decided = container.inspection.inspect(document)
            if decided is not None:
                click.echo(told(decided))
                waiting += decided.state is DocumentState.QUARANTINED
        container.sidecars.write_all()
    sys.exit(REJECTED if waiting else 0)


@custody.command()
@click.option("--all", "everything", is_flag=True, help="Every file, not only those whose turn it is.")
def audit(*, everything: bool) -> None:
    """Read files of the store and compare their digests: those whose turn it is, so that all are read in 90 days.

    A file that was lost or altered is closed at once. Exit codes: 0 all are sound; 1 some are not.
    """
    with opened_container() as container:
        digests = container.audit.all() if everything else container.audit.due()
        with progress("Auditing") as tell:
            result = container.audit.run(digests, CONSOLE, tell)
    for fault in result.faults:
        click.echo(f"{fault.digest}: {fault.condition}{f', found {fault.actual}' if fault.actual else ''}", err=True)
    click.echo(f"{result.checked:,} files read, {len(result.faults):,} not sound.")
    sys.exit(REJECTED if result.faults else 0)


@custody.command()
@click.argument("digest", type=_Sha256())
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def mend(digest: Digest, file: Path) -> None:
    """Put lost or altered bytes back from FILE, a copy with this DIGEST, and open what was closed for them."""
    with opened_container() as container:
        mended = container.mending.mend(digest, file, actor=CONSOLE)
    click.echo(f"The bytes of {mended.documents} documents are back; {mended.reopened} are open again.")


@custody.command()
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="What is younger may still be on its way.",
)
def sweep(older_than: float) -> None:
    """Remove what interrupted uploads and kills left behind.

    Exit code 1 where the store has something in no list, or not as it should be: that is told, and left to a person.
    """
    with opened_container() as container:
        swept = container.custody.sweep(actor=CONSOLE, left_over_after=timedelta(hours=older_than))
    for name in swept.removed:
        click.echo(f"removed {name}")
    for fault in swept.faults:
        click.echo(f"{fault.path}: {fault.fault}", err=True)
    for digest in swept.unknown:
        click.echo(f"{digest}: in the store, but in no list of the catalogue", err=True)
    click.echo(
        f"{len(swept.removed):,} removed; uploads: {swept.resumed:,} had come whole and go on, "
        f"{swept.given_up:,} were given up."
    )
    sys.exit(REJECTED if swept.faults or swept.unknown else 0)


@custody.command()
def scanner() -> None:
    """Try the virus scanner now and tell its state in words; exit code 1 where it can't be trusted."""
    with opened_container() as container:
        state = container.scanner_watch.look()
    click.echo(str(state.sentence))
    if state.since is not None:
        click.echo(f"So it has been since {state.since:%Y-%m-%d %H:%M} UTC.")
    sys.exit(0 if state.condition is ScannerCondition.GOOD else REJECTED)


@custody.command()
def rebuild() -> None:
    """Bring documents, their records and transfers back from the store, into a catalogue that is empty.

    Exit codes: 0 all of the store is back; 1 something is not, and standard error says what; 2 nothing was done.
    Run `library index rebuild` afterwards.
    """
    with opened_container() as container:
        rebuilt = container.rebuilding.run(actor=CONSOLE)
    for lost in rebuilt.lost:
        click.echo(f"{lost.what}: {lost.why}", err=True)
    if rebuilt.waiting:
        click.echo(f"{rebuilt.waiting:,} files in quarantine are of no record any more: take them in again.", err=True)
    click.echo(
        f"{rebuilt.documents:,} documents, {rebuilt.records:,} records, {rebuilt.transfers:,} transfers are back."
    )
    sys.exit(REJECTED if rebuilt.lost or rebuilt.waiting else 0)


@custody.command()
@click.argument("record", type=int)
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def export(record: int, directory: Path) -> None:
    """Write RECORD with its files into a new DIRECTORY as a BagIt bag: originals, MARCXML, sidecars, manifests.

    Exit code 3 where a closed file had to be left out.
    """
    with opened_container() as container:
        package = container.packages.export(record, directory, actor=CONSOLE)
    for document in package.left_out:
        click.echo(f"left out: {told(document)}", err=True)
    click.echo(f"{package.directory}: {len(package.packed)} files.")
    sys.exit(INCOMPLETE if package.left_out else 0)
