"""Kill the processes that take files in with -9 at random points, and look at everything from outside all the time.

    python -m benchmarks.kill_intake [--kills 100] [--seed 1]

One process sends files without end, every third with the test virus; a worker checks them. At a random moment one of
the two, or both, are killed and started again. Meanwhile every file is approved as soon as it is there and asked for
over HTTP: nothing but a file that was found clean is ever answered with bytes, and those are the ones that were sent.
In the end no file whose arrival was confirmed is lost, and after a sweep nothing is left that belongs to nobody.

A kill does not test a power cut: what the process wrote survives it in the page cache of the kernel.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import random
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import urlopen

from werkzeug.serving import make_server

from benchmarks.intake import CATALOGUER, add_record, add_transfer, scanner, worker
from library.app import create_app
from library.container import Container
from library.db.documents import DocumentFilter
from library.domain.access import Actor
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import DocumentState
from library.domain.errors import LibraryError
from library.domain.people import Role
from library.settings import Settings
from storage.canary import eicar
from storage.fixity import Condition

APPROVER = Actor(key="approver", name="approver", roles=frozenset({Role.APPROVER, Role.ADMINISTRATOR}))
_WORDS = 20_000
# As many as a library takes in; with every file the text of its record is put into the index once more.
_RECORDS = 50
_PATIENCE = 120
_SETTLED = (DocumentState.KEPT, DocumentState.REFUSED)


@dataclass
class Seen:
    """What the outside saw: files whose arrival was confirmed, by number, and how often bytes were answered."""

    sent: dict[int, str] = field(default_factory=dict)
    infected: set[int] = field(default_factory=set)
    answered: int = 0
    refused: int = 0
    complaints: list[str] = field(default_factory=list)


def feed(first_record: int, transfer: int) -> None:
    """Send files of all records without end, and say of each on standard output once its arrival is confirmed."""
    with closing(Container(Settings.from_environment(os.environ))) as container:
        for number in range(1_000_000):
            data = f"{secrets.token_hex(8)} {number}\n".encode() * _WORDS
            is_infected = number % 3 == 2
            data = data + eicar() if is_infected else data
            document = container.documents.receive(
                first_record + secrets.randbelow(_RECORDS),
                BytesIO(data),
                f"{number}.txt",
                rights=Rights(level=AccessLevel.OPEN),
                transfer_id=transfer,
                actor=CATALOGUER,
            )
            print(document.id, document.digest, int(is_infected), flush=True)


def _feeder(settings: Settings, record: int, transfer: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kill_intake", "--feed", str(record), str(transfer)],
        env={**os.environ, **settings.chosen()},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _listen(process: subprocess.Popen[bytes], seen: Seen) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            # The last one may be cut.
            if line.endswith(b"\n"):
                number, digest, is_infected = line.split()
                if is_infected == b"1":
                    seen.infected.add(int(number))
                seen.sent[int(number)] = digest.decode()


@contextmanager
def _watched(container: Container, seen: Seen) -> Iterator[None]:
    """Approve everything and ask for everything over HTTP, for the length of the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(container), threaded=True)
    stop = threading.Event()
    address = f"http://127.0.0.1:{server.port}/files"
    serving = threading.Thread(target=server.serve_forever)
    polling = threading.Thread(target=_poll, args=(container, address, seen, stop))
    serving.start()
    polling.start()
    try:
        yield
    finally:
        stop.set()
        polling.join()
        server.shutdown()
        serving.join()
        server.server_close()


def _poll(container: Container, address: str, seen: Seen, stop: threading.Event) -> None:
    chance = random.Random(1)
    while not stop.wait(0.02):
        try:
            with container.database.reading() as view:
                new = view.documents.found(_UNAPPROVED, 20)
            for document in new:
                # A worker that decides in the same moment is quicker: the next round comes.
                with suppress(LibraryError):
                    container.documents.approve(document.id, expected=document.version, actor=APPROVER)
            numbers = list(seen.sent)
            for number in (*numbers[-4:], *chance.sample(numbers, min(2, len(numbers)))):
                _ask(container, f"{address}/{number}", number, seen)
        except Exception as error:  # noqa: BLE001  (it is told, and fails the run)
            seen.complaints.append(repr(error))
            return


def _ask(container: Container, address: str, number: int, seen: Seen) -> None:
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310  (our own server)
            data = answer.read()
    except HTTPError as error:
        error.close()
        seen.refused += 1
        if error.code >= 500:
            seen.complaints.append(f"file {number} was answered {error.code}")
        return
    seen.answered += 1
    with container.database.reading() as view:
        document = view.documents.get(number)
    if number in seen.infected or eicar() in data:
        seen.complaints.append(f"file {number} has the virus and was given out")
    if document.scan is None or document.scan.finding != "clean":
        seen.complaints.append(f"file {number} was given out unscanned")
    if hashlib.sha256(data).hexdigest() != seen.sent.get(number):
        seen.complaints.append(f"file {number} was given out altered")


