"""A real virus scanner: Debian's clamd on a private unix socket, with a signature base of our own and no network.

The base knows one virus, the EICAR test file, wherever in a file it stands. Its limits are small, so that a test
crosses them cheaply.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# In two halves, so that no scanner takes this file for a virus.
EICAR = "".join((r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")).encode()
MEGABYTES = 8
CONFIGURATION = """Foreground yes
LogFile {directory}/clamd.log
PidFile {directory}/clamd.pid
TemporaryDirectory {directory}/tmp
DatabaseDirectory {directory}/db
LocalSocket {directory}/clamd.sock
LocalSocketMode 660
FixStaleSocket yes
MaxThreads 4
MaxQueue 20
ReadTimeout 10
CommandReadTimeout 5
ConcurrentDatabaseReload no
StreamMaxLength {megabytes}M
MaxFileSize {megabytes}M
MaxScanSize 32M
MaxFiles 1000
MaxRecursion 12
MaxScanTime 20000
AlertExceedsMax yes
AlertEncrypted yes
"""


@dataclass
class Daemon:
    """A clamd that can be stopped, frozen and started again; `configuration` is its clamd.conf."""

    directory: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.directory / "clamd.sock"

    @property
    def configuration(self) -> Path:
        return self.directory / "clamd.conf"

    def start(self, *, signatures: str | None = None) -> None:
        """With the given text as signature base, or the usual one."""
        for name in ("db", "tmp"):
            (self.directory / name).mkdir(exist_ok=True)
        base = f"Test.Eicar.Anywhere:0:*:{EICAR.hex()}\n" if signatures is None else signatures
        (self.directory / "db/test.ndb").write_text(base, encoding="ascii")
        self.configuration.write_text(
            CONFIGURATION.format(directory=self.directory, megabytes=MEGABYTES), encoding="ascii"
        )
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program is not None, "clamd is missing: apt-get install clamav-daemon"
        self.process = subprocess.Popen(
            [program, "-c", str(self.configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            if self._answers():
                return
            assert self.process.poll() is None, (self.directory / "clamd.log").read_text()
            time.sleep(0.05)
        raise AssertionError("clamd did not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.socket.unlink(missing_ok=True)

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextlib.contextmanager
    def knowing(self, signatures: str) -> Iterator[None]:
        """Started again with another signature base, and then with the usual one."""
        with self.stopped():
            self.start(signatures=signatures)
            try:
                yield
            finally:
                self.stop()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(2)
            try:
                knock.connect(str(self.socket))
                knock.sendall(b"zPING\0")
                return knock.recv(16) == b"PONG\0"
            except OSError:
                return False


@contextlib.contextmanager
def running(*, signatures: str | None = None) -> Iterator[Daemon]:
    """A daemon in a directory of its own, whose name is short enough for a socket."""
    directory = Path(tempfile.mkdtemp(prefix="clamd-"))
    daemon = Daemon(directory)
    try:
        daemon.start(signatures=signatures)
        yield daemon
    finally:
        daemon.stop()
        shutil.rmtree(directory)
