"""Generations of an index: each in a directory of its own, one pointer file says which is read.

A new generation is built beside the one in use and becomes the current one by the rename of one file. The former is
kept for a minute, for readers that are about to open it; what killed rebuilds left is swept with it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.search_index import IndexBusy, IndexOutdated, IndexUnavailable

_POINTER = "CURRENT"
_LOCK = "WRITER"
GRACE_SECONDS = 60.0
_NAME = re.compile(r"gen-(\d{6,})-([a-z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation: its number, the engine that can read it, the version of its schema, its directory."""

    number: int
    engine: str
    schema_version: int
    path: Path


class Generations:
    """The generations under one directory, for one engine (named in small letters) and one version of its schema.

    All engines share the numbers and the pointer, so that an index left behind by a change of engine is never taken up
    again, however long after.
    """

    def __init__(self, directory: Path, engine: str, schema_version: int) -> None:
        self._directory = directory
        self._engine = engine
        self._schema_version = schema_version

    @property
    def exists(self) -> bool:
        """Whether an index was ever made here."""
        return (self._directory / _POINTER).exists()

    def current(self) -> Generation:
        """The generation that is read. Raises `IndexUnavailable`; `IndexOutdated` if engine or schema are others."""
        try:
            name = (self._directory / _POINTER).read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise IndexUnavailable("There is no index yet; it has to be built.") from error
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"The index cannot be read: {error}") from error
        match = _NAME.fullmatch(name)
        if match is None:
            raise IndexUnavailable("The pointer to the index is damaged; the index has to be built again.")
        generation = _generation(match, self._directory / name)
        if (generation.engine, generation.schema_version) != (self._engine, self._schema_version):
            raise IndexOutdated(
                "The index was built by another search engine or another version of the programme; "
                "it has to be built again."
            )
        return generation

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer of this directory; raises `IndexBusy` at once if another process or thread is."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with (self._directory / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy("Another process is writing to the index.") from error
            # The lock goes with the file when it is closed, and with the process when it is killed.
            yield

    def begin(self) -> Generation:
        """A new, empty directory beside the others; nobody reads it yet."""
        self._directory.mkdir(parents=True, exist_ok=True)
        number = max([0, *(generation.number for generation in self._all())]) + 1
        path = self._directory / f"gen-{number:06d}-{self._engine}{self._schema_version}"
        path.mkdir()
        return Generation(number, self._engine, self._schema_version, path)

    def publish(self, generation: Generation) -> None:
        """Make a finished generation the one that is read, in one step that survives a power cut."""
        for file in generation.path.rglob("*"):
            if file.is_file():
                _sync(file)
        _sync(generation.path)
        pointer = self._directory / _POINTER
        unfinished = self._directory / f"{_POINTER}.part"
        unfinished.write_text(generation.path.name + "\n", encoding="ascii")
        _sync(unfinished)
        unfinished.replace(pointer)
        _sync(self._directory)

    def discard(self, generation: Generation) -> None:
        """Remove a generation that was not published."""
        shutil.rmtree(generation.path, ignore_errors=True)

    def sweep(self, *, now: float, grace: float = GRACE_SECONDS) -> None:
        """Remove all but the current generation, once it has been that for `grace` seconds. Only for the one writer.

        A reader that found the former in the pointer file a moment ago can still open it.
        """
        pointer = self._directory / _POINTER
        if not pointer.exists() or now - pointer.stat().st_mtime < grace:
            return
        name = pointer.read_text(encoding="ascii", errors="replace").strip()
        for generation in self._all():
            if generation.path.name != name:
                self.discard(generation)

    def _all(self) -> list[Generation]:
        if not self._directory.is_dir():
            return []
        return [
            _generation(match, path)
            for path in self._directory.iterdir()
            if (match := _NAME.fullmatch(path.name)) and path.is_dir()
        ]


def _generation(match: re.Match[str], path: Path) -> Generation:
    return Generation(int(match[1]), match[2], int(match[3]), path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