_UNAPPROVED = DocumentFilter(states=frozenset({DocumentState.QUARANTINED, DocumentState.KEPT}), unapproved=True)


def run(settings: Settings, kills: int, seed: int, longest: float = 1.5) -> Seen:
    """Kill so often, let the last worker settle everything, and look whether anything is lost or left.

    AssertionError says what is. `settings` name a scanner that runs.
    """
    chance, seen = random.Random(seed), Seen()
    with closing(Container(settings)) as container:
        container.prepare()
        record = min([add_record(container, f"Kitob {number}") for number in range(_RECORDS)])
        transfer = add_transfer(container)
        with _watched(container, seen):
            running = _Running(settings, record, transfer, seen)
            try:
                for _ in range(kills):
                    _until(partial(_is_longer, seen, len(seen.sent)), "nothing comes")
                    time.sleep(chance.uniform(0, longest))
                    running.kill(chance.choice((("feeder",), ("worker",), ("feeder", "worker"))))
                running.end_feeding()
                while left := _undecided(container):
                    _until(partial(_is_less, container, left), "files are not decided on")
            finally:
                running.end()
        _look(container, seen)
    return seen


class _Running:
    """The two processes."""

    def __init__(self, settings: Settings, record: int, transfer: int, seen: Seen) -> None:
        self._settings, self._record, self._transfer, self._seen = settings, record, transfer, seen
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._listeners: list[threading.Thread] = []
        self.start("feeder")
        self.start("worker")

    def start(self, name: str) -> None:
        if name == "worker":
            self._processes[name] = worker(self._settings)
            return
        process = _feeder(self._settings, self._record, self._transfer)
        self._processes[name] = process
        self._listeners.append(threading.Thread(target=_listen, args=(process, self._seen)))
        self._listeners[-1].start()

    def kill(self, names: tuple[str, ...]) -> None:
        """Kill these and start them again."""
        for name in names:
            self._processes[name].kill()
        for name in names:
            self._processes[name].wait()
            self.start(name)

    def end_feeding(self) -> None:
        self._processes["feeder"].kill()
        self._processes["feeder"].wait()
        for listener in self._listeners:
            listener.join()

    def end(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        for listener in self._listeners:
            listener.join()


def _until(holds: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


def _is_longer(seen: Seen, than: int) -> bool:
    return len(seen.sent) > than


def _undecided(container: Container) -> int:
    with container.database.reading() as view:
        return sum(one.state not in _SETTLED for one in view.documents.all())


def _is_less(container: Container, than: int) -> bool:
    return _undecided(container) < than


def _look(container: Container, seen: Seen) -> None:
    """What must hold in the end."""
    assert not seen.complaints, "; ".join(seen.complaints[:5])
    container.sidecars.write_all()
    swept = container.custody.sweep(actor=APPROVER, left_over_after=timedelta(seconds=-5))
    assert not swept.unknown, f"in no list: {swept.unknown}"
    assert not swept.faults, f"not in order: {swept.faults}"
    with container.database.reading() as view:
        documents = {one.id: one for one in view.documents.all()}
    for number, digest in seen.sent.items():
        assert documents[number].digest == digest, f"file {number} is lost"
        wanted = DocumentState.REFUSED if number in seen.infected else DocumentState.KEPT
        assert documents[number].state is wanted, f"file {number} is {documents[number].state}"
    digests = container.audit.all()
    for one in digests:
        assert container.audit.condition(one) is Condition.SOUND, f"{one} is not sound"
    refused = [one for one in documents.values() if one.state is DocumentState.REFUSED]
    for directory, expected in (("originals", len(digests)), ("quarantine", len(refused))):
        files = [path for path in (container.settings.data_dir / directory).rglob("*") if path.is_file()]
        assert len(files) == 2 * expected, f"{directory} has {len(files)} files, {2 * expected} belong there"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--feed", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.feed:
        feed(*options.feed)
        return
    with TemporaryDirectory() as name:
        data = Path(name) / "data"
        data.mkdir()
        with scanner(Settings(data_dir=data)) as settings:
            seen = run(settings, options.kills, options.seed)
    print(
        f"{options.kills} kills; {len(seen.sent)} files confirmed, {len(seen.infected)} of them infected, none lost; "
        f"asked for {seen.answered + seen.refused:,} times, {seen.answered:,} times answered with clean bytes"
    )


if __name__ == "__main__":
    main()
