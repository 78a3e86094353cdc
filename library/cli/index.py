"""`library index`: rebuild it, or say how it stands."""

from __future__ import annotations

import sys
import time

import click

from library.cli.opened import opened_container
from library.cli.progress import progress
from library.cli.worker import REFUSAL
from library.container import Container, now
from library.domain.errors import N_, LibraryError
from library.services.locks import held, is_held
from library.services.progress import Progress, Step

FOLLOW_SECONDS = 0.3


@click.group()
def index() -> None:
    """Build the search index anew, or see how it stands."""


@index.command()
def rebuild() -> None:
    """Build the index anew beside the old one, which answers until the new one is ready.

    A running worker does it and is followed; without one it is done here.
    """
    with opened_container() as container, progress("Building the index") as report:
        if is_held(container.worker_lock):
            _by_the_worker(container, report)
        else:
            with held(container.worker_lock, REFUSAL):
                container.indexing.rebuild(report)
    click.echo("The index is built.")


@index.command()
def state() -> None:
    """Print generation, entries, last commit, and what waits; exit code 1 where the index can't be used."""
    with opened_container() as container:
        health = container.health.state()
    if health.index is None:
        click.echo("The index is missing or broken. Run: library index rebuild", err=True)
    else:
        click.echo(f"generation      {health.index.generation}")
        click.echo(f"entries         {health.index.entries:,}")
        click.echo(f"last commit     {health.index.committed_at.isoformat(timespec='seconds')}")
    click.echo(f"records waiting {health.waiting:,}" + (f", {health.oldest_seconds:,.0f} s" if health.waiting else ""))
    click.echo(f"worker          {'runs' if health.worker_alive else 'does not run'}")
    if health.index is None:
        sys.exit(1)


def _by_the_worker(container: Container, report: Progress) -> None:
    with container.database.writing() as tx:
        build_id = tx.index_builds.ask(now())
        tx.commit()
    while True:
        with container.database.reading() as view:
            build = view.index_builds.get(build_id)
        if build.finished:
            break
        if not is_held(container.worker_lock):
            raise LibraryError(N_("The worker ended before the index was built. Start it: it builds the index then."))
        if build.started:
            report(Step(build.done, max(build.total, 1), build.done))
        time.sleep(FOLLOW_SECONDS)
    if build.problem:
        raise LibraryError(N_("The index could not be built: {problem}"), problem=build.problem)
