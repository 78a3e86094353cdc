"""`library worker`: the one writer of the index."""

from __future__ import annotations

import logging
import signal
import threading

import click

from library.cli.opened import opened_container
from library.domain.errors import N_
from library.services.locks import held

REFUSAL = N_("Another worker runs on this data directory. There can be one only: stop the other first.")


@click.command()
def worker() -> None:
    """Keep the index up to date until told to stop (Ctrl-C or SIGTERM); a second worker is refused."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    with opened_container() as container, held(container.worker_lock, REFUSAL):
        container.worker.run(stop.wait)
