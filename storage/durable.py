"""Writing that survives a power cut: the bytes, then the name, then the directory that holds the name.

A failed fsync is never tried again: the system may have dropped the pages that it couldn't write and would call the
second one a success. The write fails as a whole and what was begun is removed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# What bears this suffix was never finished and may be swept.
UNFINISHED = ".part"


def write_all(handle: int, data: bytes) -> None:
    """Write all bytes to a file descriptor, however many the system takes at once."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync_directory(directory: Path) -> None:
    """Make what was created, renamed or removed in a directory last."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_directories(directory: Path, mode: int) -> None:
    """Make a directory and those above it, so that they last; does nothing when it is there."""
    missing: list[Path] = []
    while not directory.is_dir():
        missing.append(directory)
        directory = directory.parent
    for path in reversed(missing):
        path.mkdir(mode=mode, exist_ok=True)
        sync_directory(path.parent)


@contextmanager
def written(target: Path, mode: int) -> Iterator[int]:
    """A descriptor for the whole new content of a file, which bears its name only when the block ends well.

    The file is replaced in one step; when anything fails, the former one stays as it was and nothing else is left.
    """
    # Two writers never share an unfinished file.
    unfinished = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}{UNFINISHED}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            yield handle
            os.fchmod(handle, mode)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(unfinished, target)  # noqa: PTH105  (the calls that may fail are all of `os`)
        sync_directory(target.parent)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
