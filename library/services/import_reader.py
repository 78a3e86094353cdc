"""A process that reads a source and prepares its records while its parent writes them.

It is started as a fresh interpreter and not by `multiprocessing`, which would run the parent's main module again. The
parent may be killed at any moment: then the pipe breaks, and the reader ends at its next batch.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator
from typing import BinaryIO

from library.domain.errors import N_, LibraryError, Message, UnreadableSource
from library.marc.source import Source
from library.services.import_prepared import BATCH_RECORDS, PreparedBatch, prepared

# Below this size the start of a process costs more than it saves.
SMALL_BYTES = 1 << 20
# The same modules for the reader as for its parent, however that came to them.
_PROGRAM = "import sys; sys.path[:] = {path!r}; from library.services.import_reader import main; main()"


class _End:
    """The last thing a reader says: all was read."""


def batches(source: Source, *, keep_staff_names: bool) -> Generator[PreparedBatch, None, None]:
    """What `prepared` gives, from a process of its own if the source is large.

    `UnreadableSource` also when that process ends before its time. Closing the iterator ends it.
    """
    if source.path.stat().st_size < SMALL_BYTES:
        return prepared(source, keep_staff_names=keep_staff_names, batch_records=BATCH_RECORDS)
    return _from_process(source, keep_staff_names=keep_staff_names)


def _from_process(source: Source, *, keep_staff_names: bool) -> Generator[PreparedBatch, None, None]:
    # In a group of its own, since Ctrl-C is meant for the parent, which finishes its batch first.
    process = subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", _PROGRAM.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdout as results:
            with process.stdin as orders:
                pickle.dump((source, keep_staff_names, BATCH_RECORDS), orders)
            while not isinstance(said := pickle.load(results), _End):  # noqa: S301  (from our own process)
                if isinstance(said, Message):
                    raise UnreadableSource(said.template, **dict(said.values))
                yield said
    except (EOFError, pickle.UnpicklingError, BrokenPipeError) as error:
        raise UnreadableSource(
            N_(
                "The process that reads {path} ended before its time (exit code {code}). "
                "Start the import again: it goes on where it was."
            ),
            path=str(source.path),
            code=process.wait(),
        ) from error
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Read the source that standard input names, and write its batches to standard output."""
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else is printed here must not get among them.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    source, keep_staff_names, batch_records = pickle.load(sys.stdin.buffer)  # noqa: S301  (from our own parent)
    # Millions of tuples and texts pass, none of them part of a cycle; looking for cycles would take a third of the
    # time. Those that a parser may leave behind are collected between batches.
    gc.freeze()
    gc.disable()
    try:
        _say(
            results,
            _tell_all(results, prepared(source, keep_staff_names=keep_staff_names, batch_records=batch_records)),
        )
    except BrokenPipeError:
        # The parent is gone or wants no more; closing files at exit would fail on the same pipe again.
        os._exit(0)


def _tell_all(results: BinaryIO, batches: Iterator[PreparedBatch]) -> _End | Message:
    try:
        for batch in batches:
            _say(results, batch)
            batch.records.clear()
            gc.collect()
    except LibraryError as error:
        return error.message
    return _End()


def _say(results: BinaryIO, said: object) -> None:
    pickle.dump(said, results, protocol=pickle.HIGHEST_PROTOCOL)
    results.flush()
