"""Restores a backup again and again, killed at its first, second, third ... step, until one goes through.

    python tests/services/killed_restores.py BACKUP DATA-DIRECTORY DATABASE-ADDRESS FIRST EVERY

A step is a call that makes, renames, removes or synchronises a file. After each kill a line is printed: whether anybody
could have begun to work there, and whether an empty installation was left or a whole one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from library.db.backup_loading import occupants
from library.domain.errors import LibraryError
from library.services.backup_manifest import read_backup
from library.services.backup_restoring import finish_interrupted, restore
from library.services.installation import claim
from library.settings import Settings

STEPS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")


def die_at(step: int) -> None:
    """Have this process killed just before its so-many-th step."""
    steps = count(1)

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def state(settings: Settings) -> str:
    """What a killed restore left, as the next one finds out."""
    try:
        claim(settings)
        began = "open"
    except LibraryError:
        began = "closed"
    if finish_interrupted(settings) or (began == "open" and occupants(settings.database)):
        return f"{began} whole"
    left = [path.name for path in settings.data_dir.iterdir() if not path.name.endswith((".lock", ".unfinished"))]
    return f"{began} empty" if not left and not occupants(settings.database) else f"{began} broken: {left}"


def main() -> None:
    """Restore until it goes through or leaves a whole installation, and say what each kill left."""
    directory, data, address, first, every = sys.argv[1:]
    backup = read_backup(Path(directory), None)
    settings = Settings(data_dir=Path(data), database_url=address)
    for step in count(int(first), int(every)):
        child = os.fork()
        if not child:
            die_at(step)
            restore(backup, settings)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.stdout.write(f"through {status}\n")
            return
        found = state(settings) if settings.data_dir.exists() else "open empty"
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
        if found.endswith("whole"):
            return


if __name__ == "__main__":
    main()
