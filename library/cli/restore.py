"""`library restore`: an empty installation becomes the one that was backed up."""

from __future__ import annotations

import os
from pathlib import Path

import click

from library.cli.backup import DIRECTORY, chosen_key, key_file_option
from library.cli.progress import progress
from library.cli.worker import REFUSAL
from library.container import Container, now
from library.services.backup_manifest import Backup, read_backup
from library.services.backup_register import Register
from library.services.backup_restoring import chosen_settings, finish_interrupted
from library.services.backup_restoring import restore as bring_back
from library.services.locks import held
from library.settings import Settings


@click.command()
@click.argument("directory", metavar="DIR", type=DIRECTORY)
@key_file_option
def restore(directory: Path, key_file: Path | None) -> None:
    """Bring the backup in DIR into an empty installation, and build the index.

    Every byte is verified first. It goes into an empty data directory and database only. A restore that was
    interrupted leaves nothing, or everything: give the same command again.
    """
    settings = Settings.from_environment(os.environ)
    backup = read_backup(directory, chosen_key(key_file, settings))
    if finish_interrupted(settings):
        click.echo("The restore that was interrupted had brought everything back.")
    else:
        with progress("Restoring") as tell:
            bring_back(backup, settings, tell)
        _tell(backup)
    _finish(backup, settings)
    _tell_settings(backup, settings)


def _finish(backup: Backup, settings: Settings) -> None:
    container = Container(settings)
    try:
        Register(container.database, now).restored(backup)
        container.derivation.renew()
        with held(container.worker_lock, REFUSAL), progress("Building the index") as tell:
            container.indexing.rebuild(tell)
    finally:
        container.close()
    click.echo("The index is built. The library can be started.")


def _tell(backup: Backup) -> None:
    manifest = backup.manifest
    click.echo(f"Restored from {manifest.taken_at.isoformat(timespec='seconds')}, release {manifest.release}:")
    for table in manifest.tables:
        if table.rows:
            click.echo(f"  {table.name:<20} {table.rows:>12,} rows")
    click.echo(f"  {'files':<20} {len(manifest.below('data')):>12,}")


def _tell_settings(backup: Backup, settings: Settings) -> None:
    here = settings.chosen()
    other = {name: value for name, value in chosen_settings(backup).items() if here.get(name) != value}
    if other:
        click.echo("Settings that were chosen then and are not in force here (secrets are never kept in a backup):")
        for name, value in other.items():
            click.echo(f"  {name}={value}")
