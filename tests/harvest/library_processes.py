"""Libraries as processes of their own: one that answers harvesters, and one that harvests and may be killed."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from werkzeug.serving import make_server

from harvest.intake.asking import Patience
from library.app import create_app
from library.container import Container, now
from library.domain.partners import PartnerRun, RunKind
from library.services.open_archive import OpenArchive
from library.settings import Settings

# A server that has read the program once makes the processes: quickly, and none with what the tests have open.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "pytest"])
PAGE = 15
# Answers are as of half a minute ago: nobody waits for that here.
AHEAD = timedelta(minutes=5)
IMPATIENT = Patience(pause=0, back_off=0.001, longest_back_off=0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library by its name and its data directory, which has a database already."""

    name: str
    directory: Path

    def settings(self, *ports: int) -> Settings:
        """Its settings; it may harvest from these ports of loopback."""
        return Settings(
            data_dir=self.directory,
            base_url=f"http://{self.name}.example",
            partner_networks=("127.0.0.1/32",),
            partner_ports=tuple(map(str, ports)),
        )


@contextmanager
def answering(library: Library) -> Iterator[int]:
    """The port at which a process answers for this library, with few records on a page."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_answer, args=(library, there))
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()
        process.close()


class Harvester:
    """Lets a process harvest the first partner of a library, as often as needed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._process: multiprocessing.process.BaseProcess | None = None
        self._starting = threading.Lock()
        self.deaths = 0

    def kill(self) -> None:
        """Kill the process at hand, whatever it does: SIGKILL. One that has ended stays as it is."""
        with self._starting:
            assert self._process is not None
            self._process.kill()

    def lived(self, port: int) -> PartnerRun | None:
        """What the run came to; None if it was killed."""
        here, there = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_harvest, args=(self._library, port, there))
        with self._starting:
            process.start()
            self._process = process
        there.close()
        try:
            run: PartnerRun | None = here.recv()
        except EOFError:
            run = None
        process.join()
        # It may have been killed when it had said all.
        assert process.exitcode == -signal.SIGKILL or (process.exitcode == 0 and run is not None)
        self.deaths += run is None
        return run


def _answer(library: Library, pipe: Connection) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = library.settings()
    container = Container(settings)
    container.open_archive = OpenArchive(
        container.database, container.configuration, settings, b"k" * 32, lambda: now() + AHEAD, PAGE
    )
    server = make_server("127.0.0.1", 0, create_app(container), threaded=True)
    pipe.send(server.port)
    server.serve_forever()


def _harvest(library: Library, port: int, pipe: Connection) -> None:
    container = Container(library.settings(port))
    container.harvesting.patience = IMPATIENT
    run = container.harvesting.run(1, RunKind.HARVEST)
    container.close()
    pipe.send(run)
