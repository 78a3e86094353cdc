"""`library backup` and `library drill`: a copy elsewhere, and the proof that it comes back."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from library.cli.progress import progress
from library.container import Container, now
from library.db.backup_loading import occupants
from library.domain.errors import LibraryError
from library.services.backup_drill import Drill
from library.services.backup_register import Register
from library.services.backup_sealing import Key, new_key, read_key
from library.services.backup_taking import Taking
from library.settings import Settings

FAILED = 1
DIRECTORY = click.Path(path_type=Path, file_okay=False)
key_file_option = click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The key of encrypted backups; without it the one that LIBRARY_BACKUP_KEY_FILE names.",
)


def _make_key(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    new_key(path)
    click.echo(f"The key is in {path}. Keep a copy of it away from the server and from the backups:")
    click.echo("without it no backup can be restored, and whoever has it can read them.")
    context.exit()


@click.command()
@click.argument("directory", metavar="DIR", type=DIRECTORY)
@key_file_option
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Remove all but the newest N backups afterwards.")
@click.option(
    "--new-key",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_make_key,
    is_eager=True,
    expose_value=False,
    metavar="FILE",
    help="Make a key in a new file, and nothing else.",
)
def backup(directory: Path, key_file: Path | None, keep: int | None) -> None:
    """Take a backup into a new dated directory below DIR, while everybody works.

    It holds the database, settings, keys and files; not the index and the texts, which are made again from these.
    With --keep the last backup that passed its drill stays, however old it is.
    """
    settings = Settings.from_environment(os.environ)
    key = chosen_key(key_file, settings)
    container = Container(settings)
    try:
        taking = Taking(container.database, settings, now)
        register = Register(container.database, now)
        with progress("Backing up") as tell:
            made = taking.take(directory, key, tell)
        register.taken(made)
        removed = taking.thin(directory, keep, register.proved()) if keep else []
    finally:
        container.close()
    manifest = made.manifest
    click.echo(f"{made.directory}: {manifest.rows:,} rows, {len(manifest.files):,} files, {manifest.size:,} bytes.")
    if key is None:
        click.echo("It is not encrypted: see library backup --new-key and LIBRARY_BACKUP_KEY_FILE.", err=True)
    for path in removed:
        click.echo(f"Removed {path}.")


@click.command()
@click.argument("directory", metavar="DIR", type=DIRECTORY)
@key_file_option
def drill(directory: Path, key_file: Path | None) -> None:
    """Prove that the backup in DIR comes back: restore it into a temporary directory and look at everything.

    Each step is told as it ends. Exit codes: 0 the backup is good; 1 a step failed; 2 the drill could not be held.
    """
    settings = Settings.from_environment(os.environ)
    key = chosen_key(key_file, settings)
    # The temporary copy must go, whatever ends the drill.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    passed = True
    for outcome in Drill(Container).run(directory.absolute(), key, settings):
        passed = passed and outcome.passed
        click.echo(f"{'ok    ' if outcome.passed else 'FAILED'}  {outcome.step}: {outcome.finding}")
    click.echo("The backup is good." if passed else "The drill failed: this backup is not proved.")
    _note(settings, directory.absolute(), key, passed=passed)
    if not passed:
        sys.exit(FAILED)


def _note(settings: Settings, directory: Path, key: Key | None, *, passed: bool) -> None:
    """Tell the installation here how the drill ended; a drill may be held on a machine that has none."""
    try:
        if not occupants(settings.database):
            return
        container = Container(settings)
    except LibraryError as error:
        click.echo(f"The outcome is not noted in the database here: {error}", err=True)
        return
    try:
        Register(container.database, now).drilled(directory, key, passed=passed)
    finally:
        container.close()


def chosen_key(key_file: Path | None, settings: Settings) -> Key | None:
    """The key that was given, or the one of the settings, or none."""
    if key_file is None and settings.backup_key_file:
        key_file = Path(settings.backup_key_file).expanduser()
    return read_key(key_file) if key_file is not None else None
