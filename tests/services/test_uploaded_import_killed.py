"""A worker that is killed in the middle of an uploaded import or of its withdrawal goes on, and leaves no trace."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.kill_import import ROOT, write_source
from library.container import Container
from library.domain.record import Status
from library.domain.uploaded_import import AT_WORK, Fate, Reading, UploadState
from library.services.uploaded_imports_intake import SentFile
from tests.staff import AZIZA, NODIRA

RECORDS = 4_100
PATIENCE = 90


@contextmanager
def _worker(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own; leaving the block kills it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "library", "worker"],
        cwd=ROOT,
        env={**os.environ, "LIBRARY_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _state(container: Container, number: int) -> tuple[UploadState, int]:
    upload = container.uploaded_imports.view(number, actor=NODIRA).upload
    return upload.state, upload.share


def _killed_on_the_way(container: Container, number: int) -> bool:
    """Kill a worker that has come a little way, and let another one end it; whether the first was at work."""
    _, before = _state(container, number)
    with _worker(container.settings.data_dir):
        end = time.monotonic() + PATIENCE
        while _state(container, number)[1] == before and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.05))
    state, _ = _state(container, number)
    with _worker(container.settings.data_dir):
        end = time.monotonic() + PATIENCE
        while _state(container, number)[0] in AT_WORK:
            assert time.monotonic() < end, "the worker never ends"
            time.sleep(0.05)
    return state in AT_WORK


def _statuses(container: Container) -> dict[Status, int]:
    with container.database.reading() as view:
        return view.records.counts()


@pytest.fixture
def upload(container: Container, tmp_path: Path) -> int:
    """An approved upload that the worker has not begun to import."""
    source = tmp_path / "large.mrc"
    write_source(source, RECORDS, seed=random.randrange(10**6))
    with source.open("rb") as stream:
        sent = [SentFile(name="large.mrc", stream=stream)]
        number = container.uploaded_imports.receive(sent, Reading(source_name=""), actor=NODIRA)
    while container.uploaded_imports_work.step():
        pass
    container.uploaded_imports.submit(number, actor=NODIRA)
    container.uploaded_imports.approve(number, actor=AZIZA)
    return number


def test_kills_cost_no_record_and_add_none(container: Container, upload: int) -> None:
    """A kill does not test a power cut: what was written survives it in the page cache of the kernel."""
    imports = container.uploaded_imports
    assert _killed_on_the_way(container, upload)
    view = imports.view(upload, actor=NODIRA)
    assert view.outcome is not None
    assert (view.upload.state, view.outcome.counts.new) == (UploadState.DONE, RECORDS)
    assert view.fates == {Fate.ADDED: RECORDS}
    assert _statuses(container) == {Status.PUBLISHED: RECORDS}

    imports.withdraw(upload, actor=AZIZA)
    assert _killed_on_the_way(container, upload)
    view = imports.view(upload, actor=NODIRA)
    assert (view.upload.state, view.fates) == (UploadState.WITHDRAWN, {Fate.WITHDRAWN: RECORDS})
    assert _statuses(container) == {Status.WITHDRAWN: RECORDS}
    with container.database.reading() as reading:
        # Whether there is a scanner is another matter, which the worker notes too.
        lines = [line for line in reading.journal.lines() if line.object != "scanner"]
        assert len(lines) == RECORDS + 6
