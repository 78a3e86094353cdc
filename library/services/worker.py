"""The one writer of the index: drains the outbox, and builds the index anew where that is asked for or better."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread

from indexer.search_index import IndexBusy, IndexUnavailable
from library.db.unit_of_work import Database
from library.domain.errors import LibraryError
from library.services.indexing import Indexing
from library.services.progress import Step

BATCH = 500
# Above both of these a rebuild is quicker than as many replacements.
LARGE_BACKLOG = 5_000
LARGE_SHARE = 0.2
POLL_SECONDS = 0.3
PAUSE_AFTER_FAILURE_SECONDS = 5.0
PROGRESS_EVERY = timedelta(seconds=0.5)

log = logging.getLogger(__name__)

Wait = Callable[[float], bool]
"""Waits that many seconds; true at once when the worker shall end (as `threading.Event.wait`)."""


Chore = Callable[[], bool]
"""Does one piece of work, and says whether there was any."""


class _Stopping(Exception):
    """The worker shall end in the middle of a rebuild."""


class Worker:
    """Runs until it is told to end; the caller sees to it that there is only one.

    Between two steps for the index each of the `chores` does one piece of its own work and says whether there was any.
    What may take minutes is a chore of one of the `lanes`: each has a thread of its own and delays nobody else.
    `ending` is called when the worker is to end, for chores that take longer than anybody would wait.
    """

    def __init__(
        self,
        database: Database,
        indexing: Indexing,
        clock: Callable[[], datetime],
        chores: Sequence[Chore] = (),
        lanes: Sequence[Sequence[Chore]] = (),
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._indexing = indexing
        self._clock = clock
        self._chores = chores
        self._lanes = lanes
        self._ending = ending

    def run(self, wait: Wait) -> None:
        """Work until `wait` says to end. A failure is logged and tried again; nothing is lost, for the outbox waits."""
        with _beside(self._lanes, wait, self._ending):
            _work([lambda: self.step(wait), *self._chores], wait)

    def step(self, wait: Wait) -> bool:
        """Do the next piece of work: one batch, or one rebuild. False when there is nothing to do."""
        with self._database.reading() as view:
            wanted = view.index_builds.wanted()
            tasks = view.outbox.first(BATCH)
            large = len(tasks) == BATCH and self._is_large(
                view.outbox.waiting()[0], sum(view.records.counts().values())
            )
        if wanted or large or not self._indexing.is_usable():
            self._rebuild(wanted, wait)
            return True
        if not tasks:
            return False
        try:
            self._indexing.refresh(list(dict.fromkeys(task.record_id for task in tasks)))
        except IndexUnavailable as error:
            log.warning("The index is broken and is built anew: %s", error)
            self._rebuild([], wait)
            return True
        with self._database.writing() as tx:
            tx.outbox.remove([task.id for task in tasks])
            tx.commit()
        return True

    def _is_large(self, waiting: int, records: int) -> bool:
        return waiting > LARGE_BACKLOG and waiting > LARGE_SHARE * records

    def _rebuild(self, wanted: list[int], wait: Wait) -> None:
        log.info("Building the index anew")
        told = self._clock()

        def progress(step: Step) -> None:
            nonlocal told
            if wait(0):
                raise _Stopping
            if wanted and (self._clock() - told >= PROGRESS_EVERY or not step.done):
                told = self._clock()
                with self._database.writing() as tx:
                    tx.index_builds.advance(wanted, step.done, step.total, told)
                    tx.commit()

        try:
            self._indexing.rebuild(progress)
        except (LibraryError, IndexUnavailable, OSError) as error:
            self._finish(wanted, str(error))
            raise
        self._finish(wanted, "")
        log.info("The index is built")

    def _finish(self, wanted: list[int], problem: str) -> None:
        if wanted:
            with self._database.writing() as tx:
                tx.index_builds.finish(wanted, problem, self._clock())
                tx.commit()


@contextmanager
def _beside(lanes: Sequence[Sequence[Chore]], wait: Wait, ending: Callable[[], None]) -> Iterator[None]:
    """Work in these lanes, each in a thread, for the length of the block."""
    threads = [Thread(target=_work, args=(lane, wait), name=f"lane {number}") for number, lane in enumerate(lanes, 1)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending()
        for thread in threads:
            thread.join()


def _work(chores: Sequence[Chore], wait: Wait) -> None:
    pause = 0.0
    while not wait(pause):
        try:
            busy = [chore() for chore in chores]
            pause = 0.0 if any(busy) else POLL_SECONDS
        except _Stopping:
            return
        except (LibraryError, IndexBusy, IndexUnavailable, OSError) as error:
            log.warning("This could not be done, trying again: %s", error)
            pause = PAUSE_AFTER_FAILURE_SECONDS
