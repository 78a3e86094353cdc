"""What clamd's configuration must say before its OK means anything.

Out of the box clamd says OK to what it didn't look at: locked archives, and all that is above its limits. Over TCP
anybody may tell it to read any file or to stop. The path of the socket is taken from the same file, so that the
daemon that was judged is the one that is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from storage.errors import UnsafeScanner

_SIZE = re.compile(r"(\d+)([KkMm]?)")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20}
_YES = frozenset({"yes", "true", "1"})
# clamd.conf(5), ClamAV 1.4: without these lines clamd behaves as if it had been told this.
_DEFAULT_SIZE = 100 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ClamdConfiguration:
    """The socket of a daemon that is set up safely, and the largest file it looks at (bytes)."""

    socket: Path
    limit: int


def read_configuration(path: Path, *, largest: int) -> ClamdConfiguration:
    """Judge a clamd.conf for files of up to `largest` bytes; raises `UnsafeScanner` with all that must be mended."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise UnsafeScanner((f"{path} can't be read ({error.strerror}); install clamav-daemon",)) from error
    options: dict[str, str] = {}
    for line in lines:
        words = line.split(None, 1)
        if words and not words[0].startswith("#"):
            options[words[0].lower()] = words[1].strip().strip('"') if words[1:] else ""
    problems = _problems(options, largest)
    if problems:
        raise UnsafeScanner(tuple(f"{path.name}: {problem}" for problem in problems))
    return ClamdConfiguration(
        socket=Path(options["localsocket"]),
        limit=min(_bytes(options, name) for name in ("maxfilesize", "streammaxlength")),
    )


def _problems(options: dict[str, str], largest: int) -> list[str]:
    problems = []
    if "tcpsocket" in options or "tcpaddr" in options:
        problems.append("remove TCPSocket and TCPAddr: over TCP anybody may stop the scanner or have it read any file")
    if not options.get("localsocket"):
        problems.append("add LocalSocket with a path")
    problems += [
        f"set {name} yes: without it what was not looked at counts as clean"
        for name in ("AlertExceedsMax", "AlertEncrypted")
        if options.get(name.lower(), "").lower() not in _YES
    ]
    megabytes = -(-largest >> 20)
    problems += [
        f"set {name} {megabytes}M or more: larger files would not be looked at"
        for name in ("StreamMaxLength", "MaxFileSize", "MaxScanSize")
        if _bytes(options, name.lower()) < largest
    ]
    return problems


def _bytes(options: dict[str, str], name: str) -> int:
    value = options.get(name)
    if value is None:
        return _DEFAULT_SIZE
    match = _SIZE.fullmatch(value)
    # What clamd can't read either, and 0 for "no limit", of which its manual warns, are not enough.
    return int(match[1]) * _UNITS[match[2].lower()] if match else 0
