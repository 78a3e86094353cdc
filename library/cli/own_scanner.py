"""A virus scanner of one's own for `library start`: clamd on a private socket, set up so that its OK means something.

In production the system's clamd is used; `LIBRARY_SCANNER_CONFIGURATION` names its configuration.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from library.settings import Settings
from storage.canary import eicar
from storage.clamd_configuration import read_configuration
from storage.errors import UnsafeScanner

CONFIGURATION = "LIBRARY_SCANNER_CONFIGURATION"
SYSTEM_SIGNATURES = Path("/var/lib/clamav")
# What freshclam brings under one of these names knows real viruses.
_REAL = ("main.cvd", "main.cld", "daily.cvd", "daily.cld")
_SCANNING_SECONDS = 120
_CONFIGURATION = "clamd.conf"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScanner:
    """How to start it, where its configuration stands, and whether it knows real viruses or the test virus only."""

    command: tuple[str, ...]
    configuration: Path
    knows_viruses: bool


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether nobody named the scanner to use."""
    return not environment.get(CONFIGURATION)


def in_use(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """The settings, with the scanner that `library start` runs on these data now, where it does: commands ask it.

    Its socket is removed when it ends; then, and where somebody named another one, they are as they were.
    """
    configuration = _home(settings) / _CONFIGURATION
    if not is_wanted(environment) or not configuration.exists():
        return settings
    try:
        socket = read_configuration(configuration, largest=settings.file_megabytes << 20).socket
    except UnsafeScanner:
        return settings
    return dataclasses.replace(settings, scanner_configuration=str(configuration)) if socket.exists() else settings


def _home(settings: Settings) -> Path:
    return settings.data_dir / "scanner"


@contextmanager
def prepared(settings: Settings) -> Iterator[OwnScanner | None]:
    """Set a scanner up for the length of the block; None where clamd is not installed."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        yield None
        return
    home = _home(settings)
    knows = any((SYSTEM_SIGNATURES / name).exists() for name in _REAL)
    # The path of a socket has a hundred characters at most, a data directory may have more.
    with tempfile.TemporaryDirectory(prefix="kutubxona-") as run:
        for directory in (home, home / "tmp"):
            directory.mkdir(mode=0o700, exist_ok=True)
        configuration = home / _CONFIGURATION
        signatures = SYSTEM_SIGNATURES if knows else _test_signatures(home / "signatures")
        configuration.write_text(_text(settings, home, signatures, Path(run) / "clamd.sock"), encoding="utf-8")
        yield OwnScanner(
            command=(program, "--config-file", str(configuration)), configuration=configuration, knows_viruses=knows
        )


def _test_signatures(directory: Path) -> Path:
    """A base with the test virus alone: what is taken in can be tried, though nothing real would be found."""
    directory.mkdir(mode=0o700, exist_ok=True)
    (directory / "test.ndb").write_text(f"Test.Eicar:0:*:{eicar().hex()}\n", encoding="ascii")
    return directory


def _text(settings: Settings, home: Path, signatures: Path, socket: Path) -> str:
    megabytes = settings.file_megabytes
    options = {
        "Foreground": "yes",
        "LogFile": home / "clamd.log",
        "LogFileMaxSize": "2M",
        "TemporaryDirectory": home / "tmp",
        "DatabaseDirectory": signatures,
        "LocalSocket": socket,
        "LocalSocketMode": "600",
        "FixStaleSocket": "yes",
        "ConcurrentDatabaseReload": "no",
        "MaxThreads": "2",
        "StreamMaxLength": f"{megabytes}M",
        "MaxFileSize": f"{megabytes}M",
        "MaxScanSize": f"{megabytes * 4}M",
        "MaxScanTime": _SCANNING_SECONDS * 1000,
        "AlertExceedsMax": "yes",
        "AlertEncrypted": "yes",
    }
    return "".join(f"{name} {value}\n" for name, value in options.items())


def told(scanner: OwnScanner | None) -> str:
    """What the person who starts the library should know of the scanner; empty where all is well."""
    if scanner is None:
        return "There is no virus scanner: files wait until clamd is installed (apt-get install clamav-daemon)."
    if not scanner.knows_viruses:
        return (
            f"The virus scanner knows the test virus alone: {SYSTEM_SIGNATURES} has no signatures. "
            "Before real files come, run freshclam and start again."
        )
    return ""
