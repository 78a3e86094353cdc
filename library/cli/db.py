"""`library db`: the tables of the database."""

from __future__ import annotations

import os
import sys

import click

from library.container import Container
from library.db import migrating
from library.db.migrating import SchemaState
from library.settings import Settings

_SENTENCES = {
    SchemaState.EMPTY: "The database is empty. Run: library db upgrade",
    SchemaState.OLD: "The database was made by an earlier release. Make a backup, then run: library db upgrade",
    SchemaState.UNKNOWN: "The database was made by a later release. Install that release or restore a backup.",
}


@click.group()
def db() -> None:
    """Bring the database to this release, or look whether it is sound."""


@db.command()
def upgrade() -> None:
    """Bring the database to the tables and descriptions of this release; safe to repeat."""
    container = Container(Settings.from_environment(os.environ))
    try:
        container.migrate()
        renewed = container.derivation.renew()
    finally:
        container.close()
    click.echo("The database has the tables of this release.")
    if renewed:
        click.echo(f"{renewed:,} records were described anew.")


@db.command()
def check() -> None:
    """Say whether the database has the tables of this release and is sound; exit code 1 where it is not."""
    container = Container(Settings.from_environment(os.environ))
    try:
        engine = container.database.engine
        state = migrating.schema_state(engine)
        problems = [_SENTENCES[state]] if state is not SchemaState.CURRENT else migrating.differences(engine)
        problems += migrating.faults(engine)
    finally:
        container.close()
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("The database has the tables of this release and is sound.")
